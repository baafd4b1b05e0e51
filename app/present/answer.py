"""The answer: one sentence, the line about the user's own hardware, and three cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.glyph import GlyphShape, glyph_shape
from app.present.machines import (
    deadline_words,
    device_noun,
    lowest,
    machine_name,
    own_name,
    passes,
)
from app.present.measured import badge_of, far_words, measured_line
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer
from estimators.quantity import Range

Emphasis = Literal["", "figure", "machine", "bold", "quiet"]
ROOM_BESIDE_QUEUE = 15
"""Characters of an interval beside which "queue not included" still fits on a card."""

State = Literal["final", "refining", "far", "none", "held"]
"""How a figure is marked; "held" is the last good one while a field is in error."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the sentence that share an emphasis."""

    text: str
    emphasis: Emphasis = ""


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One card of the answer strip.

    Attributes:
        badge: Tone and word, or None.
        fits: For the card that counts machines: one flag for each machine in service, passing first.
    """

    title: str
    number: str
    unit: str
    words: str
    state: State
    badge: tuple[str, str] | None = None
    glyph: GlyphShape | None = None
    fits: tuple[bool, ...] = ()


Phrases = tuple[Phrase, ...]


def plain(phrases: Sequence[Phrase]) -> str:
    """The words alone."""
    return "".join(phrase.text for phrase in phrases)


def sentence(comparison: Comparison, catalogue: Catalogue, access: str = "") -> Phrases:
    """The answer in one or two sentences.

    Args:
        comparison: The answer.
        catalogue: Names of GPUs.
        access: Which access mode pays for the whole request, from `access.answer_words`; "" where not known.
    """
    answer = comparison.headline
    if answer is None or answer.gpu_hours is None or answer.seconds is None:
        return _no_fit(comparison, answer)
    late = answer.meets_deadline is False and comparison.spec.deadline_seconds is not None
    if late and comparison.final:
        return _missed(comparison, answer, answer.seconds)
    noun = device_noun(answer.machine, catalogue) or ("GPU" if answer.gpus == 1 else "GPUs")
    hours = answer.gpu_hours
    return (
        Phrase("About "),
        Phrase(n.of_gpu_hours(n.short(hours.p50)), "figure"),
        Phrase(f" ({n.span(hours.p10, hours.p90)}) on "),
        Phrase(machine_name(answer.machine), "machine"),
        Phrase(f": {n.duration(answer.seconds.p50)} on {n.exact(answer.gpus or 0)} {noun}."),
        Phrase(f" {access}".rstrip() if comparison.final else ""),
    )


def _missed(comparison: Comparison, answer: MachineAnswer, seconds: Range) -> Phrases:
    deadline = deadline_words(comparison.spec.deadline_seconds or 0.0)
    start = (
        Phrase("On "),
        Phrase(machine_name(answer.machine), "machine"),
        Phrase(" this takes "),
        Phrase(n.duration(seconds.p50), "figure"),
        Phrase(f"; {_deadline_clause(seconds, comparison.spec.deadline_seconds or 0.0, deadline)}"),
    )
    return (*start, *_way_out(comparison, "None in service does it in time."))


def _deadline_clause(seconds: Range, deadline_seconds: float, words: str) -> str:
    if seconds.p50 <= deadline_seconds:
        return f"planned at P80 it takes {n.duration(seconds.p80)}, past the deadline of {words}. "
    return f"the deadline is {words}. "


def _no_fit(comparison: Comparison, answer: MachineAnswer | None) -> Phrases:
    spec = comparison.spec
    chosen = answer or next((a for a in comparison.answers if a.machine.id == spec.machine), None)
    if chosen is None:
        return (Phrase("This run fits no machine in service.", "figure"), Phrase(_first_reason(comparison)))
    reason = (chosen.reason or "it does not fit").rstrip(".")
    start = (
        Phrase("Not on "),
        Phrase(machine_name(chosen.machine), "machine"),
        Phrase(f": {reason[:1].lower()}{reason[1:]}. "),
    )
    return (*start, *_way_out(comparison, "No machine in service can run it."))


def _first_reason(comparison: Comparison) -> str:
    reasons = [answer.reason for answer in comparison.answers if answer.reason]
    return f" {reasons[0].rstrip('.')}." if reasons else ""


def _way_out(comparison: Comparison, otherwise: str) -> Phrases:
    best = lowest(comparison)
    if best is None or best.seconds is None:
        return (Phrase(otherwise),)
    return (
        Phrase(machine_name(best.machine), "machine"),
        Phrase(" does it in "),
        Phrase(n.duration(best.seconds.p50), "figure"),
        Phrase("."),
    )


def own_line(comparison: Comparison, catalogue: Catalogue, nearest: str = "") -> Phrases:
    """What the run takes on the user's hardware, and on the machine.

    Args:
        comparison: The answer.
        catalogue: Names of GPUs.
        nearest: How the nearest published runs held, from `nearest_words`; "" where it is not known.
    """
    own, answer = comparison.own, comparison.headline
    name = own_name(comparison, catalogue).replace(f" {n.TIMES} ", " ")
    if own.seconds is not None:
        own_words = f"On your {name}: {n.duration(own.seconds.p50)}."
    else:
        own_words = f"On your {name}: {_why_not(own)}."
    if answer is None or answer.seconds is None:
        return (Phrase(own_words),)
    evidence = "far from published runs" if answer.evidence == "far" else nearest or "four times in five"
    if answer.measured:
        evidence = "your step, far from predicted" if far_words(comparison) else "moved by your measured step"
    return (
        Phrase(f"{own_words} On {machine_name(answer.machine)}: "),
        Phrase(n.duration(answer.seconds.p50), "bold"),
        Phrase(". "),
        Phrase(f"80{n.THIN_SPACE}% interval, {evidence}.", "quiet"),
    )


def _why_not(own: MachineAnswer) -> str:
    """Why the own hardware has no time: it lacks room, or a fact that nobody published."""
    reason = (own.reason or "").rstrip(".")
    return reason[:1].lower() + reason[1:] if reason.startswith("Not published") else "it does not fit"


def neighbour_words(comparison: Comparison, catalogue: Catalogue) -> str:
    """The device count beside the proposed one that would tempt, with what it costs; "" where none does.

    "On half as many GPUs: 47 days (too late), 9 % fewer GPU-hours."
    """
    answer = comparison.headline
    beside = answer.neighbour if answer is not None else None
    if (
        answer is None
        or beside is None
        or not answer.gpus
        or answer.gpu_hours is None
        or not comparison.final
    ):
        return ""
    noun = f"{device_noun(answer.machine, catalogue) or 'GPU'}{'' if beside.gpus == 1 else 's'}"
    shares = {0.5: "half as many", 2.0: "twice as many"}
    count = f"{shares.get(beside.gpus / answer.gpus, n.exact(beside.gpus))} {noun}"
    deadline = comparison.spec.deadline_seconds
    late = deadline is not None and beside.seconds.p80 > deadline and answer.meets_deadline is not False
    time = f"{n.duration(beside.seconds.p50)}{' (too late)' if late else ''}"
    return f"On {count}: {time}, {_change_words(beside.gpu_hours.p50 / answer.gpu_hours.p50 - 1.0)}."


def _change_words(change: float) -> str:
    """By how much GPU-hours differ, in whole per cent."""
    if round(100.0 * abs(change)) == 0:
        return "about as many GPU-hours"
    return f"{n.with_unit(n.exact(100.0 * abs(change)), '%')} {'fewer' if change < 0 else 'more'} GPU-hours"


def own_hardware_words(comparison: Comparison) -> str:
    """The line under the user's hardware."""
    own = comparison.own
    if own.seconds is None:
        return (own.reason or "This plan does not fit there").rstrip(".")
    return f"This plan would take {n.duration(own.seconds.p50)} there"


