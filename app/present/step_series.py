"""From an answer to the bars of its step time and of the memory on each device.

Like all series: no Qt, no matplotlib, and the words for subtitle, summary and clipboard beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.present.numbers import memory_of, plain, short
from app.words import text
from estimators.catalogue.records import Gpu
from estimators.planning.reasons import reason_said
from estimators.planning.records import (
    STEP_CAUSES,
    Comparison,
    MachineAnswer,
    MemoryParts,
    StepCause,
    StepParts,
)
from estimators.words import Amount, Name, say, say_many

Kind = Literal["work", "waiting", "overhead"]

KINDS: dict[StepCause, Kind] = {
    "products": "work",
    "attention": "work",
    "passes": "work",
    "host": "overhead",
    "network": "waiting",
    "bubble": "waiting",
    "optimiser": "overhead",
    "stragglers": "waiting",
}
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

    cause: StepCause
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
            return 1e-3, text(say("Milliseconds")), "ms"
        return 1.0, text(say("Seconds")), "s"

    def time(self, seconds: float) -> str:
        """A part of the step with its unit."""
        size, _, sign = self.unit
        decimals = 2 if self.total_seconds / size < 100.0 else 0
        return text(Amount(seconds / size, sign, "fixed", decimals))

    def text(self, bar: StepBar) -> str:
        """What stands behind a bar."""
        if bar.hidden_seconds > 0.0:
            whole = self.time(bar.seconds + bar.hidden_seconds)
            return text(
                say(
                    "{seconds} of {whole}; the rest is hidden",
                    seconds=Name(self.time(bar.seconds)),
                    whole=Name(whole),
                )
            )
        return f"{self.time(bar.seconds)}   {whole_percent(bar.share)}"


def whole_percent(share: float) -> str:
    """A share in whole per cent; a small one is not called zero."""
    if share <= 0.005:  # round() takes a half to the even neighbour, zero
        return text(say("under {share}", share=Amount(1, "%")))
    return text(Amount(share, form="whole_percent"))


def step_series(comparison: Comparison, chosen_machine_id: str | None) -> StepSeries | None:
    """The step of the chosen machine, or None where it has none."""
    answer = _answer(comparison, chosen_machine_id)
    if answer is None or answer.step is None or answer.step.total <= 0.0:
        return None
    step = answer.step
    bars = tuple(
        StepBar(
            cause,
            text(STEP_CAUSES[cause]),
            KINDS.get(cause, "overhead"),
            seconds,
            seconds / step.total,
            _hidden(step, cause, seconds),
        )
        for cause, seconds in step.shown()
        if seconds / step.total >= LEAST_SHARE or _hidden(step, cause, seconds) > 0.0
    )
    return StepSeries(answer.machine.short_name or answer.machine.name, bars, step.total)


def step_subtitle(series: StepSeries) -> str:
    """How much of the step is work, and how much waits for the network."""
    work = sum(bar.share for bar in series.bars if bar.kind == "work")
    network = sum(bar.share for bar in series.bars if bar.cause == "network")
    if network < 0.005:
        return text(say("{work} computes", work=Name(whole_percent(work))))
    return text(
        say(
            "{work} computes; {network} waits for the network",
            work=Name(whole_percent(work)),
            network=Name(whole_percent(network)),
        )
    )


def step_summary(series: StepSeries) -> str:
    """The bars in sentences, for screen readers."""
    parts = ", ".join(f"{bar.name} {series.text(bar)}" for bar in series.bars)
    return text(
        say(
            "One step on {machine} takes {total_seconds}: {parts}.",
            machine=Name(series.machine),
            total_seconds=Name(series.time(series.total_seconds)),
            parts=Name(parts),
        )
    )


def step_table(series: StepSeries) -> str:
    """The bars as tab-separated text in the C locale."""
    rows = ["part\tseconds\tshare\thidden seconds"]
    rows += [
        f"{bar.name}\t{plain(bar.seconds)}\t{plain(bar.share)}\t{plain(bar.hidden_seconds)}"
        for bar in series.bars
    ]
    return "\n".join([*rows, f"sum\t{plain(series.total_seconds)}\t1\t"]) + "\n"


def _hidden(step: StepParts, cause: StepCause, exposed: float) -> float:
    """Communication that runs behind the work."""
    return max(0.0, step.communication_total - exposed) if cause == "network" else 0.0


def _answer(comparison: Comparison, machine_id: str | None) -> MachineAnswer | None:
    if machine_id is None:
        return comparison.headline
    return next((answer for answer in comparison.answers if answer.machine.id == machine_id), None)


# ---------------------------------------------------------------- memory

PARTS = (say("States"), say("Activations"), say("Logits"), say("Other"))


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
            return self.reason or text(say("does not fit"))
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
    many = len(machines)
    return text(
        say_many(
            "Fits {n} machine with margin",
            "Fits {n} machines with margin",
            many,
            n=Amount(many, form="fixed"),
        )
    )


def memory_summary(rows: tuple[MemoryRow, ...]) -> str:
    """The bars in sentences, for screen readers."""
    return " ".join(
        text(say("{machine}: {memory} GiB.", machine=Name(row.label), memory=Name(row.text())))
        if row.reserved is not None
        else f"{row.label}: {row.text()}"
        for row in rows
    )


def memory_table(rows: tuple[MemoryRow, ...]) -> str:
    """The bars as tab-separated text in the C locale, in bytes."""
    lines = ["\t".join(("machine", *(text(part).lower() for part in PARTS), "reserved", "limit", "device"))]
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
        label=text(say("Your {hardware}", hardware=Name(name))) if answer.is_own else name,
        parts=_parts(memory) if memory is not None else (),
        reserved=memory.reserved if memory is not None else None,
        limit=memory.limit if memory is not None else None,
        device=gpu.memory_bytes if gpu is not None else None,
        reason="" if answer.reason is None else text(reason_said(answer.reason)),
        is_chosen=machine.id == chosen,
        is_own=answer.is_own,
    )


def _parts(memory: MemoryParts) -> tuple[float, ...]:
    """States, activations, logits and all the rest of what is reserved."""
    states = memory.weights + memory.gradients + memory.optimiser
    shown = (states, memory.activations, memory.logits)
    return (*shown, max(0.0, memory.reserved - sum(shown)))
