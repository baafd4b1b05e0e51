"""The rows of the machine comparison: what each column says, how it sorts, and why a machine fits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.palette import Mark, mark_of
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.reasons import Missing, NoCount, Note, reason_in_brief, reason_said
from estimators.planning.records import Comparison, MachineAnswer
from estimators.words import Amount, Cased, Listed, Name, Value, cased, say, say_many, together

Tone = Literal["text", "quiet", "unk", "strong"]
Verdict = Literal["ok", "warn", "fail", "unk", "info", "wait"]
"""What the last column says; "wait" while only the last layouts were priced anew."""

COLUMNS = ("machine", "gpus", "days", "gpu_hours", "interval", "site_unit", "memory", "energy", "fits")
MOST_WORDS = 5
SHORT_RUN_SECONDS = 2 * n.SECONDS_PER_DAY
OWN_ID = "own"

_HEADS = {
    "machine": say("Machine"),
    "gpus": say("GPUs"),
    "days": say("Days"),
    "gpu_hours": say("GPU-hours"),
    "interval": say("{share} interval", share=Amount(80, "%", "fixed")),
    "site_unit": say("In site unit"),
    "memory": say("Memory, GiB"),
    "energy": say("Energy, MWh"),
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
    last = (
        text(say("Fits in {seconds}", seconds=Name(deadline_words(seconds))))
        if seconds is not None
        else text(say("Fits"))
    )
    time = text(say("Hours")) if _in_hours(comparison) else text(say("Days"))
    return {**{key: text(title) for key, title in _HEADS.items()}, "days": time, "fits": last}


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
    return text(deadline_said(seconds))


def deadline_said(seconds: float) -> Value:
    """The same inside a sentence."""
    weeks = seconds / (7 * n.SECONDS_PER_DAY)
    if abs(weeks - round(weeks)) < 1e-6 and 1 <= round(weeks) <= 8:
        return say_many("{n} week", "{n} weeks", round(weeks), n=n.counts(weeks))
    days = seconds / n.SECONDS_PER_DAY
    if abs(days - round(days)) < 1e-6 and 1 <= round(days) <= 60:
        return say_many("{n} day", "{n} days", round(days), n=n.counts(days))
    return Amount(seconds, form="duration")


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
    name = (
        text(say("Your {comparison}", comparison=Name(own_name(comparison, catalogue))))
        if answer.is_own
        else machine_name(machine)
    )
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


NO_DATE = say("no date published")
_VERDICT_ORDER = ("ok", "warn", "wait", "fail", "unk", "info")
_NOTHING = Cell(n.EMPTY, math.nan, "", "quiet")


def _gpus(answer: MachineAnswer, catalogue: Catalogue) -> Cell:
    if answer.gpus is None:
        return _NOTHING
    noun = device_noun(answer.machine, catalogue)
    number = n.exact(answer.gpus)
    return Cell(f"{number} {noun}".strip(), float(answer.gpus), str(answer.gpus))


def _figures(answer: MachineAnswer, in_hours: bool) -> dict[str, Cell]:
    cells = dict.fromkeys(("days", "gpu_hours", "interval", "memory", "energy"), _NOTHING)
    if answer.seconds is not None:
        time = answer.seconds.p50 / (n.SECONDS_PER_HOUR if in_hours else n.SECONDS_PER_DAY)
        cells["days"] = Cell(n.column_time(time), time, n.plain(time))
    if answer.gpu_hours is not None:
        hours = answer.gpu_hours
        plain = text(
            say("{hours} to {hours_2}", hours=Name(n.plain(hours.p10)), hours_2=Name(n.plain(hours.p90)))
        )
        cells["gpu_hours"] = Cell(n.sig3(hours.p50), hours.p50, n.plain(hours.p50), "strong")
        shown = text(
            say(
                "{hours} to {hours_2}",
                hours=Amount(hours.p10, form="three"),
                hours_2=Amount(hours.p90, form="three"),
            )
        )
        cells["interval"] = Cell(shown, hours.p10, plain, "quiet")
    if answer.memory is not None:
        memory = answer.memory
        of_limit = n.memory_of(memory.reserved, memory.limit)
        on_card = n.memory_on_card(memory.reserved, memory.limit, memory.capacity)
        cells["memory"] = Cell(of_limit, memory.reserved, on_card)
    if answer.energy_kwh is not None:
        energy = answer.energy_kwh.p50 / 1e3
        cells["energy"] = Cell(n.sig2(energy), energy, n.plain(energy))
    elif answer.seconds is not None:
        cells["energy"] = _unpublished()
    cells["site_unit"] = _site_unit(answer)
    return cells


def _site_unit(answer: MachineAnswer) -> Cell:
    if answer.is_own:
        return Cell(text(say("your own")), math.nan, "", "quiet")
    units = answer.site_units
    if units is None:
        return _NOTHING if answer.gpu_hours is None else _unpublished()
    if units.value is None:
        return _unpublished()
    short = _SITE_UNITS.get(units.name, units.name)
    return Cell(f"{n.sig3(units.value)} {short}", units.value, f"{n.plain(units.value)} {units.name}")


def _unpublished() -> Cell:
    return Cell(text(n.UNKNOWN), math.nan, text(n.UNKNOWN), "unk")


def _verdict(answer: MachineAnswer) -> Verdict:
    if not answer.is_own and answer.machine.status == "coming":
        return "info"
    if answer.fits:
        return "ok" if passes(answer) else "fail"
    return "unk" if isinstance(answer.reason, Missing | NoCount) else "fail"


def full_reason(answer: MachineAnswer) -> str:
    """Whether and why it fits, in full sentences."""
    sentences = []
    if not answer.is_own and answer.machine.status == "coming":
        sentences.append(text(say("Coming: {state}.", state=_state_of(answer.machine))))
    if answer.reason is not None:
        sentences.append(text(say("{reason}.", reason=reason_said(answer.reason))))
    elif answer.meets_deadline is False and answer.seconds is not None:
        sentences.append(
            text(say("Ends too late: {seconds} at P80.", seconds=Amount(answer.seconds.p80, form="duration")))
        )
    if answer.notes:
        sentences.append("; ".join(shown_notes(answer)) + ".")
    if answer.evidence == "far":
        sentences.append(text(say("Far from the published runs that the estimate rests on.")))
    return " ".join(sentences) or text(say("Fits."))


def _short_reason(answer: MachineAnswer, verdict: Verdict) -> str:
    if verdict == "wait":
        return text(say("Refining"))
    if verdict == "info":
        return _coming_words(answer.machine)
    if not answer.fits:
        return text(say("Does not fit") if answer.reason is None else reason_in_brief(answer.reason))
    if answer.is_own and answer.seconds is not None:
        return n.duration(answer.seconds.p50)
    if answer.meets_deadline is False and answer.seconds is not None:
        when = n.duration(answer.seconds.p80)
        return text(say("{when} at P80", when=Name(when)))
    return _joined_notes(shown_notes(answer)) or text(say("Fits"))


def shown_notes(answer: MachineAnswer) -> tuple[str, ...]:
    """The remarks in the order in which people read them: jobs, then a count that was not possible."""
    return tuple(text(note.said) for note in sorted(answer.notes, key=_note_rank))


def count_note(answer: MachineAnswer) -> str:
    """That the GPU count which the user named is not possible, or ""."""
    return next((text(note.said) for note in answer.notes if note.kind == "count"), "")


def _note_rank(note: Note) -> int:
    return {"jobs": 0, "count": 1}.get(note.kind, 2)


def _coming_words(machine: Machine) -> str:
    """How far a coming machine is, in few words: "Coming: contract 22 July 2026"."""
    return text(say("Coming: {state}", state=Cased(coming_said(machine))))


def coming_said(machine: Machine) -> Value:
    """How far a coming machine is, in four words."""
    return _state_of(machine, MOST_WORDS - 1)


def _state_of(machine: Machine, most: int | None = None) -> Value:
    """What the catalogue quotes on a coming machine: its first clause, of so many words."""
    quoted = str(machine.status_detail.value or "")
    if not quoted:
        return NO_DATE
    if most is None:
        return Name(quoted)
    return Name(_at_most(re.split(r"[;:.(]\s|,\s|\s\(", quoted.strip().rstrip("."), maxsplit=1)[0], most))


def _joined_notes(notes: Iterable[str]) -> str:
    """As many whole notes as five words hold; the tooltip has them all."""
    shown = ""
    for note in notes:
        longer = f"{shown}, {note}" if shown else note
        if len([word for word in longer.split() if word != n.TIMES]) <= MOST_WORDS:
            shown = longer
    return shown or _at_most(next(iter(notes), ""))


def _at_most(note: str, most: int = MOST_WORDS) -> str:
    """So many words of a note, then an ellipsis."""
    words = note.split()
    return cased(" ".join(words[:most]) + ("\u2026" if len(words) > most else ""), "capital")


def hidden_sentence(comparison: Comparison, with_coming: bool) -> str:
    """What the table leaves out: "24 coming, not shown."."""
    chosen = chosen_id(comparison)
    listed = [answer.machine for answer in comparison.answers if _is_listed(answer, chosen)]
    hidden = len(comparison.answers) - len(listed)
    if with_coming or not hidden:
        return ""
    in_service = Amount(sum(machine.status == "in service" for machine in listed), form="fixed")
    coming = [Name(machine_name(machine)) for machine in listed if machine.status == "coming"]
    shown = say("All {n} GPU partitions in service.", n=in_service)
    if coming:
        others = Listed(tuple(coming), "", ", and ")
        shown = say("All {n} GPU partitions in service, and {machines}.", n=in_service, machines=others)
    return text(together(shown, say("{n} more are coming.", n=Amount(hidden, form="fixed"))))


def table_text(shown: Iterable[MachineRow], titles: dict[str, str], catalogue_date: str) -> str:
    """The table for the clipboard: tab-separated, C locale, with the date of its facts in the last column."""
    lines = ["\t".join(titles[column].replace(n.THIN_SPACE, " ") for column in COLUMNS)]
    lines += ["\t".join(row.cells[column].plain for column in COLUMNS) for row in shown]
    ends = (text(say("Catalogue")), *(catalogue_date for _ in lines[1:]))
    return "\n".join(f"{line}\t{end}" for line, end in zip(lines, ends, strict=True)) + "\n"