def answer_text(comparison: Comparison, catalogue: Catalogue, access: str = "") -> str:
    """The answer for the clipboard; `access` as in `sentence`."""
    lines = [plain(sentence(comparison, catalogue, access)), plain(own_line(comparison, catalogue))]
    answer = comparison.headline
    if answer is not None and answer.gpu_hours is not None and answer.seconds is not None:
        hours, time = answer.gpu_hours, n.duration_span(answer.seconds.p10, answer.seconds.p90)
        range_words = f"{n.span(hours.p10, hours.p90, 3)} GPU-hours, {time}"
        lines.append(f"{machine_name(answer.machine)}, 80 % interval: {range_words}.")
    beside = neighbour_words(comparison, catalogue)
    if beside:
        lines.append(beside)
    if comparison.headline is not None and comparison.headline.gpu_hours is not None:
        lines.append(f"Plan for {n.gpu_hours_to_plan(comparison.headline.gpu_hours.p80)} (P80).")
    if comparison.spec.measured is not None:
        lines.append(measured_line(comparison, catalogue))
    lines.append(f"Catalogue of {comparison.catalogue_date}.")
    return "\n".join(lines).replace(n.THIN_SPACE, " ") + "\n"


def conditions(comparison: Comparison, catalogue: Catalogue) -> str:
    """What a copied figure holds for: "Leonardo, 32 GPUs, 80 % interval. Catalogue of 2026-11-23."."""
    answer, date = comparison.headline, f"Catalogue of {comparison.catalogue_date}."
    if answer is None or answer.gpus is None:
        return date
    noun = device_noun(answer.machine, catalogue) or "GPU"
    count = f"{n.exact(answer.gpus)} {noun}{'' if answer.gpus == 1 else 's'}"
    return f"{machine_name(answer.machine)}, {count}, 80 % interval. {date}".replace(n.THIN_SPACE, " ")


