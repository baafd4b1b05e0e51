"""Whether a mode is offered on a machine: the user's tick, else what the catalogue last saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.words import as_of_words, dated, day_words, machine_name
from estimators.requests.records import Offer


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether a mode is offered on a machine.

    Attributes:
        offered: None where nothing was found.
        words: Where that comes from, with its date.
        by_user: Whether the user looked.
        fact: The catalogue's fact, None where the user looked or nothing was found.
    """

    offered: bool | None
    words: str
    by_user: bool = False
    fact: Fact[Any] | None = None


def sighting(mode: AccessMode, machine_id: str, offers: tuple[Offer, ...]) -> Sighting:
    """The user's latest look at the portal, else the catalogue's."""
    own = [offer for offer in offers if (offer.machine, offer.mode) == (machine_id, mode.id)]
    if own:
        latest = max(own, key=lambda offer: offer.as_of)
        words = "offered" if latest.offered else "not offered"
        return Sighting(latest.offered, f"Your tick: {words} on {day_words(latest.as_of)}", by_user=True)
    is_open = mode.open_today
    if is_open is not None and is_open.value is False:
        return Sighting(False, f"Closed when last seen ({dated(is_open)})", fact=is_open)
    seen = mode.seen.get(machine_id) or mode.seen_elsewhere
    if seen is not None and seen.value is not None:
        words = "Seen" if seen.value else "Not offered when last seen"
        return Sighting(seen.value, f"{words} ({dated(seen)})", fact=seen)
    table = mode.node_hours_by_machine.get(machine_id)
    if table is not None:
        return Sighting(True, f"In the call's table ({dated(table)})", fact=table)
    return Sighting(None, "Not found")


def offer_remark(mode: AccessMode, asked: Asked, seen: Sighting) -> Remark | None:
    """A tick of the user shuts the door for now; what the catalogue saw is old and only a condition."""
    if asked.machine.status == "coming":
        return Remark("no", "Machine is not in service", f"{asked.place} is not in service yet.")
    if seen.offered:
        return None
    if seen.by_user:
        return Remark(
            "change",
            "Not offered today",
            f"{mode.short_name} is not offered on {asked.place} by your tick: take the fallback or wait.",
        )
    if seen.offered is None:
        return Remark(
            "condition",
            "Fits, offer not found",
            f"No source says whether {mode.short_name} is offered on {asked.place}: look at the portal.",
        )
    return Remark(
        "condition",
        "Fits if offered",
        f"{mode.short_name} on {asked.place}: {seen.words[0].lower()}{seen.words[1:]}. Look at the portal.",
    )


def fallback_sentence(mode: AccessMode | None, asked: Asked) -> str:
    """What is known of the mode on the fallback machine, "" where none is named."""
    if asked.spec.fallback is None:
        return ""
    machine = asked.catalogue.machine(asked.spec.fallback)
    name = machine_name(machine)
    if mode is None:
        return f"Fallback: {name}."
    seen = sighting(mode, machine.id, asked.spec.offers)
    return f"Fallback: {name}; {mode.short_name} there: {seen.words[0].lower()}{seen.words[1:]}."


def stale_sentence(catalogue_date: str, age_days: int, most_days: int) -> str:
    """The banner over rules that are too old, "" while they are fresh."""
    if age_days <= most_days:
        return ""
    return (
        f"The access rules are {age_days} days old ({as_of_words(catalogue_date)}). "
        "Check sizes, dates and offers on the portal before you apply."
    )
