"""A plugin of pytest for the fast check: no test starts after its time, and it says which did not.

The end comes as seconds since 1970 in NODEWISE_TESTS_END, so that every process of a run knows it. Tests
marked as slow do not start at all.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

END = "NODEWISE_TESTS_END"
NO_TIME = "no time is left for it in the fast check"
SLOW = "slow tests are not part of the fast check"
NAMED = 4

_left_out: Counter[str] = Counter()
_run = 0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("slow"):
        pytest.skip(SLOW)
    if time.time() > float(os.environ[END]):
        pytest.skip(NO_TIME)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    global _run
    if report.skipped and any(words in str(report.longrepr) for words in (NO_TIME, SLOW)):
        _left_out[report.nodeid.partition("::")[0]] += 1
    elif report.when == "call":
        _run += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(sentence(_run, _left_out))


def sentence(run: int, left_out: Counter[str]) -> str:
    """What was run, and what was not: test files with the count of their tests."""
    if not left_out:
        return f"All {run} tests that the change reaches were run."
    files = [name for name, _count in left_out.most_common()]
    named = ", ".join(files[:NAMED]) + (f" and {len(files) - NAMED} more files" if len(files) > NAMED else "")
    return (
        f"{run} tests were run, the nearest to the change first. packaging/test runs the {left_out.total()} "
        f"that were left out, of {named}."
    )
