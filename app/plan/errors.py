"""What can be wrong with a plan, said in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class PlanError(Exception):
    """A plan that cannot be used; the text is one sentence for the person who wrote it."""


class ChangedOutsideError(PlanError):
    """A plan's file holds something else than the writer knows of.

    Attributes:
        fingerprint: Of what it holds.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        super().__init__(f"{path} was changed by somebody else meanwhile; it was not written over.")
        self.fingerprint = fingerprint


@dataclass(frozen=True, slots=True)
class Problem:
    """One input that cannot be used.

    Attributes:
        path: Of the input, as in `app.plan.edits`: "runs.0.data.tokens"; "" is the plan itself.
        sentence: What is wrong and what to do; the input is its subject and is left out.
    """

    path: str
    sentence: str

    def located(self) -> str:
        """The sentence with its subject, the place in the file: "target.machine must be ..."."""
        return f"{shown_path(self.path) or 'the plan'} {self.sentence}"

    def beside_field(self) -> str:
        """The sentence as it stands under the field itself: "Must be ..."."""
        return self.sentence[:1].upper() + self.sentence[1:]


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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the near matches, or "" where there are none."""
    matches = near(word, known)
    return f"Did you mean {either(matches)}?" if matches else ""


def either(words: Iterable[str]) -> str:
    """Words as alternatives: "a, b or c"."""
    listed = [f'"{word}"' for word in words]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def unknown(path: str, noun: str, word: str, known: Collection[str]) -> Iterator[Problem]:
    """The problem of a name that the catalogue does not have, with the nearest that it has."""
    if word in known:
        return
    hint = did_you_mean(word, known)
    if not hint:
        listing = {"model": "nodewise models", "machine": "nodewise machines"}.get(noun)
        hint = f"`{listing}` lists what there is." if listing else f"Use {either(sorted(known))}."
    yield Problem(path, f'names the {noun} "{word}", which the catalogue does not have. {hint}')
