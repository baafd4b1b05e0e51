"""Whether a mode is offered on a machine: the user's tick, else what the catalogue last saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimators.catalogue.records import AccessMode, OfferState
from estimators.quantity import Fact
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.words import as_of, dated, day, machine_name
from estimators.requests.records import Offer
from estimators.words import NOTHING, Amount, Cased, Listed, Name, Said, say


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
    words: Said
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
_WORDS: Mapping[OfferState, Said] = {
    "awarded": say("Award seen"),
    "listed": say("Listed"),
    "selectable": say("Seen in a request"),
    "not listed": say("Not listed"),
    "unavailable": say("Marked not available"),
}
NOT_SEEN = say("Not found")


def sighting(mode: AccessMode, machine_id: str, offers: tuple[Offer, ...]) -> Sighting:
    """The user's latest look at the portal, else the catalogue's."""
    own = [offer for offer in offers if (offer.machine, offer.mode) == (machine_id, mode.id)]
    if own:
        latest = max(own, key=lambda offer: offer.as_of)
        if latest.offered:
            words = say("Your tick: offered on {day}", day=day(latest.as_of))
        else:
            words = say("Your tick: not offered on {day}", day=day(latest.as_of))
        return Sighting(latest.offered, words, by_user=True)
    is_open = mode.open_today
    if is_open is not None and is_open.value is False:
        return Sighting(False, say("Closed when last seen ({dated})", dated=dated(is_open)), fact=is_open)
    fact = mode.offers.get(machine_id)
    if fact is None or fact.value is None:
        return Sighting(None, NOT_SEEN)
    words = say("{seen} ({dated})", seen=_WORDS[fact.value], dated=dated(fact))
    return Sighting(_OFFERED[fact.value], words, fact=fact, state=fact.value)


def is_proposed(mode: AccessMode, machine_id: str, offers: tuple[Offer, ...] = ()) -> bool:
    """Whether a machine may be proposed for a mode: not where it was last seen shut or not listed."""
    seen = sighting(mode, machine_id, offers)
    return seen.offered is not False and seen.state != "not listed"


def offer_remark(mode: AccessMode, asked: Asked, seen: Sighting) -> Remark | None:
    """A mode is not proposed where it was seen shut, nor for a machine of our own choice that is not listed.

    The user's tick goes before both.
    """
    place = Name(asked.place)
    if asked.machine.status == "coming":
        return Remark(
            "no", say("Machine is not in service"), say("{machine} is not in service yet.", machine=place)
        )
    if seen.offered:
        return None
    name = Name(mode.short_name)
    if seen.by_user:
        sentence = say(
            "{mode} is not offered on {machine} by your tick: take the fallback or wait.",
            mode=name,
            machine=place,
        )
        return Remark("change", say("Not offered today"), sentence)
    if seen.state is not None and seen.fact is not None:
        return _last_seen(mode, asked, seen)
    if seen.offered is None:
        sentence = say(
            "No source says whether {mode} is offered on {machine}: look at the portal.",
            mode=name,
            machine=place,
        )
        return Remark("condition", say("Fits, offer not found"), sentence)
    sentence = say("{mode} on {machine}: {seen}.", mode=name, machine=place, seen=Cased(seen.words))
    return Remark("condition", say("Fits if offered"), sentence, say("Look at the portal."))


def _last_seen(mode: AccessMode, asked: Asked, seen: Sighting) -> Remark:
    """A mode that was not listed here, which refuses nobody, or marked as shut."""
    assert seen.fact is not None, "the caller asked for a fact"
    when = as_of(seen.fact.as_of)
    if seen.state == "not listed":
        sentence = _not_listed(mode, asked, seen.fact)
        if asked.machine_is_named:
            return Remark("condition", say("Fits if offered"), sentence)
        return Remark("unknown", say("Not listed ({day})", day=when), sentence)
    return Remark("change", say("Not available ({day})", day=when), _shut(mode, asked, seen.fact))


def _not_listed(mode: AccessMode, asked: Asked, fact: Fact[Any]) -> Said:
    name, place, where = Name(mode.short_name), Name(asked.place), _elsewhere(mode, asked)
    if not where.items:
        return say(
            "{mode} was not listed for {machine} ({dated}), which refuses nobody: look at the portal "
            "and tick it if "
            "it is offered.",
            mode=name,
            machine=place,
            dated=dated(fact),
        )
    return say(
        "{mode} was not listed for {machine} ({dated}), which refuses nobody: look at the portal and "
        "tick it if it is "
        "offered, or take {others}, where it was seen.",
        mode=name,
        machine=place,
        dated=dated(fact),
        others=where,
    )


def _shut(mode: AccessMode, asked: Asked, fact: Fact[Any]) -> Said:
    name, place, where = Name(mode.short_name), Name(asked.place), _elsewhere(mode, asked)
    if not where.items:
        return say(
            "{mode} was marked as not available on {machine} ({dated}): look at the portal and tick it "
            "if it is "
            "offered again.",
            mode=name,
            machine=place,
            dated=dated(fact),
        )
    return say(
        "{mode} was marked as not available on {machine} ({dated}): look at the portal and tick it if "
        "it is offered "
        "again, or take {others}, where it was seen.",
        mode=name,
        machine=place,
        dated=dated(fact),
        others=where,
    )


def _elsewhere(mode: AccessMode, asked: Asked) -> Listed:
    """The other machines on which the mode was seen."""
    names = [
        Name(machine_name(machine))
        for machine in asked.catalogue.machines_in_service()
        if machine.id != asked.machine.id and sighting(mode, machine.id, asked.spec.offers).offered
    ]
    return Listed(tuple(names), "or")


def fallback_sentence(mode: AccessMode | None, asked: Asked) -> Said:
    """What is known of the mode on the fallback machine, nothing where none is named."""
    if asked.spec.fallback is None:
        return NOTHING
    machine = asked.catalogue.machine(asked.spec.fallback)
    name = Name(machine_name(machine))
    if mode is None:
        return say("Fallback: {machine}.", machine=name)
    seen = sighting(mode, machine.id, asked.spec.offers)
    return say(
        "Fallback: {machine}; {mode} there: {seen}.",
        machine=name,
        mode=Name(mode.short_name),
        seen=Cased(seen.words),
    )


def stale_sentence(catalogue_date: str, age_days: int, most_days: int) -> Said:
    """The banner over rules that are too old, nothing while they are fresh."""
    if age_days <= most_days:
        return NOTHING
    return say(
        "The access rules are {n} days old ({day}). Check sizes, dates and offers on the portal before "
        "you apply.",
        n=Amount(age_days, form="fixed"),
        day=as_of(catalogue_date),
    )
