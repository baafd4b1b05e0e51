"""How long the window takes to show an answer: starts it n times and prints medians.

    python tests/benchmarks/startup.py [-n 9] [PLAN]

Each start is a new process from source with a warm page cache, on the platform that QT_QPA_PLATFORM
names (offscreen by default). The clock starts before the interpreter does. "first paint" is the first
paint of the window with the final answer on it; "first chart" is the first chart drawn.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "resources" / "examples" / "nordic-9b.nodewise.json"
GOALS_MS = {"first paint": 400.0, "first chart": 1000.0}


def one_start(plan: Path, state: str) -> dict[str, float]:
    """Milliseconds of every milestone of one start."""
    environment = dict(os.environ)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment["XDG_STATE_HOME"] = state
    # as on any computer where nobody forbids it, the second start finds compiled modules
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = f"{state}/compiled"
    environment["NODEWISE_QUIT_WHEN_SETTLED"] = "1"
    environment["NODEWISE_TIMING"] = str(time.time_ns())
    command = [sys.executable, "-m", "app", str(plan)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    found = {}
    for line in done.stderr.splitlines():
        if line.startswith("timing: "):
            name, _, value = line.removeprefix("timing: ").rpartition(": ")
            found.setdefault(name, float(value.removesuffix(" ms")))
    if done.returncode or "first paint" not in found:
        sys.exit(f"The window did not start:\n{done.stderr}")
    return found


def main() -> None:
    """Print the median of every milestone and whether the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=9, help="starts to time, after one that is not counted")
    parser.add_argument("plan", type=Path, nargs="?", default=EXAMPLE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        one_start(arguments.plan, state)
        runs = [one_start(arguments.plan, state) for _ in range(arguments.n)]
    print(f"{arguments.n} warm starts, {os.cpu_count()} cores; milliseconds since the process was started")
    for name in runs[-1]:
        times = sorted(run[name] for run in runs if name in run)
        goal = f"   goal {GOALS_MS[name]:.0f}" if name in GOALS_MS else ""
        print(f"{name:16} best {times[0]:5.0f}   median {statistics.median(times):5.0f}{goal}")


if __name__ == "__main__":
    main()
