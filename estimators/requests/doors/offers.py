"""Whether a mode is offered on a machine: the user's tick, else what the catalogue last saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimators.catalogue.records import AccessMode, OfferState
from estimators.quantity import Fact
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.words import as_of_words, dated, day_words, listed, machine_name
from estimators.requests.records import Offer


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether a mode is offered on a machine.

    Attributes:
        offered: None where nothing was found.
        words: Where that comes from, with its date.
        by_user: Whether the user looked.
        fact: The catalogue's fact, None where the user looked or nothing was found.
        state: What the catalogue saw of the mode on this machine; None where the user looked.
    """

    offered: bool | None
    words: str
    by_user: bool = False
    fact: Fact[Any] | None = None
    state: OfferState | None = None


_OFFERED: Mapping[OfferState, bool | None] = {
    "awarded": True,
    "listed": True,
    "selectable": True,
    "not listed": None,
    "unavailable": False,
}
_WORDS: Mapping[OfferState, str] = {
    "awarded": "Award seen",
    "listed": "Listed",
    "selectable": "Seen in a request",
    "not listed": "Not listed",
    "unavailable": "Marked not available",
}


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
    fact = mode.offers.get(machine_id)
    if fact is None or fact.value is None:
        return Sighting(None, "Not found")
    return Sighting(
        _OFFERED[fact.value], f"{_WORDS[fact.value]} ({dated(fact)})", fact=fact, state=fact.value
    )


def is_proposed(mode: AccessMode, machine_id: str, offers: tuple[Offer, ...] = ()) -> bool:
    """Whether a machine may be proposed for a mode: not where it was last seen shut or not listed."""
    seen = sighting(mode, machine_id, offers)
    return seen.offered is not False and seen.state != "not listed"


def offer_remark(mode: AccessMode, asked: Asked, seen: Sighting) -> Remark | None:
    """A mode is not proposed where it was seen shut, nor for a machine of our own choice that is not listed.

    The user's tick goes before both.
    """
    if asked.machine.status == "coming":
        return Remark("no", "Machine is not in service", f"{asked.place} is not in service yet.")
    if seen.offered:
        return None
    name = mode.short_name
    if seen.by_user:
        return Remark(
            "change",
            "Not offered today",
            f"{name} is not offered on {asked.place} by your tick: take the fallback or wait.",
        )
    if seen.state is not None and seen.fact is not None:
        return _last_seen(mode, asked, seen)
    if seen.offered is None:
        return Remark(
            "condition",
            "Fits, offer not found",
            f"No source says whether {name} is offered on {asked.place}: look at the portal.",
        )
    return Remark(
        "condition",
        "Fits if offered",
        f"{name} on {asked.place}: {seen.words[0].lower()}{seen.words[1:]}. Look at the portal.",
    )


def _last_seen(mode: AccessMode, asked: Asked, seen: Sighting) -> Remark:
    """A mode that was not listed here, which refuses nobody, or marked as shut."""
    assert seen.fact is not None, "the caller asked for a fact"
    name, when = mode.short_name, as_of_words(seen.fact.as_of)
    elsewhere = _elsewhere(mode, asked)
    if seen.state == "not listed":
        sentence = (
            f"{name} was not listed for {asked.place} ({dated(seen.fact)}), which refuses nobody: "
            f"look at the portal and tick it if it is offered{elsewhere}."
        )
        if asked.machine_is_named:
            return Remark("condition", "Fits if offered", sentence)
        return Remark("unknown", f"Not listed ({when})", sentence)
    sentence = (
        f"{name} was marked as not available on {asked.place} ({dated(seen.fact)}): look at the portal and "
        f"tick it if it is offered again{elsewhere}."
    )
    return Remark("change", f"Not available ({when})", sentence)


def _elsewhere(mode: AccessMode, asked: Asked) -> str:
    """The other machines on which the mode was seen, "" where it was on none."""
    names = [
        machine_name(machine)
        for machine in asked.catalogue.machines_in_service()
        if machine.id != asked.machine.id and sighting(mode, machine.id, asked.spec.offers).offered
    ]
    return f", or take {listed(names)}, where it was seen" if names else ""


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
