"""The rows of the machine comparison: what each column says, how it sorts, and why a machine fits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.palette import Mark, mark_of
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.records import Comparison, MachineAnswer

Tone = Literal["text", "quiet", "unk", "strong"]
Verdict = Literal["ok", "warn", "fail", "unk", "info", "wait"]
"""What the last column says; "wait" while only the last layouts were priced anew."""

COLUMNS = ("machine", "gpus", "days", "gpu_hours", "interval", "site_unit", "memory", "energy", "fits")
MOST_WORDS = 5
SHORT_RUN_SECONDS = 2 * n.SECONDS_PER_DAY
OWN_ID = "own"

_HEADS = {
    "machine": "Machine",
    "gpus": "GPUs",
    "days": "Days",
    "gpu_hours": "GPU-hours",
    "interval": f"80{n.THIN_SPACE}% interval",
    "site_unit": "In site unit",
    "memory": "Memory, GiB",
    "energy": "Energy, MWh",
}
_SITE_UNITS = {"core-hours": "core-h", "node-hours": "node-h", "GPU-hours": "GPU-h"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        text: As shown.
        sort: Key among its column; NaN sorts last.
        plain: For the clipboard, in the C locale.
    """

    text: str
    sort: float | str
    plain: str
    tone: Tone = "text"


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine of the table.

    Attributes:
        cells: By the names in `COLUMNS`.
        verdict: Icon and tone of the last column.
        sentence: Everything about whether and why it fits, for the tooltip.
        answer: What the row was made from.
    """

    machine_id: str
    name: str
    mark: Mark
    cells: dict[str, Cell]
    verdict: Verdict
    sentence: str
    is_own: bool
    is_chosen: bool
    in_service: bool
    answer: MachineAnswer


def heads(comparison: Comparison) -> dict[str, str]:
    """Column titles; the last one names the deadline."""
    seconds = comparison.spec.deadline_seconds
    last = f"Fits in {deadline_words(seconds)}" if seconds is not None else "Fits"
    time = "Hours" if _in_hours(comparison) else "Days"
    return {**_HEADS, "days": time, "fits": last}


def _in_hours(comparison: Comparison) -> bool:
    """Whether the run is so short that a column of days would say little."""
    answer = comparison.headline
    return answer is not None and answer.seconds is not None and answer.seconds.p50 < SHORT_RUN_SECONDS


def rows(comparison: Comparison, catalogue: Catalogue, with_coming: bool = False) -> tuple[MachineRow, ...]:
    """All rows in the order in which they are first shown: best first, own hardware last.

    The plan's own machine is always among them, also while it is coming.
    """
    chosen = chosen_id(comparison)
    shown = [answer for answer in comparison.answers if with_coming or _is_listed(answer, chosen)]
    made = [_row(answer, comparison, catalogue, chosen) for answer in shown]
    made.sort(key=_rank)
    return (*made, _row(comparison.own, comparison, catalogue, chosen))


def _is_listed(answer: MachineAnswer, chosen: str | None) -> bool:
    """Whether a machine stands in the table without asking for those that are coming."""
    return answer.machine.status == "in service" or answer.machine.id == chosen


def chosen_id(comparison: Comparison) -> str | None:
    """The machine of the plan, or the one that the sentence speaks of."""
    if comparison.spec.machine is not None:
        return comparison.spec.machine
    return comparison.headline.machine.id if comparison.headline is not None else None


def _rank(row: MachineRow) -> tuple[bool, int, float, str]:
    cost = row.cells["gpu_hours"].sort
    known = isinstance(cost, float) and math.isfinite(cost)
    return (
        not row.in_service,
        _VERDICT_ORDER.index(row.verdict),
        float(cost) if known else math.inf,
        row.name,
    )


def passes(answer: MachineAnswer) -> bool:
    """Whether the run fits the machine and ends in time."""
    return answer.fits and answer.meets_deadline is not False


def machine_name(machine: Machine) -> str:
    """The name that stands everywhere on the screen."""
    return machine.short_name or machine.name


def gpu_name(name: str) -> str:
    """A GPU without its vendor: "RTX 4090"."""
    return re.split(r"[,(]", name.replace("NVIDIA ", "").replace("AMD ", ""), maxsplit=1)[0].strip()


def own_name(comparison: Comparison, catalogue: Catalogue) -> str:
    """The user's hardware: "4 × RTX 4090"."""
    own = comparison.spec.own
    gpu = catalogue.gpus.get(own.gpu)
    return f"{own.gpus} {n.TIMES} {gpu_name(gpu.name) if gpu else own.gpu}"


def device_noun(machine: Machine, catalogue: Catalogue) -> str:
    """What software counts on a machine: "GCD" where one module holds several devices."""
    gpu = catalogue.gpus.get(machine.gpu or "")
    return "GCD" if gpu is not None and gpu.devices_per_module > 1 else ""


