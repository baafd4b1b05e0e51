"""A number with what stands behind it: a symbol, a word, and the forms that a language gives to words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.words.digits import takes_singular
from app.words.languages import THIN_SPACE, Language

PERCENT = "%"
_BYTES = frozenset(
    f"{scale}B{per}"
    for scale in ("k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi")
    for per in ("", "/s")
)


@dataclass(frozen=True, slots=True)
class Written:
    """An amount as it is written, its unit apart.

    Attributes:
        number: With the marks of the language.
        gap: Between number and unit.
        unit: A word of the language or a symbol; "" without one.
    """

    number: str
    gap: str = ""
    unit: str = ""

    @property
    def text(self) -> str:
        """Number and unit."""
        return f"{self.number}{self.gap}{self.unit}"


def with_unit(number: str, unit: str, language: Language, gap: str = THIN_SPACE) -> Written:
    """A number with its unit, by the name that `Amount` has for it."""
    if unit == PERCENT:
        return Written(number, language.percent_gap, PERCENT)
    for name, (one, many) in language.units.items():
        if name == unit:
            return Written(number, gap, one if takes_singular(number, language) else many)
    return Written(number, gap, symbol(unit, language)) if unit else Written(number)


def with_size(number: str, one: str, many: str, language: Language) -> Written:
    """A number with the word for its size: "300 B"."""
    return Written(number, THIN_SPACE, one if takes_singular(number, language) else many)


def symbol(unit: str, language: Language) -> str:
    """A symbol as the language has it: a French byte is an octet, "Go"."""
    return unit.replace("B", language.byte) if unit in _BYTES else unit


def ended(written: Written, ending: str, language: Language) -> str:
    """The amount with what a translation asks for behind the colon of its place.

    Args:
        written: Number and unit.
        ending: A case of the language, or one of its links: a word that a large number needs before what it
            counts, as in "300 milliards de tokens", where 300 needs none. A link that is written together
            with the next word ("d’") brings the space of a number that needs none.
        language: Of the reader.
    """
    if ending in language.cases:
        return replace(written, unit=language.cases[ending].get(written.unit, written.unit)).text
    if ending not in language.links:
        return written.text
    if any(written.unit in names for _, *names in language.large):
        return f"{written.text} {ending}"
    return f"{written.text} " if ending.endswith("’") else written.text


def same_unit(one: Written, other: Written, language: Language) -> bool:
    """Whether two amounts have one unit, be it in the singular and the plural."""
    pairs = [*language.units.values(), *(tuple(names) for _, *names in language.large)]
    return one.unit == other.unit or any({one.unit, other.unit} <= set(pair) for pair in pairs)
