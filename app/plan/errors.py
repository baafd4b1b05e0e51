"""What can be wrong with a plan, said in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from estimators.words import NOTHING, Cased, Listed, Name, Said, SpokenError, Value, say, together

Noun = Literal["model", "machine", "GPU", "access mode", "overhead"]
"""What of the catalogue a plan names."""


class PlanError(SpokenError):
    """A plan that cannot be used; it says why to the person who wrote it."""


class ChangedOutsideError(PlanError):
    """A plan's file holds something else than the writer knows of.

    Attributes:
        fingerprint: Of what it holds.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        super().__init__(
            say(
                "{file} was changed by somebody else meanwhile; it was not written over.",
                file=Name(str(path)),
            )
        )
        self.fingerprint = fingerprint


@dataclass(frozen=True, slots=True)
class Problem:
    """One input that cannot be used.

    Attributes:
        path: Of the input, as in `app.plan.edits`: "runs.0.data.tokens"; "" is the plan itself.
        sentence: What is wrong and what to do; the input is its subject and is left out.
    """

    path: str
    sentence: Said

    def located(self) -> Said:
        """The sentence with its subject, the place in the file: "target.machine must be ..."."""
        place = shown_path(self.path)
        if place:
            return say("{input} {problem}", input=Name(place), problem=self.sentence)
        return say("the plan {problem}", problem=self.sentence)

    def beside_field(self) -> Value:
        """The sentence as it stands under the field itself: "Must be ..."."""
        return Cased(self.sentence, "capital")


def shown_path(path: str) -> str:
    """A dotted path as people write it: "runs.0.data" becomes "runs[0].data"."""
    shown = ""
    for part in path.split("."):
        shown += f"[{part}]" if part.isdigit() else f".{part}"
    return shown.removeprefix(".")


def near(word: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known words that a mistyped one most likely meant, best first."""
    by_lower = {name.lower(): name for name in known}
    lowered = word.lower()
    import difflib  # only a wrong name needs it

    found = difflib.get_close_matches(lowered, by_lower, n=count, cutoff=0.6)
    found += [name for name in by_lower if len(lowered) > 2 and lowered in name and name not in found]
    return tuple(by_lower[name] for name in found[:count])


def did_you_mean(word: str, known: Iterable[str]) -> Said:
    """A question with the near matches, nothing where there are none."""
    matches = near(word, known)
    return say("Did you mean {names}?", names=either(matches)) if matches else NOTHING


def either(words: Iterable[str]) -> Listed:
    """Words as alternatives: "a, b or c", each in quotes."""
    return Listed(tuple(Name(f'"{word}"') for word in words), "or")


def unknown(path: str, noun: Noun, word: str, known: Collection[str], plain: str = "") -> Iterator[Problem]:
    """The problem of a name that the catalogue does not have, with the nearest that it has.

    Args:
        path: Of the input.
        noun: What it names.
        word: As typed.
        known: What the catalogue has.
        plain: What of the word may be like a name that is known; "" for all of it.
    """
    if word in known:
        return
    hint = did_you_mean(plain or word, known) or _where_they_are(noun, known)
    yield Problem(path, together(not_there(noun, Name(word)), hint))


def not_there(noun: Noun, word: Name) -> Said:
    """That the catalogue does not have what a plan names."""
    match noun:
        case "model":
            return say('names the model "{name}", which the catalogue does not have.', name=word)
        case "machine":
            return say('names the machine "{name}", which the catalogue does not have.', name=word)
        case "GPU":
            return say('names the GPU "{name}", which the catalogue does not have.', name=word)
        case "overhead":
            return say('names the overhead "{name}", which the catalogue does not have.', name=word)
        case "access mode":
            return say('names the access mode "{name}", which the catalogue does not have.', name=word)


def _where_they_are(noun: Noun, known: Collection[str]) -> Said:
    listing = {"model": "nodewise models", "machine": "nodewise machines"}.get(noun)
    if listing is None:
        return say("Use {names}.", names=either(sorted(known)))
    return say("`{command}` lists what there is.", command=Name(listing))
