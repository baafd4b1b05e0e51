"""Where Nodewise starts: the window, or the command line where the arguments name a command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """Runs the program with the arguments of the process.

    Returns:
        Exit status: 0 done, 1 the plan has failing findings, 2 bad input, 70 an error of ours.
    """
    # arrays here are too small for OpenBLAS to share out: its threads would only cost the start that makes
    # them; numpy reads this when it is first imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # a command ends before garbage could fill memory; the window collects by itself

    from app.cli.guard import guarded

    return guarded(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
