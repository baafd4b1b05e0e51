"""Which access mode fits: rows, the chart's bars, sentences, and the ticks that a user sets."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Literal

from app.plan.project import OfferInput
from app.present import numbers as n
from app.present.machines import machine_name
from estimators.requests.access_results import Access, Door
from estimators.requests.doors import time_left
from estimators.requests.doors.sizes import DoorSize, size_of

Tone = Literal["ok", "warn", "fail", "unk", "info"]
HEADS = ("Mode", "Size", "Does this plan fit?", "Next date", "Today")
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
        tick = {True: "offered", False: "not offered", None: "not found"}[self.offered]
        return self.name, self.size, self.verdict, self.next_date, tick


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
        verdict=door.verdict,
        tone=tone_of(door),
        next_date=door.cutoff_words,
        offered=door.offered,
        by_user=any((offer.machine, offer.mode) == (machine, door.mode.id) for offer in offers),
        offered_words=door.offered_words,
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
        return n.UNKNOWN
    unit = "" if size.unit == "GPU-hours" else " nh"
    low, high = _short(size.bounds.low), _short(size.bounds.high)
    if size.fixed:
        return f"{high}{unit or ' GPU-h'}"
    if math.isinf(size.bounds.high) or size.of_the_call:
        return f"from {low}{unit}"
    return f"{low} to {high}{unit}"


def _short(amount: float) -> str:
    return n.axis_count(amount) if amount >= 10_000 else n.exact(amount)


def table_text(shown: tuple[AccessRow, ...]) -> str:
    """The table for the clipboard."""
    lines = ["\t".join(HEADS), *("\t".join(row.cells) for row in shown)]
    return "\n".join(lines).replace(n.THIN_SPACE, " ") + "\n"


# ---------------------------------------------------------------- sentences


def badge(request: Access) -> tuple[Tone, str]:
    """Tone and name of the mode that stands for the plan."""
    chosen = request.doors.chosen
    return ("fail", "No mode fits") if chosen is None else (tone_of(chosen), chosen.mode.short_name)


def mode_id(request: Access | None) -> str | None:
    """The mode that stands for the whole request; None where none does or no request was made."""
    if request is None or not request.campaign.request_node_hours:
        return None
    return request.doors.chosen.mode.id if request.doors.chosen is not None else None


def conditions(request: Access) -> str:
    """What a copied figure of the request holds for: machine, quantile, date."""
    spec, place = request.campaign.spec, machine_name(request.campaign.machine)
    return f"{place}, request at P{spec.request_percentile}. Catalogue of {request.doors.catalogue_date}."


def answer_words(request: Access | None) -> str:
    """Which access mode pays, in the words of the answer: judged on the whole request, never on one run.

    Where the runs alone would fit a smaller mode, what lifts the request out of it follows.
    """
    if request is None or not request.campaign.request_node_hours:
        return ""
    first, full_stop, _ = request.doors.sentence.partition(". ")
    return " ".join(filter(None, (f"{first}{full_stop}".strip(), request.doors.lifted)))


def lead(request: Access) -> str:
    """Which door serves, and the fallback."""
    report = request.doors
    chosen, spec = report.chosen, request.campaign.spec
    words = report.sentence
    if chosen is not None and chosen.state == "fits" and spec.mode is None and spec.applicant is not None:
        place = machine_name(request.campaign.machine)
        words = f"Smallest door that serves: {chosen.mode.short_name} on {place}."
    return " ".join(filter(None, (words, report.lifted, report.fallback)))


def start_words(request: Access, now: datetime.datetime) -> str:
    """When to apply, with the countdown to the cut-off."""
    chosen = request.doors.chosen
    left = countdown(chosen, now) if chosen is not None else ""
    return f"{request.doors.start_sentence} Cut-off: {left}." if left else request.doors.start_sentence


def countdown(door: Door, now: datetime.datetime) -> str:
    """Time to the next cut-off: "7 days left", "26 hours left"; "" where there is none."""
    if door.next_cutoff is None:
        return ""
    minutes = int(time_left(door.next_cutoff, now).total_seconds() // 60)
    if minutes < 0:
        return "passed"
    if minutes < 120:
        return f"{n.counted(minutes, 'minute', 'minutes')} left"
    hours = minutes // 60
    return f"{hours} hours left" if hours < COUNTDOWN_HOURS else f"{hours // 24} days left"


def remarks(request: Access, with_conditions: bool = True) -> tuple[str, ...]:
    """What to know of the chosen mode: its ceiling at P90, its conditions, a split."""
    chosen = request.doors.chosen
    conditions = chosen.changes if chosen is not None and with_conditions else ()
    split = (f"{mode} could take {_lowered(words)}." for mode, words in request.doors.split)
    return tuple(filter(None, (ceiling_words(request), *conditions, *split)))


def changes_of(row: AccessRow) -> str:
    """What would have to change for a mode, in sentences."""
    return " ".join(row.door.changes) or f"{row.name}: {_lowered(row.verdict)}."


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def ceiling_words(request: Access) -> str:
    """How far P90 lies from the ceiling of the chosen mode, where it is near or beyond."""
    chosen = request.doors.chosen
    if chosen is None or chosen.state != "fits" or chosen.size_gpu_hours is None:
        return ""
    high = chosen.size_gpu_hours[1]
    p90 = math.ceil(round(request.campaign.total.p90 * request.campaign.gpus_per_node, 6))
    if math.isinf(high) or not math.isfinite(p90) or p90 < (1.0 - NEAR_CEILING) * high:
        return ""
    side = "above" if p90 > high else "below"
    return f"At P90 the request is {n.exact(p90)} GPU-hours, {n.exact(abs(high - p90))} {side} the ceiling."


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
    coming = next_tick(row)
    deed = {
        True: "say that it is offered today",
        False: "say that it is not offered",
        None: "take the tick away",
    }
    return f"{row.name}: {row.offered_words}. Click to {deed[coming]}."
