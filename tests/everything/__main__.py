"""Thousands of plans at random through everything.

    python -m tests.everything [--count 2000] [--seed 1] [--workers 2] [--keep FOLDER]

Each kind of fault is named once with how often it was met; `--keep` writes a plan for each. Status 1 where
there is one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.everything.crowd import Tally, prepare, walk_many

BATCH = 20
"""Plans of one task."""


def main() -> int:
    """Runs the plans and prints what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=2000, help="plans, default 2000")
    parser.add_argument("--seed", type=int, default=1, help="of the first plans, default 1")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="folder for a plan of each fault")
    arguments = parser.parse_args()
    start = time.monotonic()
    tally = Tally()
    tasks = [(arguments.seed * 1_000_003 + number, BATCH) for number in range(-(-arguments.count // BATCH))]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(arguments.workers, context, prepare) as pool:
        for done in as_completed([pool.submit(walk_many, *task) for task in tasks]):
            _tell_new(done.result(), tally, arguments.keep)
            print(f"\r{tally.plans} plans, {len(tally.faults)} kinds of fault", end="", file=sys.stderr)
    print(file=sys.stderr)
    _report(tally, time.monotonic() - start)
    return 1 if tally.faults else 0


def _tell_new(found: Tally, tally: Tally, keep: Path | None) -> None:
    """Adds to the tally; a kind of fault that it lacks is named at once, and its plan kept."""
    new = [key for key in found.faults if key not in tally.faults]
    for number, key in enumerate(new, start=len(tally.faults)):
        command, fault, place = key
        print(f"\rFAULT {number}: {command}: {fault}: {place}", file=sys.stderr)
        if keep is not None:
            _, raw, where = found.faults[key]
            keep.mkdir(parents=True, exist_ok=True)
            plan, words = keep / f"{number}.nodewise.json", keep / f"{number}.txt"
            plan.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
            words.write_text(f"{command} {fault}\n{where}", encoding="utf-8", errors="replace")
    tally.add(found)


def _report(tally: Tally, seconds: float) -> None:
    print(f"{tally.plans} plans in {seconds:.0f} s, {tally.refused} refused; slowest {tally.slowest}")
    for (command, status), count in sorted(tally.statuses.items()):
        print(f"  {command}: status {status}, {count} times")
    print("Refusals")
    for kind, count in tally.refusals.most_common(60):
        print(f"  {count}: {kind}")
    for (command, fault, place), (count, _, _) in tally.faults.items():
        print(f"FAULT, {count} times: {command}: {fault}: {place}")


if __name__ == "__main__":
    sys.exit(main())
