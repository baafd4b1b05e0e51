"""Tries faults: a plugin of pytest that, in place of its own loop, runs covering tests against each fault.

First the tests run once, in a process of their own, while it is written down which functions each calls.
Then every fault has a process: a copy of this one, in which the code of one function is replaced, or the
values of a statement at the top of a module wherever they were imported. What nobody notices of such a
statement is tried once more in a new interpreter: other modules may compute with it while they are imported.
"""

from __future__ import annotations

import ast
import os
import pickle
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.mutation.cover import Called, Covered, covered, passing
from tests.mutation.mutants import Mutant, functions_of
from tests.mutation.plant import try_here
from tests.mutation.processes import Forked, Fresh, Trial, silently
from tests.tools.imports import Imports

FRESH_SECONDS = 60.0
EXAMPLES = 25
PATIENCE, LEAST_PATIENCE_SECONDS = 6.0, 5.0
"""A fault that makes its tests so many times slower is noticed; seconds are those of the processor."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fault.

    Attributes:
        by: The test that noticed it, "" where none did.
        tests: How many were run against it at most.
    """

    mutant: Mutant
    by: str
    tests: int

    @property
    def noticed(self) -> bool:
        """Whether a test failed."""
        return bool(self.by)

    def line(self) -> str:
        """The outcome in one line."""
        fate = f"noticed by {self.by}" if self.by else f"not noticed by {self.tests} tests"
        return f"{self.mutant.file} {self.mutant.where or 'module'}: {self.mutant.change}: {fate}"


