"""The answer: one sentence, the line about the user's own hardware, and three cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.glyph import GlyphShape, glyph_shape
from app.present.machines import (
    deadline_said,
    device_noun,
    lowest,
    machine_name,
    own_name,
    passes,
)
from app.present.measured import badge_of, far_words, measured_line
from app.present.neighbour import gpus_said, neighbour_words
from app.words import pieces, spoken, text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.reasons import Missing, reason_said
from estimators.planning.records import Comparison, MachineAnswer
from estimators.quantity import Range
from estimators.words import NOTHING, Amount, Cased, Name, Said, Span, Strong, Value, say, together

Emphasis = Literal["", "figure", "machine", "bold", "quiet"]
ROOM_BESIDE_QUEUE = 15
"""Characters of an interval beside which "queue not included" still fits on a card."""

INTERVAL_SHARE = Amount(80, "%", "fixed")
REFINING = say("refining")

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


def phrases(said: Value) -> Phrases:
    """A sentence in words that share an emphasis, wherever its language puts them."""
    return tuple(Phrase(words, mark or "") for words, mark in pieces(said, spoken()))


def sentence(comparison: Comparison, catalogue: Catalogue, access: Said = NOTHING) -> Phrases:
    """The answer in one or two sentences.

    Args:
        comparison: The answer.
        catalogue: Names of GPUs.
        access: Which access mode pays for the whole request, from `access.answer_said`; None where not known.
    """
    return phrases(_sentence(comparison, catalogue, access))


def _sentence(comparison: Comparison, catalogue: Catalogue, access: Said) -> Said:
    answer = comparison.headline
    if answer is None or answer.gpu_hours is None or answer.seconds is None:
        return _no_fit(comparison, answer)
    late = answer.meets_deadline is False and comparison.spec.deadline_seconds is not None
    if late and comparison.final:
        return _missed(comparison, answer, answer.seconds)
    hours = answer.gpu_hours
    about = say(
        "About {hours} ({span}) on {machine}: {time} on {devices}.",
        hours=Strong(n.hours_said(Amount(hours.p50)), "figure"),
        span=Span(hours.p10, hours.p90),
        machine=_machine(answer.machine),
        time=Amount(answer.seconds.p50, form="duration"),
        devices=_as_machines_count(answer, catalogue),
    )
    return together(about, access if comparison.final else NOTHING)


def _machine(machine: Machine) -> Strong:
    return Strong(Name(machine_name(machine)), "machine")


def _as_machines_count(answer: MachineAnswer, catalogue: Catalogue) -> Said:
    """The devices of an answer: "128 GPUs", "384 GCD" on LUMI-G."""
    noun = device_noun(answer.machine, catalogue)
    if noun:
        return say("{n} {devices}", n=n.counts(answer.gpus or 0), devices=Name(noun))
    return gpus_said(answer.gpus or 0)


def _missed(comparison: Comparison, answer: MachineAnswer, seconds: Range) -> Said:
    deadline_seconds = comparison.spec.deadline_seconds or 0.0
    late = say(
        "On {machine} this takes {time}; {clause}.",
        machine=_machine(answer.machine),
        time=Strong(Amount(seconds.p50, form="duration"), "figure"),
        clause=_deadline_clause(seconds, deadline_seconds),
    )
    return together(late, _way_out(comparison, say("None in service does it in time.")))


def _deadline_clause(seconds: Range, deadline_seconds: float) -> Said:
    deadline = deadline_said(deadline_seconds)
    if seconds.p50 <= deadline_seconds:
        planned = Amount(seconds.p80, form="duration")
        return say(
            "planned at P80 it takes {time}, past the deadline of {deadline}", time=planned, deadline=deadline
        )
    return say("the deadline is {deadline}", deadline=deadline)


def _no_fit(comparison: Comparison, answer: MachineAnswer | None) -> Said:
    spec = comparison.spec
    chosen = answer or next((a for a in comparison.answers if a.machine.id == spec.machine), None)
    if chosen is None:
        fits_none = say("This run fits no machine in service.")
        return together(say("{words}", words=Strong(fits_none, "figure")), _first_reason(comparison))
    reason = say("it does not fit") if chosen.reason is None else Cased(reason_said(chosen.reason))
    not_here = say("Not on {machine}: {reason}.", machine=_machine(chosen.machine), reason=reason)
    return together(not_here, _way_out(comparison, say("No machine in service can run it.")))


def _first_reason(comparison: Comparison) -> Said:
    reasons = [answer.reason for answer in comparison.answers if answer.reason is not None]
    return say("{reason}.", reason=reason_said(reasons[0])) if reasons else NOTHING


def _way_out(comparison: Comparison, otherwise: Said) -> Said:
    best = lowest(comparison)
    if best is None or best.seconds is None:
        return otherwise
    return say(
        "{machine} does it in {time}.",
        machine=_machine(best.machine),
        time=Strong(Amount(best.seconds.p50, form="duration"), "figure"),
    )


def own_line(comparison: Comparison, catalogue: Catalogue, nearest: Said = NOTHING) -> Phrases:
    """What the run takes on the user's hardware, and on the machine.

    Args:
        comparison: The answer.
        catalogue: Names of GPUs.
        nearest: How the nearest published runs held, from `nearest_said`; nothing where it is not known.
    """
    return phrases(_own_line(comparison, catalogue, nearest))


def _own_line(comparison: Comparison, catalogue: Catalogue, nearest: Said) -> Said:
    own, answer = comparison.own, comparison.headline
    name = Name(own_name(comparison, catalogue).replace(f" {n.TIMES} ", " "))
    yours = say("On your {hardware}: {reason}.", hardware=name, reason=_why_not(own))
    if own.seconds is not None:
        yours = say(
            "On your {hardware}: {time}.", hardware=name, time=Amount(own.seconds.p50, form="duration")
        )
    if answer is None or answer.seconds is None:
        return yours
    there = say(
        "On {machine}: {time}.",
        machine=Name(machine_name(answer.machine)),
        time=Strong(Amount(answer.seconds.p50, form="duration"), "bold"),
    )
    interval = say(
        "{share} interval, {evidence}.", share=INTERVAL_SHARE, evidence=_evidence(comparison, nearest)
    )
    return together(yours, there, say("{words}", words=Strong(interval, "quiet")))


def _evidence(comparison: Comparison, nearest: Said) -> Said:
    """What the interval rests on."""
    answer = comparison.headline
    if answer is not None and answer.measured:
        if far_words(comparison):
            return say("your step, far from predicted")
        return say("moved by your measured step")
    if answer is not None and answer.evidence == "far":
        return say("far from published runs")
    return nearest or say("four times in five")


def _why_not(own: MachineAnswer) -> Value:
    """Why the own hardware has no time: it lacks room, or a fact that nobody published."""
    if isinstance(own.reason, Missing):
        return Cased(reason_said(own.reason))
    return say("it does not fit")


def own_hardware_words(comparison: Comparison) -> str:
    """The line under the user's hardware."""
    own = comparison.own
    if own.seconds is None:
        return text(say("This plan does not fit there") if own.reason is None else reason_said(own.reason))
    return text(say("This plan would take {time} there", time=Amount(own.seconds.p50, form="duration")))


