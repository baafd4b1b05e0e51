"""What is said while a field holds what the plan cannot take, or while the plan has no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.plan.fields import value_words
from app.present.answer import FigureCard
from app.words import text
from estimators.words import Name, Value, say

LONGEST_TEXT = 32
NOT_CURRENT = say("not current")
MEND = say("Correct it, or press Escape in the field.")


def held_mark() -> tuple[str, str]:
    """Tone and words of what is not current."""
    return "warn", text(NOT_CURRENT)


def fault_words(name: str, typed: str, run_name: str = "") -> str:
    """Which field holds what: 'Tokens holds "2 Foo", which cannot be used'.

    Args:
        name: Of the field.
        typed: What stands in it.
        run_name: Of the run, where another one is on the screen.
    """
    where: Value = Name(name)
    if run_name:
        where = say("{field} of {run}", field=where, run=Name(run_name))
    shown = " ".join(typed.split())
    if not shown:
        return text(say("{field} is empty", field=where))
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT - 1]}…"
    return text(say('{field} holds "{typed}", which cannot be used', field=where, typed=Name(shown)))


def still_words(path: str, value: Any) -> str:
    """For which value of an input the answer on the screen is."""
    if value is None:
        return text(say("without it"))
    return text(say("for {value}", value=Name(value_words(path, value))))


def held_card(card: FigureCard) -> FigureCard:
    """A card whose figure is the last good one."""
    return replace(card, state="held" if card.state != "none" else "none", badge=held_mark())