def deadline_words(seconds: float) -> str:
    """A deadline as people set it: "2 weeks", "6 weeks", "10 days"."""
    weeks = seconds / (7 * n.SECONDS_PER_DAY)
    if abs(weeks - round(weeks)) < 1e-6 and 1 <= round(weeks) <= 8:
        return n.counted(weeks, "week", "weeks")
    days = seconds / n.SECONDS_PER_DAY
    if abs(days - round(days)) < 1e-6 and 1 <= round(days) <= 60:
        return n.counted(days, "day", "days")
    return n.duration(seconds)


def lowest(comparison: Comparison) -> MachineAnswer | None:
    """The machine in service with the lowest cost among those that pass."""
    costs = [
        (answer.gpu_hours.p50, answer)
        for answer in comparison.answers
        if answer.machine.status == "in service" and passes(answer) and answer.gpu_hours is not None
    ]
    return min(costs, key=lambda pair: pair[0])[1] if costs else None


def _row(
    answer: MachineAnswer, comparison: Comparison, catalogue: Catalogue, chosen: str | None
) -> MachineRow:
    machine = answer.machine
    name = f"Your {own_name(comparison, catalogue)}" if answer.is_own else machine_name(machine)
    gpu = catalogue.gpus.get(machine.gpu or "")
    in_service = answer.is_own or machine.status == "in service"
    verdict: Verdict = _verdict(answer) if comparison.final else "wait"
    short = _short_reason(answer, verdict)
    cells = {
        "machine": Cell(name, name.lower(), name),
        "gpus": _gpus(answer, catalogue),
        "fits": Cell(short, _VERDICT_ORDER.index(verdict), f"{verdict}: {full_reason(answer)}"),
        **_figures(answer, _in_hours(comparison)),
    }
    return MachineRow(
        machine_id=OWN_ID if answer.is_own else machine.id,
        name=name,
        mark=mark_of(machine.id, gpu.family if gpu else None, in_service, answer.is_own),
        cells=cells,
        verdict=verdict,
        sentence=full_reason(answer),
        is_own=answer.is_own,
        is_chosen=not answer.is_own and machine.id == chosen,
        in_service=in_service,
        answer=answer,
    )


_VERDICT_ORDER = ("ok", "warn", "wait", "fail", "unk", "info")
_NOTHING = Cell(n.EMPTY, math.nan, "", "quiet")


def _gpus(answer: MachineAnswer, catalogue: Catalogue) -> Cell:
    if answer.gpus is None:
        return _NOTHING
    noun = device_noun(answer.machine, catalogue)
    text = n.exact(answer.gpus)
    return Cell(f"{text} {noun}".strip(), float(answer.gpus), str(answer.gpus))


def _figures(answer: MachineAnswer, in_hours: bool) -> dict[str, Cell]:
    cells = dict.fromkeys(("days", "gpu_hours", "interval", "memory", "energy"), _NOTHING)
    if answer.seconds is not None:
        time = answer.seconds.p50 / (n.SECONDS_PER_HOUR if in_hours else n.SECONDS_PER_DAY)
        cells["days"] = Cell(n.column_time(time), time, n.plain(time))
    if answer.gpu_hours is not None:
        hours = answer.gpu_hours
        plain = f"{n.plain(hours.p10)} to {n.plain(hours.p90)}"
        cells["gpu_hours"] = Cell(n.sig3(hours.p50), hours.p50, n.plain(hours.p50), "strong")
        shown = f"{n.sig3(hours.p10)} to {n.sig3(hours.p90)}"
        cells["interval"] = Cell(shown, hours.p10, plain, "quiet")
    if answer.memory is not None:
        memory = answer.memory
        text = n.memory_of(memory.reserved, memory.limit)
        on_card = n.memory_on_card(memory.reserved, memory.limit, memory.capacity)
        cells["memory"] = Cell(text, memory.reserved, on_card)
    if answer.energy_kwh is not None:
        energy = answer.energy_kwh.p50 / 1e3
        cells["energy"] = Cell(n.sig2(energy), energy, n.plain(energy))
    elif answer.seconds is not None:
        cells["energy"] = _unpublished()
    cells["site_unit"] = _site_unit(answer)
    return cells


def _site_unit(answer: MachineAnswer) -> Cell:
    if answer.is_own:
        return Cell("your own", math.nan, "", "quiet")
    units = answer.site_units
    if units is None:
        return _NOTHING if answer.gpu_hours is None else _unpublished()
    if units.value is None:
        return _unpublished()
    short = _SITE_UNITS.get(units.name, units.name)
    return Cell(f"{n.sig3(units.value)} {short}", units.value, f"{n.plain(units.value)} {units.name}")


def _unpublished() -> Cell:
    return Cell(n.UNKNOWN, math.nan, n.UNKNOWN, "unk")