def answer_text(comparison: Comparison, catalogue: Catalogue, access: Said = NOTHING) -> str:
    """The answer for the clipboard; `access` as in `sentence`."""
    lines: list[Said] = [_sentence(comparison, catalogue, access), _own_line(comparison, catalogue, NOTHING)]
    answer = comparison.headline
    if answer is not None and answer.gpu_hours is not None and answer.seconds is not None:
        lines.append(
            say(
                "{machine}, {share} interval: {hours} GPU-hours, {time}.",
                machine=Name(machine_name(answer.machine)),
                share=INTERVAL_SHARE,
                hours=Span(answer.gpu_hours.p10, answer.gpu_hours.p90, digits=3),
                time=Span(answer.seconds.p10, answer.seconds.p90, form="duration"),
            )
        )
    words = [text(line) for line in lines]
    words += filter(None, [neighbour_words(comparison, catalogue)])
    if comparison.headline is not None and comparison.headline.gpu_hours is not None:
        hours = n.hours_said(Amount(comparison.headline.gpu_hours.p80, form="up"))
        words.append(text(say("Plan for {hours} (P80).", hours=hours)))
    if comparison.spec.measured is not None:
        words.append(measured_line(comparison, catalogue))
    words.append(text(_catalogue(comparison)))
    return "\n".join(words).replace(n.THIN_SPACE, " ") + "\n"


def _catalogue(comparison: Comparison) -> Said:
    return say("Catalogue of {day}.", day=Name(comparison.catalogue_date))


