"""Predicts the steps that the team measured and prints measured beside predicted.

    python -m tests.measured [FILE]

A file of other rows, measured by `tests.measured.steps` on another card, can be named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from estimators import load_catalogue
from tests.measured.table import MEASURED, lines, measured_rows, text


def main() -> int:
    """The exit status: 0 when the table was printed."""
    parser = argparse.ArgumentParser(prog="python -m tests.measured", description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=MEASURED, help="rows (those of the H100)")
    asked = parser.parse_args()
    found = lines(measured_rows(asked.file), load_catalogue())
    sys.stdout.write("".join(f"{line}\n" for line in text(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
