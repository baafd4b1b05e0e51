"""From an answer to the bars of its step time and of the memory on each device.

Like all series: no Qt, no matplotlib, and the words for subtitle, summary and clipboard beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.present.numbers import THIN_SPACE, memory_of, plain, short
from estimators.catalogue.records import Gpu
from estimators.planning.records import Comparison, MachineAnswer, MemoryParts, StepParts

Kind = Literal["work", "waiting", "overhead"]

KINDS: dict[str, Kind] = {
    "Matrix products": "work",
    "Attention": "work",
    "Memory-bound passes": "work",
    "Launch and host": "overhead",
    "Exposed network": "waiting",
    "Pipeline bubble": "waiting",
    "Optimiser": "overhead",
    "Stragglers": "waiting",
}
NETWORK = "Exposed network"
LEAST_SHARE = 0.0005
"""Parts under this share of the step are not shown; the sum is that of all parts."""
MILLISECONDS_BELOW = 1.0
"""Steps shorter than this are shown in milliseconds."""


@dataclass(frozen=True, slots=True)
class StepBar:
    """One cause of step time.

    Attributes:
        seconds: What it adds to the step.
        hidden_seconds: What runs behind the work and adds nothing; only the network has some.
    """

    name: str
    kind: Kind
    seconds: float
    share: float
    hidden_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class StepSeries:
    """The step of one machine, by cause."""

    machine: str
    bars: tuple[StepBar, ...]
    total_seconds: float

    @property
    def unit(self) -> tuple[float, str, str]:
        """Size of the unit in seconds, its name and its sign."""
        if self.total_seconds < MILLISECONDS_BELOW:
            return 1e-3, "Milliseconds", "ms"
        return 1.0, "Seconds", "s"

    def time(self, seconds: float) -> str:
        """A part of the step with its unit."""
        size, _, sign = self.unit
        text = f"{seconds / size:.2f}" if self.total_seconds / size < 100.0 else f"{seconds / size:.0f}"
        return f"{text}{THIN_SPACE}{sign}"

    def text(self, bar: StepBar) -> str:
        """What stands behind a bar."""
        if bar.hidden_seconds > 0.0:
            whole = self.time(bar.seconds + bar.hidden_seconds)
            return f"{self.time(bar.seconds)} of {whole}; the rest is hidden"
        return f"{self.time(bar.seconds)}   {whole_percent(bar.share)}"


def whole_percent(share: float) -> str:
    """A share in whole per cent; a small one is not called zero."""
    if share <= 0.005:  # round() takes a half to the even neighbour, zero
        return f"under 1{THIN_SPACE}%"
    return f"{round(100.0 * share)}{THIN_SPACE}%"


def step_series(comparison: Comparison, chosen_machine_id: str | None) -> StepSeries | None:
    """The step of the chosen machine, or None where it has none."""
    answer = _answer(comparison, chosen_machine_id)
    if answer is None or answer.step is None or answer.step.total <= 0.0:
        return None
    step = answer.step
    bars = tuple(
        StepBar(
            name, KINDS.get(name, "overhead"), seconds, seconds / step.total, _hidden(step, name, seconds)
        )
        for name, seconds in step.shown()
        if seconds / step.total >= LEAST_SHARE or _hidden(step, name, seconds) > 0.0
    )
    return StepSeries(answer.machine.short_name or answer.machine.name, bars, step.total)


def step_subtitle(series: StepSeries) -> str:
    """How much of the step is work, and how much waits for the network."""
    work = sum(bar.share for bar in series.bars if bar.kind == "work")
    network = sum(bar.share for bar in series.bars if bar.name == NETWORK)
    if network < 0.005:
        return f"{whole_percent(work)} computes"
    return f"{whole_percent(work)} computes; {whole_percent(network)} waits for the network"


def step_summary(series: StepSeries) -> str:
    """The bars in sentences, for screen readers."""
    parts = ", ".join(f"{bar.name} {series.text(bar)}" for bar in series.bars)
    return f"One step on {series.machine} takes {series.time(series.total_seconds)}: {parts}."


def step_table(series: StepSeries) -> str:
    """The bars as tab-separated text in the C locale."""
    rows = ["part\tseconds\tshare\thidden seconds"]
    rows += [
        f"{bar.name}\t{plain(bar.seconds)}\t{plain(bar.share)}\t{plain(bar.hidden_seconds)}"
        for bar in series.bars
    ]
    return "\n".join([*rows, f"sum\t{plain(series.total_seconds)}\t1\t"]) + "\n"


def _hidden(step: StepParts, name: str, exposed: float) -> float:
    """Communication that runs behind the work."""
    return max(0.0, step.communication_total - exposed) if name == NETWORK else 0.0


def _answer(comparison: Comparison, machine_id: str | None) -> MachineAnswer | None:
    if machine_id is None:
        return comparison.headline
    return next((answer for answer in comparison.answers if answer.machine.id == machine_id), None)


# ---------------------------------------------------------------- memory

PARTS = ("States", "Activations", "Logits", "Other")


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """The memory of the fullest device of one machine, in bytes.

    Attributes:
        parts: In the order of `PARTS`; empty where nothing fits.
        limit: What the device offers after the margin; None when unknown.
        device: All that a program sees; None when unknown.
        reason: Why nothing fits.
    """

    label: str
    parts: tuple[float, ...]
    reserved: float | None
    limit: float | None
    device: float | None
    reason: str
    is_chosen: bool
    is_own: bool

    def text(self) -> str:
        """What stands behind the bar."""
        if self.reserved is None or self.limit is None:
            return self.reason or "does not fit"
        return memory_of(self.reserved, self.limit)


def memory_rows(
    comparison: Comparison, chosen_machine_id: str | None, gpus: Mapping[str, Gpu] | None = None
) -> tuple[MemoryRow, ...]:
    """Every machine in service that has a value, the chosen one first, the user's hardware last."""
    chosen = chosen_machine_id or (comparison.headline.machine.id if comparison.headline else None)
    known = [
        answer
        for answer in comparison.answers
        if answer.machine.status == "in service" and answer.memory is not None
    ]
    known.sort(key=lambda answer: answer.machine.id != chosen)
    return tuple(_row(answer, chosen, gpus) for answer in (*known, comparison.own))