class Trials:
    """The plugin."""

    def __init__(
        self,
        root: Path,
        faults: Sequence[Mutant],
        jobs: int,
        most_seconds: float,
        report: Path | None = None,
        calls: Path | None = None,
    ) -> None:
        """Prepare.

        Args:
            root: The project's folder.
            faults: What to try.
            jobs: How many at the same time.
            most_seconds: Of tests for one fault, as they take without it.
            report: A file for a line about each.
            calls: A file that keeps which tests call what, for the next run; tests that it lacks are run.
        """
        self._kept, self._most_seconds = calls, most_seconds
        self._uses = Imports(root).uses
        self._root, self._faults, self._jobs, self._report = root, faults, jobs, report
        self._seconds: dict[str, float] = {}
        self._tests_of: dict[Called, set[str]] = defaultdict(set)
        self._killers: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._items: dict[str, pytest.Item] = {}
        self._texts: dict[str, dict[str, str]] = {}
        self._breadth: dict[str, int] = {}
        self.outcomes: list[Outcome] = []

    def pytest_collection(self) -> None:
        """Property tests draw fewer examples, and search for no smaller one when a fault is noticed."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("faults", max_examples=EXAMPLES, phases=phases, deadline=None,
                                             derandomize=True, database=None)  # fmt: skip
        hypothesis.settings.load_profile("faults")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests once, then against every fault."""
        self._items = {item.nodeid: item for item in session.items}
        failed = self._cover(session.items)
        if failed:
            _say(f"Left out, since they fail without a fault: {', '.join(failed)}")
        self._try_all()
        return True

    # ------------------------------------------------------------ which tests call what

    def _cover(self, items: list[pytest.Item]) -> list[str]:
        """Learn which tests call which functions; returns those that fail as it is."""
        known: dict[str, Covered] = {}
        if self._kept is not None and self._kept.exists():
            known = pickle.loads(self._kept.read_bytes())
        new = [item for item in items if item.nodeid not in known]
        old = [item for item in items if item.nodeid in known]
        known.update(self._in_a_copy(lambda: covered(new, self._root)))
        again = self._in_a_copy(lambda: passing(old))
        known.update({name: replace(known[name], passed=passed) for name, passed in again.items()})
        if self._kept is not None:
            self._kept.write_bytes(pickle.dumps(known))
        for name in self._items:
            self._seconds[name], self._breadth[name] = known[name].seconds, len(known[name].calls)
            for called in known[name].calls if known[name].passed else ():
                self._tests_of[called].add(name)
        return [name for name in self._items if not known[name].passed]

    def _in_a_copy(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What a copy of this process finds out, which leaves this one as it was."""
        with tempfile.NamedTemporaryFile() as file:
            child = os.fork()
            if child == 0:
                silently(lambda: Path(file.name).write_bytes(pickle.dumps(work())))
            os.waitpid(child, 0)
            found: dict[str, Any] = pickle.loads(Path(file.name).read_bytes())
        return found

    def _tests(self, fault: Mutant) -> list[str]:
        """Tests for a fault: those that noticed others there, then those that call the least besides."""
        callers = self._tests_of.get((fault.file, fault.where), set())
        found = callers if fault.runs_later else self._users(fault)
        others = [name for key, names in self._killers.items() if key[0] == fault.file for name in names]
        known = [name for name in (*self._killers[fault.file, fault.where], *others) if name in found]
        usual = sorted(found, key=lambda name: (self._breadth[name], self._seconds[name]))
        chosen, seconds = [], 0.0
        for name in dict.fromkeys([*known, *usual]):
            seconds += self._seconds[name]
            if seconds > self._most_seconds and chosen:
                break
            chosen.append(name)
        return chosen

    def _users(self, fault: Mutant) -> set[str]:
        """Tests that import the file, call a function of it, or one with a name which the statement sets."""
        names = _names_set_around(self._lines(fault.file), fault.line)
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        found: set[str] = set()
        for (file, function), tests in self._tests_of.items():
            if file == fault.file or (names and pattern.search(self._text(file).get(function, ""))):
                found |= tests
        direct = {test for test, used in self._uses.items() if fault.file in used}
        return found | {name for name in self._items if name.partition("::")[0] in direct}

    def _lines(self, file: str) -> list[str]:
        path = self._root / file  # it may be gone since the calls were kept
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def _text(self, file: str) -> dict[str, str]:
        """The text of every function of a file."""
        if file not in self._texts:
            lines, found = self._lines(file), {}
            for where, node in functions_of(ast.parse("\n".join(lines))):
                found[where] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            self._texts[file] = found
        return self._texts[file]

    # ------------------------------------------------------------ trying

    def _try_all(self) -> None:
        running: list[Trial] = []
        waiting = list(reversed(self._faults))
        while waiting or running:
            while waiting and len(running) < self._jobs:
                fault = waiting.pop()
                tests = self._tests(fault)
                if tests:
                    running.append(self._start(fault, tests))
                else:
                    self._end(Outcome(fault, "", 0))
            time.sleep(0.005)
            for trial in [one for one in running if one.is_over()]:
                running.remove(trial)
                by = trial.noticed_by()
                again = self._once_more(trial) if not by else None
                if again is not None:
                    running.append(again)
                    continue
                if by in self._items:
                    self._killers[trial.fault.file, trial.fault.where].insert(0, by)
                self._end(Outcome(trial.fault, by, len(trial.tests)))

    def _end(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if self._report is not None:
            with self._report.open("a", encoding="utf-8") as file:
                file.write(f"{outcome.line()}\n")
        if len(self.outcomes) % 50 == 0:
            _say(f"{len(self.outcomes)} of {len(self._faults)} faults tried")

    def _start(self, fault: Mutant, tests: list[str]) -> Trial:
        seconds = LEAST_PATIENCE_SECONDS + PATIENCE * sum(self._seconds[name] for name in tests)
        items = [self._items[name] for name in tests]
        return Forked(fault, tests, seconds, lambda: try_here(fault, items, self._root))

    def _once_more(self, trial: Trial) -> Trial | None:
        """Another try of what nobody noticed, where a copied process may hide it."""
        if trial.fault.runs_later or isinstance(trial, Fresh):
            return None
        return Fresh(trial.fault, trial.tests, FRESH_SECONDS, self._root)


def _say(sentence: str) -> None:
    """Tell whoever waits; pytest holds back the usual streams."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"{sentence}\n")


def _names_set_around(text: list[str], line: int) -> list[str]:
    """The names that the statement at the top of a module sets, whose lines hold a given one."""
    for place in range(line - 1, -1, -1):
        found = re.match(r"([A-Za-z_][\w, ]*)(?::[^=]+)? = |class (\w+)", text[place])
        if found:
            return [name.strip() for name in (found.group(1) or found.group(2)).split(",")]
        if text[place] and not text[place][0].isspace() and text[place][0] not in ")]}":
            return []
    return []
