"""The answer that a plan keeps in its file, and whether a newer catalogue changed it."""

from __future__ import annotations

import datetime
import math

from app.plan.schema import Plan, SavedAnswer
from app.present import numbers as n
from app.window.status_strip import date_words
from app.words import text
from estimators.planning.records import Comparison
from estimators.words import Name, say


def saved_answer(comparison: Comparison | None) -> SavedAnswer | None:
    """What to write beside the inputs; None while the answer is not final or nothing fits."""
    if comparison is None or not comparison.final or comparison.headline is None:
        return None
    hours = comparison.headline.gpu_hours
    if hours is None or not math.isfinite(hours.p50):
        return None
    return SavedAnswer(
        gpu_hours_p50=hours.p50,
        catalogue_date=datetime.date.fromisoformat(comparison.catalogue_date),
        machine=comparison.headline.machine.id,
    )


def changed_answer(plan: Plan, comparison: Comparison) -> str:
    """A sentence when the answer is no longer the one that was saved, else ""."""
    before, now = plan.answer_when_saved, comparison.headline
    if before is None or now is None or now.gpu_hours is None:
        return ""
    old, new = n.short(before.gpu_hours_p50), n.short(now.gpu_hours.p50)
    if old == new:
        return ""
    change = text(say("{old} to {new} GPU-hours.", old=Name(old), new=Name(new)))
    if before.catalogue_date.isoformat() == comparison.catalogue_date:
        return text(say("This version of Nodewise changes the saved answer: {change}", change=Name(change)))
    return text(
        say(
            "The catalogue of {catalogue_date} changes this answer: {change}",
            catalogue_date=Name(date_words(comparison.catalogue_date)),
            change=Name(change),
        )
    )
