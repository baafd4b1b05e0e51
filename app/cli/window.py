"""`nodewise open`: the window, with or without a plan."""

from __future__ import annotations

import argparse
import os
import sys

from app.cli.faults import UsageError
from estimators.words import Name, say

SCREEN_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", nargs="?", help="plan file to open")


def run(arguments: argparse.Namespace) -> int:
    """Opens the window and returns when it is closed."""
    return show([arguments.plan] if arguments.plan is not None else [])


def show(arguments: list[str]) -> int:
    """Opens the window.

    Args:
        arguments: Plan files; the window itself says what is wrong with them.

    Raises:
        UsageError: Qt is not installed, or there is no screen (Qt would end the process).
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREEN_VARIABLES):
        raise UsageError(
            say(
                "There is no screen for the window: neither DISPLAY nor WAYLAND_DISPLAY is set. "
                "`nodewise --help` lists what works without one."
            )
        )
    try:
        from app.window.application import run_window
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("PySide6", "shiboken6"):
            raise
        raise UsageError(
            say(
                "The window needs PySide6, which could not be loaded ({reason}). Install "
                "pyside6-essentials, or see `nodewise --help` for what works without it.",
                reason=Name(str(error)),
            )
        ) from None
    return run_window(arguments)