def _verdict(answer: MachineAnswer) -> Verdict:
    if not answer.is_own and answer.machine.status == "coming":
        return "info"
    if answer.fits:
        return "ok" if passes(answer) else "fail"
    return "unk" if _is_unknown(answer.reason or "") else "fail"


def _is_unknown(reason: str) -> bool:
    return any(
        words in reason.lower()
        for words in ("not published", "not found", "not known", "unknown", "no source")
    )


def full_reason(answer: MachineAnswer) -> str:
    """Whether and why it fits, in full sentences."""
    sentences = []
    if not answer.is_own and answer.machine.status == "coming":
        sentences.append(f"Coming: {answer.machine.status_detail.value or 'no date published'}.")
    if answer.reason:
        sentences.append(answer.reason.rstrip(".") + ".")
    elif answer.meets_deadline is False and answer.seconds is not None:
        sentences.append(f"Ends too late: {n.duration(answer.seconds.p80)} at P80.")
    if answer.notes:
        sentences.append("; ".join(shown_notes(answer)) + ".")
    if answer.evidence == "far":
        sentences.append("Far from the published runs that the estimate rests on.")
    return " ".join(sentences) or "Fits."


def _short_reason(answer: MachineAnswer, verdict: Verdict) -> str:
    if verdict == "wait":
        return "Refining"
    if verdict == "info":
        return _coming_words(answer.machine)
    if not answer.fits:
        return _short_memory(answer.reason or "") or _at_most_five(answer.reason or "does not fit")
    if answer.is_own and answer.seconds is not None:
        return n.duration(answer.seconds.p50)
    if answer.meets_deadline is False and answer.seconds is not None:
        when = n.duration(answer.seconds.p80)
        return f"{when} at P80"
    return _joined_notes(shown_notes(answer)) or "Fits"


def shown_notes(answer: MachineAnswer) -> tuple[str, ...]:
    """The remarks as people read them: "1 GPU", and a count that was not possible after the jobs."""
    notes = [re.sub(r"^1 GPUs\b", "1 GPU", note) for note in answer.notes]
    return tuple(sorted(notes, key=_note_rank))


def count_note(answer: MachineAnswer) -> str:
    """That the GPU count which the user named is not possible, or ""."""
    return next((note for note in shown_notes(answer) if "not possible" in note), "")


def _note_rank(note: str) -> int:
    if " jobs " in note:
        return 0
    return 1 if "not possible" in note else 2


def _coming_words(machine: Machine) -> str:
    """How far a coming machine is, in few words: "Coming: contract 22 July 2026"."""
    clause = _at_most_five(str(machine.status_detail.value or "no date published"), MOST_WORDS - 1)
    return f"Coming: {clause[:1].lower()}{clause[1:]}"


def _short_memory(reason: str) -> str:
    """Five words from the sentence about memory ("Needs 427 GiB, has 61"), "" from others."""
    found = re.match(r"Needs (\S+) GiB .*\bhas (\S+?)\.?$", reason)
    return f"Needs {found[1]} GiB, has {found[2]}" if found else ""


def _joined_notes(notes: Iterable[str]) -> str:
    """As many whole notes as five words hold; the tooltip has them all."""
    text = ""
    for note in notes:
        longer = f"{text}, {note}" if text else note
        if len([word for word in longer.split() if word != n.TIMES]) <= MOST_WORDS:
            text = longer
    return text or _at_most_five(next(iter(notes), ""))


def _at_most_five(sentence: str, most: int = MOST_WORDS) -> str:
    clause = re.split(r"[;:.(]\s|,\s|\s\(", sentence.strip().rstrip("."), maxsplit=1)[0]
    words = clause.split()
    text = " ".join(words[:most]) + ("\u2026" if len(words) > most else "")
    return text[:1].upper() + text[1:]


def hidden_sentence(comparison: Comparison, with_coming: bool) -> str:
    """What the table leaves out: "24 coming, not shown."."""
    chosen = chosen_id(comparison)
    listed = [answer.machine for answer in comparison.answers if _is_listed(answer, chosen)]
    hidden = len(comparison.answers) - len(listed)
    if with_coming or not hidden:
        return ""
    coming = "".join(f", and {machine_name(m)}" for m in listed if m.status == "coming")
    in_service = sum(machine.status == "in service" for machine in listed)
    return f"All {in_service} GPU partitions in service{coming}. {hidden} more are coming."


def table_text(shown: Iterable[MachineRow], titles: dict[str, str], catalogue_date: str) -> str:
    """The table for the clipboard: tab-separated, C locale, with the date of its facts in the last column."""
    lines = ["\t".join(titles[column].replace(n.THIN_SPACE, " ") for column in COLUMNS)]
    lines += ["\t".join(row.cells[column].plain for column in COLUMNS) for row in shown]
    ends = ("Catalogue", *(catalogue_date for _ in lines[1:]))
    return "\n".join(f"{line}\t{end}" for line, end in zip(lines, ends, strict=True)) + "\n"