def memory_subtitle(rows: tuple[MemoryRow, ...]) -> str:
    """On how many machines the run fits."""
    machines = [row for row in rows if not row.is_own and row.reserved is not None]
    if not machines:
        return ""
    return f"Fits {len(machines)} {'machine' if len(machines) == 1 else 'machines'} with margin"


def memory_summary(rows: tuple[MemoryRow, ...]) -> str:
    """The bars in sentences, for screen readers."""
    return " ".join(
        f"{row.label}: {row.text()} GiB." if row.reserved is not None else f"{row.label}: {row.text()}"
        for row in rows
    )


def memory_table(rows: tuple[MemoryRow, ...]) -> str:
    """The bars as tab-separated text in the C locale, in bytes."""
    lines = ["\t".join(("machine", *(part.lower() for part in PARTS), "reserved", "limit", "device"))]
    for row in rows:
        parts = row.parts or (float("nan"),) * len(PARTS)
        totals = [
            value if value is not None else float("nan") for value in (row.reserved, row.limit, row.device)
        ]
        lines.append("\t".join([row.label, *(plain(value) for value in (*parts, *totals))]))
    return "\n".join(lines) + "\n"


def gib_ticks(high_bytes: float) -> list[tuple[float, str]]:
    """Round steps of GiB for an axis up to a value: bytes and text."""
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 10_000) if high_bytes / 2.0**30 / step <= 6)
    return [(n * step * 2.0**30, short(n * step, 3)) for n in range(7) if n * step * 2.0**30 <= high_bytes]


def _row(answer: MachineAnswer, chosen: str | None, gpus: Mapping[str, Gpu] | None) -> MemoryRow:
    memory, machine = answer.memory, answer.machine
    gpu = gpus.get(machine.gpu or "") if gpus is not None else None
    name = machine.short_name or machine.name
    return MemoryRow(
        label=name if not answer.is_own or name.startswith("Your") else f"Your {name}",
        parts=_parts(memory) if memory is not None else (),
        reserved=memory.reserved if memory is not None else None,
        limit=memory.limit if memory is not None else None,
        device=gpu.memory_bytes if gpu is not None else None,
        reason=answer.reason or "",
        is_chosen=machine.id == chosen,
        is_own=answer.is_own,
    )


def _parts(memory: MemoryParts) -> tuple[float, ...]:
    """States, activations, logits and all the rest of what is reserved."""
    states = memory.weights + memory.gradients + memory.optimiser
    shown = (states, memory.activations, memory.logits)
    return (*shown, max(0.0, memory.reserved - sum(shown)))
