"""Where Nodewise starts: the window, or the command line where the arguments name a command."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the program with the arguments of the process.

    Returns:
        Exit status: 0 done, 1 the plan has failing findings, 2 bad input, 70 an error of ours.
    """
    from app.cli.faults import guarded

    return guarded(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
