"""Puts small faults into the code one by one and runs the tests that cover them: which does nobody notice?

    python -m tests.mutation [GROUP or FILE ...] [--jobs 2] [--report FILE]

Groups are in `targets.py`, the kinds of faults in `mutants.py`. A fault that no test notices must stand in
`accepted.toml` with its reason; status 1 where one does not, or where something there is noticed or gone.
Leave the working tree alone meanwhile: a test that fails for another reason seems to notice everything.

Run on 27 November 2026: every group to the end, and what nobody noticed then has a test or a reason since.
After that once more, file by file on trees of the same day: access and findings whole (1,175 faults, 1,153
noticed, 22 accepted), charts, formulas, memory, planning/run, calendar, campaign, overheads and quantiles;
nothing was left unexplained. `spread.py` and `schedule.py` joined the list afterwards.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import pytest

from tests.mutation.accepted import accepted, judged
from tests.mutation.mutants import mutants
from tests.mutation.targets import files_of
from tests.tools.changed import reached_tests

ROOT = Path(__file__).parents[2]
WORKBOOK = ("tests/dossier/test_excel_formulas.py", "tests/dossier/test_workbook.py")
NEAR = {
    "estimators/parallel/": ("tests/science/",),
    "estimators/planning/": ("tests/science/", "tests/requests/", "tests/present/", *WORKBOOK),
    "estimators/requests/": (
        "tests/requests/",
        "tests/present/",
        "tests/plan/test_sacct",
        "tests/science/test_formulas_by_hand",
        *WORKBOOK,
    ),
    "app/present/": ("tests/present/", "tests/charts/"),
    "app/window/": ("tests/window/test_editing.py",),
}
"""The tests whose subject a file is; others would notice some of the same faults, later."""


def tests_for(files: list[str]) -> list[str]:
    """Test files that can notice a fault in files, the nearest first."""
    places = [near for file in files for start, near in NEAR.items() if file.startswith(start)]
    near = tuple(place for several in places for place in several)
    return [path for path in reached_tests(files, ROOT) if path.startswith(near)]


def main() -> int:
    """The exit status: 0 where every fault was noticed or is accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="GROUP or FILE", help="what to mutate (everything)")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side (2)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of tests for one fault, at most (60)")
    parser.add_argument("--report", type=Path, help="a file for every fault and what became of it")
    parser.add_argument("--calls", type=Path, help="a file that keeps which tests call what")
    asked = parser.parse_args()
    try:
        files = files_of(ROOT, asked.targets)
    except ValueError as error:
        parser.error(str(error))
    os.environ.update(CI="1", QT_QPA_PLATFORM="offscreen", OPENBLAS_NUM_THREADS="1")
    from tests.mutation.trial import Trials

    faults = [one for file in files for one in mutants(ROOT, file)]
    trials = Trials(ROOT, faults, asked.jobs, asked.seconds, asked.report, asked.calls)
    started = time.monotonic()
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "-q", "-m", "not slow", "-W", "ignore"]
    status = pytest.main([*options, *tests_for(files)], plugins=[trials])
    if status != pytest.ExitCode.OK:
        sys.stderr.write("The tests could not be collected.\n")
        return 2
    sentences, status = judged(trials.outcomes, accepted(ROOT), files)
    minutes = (time.monotonic() - started) / 60.0
    sys.stderr.write("\n".join([*sentences, f"{minutes:.0f} minutes."]) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
