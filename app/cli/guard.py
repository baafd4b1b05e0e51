"""Runs the program and answers for whatever it raises."""

from __future__ import annotations

import os
import sys

from app.cli.faults import answer_for
from app.words import speaking, spoken

DONE = 0
INTERRUPTED = 130


def guarded(arguments: list[str]) -> int:
    """Runs the program; what it cannot do ends in a sentence.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks × shows ?
    with speaking(spoken()):  # what a command chooses ends with it
        return _answered(arguments)


def _answered(arguments: list[str]) -> int:
    try:
        from app.cli.program import run  # here, so that even a failed import ends in a sentence

        status = run(arguments)
        if sys.stdout is not None:  # a windowed start on Windows has none
            sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return DONE  # the reader, for example `head`, has what it wanted
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return answer_for(error)
    return status


def _close_output() -> None:
    """Points standard output nowhere, so that the interpreter's last flush stays silent."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
