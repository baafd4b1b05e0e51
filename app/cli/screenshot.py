"""`nodewise screenshot`: a picture of the real window with its answer."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from app.cli.faults import UsageError
from app.cli.output import place
from estimators.words import Name, say

SMALLEST, LARGEST = 320, 7680


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument(
        "-o", "--output", metavar="FILE.png", type=place, required=True, help="where to save it"
    )
    parser.add_argument(
        "--size", metavar="WxH", type=_size, default=(1366, 768), help="window, default 1366x768"
    )
    parser.add_argument("--scale", metavar="FACTOR", type=_scale, default=1.0, help="1 to 3, default 1")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="default light")
    parser.add_argument("--tab", metavar="NAME", help="tab to show, for example Charts")


def run(arguments: argparse.Namespace) -> int:
    """Saves the picture; needs no screen.

    Raises:
        PlanError: The plan cannot be used.
        UsageError: The picture cannot be saved there.
    """
    from app.plan.files import read_plan
    from estimators.catalogue import load_catalogue

    read_plan(arguments.plan, load_catalogue())  # before Qt is started
    _check_output(arguments.output)
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from app.window.screenshot import TabError, save_screenshot
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("PySide6", "shiboken6"):
            raise
        raise UsageError(
            say("A screenshot needs PySide6, which could not be loaded ({reason}).", reason=Name(str(error)))
        ) from None
    try:
        save_screenshot(
            arguments.plan,
            arguments.output,
            arguments.size,
            arguments.scale,
            arguments.theme,
            arguments.tab,
        )
    except TabError as error:
        raise UsageError(error.said) from None
    return 0


def _check_output(path: Path) -> None:
    if path.suffix.lower() != ".png":
        raise UsageError(
            say("{file}: a screenshot is a PNG file. Use a name that ends in .png.", file=Name(str(path)))
        )
    if not path.resolve().parent.is_dir():
        raise UsageError(
            say("{file}: the folder does not exist. Make it first, or choose another.", file=Name(str(path)))
        )


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise argparse.ArgumentTypeError(
            f'"{text}" is no size from {SMALLEST} to {LARGEST}, such as 1366x768'
        )
    return size


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 1.0 <= scale <= 3.0:
        raise argparse.ArgumentTypeError(f'"{text}" is no factor from 1 to 3')
    return scale
