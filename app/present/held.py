"""What is said while a field holds what the plan cannot take, or while the plan has no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.plan.fields import value_words
from app.present.answer import FigureCard

LONGEST_TEXT = 32
MARK = ("warn", "not current")
MEND = "Correct it, or press Escape in the field."


def fault_words(name: str, text: str, run_name: str = "") -> str:
    """Which field holds what: 'Tokens holds "2 Foo", which cannot be used'.

    Args:
        name: Of the field.
        text: As typed.
        run_name: Of the run, where another one is on the screen.
    """
    where = f"{name} of {run_name}" if run_name else name
    shown = " ".join(text.split())
    if not shown:
        return f"{where} is empty"
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT - 1]}…"
    return f'{where} holds "{shown}", which cannot be used'


def still_words(path: str, value: Any) -> str:
    """For which value of an input the answer on the screen is."""
    return "without it" if value is None else f"for {value_words(path, value)}"


def held_card(card: FigureCard) -> FigureCard:
    """A card whose figure is the last good one."""
    return replace(card, state="held" if card.state != "none" else "none", badge=MARK)
