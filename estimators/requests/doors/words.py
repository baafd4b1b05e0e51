"""Numbers, days and lists as the sentences about access modes write them."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from typing import Any

from estimators.catalogue.records import Machine
from estimators.quantity import Fact

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
THIN_SPACE = "\u202f"
NOT_FOUND = "not found"


def grouped(amount: float) -> str:
    """A whole amount with thin spaces between thousands."""
    return f"{amount:,.0f}".replace(",", THIN_SPACE) if math.isfinite(amount) else NOT_FOUND


def day_words(day: datetime.date) -> str:
    """A day with its year: "30 Nov 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def cutoff_words(moment: datetime.datetime, today: datetime.date) -> str:
    """A cut-off: "30 Nov 10:00", with the year where it is another than this."""
    day = day_words(moment.date())
    short = day if moment.year != today.year else day.rpartition(" ")[0]
    return f"{short} {moment:%H:%M}"


def as_of_words(text: str) -> str:
    """The date of a fact: "29 Sep 2026" of "2026-09-29", "Sep 2026" of "2026-09", else as it stands."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return text
    words = [MONTHS[int(parts[1]) - 1], parts[0]]
    return " ".join([str(int(parts[2])), *words] if len(parts) == 3 else words)


def dated(fact: Fact[Any]) -> str:
    """Date and confidence of a fact: "29 Sep 2026, secondary"."""
    return ", ".join(filter(None, (as_of_words(fact.as_of), fact.confidence)))


def listed(items: Iterable[str], last: str = "or") -> str:
    """Items in a sentence: "3, 6 or 12"."""
    names = list(items)
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def machine_name(machine: Machine) -> str:
    """What people call the machine."""
    return machine.short_name or machine.name
