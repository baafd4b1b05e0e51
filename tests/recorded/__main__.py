"""Compares today's answers with a record of them: did a change of the code move a number or a word?

    python -m tests.recorded [--texts] [--only PART] [--write]

Recorded are, for every example plan, the comparison of all machines with its explanation, a slider's answer
and the whole request; for generated plans the answers of all machines; for published runs their prediction.
Numbers may differ by 1e-9 of their value, words not at all. Status 1 where something differs. A restructuring
leaves everything equal; a change that means to move answers runs `--write`, and its message says what moved.
With `--texts` the same for what a person reads of every example: commands, exports, the window.
"""

from __future__ import annotations

import argparse
import itertools
import os
import reprlib
import sys
import time
from typing import Any

from estimators import load_catalogue
from tests.recorded.answers import answers
from tests.recorded.record import RECORD, TEXTS, differences, read, write

SHOWN = 40


def main() -> int:
    """The exit status: 0 where nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.recorded", description=__doc__.partition("\n")[0])
    parser.add_argument("--texts", action="store_true", help="what a person reads, in place of numbers")
    parser.add_argument("--only", default="", metavar="PART", help="compare names with this part only")
    parser.add_argument("--write", action="store_true", help="record today's answers anew")
    asked = parser.parse_args()
    if asked.write and asked.only:
        parser.error("--write records everything; leave --only out.")
    today, path = (_texts(asked.only), TEXTS) if asked.texts else (_answers(asked.only), RECORD)
    if asked.write:
        write(today, path)
        sys.stdout.write(f"{len(today)} answers recorded, {time.process_time():.0f} s.\n")
        return 0
    recorded = {name: answer for name, answer in read(path).items() if asked.only in name}
    found = list(differences(recorded, today))
    for path, before, now in itertools.islice(found, SHOWN):
        sys.stdout.write(f"{path}: {_short(before)} → {_short(now)}\n")
    sys.stdout.write(f"{len(today)} answers, {len(found)} differences, {time.process_time():.0f} s.\n")
    return 1 if found or not today else 0


def _short(value: Any) -> str:
    shown = reprlib.Repr()
    shown.maxstring = shown.maxother = 300
    return shown.repr(value)


def _answers(only: str) -> dict[str, Any]:
    return dict(answers(load_catalogue(), only))


def _texts(only: str) -> dict[str, Any]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.recorded.texts import state_of_its_own, texts
    from tests.recorded.windows import window_texts

    state_of_its_own()
    return {**dict(texts(only)), **dict(window_texts(only))}


if __name__ == "__main__":
    sys.exit(main())
