"""Which access mode fits: rows, the chart's bars, sentences, and the ticks that a user sets."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Literal

from app.plan.project import OfferInput
from app.present import numbers as n
from app.present.machines import machine_name
from app.words import text
from estimators.requests.access_results import Access, Door
from estimators.requests.doors import time_left
from estimators.requests.doors.sizes import DoorSize, size_of
from estimators.words import NOTHING, Amount, Cased, Name, Said, say, say_many, together

Tone = Literal["ok", "warn", "fail", "unk", "info"]
HEADS = (say("Mode"), say("Size"), say("Does this plan fit?"), say("Next date"), say("Today"))
NEAR_CEILING = 0.1
"""Share of a mode's ceiling below which P90 counts as near it."""
COUNTDOWN_HOURS = 72


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One mode in the table.

    Attributes:
        offered: Whether the mode is offered; None where nothing was found.
        by_user: Whether the user said so, else the catalogue last saw it.
        offered_words: Where that comes from, with its date.
        is_chosen: Whether it is the mode asked for, or the smallest that fits.
    """

    mode_id: str
    name: str
    size: str
    verdict: str
    tone: Tone
    next_date: str
    offered: bool | None
    by_user: bool
    offered_words: str
    is_chosen: bool
    door: Door

    @property
    def cells(self) -> tuple[str, ...]:
        """The words of the row, the tick last."""
        tick = {True: say("offered"), False: say("not offered"), None: say("not found")}[self.offered]
        return self.name, self.size, self.verdict, self.next_date, text(tick)


# ---------------------------------------------------------------- rows


def rows(request: Access) -> tuple[AccessRow, ...]:
    """Every mode, the smallest first."""
    return tuple(_row(door, request) for door in request.doors.doors)


def _row(door: Door, request: Access) -> AccessRow:
    chosen = request.doors.chosen
    machine = request.campaign.machine.id
    offers = request.campaign.spec.offers
    return AccessRow(
        mode_id=door.mode.id,
        name=door.mode.short_name,
        size=short_size(_size(door, request)),
        verdict=text(door.verdict),
        tone=tone_of(door),
        next_date=text(door.cutoff_words),
        offered=door.offered,
        by_user=any((offer.machine, offer.mode) == (machine, door.mode.id) for offer in offers),
        offered_words=text(door.offered_words),
        is_chosen=chosen is not None and chosen.mode.id == door.mode.id,
        door=door,
    )


def tone_of(door: Door) -> Tone:
    """A mode that fits but was not seen on the machine is a warning, not a pass."""
    if door.state == "fits":
        return "ok" if door.offered else "warn"
    tones: dict[str, Tone] = {"change": "warn", "unknown": "unk", "no": "fail"}
    return tones[door.state]


def _size(door: Door, request: Access) -> DoorSize | None:
    return size_of(door.mode, request.campaign.machine, request.campaign.gpus_per_node)


def short_size(size: DoorSize | None) -> str:
    """The size in the width of a column: "10 k to 50 k", "4 500 nh"."""
    if size is None:
        return text(n.UNKNOWN)
    low, high = Name(_short(size.bounds.low)), Name(_short(size.bounds.high))
    in_nodes = size.unit != "GPU-hours"
    if size.fixed:
        return text(say("{high} nh", high=high) if in_nodes else say("{high} GPU-h", high=high))
    if math.isinf(size.bounds.high) or size.of_the_call:
        return text(say("from {low} nh", low=low) if in_nodes else say("from {low}", low=low))
    if in_nodes:
        return text(say("{low} to {high} nh", low=low, high=high))
    return text(say("{low} to {high}", low=low, high=high))


def _short(amount: float) -> str:
    return n.axis_count(amount) if amount >= 10_000 else n.exact(amount)


def table_text(shown: tuple[AccessRow, ...]) -> str:
    """The table for the clipboard."""
    lines = ["\t".join(map(text, HEADS)), *("\t".join(row.cells) for row in shown)]
    return "\n".join(lines).replace(n.THIN_SPACE, " ") + "\n"


# ---------------------------------------------------------------- sentences


def badge(request: Access) -> tuple[Tone, str]:
    """Tone and name of the mode that stands for the plan."""
    chosen = request.doors.chosen
    return (
        ("fail", text(say("No mode fits"))) if chosen is None else (tone_of(chosen), chosen.mode.short_name)
    )


def mode_id(request: Access | None) -> str | None:
    """The mode that stands for the whole request; None where none does or no request was made."""
    if request is None or not request.campaign.request_node_hours:
        return None
    return request.doors.chosen.mode.id if request.doors.chosen is not None else None


def conditions(request: Access) -> str:
    """What a copied figure of the request holds for: machine, quantile, date."""
    spec, place = request.campaign.spec, machine_name(request.campaign.machine)
    return text(
        say(
            "{machine}, request at P{percentile}. Catalogue of {day}.",
            machine=Name(place),
            percentile=n.counts(spec.request_percentile),
            day=Amount(request.doors.catalogue_date, form="plain"),
        )
    )


def answer_said(request: Access | None) -> Said:
    """Which access mode pays, in the words of the answer: judged on the whole request, never on one run.

    Where the runs alone would fit a smaller mode, what lifts the request out of it follows.
    """
    if request is None or not request.campaign.request_node_hours:
        return NOTHING
    return together(request.doors.verdict, request.doors.lifted)


def lead(request: Access) -> str:
    """Which door serves, and the fallback."""
    report = request.doors
    chosen, spec = report.chosen, request.campaign.spec
    words = report.sentence
    if chosen is not None and chosen.state == "fits" and spec.mode is None and spec.applicant is not None:
        words = say(
            "Smallest door that serves: {mode} on {machine}.",
            mode=Name(chosen.mode.short_name),
            machine=Name(machine_name(request.campaign.machine)),
        )
    return text(together(words, report.lifted, report.fallback))


def start_words(request: Access, now: datetime.datetime) -> str:
    """When to apply, with the countdown to the cut-off."""
    chosen = request.doors.chosen
    left = countdown(chosen, now) if chosen is not None else ""
    cutoff = say("Cut-off: {left}.", left=Name(left)) if left else NOTHING
    return text(together(request.doors.start_sentence, cutoff))


def countdown(door: Door, now: datetime.datetime) -> str:
    """Time to the next cut-off: "7 days left", "26 hours left"; "" where there is none."""
    if door.next_cutoff is None:
        return ""
    minutes = int(time_left(door.next_cutoff, now).total_seconds() // 60)
    if minutes < 0:
        return text(say("passed"))
    if minutes < 120:
        return text(say_many("{n} minute left", "{n} minutes left", minutes, n=n.counts(minutes)))
    hours = minutes // 60
    if hours < COUNTDOWN_HOURS:
        return text(say("{n} hours left", n=n.counts(hours)))
    return text(say("{n} days left", n=n.counts(hours // 24)))


def remarks(request: Access, with_conditions: bool = True) -> tuple[str, ...]:
    """What to know of the chosen mode: its ceiling at P90, its conditions, a split."""
    chosen = request.doors.chosen
    conditions = chosen.changes if chosen is not None and with_conditions else ()
    split = (
        say("{mode} could take {part}.", mode=Name(mode), part=Cased(words))
        for mode, words in request.doors.split
    )
    found = (ceiling_words(request), *map(text, conditions), *map(text, split))
    return tuple(filter(None, found))


def changes_of(row: AccessRow) -> str:
    """What would have to change for a mode, in sentences."""
    verdict = say("{mode}: {verdict}.", mode=Name(row.name), verdict=Cased(row.door.verdict))
    return text(together(*row.door.changes) or verdict)


def ceiling_words(request: Access) -> str:
    """How far P90 lies from the ceiling of the chosen mode, where it is near or beyond."""
    chosen = request.doors.chosen
    if chosen is None or chosen.state != "fits" or chosen.size_gpu_hours is None:
        return ""
    high = chosen.size_gpu_hours[1]
    p90 = math.ceil(round(request.campaign.total.p90 * request.campaign.gpus_per_node, 6))
    if math.isinf(high) or not math.isfinite(p90) or p90 < (1.0 - NEAR_CEILING) * high:
        return ""
    hours, apart = n.counts(p90), n.counts(abs(high - p90))
    if p90 > high:
        return text(
            say(
                "At P90 the request is {hours} GPU-hours, {apart} above the ceiling.",
                hours=hours,
                apart=apart,
            )
        )
    return text(
        say("At P90 the request is {hours} GPU-hours, {apart} below the ceiling.", hours=hours, apart=apart)
    )


# ---------------------------------------------------------------- ticks


def next_tick(row: AccessRow) -> bool | None:
    """What a click makes of a tick: what the catalogue saw, offered today, not offered today."""
    if not row.by_user:
        return True
    return False if row.offered else None


def offers_after(
    offers: tuple[OfferInput, ...], machine: str, mode: str, offered: bool | None, today: datetime.date
) -> tuple[OfferInput, ...]:
    """The plan's ticks with one set, or taken away where `offered` is None."""
    others = tuple(offer for offer in offers if (offer.machine, offer.mode) != (machine, mode))
    if offered is None:
        return others
    return (*others, OfferInput(machine=machine, mode=mode, offered=offered, as_of=today))


def plan_offers(request: Access) -> tuple[OfferInput, ...]:
    """The ticks that the plan holds."""
    return tuple(
        OfferInput(machine=o.machine, mode=o.mode, offered=o.offered, as_of=o.as_of)
        for o in request.campaign.spec.offers
    )


def tick_help(row: AccessRow) -> str:
    """What the tick means and what a click does."""
    deeds = {
        True: say("Click to say that it is offered today."),
        False: say("Click to say that it is not offered."),
        None: say("Click to take the tick away."),
    }
    now = say("{mode}: {offered}.", mode=Name(row.name), offered=row.door.offered_words)
    return text(together(now, deeds[next_tick(row)]))
