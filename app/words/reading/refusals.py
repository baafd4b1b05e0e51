"""Why a text is not understood, in sentences that say what to type instead."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.words.languages import Language
from app.words.reading.vocabulary import Vocabulary, is_of_another, unaccented, vocabulary
from estimators.words import Amount, Listed, Name, Said, SpokenError, Value, say


def _either(one: Value, other: Value) -> Listed:
    return Listed((one, other), "or")


COUNT = _either(say("300 B"), Name("3e11"))
SAMPLES = _either(Name("128"), Name("1024"))
SMALL_COUNTS: Mapping[str, Listed] = {
    "gpus": _either(Name("64"), Name("128")),
    "months": _either(Name("6"), Name("12")),
    "sequences": SAMPLES,
    "samples": SAMPLES,
}
"""What to type where nobody has billions."""
BYTES = _either(say("300 GB"), say("1.2 TB"))
DURATION = _either(Amount(14, form="field_days"), Amount(11, form="field_days"))
NUMBER = _either(Amount(1, form="field_number"), Amount(2.5, form="field_number"))
SECONDS = _either(Amount(12.3, form="field_number"), Name("850 ms"))
SHARE = _either(Amount(0.05, form="field_share"), Amount(0.05, form="field_number"))
DAY = _either(Name("2027-02-01"), Amount(datetime.date(2027, 2, 1), form="day"))
MONTH = _either(Name("2027-02"), Amount(datetime.date(2027, 2, 1), form="month"))

NOUNS: Mapping[str, Said] = {
    "tokens": say("tokens"),
    "images": say("images"),
    "sequences": say("sequences"),
    "samples": say("samples"),
    "parameters": say("parameters"),
    "gpus": say("GPUs"),
    "passes": say("passes"),
    "epochs": say("epochs"),
    "runs": say("runs"),
    "hours": say("hours"),
    "days": say("days"),
    "months": say("months"),
    "bytes": say("bytes"),
}
"""What fields count, by the key of the noun."""
LANGUAGES: Mapping[str, Said] = {
    "en": say("English"),
    "de": say("German"),
    "fr": say("French"),
    "es": say("Spanish"),
    "it": say("Italian"),
}


class ReadingError(SpokenError, ValueError):
    """A text that is no amount or day of its language; the sentence says what to type instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One text that somebody typed, and in which language.

    Attributes:
        text: As typed.
        language: In which it is read.
        example: What to type instead.
        noun: Key of what the field counts; "" where it counts nothing in particular.
    """

    text: str
    language: Language
    example: Listed
    noun: str = ""

    @property
    def known(self) -> Vocabulary:
        """The words that are understood."""
        return vocabulary(self.language)

    def typed(self, word: str) -> Name:
        """A word as it was typed, with its capitals and accents."""
        found = re.findall(r"[^\W\d_]+", self.text)
        return Name(next((one for one in found if unaccented(one.lower()) == word), word))

    def not_a_number(self) -> ReadingError:
        """The text holds no number."""
        return ReadingError(say("Not a number. Try {example}.", example=self.example))

    def not_positive(self) -> ReadingError:
        """The number is zero or less."""
        return ReadingError(say("Must be more than 0. Try {example}.", example=self.example))

    def out_of_reach(self) -> ReadingError:
        """Nobody means a number of this size."""
        return ReadingError(say("Too large or too small. Try {example}.", example=self.example))

    def too_many(self) -> ReadingError:
        """More than there can be of what the field counts."""
        if not self.noun:
            return self.out_of_reach()
        noun = NOUNS[self.noun]
        said = say("More {noun} than any data set holds. Try {example}.", noun=noun, example=self.example)
        return ReadingError(said)

    def not_whole(self) -> ReadingError:
        """A part of something that has no parts."""
        if not self.noun:
            return ReadingError(say("Must be a whole number. Try {example}.", example=self.example))
        noun = NOUNS[self.noun]
        said = say("Must be a whole number of {noun}. Try {example}.", noun=noun, example=self.example)
        return ReadingError(said)

    def of_other_things(self) -> ReadingError:
        """The text counts something else."""
        if not self.noun:
            return ReadingError(say("This field takes a number alone. Try {example}.", example=self.example))
        noun = NOUNS[self.noun]
        return ReadingError(say("This field counts {noun}. Try {example}.", noun=noun, example=self.example))

    def no_count(self) -> ReadingError:
        """The text is a size of data, where things are counted."""
        size, example = Name(self.text.strip()), self.example.items[0]
        if not self.noun:
            said = say(
                "{size} is a size, not a count. Try a number, such as {example}.", size=size, example=example
            )
        else:
            said = say(
                "{size} is a size, not a count. Try a number of {noun}, such as {example}.",
                size=size,
                noun=NOUNS[self.noun],
                example=example,
            )
        return ReadingError(said)

    def two_ways(self, number: str, one: str, other: str) -> ReadingError:
        """A mark may stand for thousands or for a fraction."""
        said = say(
            "{number} can be read in two ways. Write {one} or {other}.",
            number=Name(number),
            one=Name(one),
            other=Name(other),
        )
        return ReadingError(said)

    def foreign(self, word: str) -> ReadingError | None:
        """A word of another language; None where no language has it."""
        if not is_of_another(word, self.known):
            return None
        said = say(
            '"{word}" is not understood in {language}. Try {example}.',
            word=self.typed(word),
            language=LANGUAGES[self.known.code],
            example=self.example,
        )
        return ReadingError(said)
