"""Reads what a field shows: the way back of the forms that `app.words.fields` writes."""

from __future__ import annotations

from collections.abc import Callable

from app.words.languages import Language
from app.words.reading.amounts import Reading, parse_bytes, parse_count, parse_number, parse_share
from app.words.reading.times import parse_duration
from estimators.words import Form

_READERS: dict[Form, Callable[[str, Language, str], Reading]] = {
    "field_count": parse_count,
    "field_bytes": lambda text, language, _: parse_bytes(text, language),
    "field_number": parse_number,
    "field_days": lambda text, language, _: parse_duration(text, language),
    "field_share": lambda text, language, _: parse_share(text, language),
}


def parse_amount(text: str, form: Form, language: Language, noun: str = "") -> Reading:
    """The value of a field that shows its amount in one of the "field_" forms.

    Args:
        text: As typed.
        form: In which the field shows its value.
        language: In which it is read.
        noun: Key of what it counts; "" for a number alone.

    Raises:
        ReadingError: The text is no such amount.
        KeyError: No field shows this form.
    """
    return _READERS[form](text, language, noun)
