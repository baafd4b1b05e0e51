"""Days, amounts and names as the sentences about access modes have them."""

from __future__ import annotations

import datetime
import math
from typing import Any

from estimators.catalogue.records import Machine
from estimators.quantity import Confidence, Fact
from estimators.words import Amount, Name, Said, Value, say

NOT_FOUND = say("not found")
CONFIDENCE: dict[Confidence, Said] = {
    "official": say("official"),
    "secondary": say("secondary"),
    "inferred": say("inferred"),
    "unverified": say("unverified"),
}
"""How sure a fact is, in words."""


def whole(amount: float) -> Value:
    """A whole amount."""
    return Amount(amount, form="fixed") if math.isfinite(amount) else NOT_FOUND


def day(moment: datetime.date) -> Amount:
    """A day with its year: "30 Nov 2026"."""
    return Amount(moment, form="day")


def cutoff_said(moment: datetime.datetime, today: datetime.date) -> Said:
    """A cut-off: "30 Nov 10:00", with the year where it is another than this."""
    on = Amount(moment.date(), form="day" if moment.year != today.year else "day_month")
    return say("{day} {clock}", day=on, clock=Amount(moment, form="clock"))


def as_of(text: str) -> Amount | Name:
    """The date of a fact: "29 Sep 2026" of "2026-09-29", "Sep 2026" of "2026-09", else as it stands."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return Name(text)
    year, month, *on = map(int, parts)
    return Amount(datetime.date(year, month, on[0] if on else 1), form="day" if on else "month")


def dated(fact: Fact[Any]) -> Value:
    """Date and confidence of a fact: "29 Sep 2026, secondary"."""
    confidence = CONFIDENCE[fact.confidence]
    return (
        say("{date}, {confidence}", date=as_of(fact.as_of), confidence=confidence)
        if fact.as_of
        else confidence
    )


def machine_name(machine: Machine) -> str:
    """What people call the machine."""
    return machine.short_name or machine.name
