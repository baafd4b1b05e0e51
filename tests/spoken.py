"""What a reader gets of answers and errors, in English: values are compared as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from app.words import text
from estimators.planning.reasons import reason_said
from estimators.planning.records import MachineAnswer
from estimators.words import SpokenError, Value


@contextmanager
def refused(kind: type[SpokenError], match: str = "") -> Iterator[pytest.ExceptionInfo[SpokenError]]:
    """An error of a kind is raised, and its sentence, as it is read, has the pattern."""
    with pytest.raises(kind) as raised:
        yield raised
    sentence = text(raised.value.said)
    assert re.search(match, sentence), f"{match!r} is not in {sentence!r}"


def written(values: Iterable[Value | str]) -> tuple[str, ...]:
    """Each value as it is read."""
    return tuple(text(value) for value in values)


def reason_of(answer: MachineAnswer) -> str:
    """Why a run does not fit; "" where it does."""
    return "" if answer.reason is None else text(reason_said(answer.reason))


def notes_of(answer: MachineAnswer) -> tuple[str, ...]:
    """What is to be known beside the figures of a machine."""
    return tuple(text(note.said) for note in answer.notes)
