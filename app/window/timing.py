"""How long the start took, for people who ask: NODEWISE_TIMING=1 prints milestones."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_asked = os.environ.get("NODEWISE_TIMING", "")
quits_when_settled = bool(os.environ.get("NODEWISE_QUIT_WHEN_SETTLED"))
"""A benchmark or a smoke test ends the window as soon as answer and charts stand."""


def report(milestone: str) -> None:
    """Print the milliseconds since the process started, where the environment asks for it.

    The variable holds "1", or the start in nanoseconds since 1970 as a benchmark took it.
    """
    if _asked:
        print(f"timing: {milestone}: {1e3 * (time.time() - _start()):.0f} ms", file=sys.stderr, flush=True)


def _start() -> float:
    """When the process started, in seconds since 1970."""
    if _asked.isdigit() and len(_asked) > 12:
        return int(_asked) / 1e9
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    since_boot = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - uptime + since_boot