def state_of(comparison: Comparison) -> State:
    """How the figures are marked."""
    if comparison.headline is None or comparison.headline.gpu_hours is None:
        return "none"
    if not comparison.final:
        return "refining"
    if comparison.headline.measured:
        return "final"  # whatever was published, the user's own step is the nearest evidence
    return "far" if comparison.headline.evidence == "far" else "final"


def cards(comparison: Comparison) -> tuple[FigureCard, FigureCard, FigureCard]:
    """GPU-hours, time, and machines that fit."""
    return hours_card(comparison), time_card(comparison), fits_card(comparison)


def hours_card(comparison: Comparison) -> FigureCard:
    """The card with the GPU-hours."""
    state = state_of(comparison)
    answer = comparison.headline
    if answer is None or answer.gpu_hours is None:
        return _empty("GPU-hours", "GPU-h", answer)
    hours = answer.gpu_hours
    number = n.sig3(hours.p50) if state == "final" else f"≈ {n.short(hours.p50)}"
    badge: tuple[str, str] | None
    if state == "refining":
        words, badge = "Last layouts; the full search follows", ("info", "refining")
    else:
        words = n.card_plan(hours.p10, hours.p90, hours.p80)
        moved = badge_of(comparison) if answer.measured else None
        badge = ("warn", "far from evidence") if state == "far" else moved
    shape = glyph_shape(hours, state != "refining", answer.modelled_gpu_hours)
    return FigureCard("GPU-hours", number, "GPU-h", words, state, badge, shape)


def time_card(comparison: Comparison) -> FigureCard:
    """The card with the wall-clock time."""
    state = state_of(comparison)
    answer = comparison.headline
    if answer is None or answer.seconds is None:
        return _empty("Time", "days", answer)
    seconds = answer.seconds
    number, unit = n.duration_parts(seconds.p50, 3 if state == "final" else 2)
    number = number if state == "final" else f"≈ {number}"
    span = n.duration_span(seconds.p10, seconds.p90)
    words = f"{span}, {'queue not included' if len(span) < ROOM_BESIDE_QUEUE else 'without queue'}"
    badge = ("info", "refining") if state == "refining" else _deadline_badge(comparison, answer)
    shape = glyph_shape(seconds, state != "refining", answer.modelled_seconds)
    return FigureCard("Time", number, unit, words, state, badge, shape)


def _deadline_badge(comparison: Comparison, answer: MachineAnswer) -> tuple[str, str] | None:
    if comparison.spec.deadline_seconds is None:
        return badge_of(comparison) if answer.measured and comparison.final else None
    deadline = deadline_words(comparison.spec.deadline_seconds)
    return ("fail", f"misses {deadline}") if answer.meets_deadline is False else ("ok", f"in {deadline}")


def fits_card(comparison: Comparison) -> FigureCard:
    """The card that counts the machines in service that fit and end in time."""
    in_service = [answer for answer in comparison.answers if answer.machine.status == "in service"]
    flags = sorted((passes(answer) for answer in in_service), reverse=True)
    best = lowest(comparison)
    if best is not None and best.gpu_hours is not None:
        words = f"Lowest: {machine_name(best.machine)}, {_with_room(best.gpu_hours.p50)}"
    else:
        words = "None fits and ends in time"
    unit = f"of {len(in_service)} in service"
    state: State = "refining" if not comparison.final else "final"
    return FigureCard("Machines that fit", str(sum(flags)), unit, words, state, fits=tuple(flags))


def _with_room(gpu_hours: float) -> str:
    number = n.card_number(gpu_hours)
    return number if "million" in number else f"{number} GPU-h"


def _empty(title: str, unit: str, answer: MachineAnswer | None) -> FigureCard:
    words = (answer.reason if answer is not None and answer.reason else "Fits no machine in service").rstrip(
        "."
    )
    return FigureCard(title, n.EMPTY, unit, words, "none", ("fail", "does not fit"))