def conditions(comparison: Comparison, catalogue: Catalogue) -> str:
    """What a copied figure holds for: "Leonardo, 32 GPUs, 80 % interval. Catalogue of 2026-11-23."."""
    answer = comparison.headline
    if answer is None or answer.gpus is None:
        return text(_catalogue(comparison))
    noun = Name(f"{device_noun(answer.machine, catalogue) or 'GPU'}{'' if answer.gpus == 1 else 's'}")
    holds = say(
        "{machine}, {n} {devices}, {share} interval.",
        machine=Name(machine_name(answer.machine)),
        n=n.counts(answer.gpus),
        devices=noun,
        share=INTERVAL_SHARE,
    )
    return text(together(holds, _catalogue(comparison))).replace(n.THIN_SPACE, " ")


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
        return _empty(text(say("GPU-hours")), "GPU-h", answer)
    hours = answer.gpu_hours
    number = n.sig3(hours.p50) if state == "final" else f"≈ {n.short(hours.p50)}"
    badge: tuple[str, str] | None
    if state == "refining":
        words, badge = text(say("Last layouts; the full search follows")), ("info", text(REFINING))
    else:
        words = n.card_plan(hours.p10, hours.p90, hours.p80)
        moved = badge_of(comparison) if answer.measured else None
        badge = ("warn", text(say("far from evidence"))) if state == "far" else moved
    shape = glyph_shape(hours, state != "refining", answer.modelled_gpu_hours)
    return FigureCard(text(say("GPU-hours")), number, "GPU-h", words, state, badge, shape)


def time_card(comparison: Comparison) -> FigureCard:
    """The card with the wall-clock time."""
    state = state_of(comparison)
    answer = comparison.headline
    if answer is None or answer.seconds is None:
        return _empty(text(say("Time")), text(say("days")), answer)
    seconds = answer.seconds
    number, unit = n.duration_parts(seconds.p50, 3 if state == "final" else 2)
    number = number if state == "final" else f"≈ {number}"
    span = Span(seconds.p10, seconds.p90, form="duration")
    words = text(say("{span}, without queue", span=span))
    if len(text(span)) < ROOM_BESIDE_QUEUE:
        words = text(say("{span}, queue not included", span=span))
    badge = ("info", text(REFINING)) if state == "refining" else _deadline_badge(comparison, answer)
    shape = glyph_shape(seconds, state != "refining", answer.modelled_seconds)
    return FigureCard(text(say("Time")), number, unit, words, state, badge, shape)


def _deadline_badge(comparison: Comparison, answer: MachineAnswer) -> tuple[str, str] | None:
    if comparison.spec.deadline_seconds is None:
        return badge_of(comparison) if answer.measured and comparison.final else None
    deadline = deadline_said(comparison.spec.deadline_seconds)
    if answer.meets_deadline is False:
        return "fail", text(say("misses {deadline}", deadline=deadline))
    return "ok", text(say("in {deadline}", deadline=deadline))


def fits_card(comparison: Comparison) -> FigureCard:
    """The card that counts the machines in service that fit and end in time."""
    in_service = [answer for answer in comparison.answers if answer.machine.status == "in service"]
    flags = sorted((passes(answer) for answer in in_service), reverse=True)
    best = lowest(comparison)
    if best is not None and best.gpu_hours is not None:
        words = text(_lowest(machine_name(best.machine), best.gpu_hours.p50))
    else:
        words = text(say("None fits and ends in time"))
    unit = text(say("of {n} in service", n=n.counts(len(in_service))))
    state: State = "refining" if not comparison.final else "final"
    return FigureCard(text(say("Machines that fit")), str(sum(flags)), unit, words, state, fits=tuple(flags))


def _lowest(name: str, gpu_hours: float) -> Said:
    """The machine with the lowest cost; millions of hours leave no room for their unit."""
    number = Name(n.card_number(gpu_hours))
    if gpu_hours >= n.MANY:
        return say("Lowest: {machine}, {hours}", machine=Name(name), hours=number)
    return say("Lowest: {machine}, {hours} GPU-h", machine=Name(name), hours=number)


def _empty(title: str, unit: str, answer: MachineAnswer | None) -> FigureCard:
    words = say("Fits no machine in service")
    if answer is not None and answer.reason is not None:
        words = reason_said(answer.reason)
    return FigureCard(title, n.EMPTY, unit, text(words), "none", ("fail", text(say("does not fit"))))
