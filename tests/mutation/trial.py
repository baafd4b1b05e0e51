"""Tries faults: a plugin of pytest that, in place of its own loop, runs covering tests against each fault.

First the tests run once, in a process of their own, while it is written down which functions each calls.
Then every fault has a process: a copy of this one, in which the code of one function is replaced, or the
values of a statement at the top of a module wherever they were imported. What nobody notices of such a
statement is tried once more in a new interpreter: other modules may compute with it while they are imported.
"""

from __future__ import annotations

import ast
import json
import math
import os
import pickle
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, functions_of
from tests.mutation.planted import PLANTED
from tests.tools.imports import Imports, module_of

Called = tuple[str, str]
"""File and function."""
FRESH_SECONDS = 60.0
EXAMPLES = 25
PATIENCE, LEAST_PATIENCE_SECONDS = 6.0, 5.0
"""A fault that makes its tests so many times slower is noticed; seconds are those of the processor."""
LONGEST_WAIT_SECONDS = 600.0


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
                _silently(lambda: Path(file.name).write_bytes(pickle.dumps(work())))
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


class Trial:
    """A process that runs tests against a fault."""

    def __init__(self, fault: Mutant, tests: list[str]) -> None:
        self.fault, self.tests = fault, tests
        self._end = time.monotonic() + LONGEST_WAIT_SECONDS
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - the process writes into it
        self.is_late = False

    def is_over(self) -> bool:
        """Whether the process has ended, which it must when its time is over."""
        if self._has_ended():
            return True
        self.is_late = time.monotonic() > self._end
        if self.is_late:
            self._kill()
        return self.is_late

    def noticed_by(self) -> str:
        """The test that failed, or what else went wrong; "" where nothing did."""
        self._told.seek(0)
        told = self._told.read().decode(errors="replace")
        self._told.close()
        return "time" if self.is_late else self._read(told)

    def _has_ended(self) -> bool:
        raise NotImplementedError

    def _kill(self) -> None:
        raise NotImplementedError

    def _read(self, told: str) -> str:
        raise NotImplementedError


class Forked(Trial):
    """A copy of this process."""

    def __init__(self, fault: Mutant, tests: list[str], seconds: float, work: Callable[[], str]) -> None:
        super().__init__(fault, tests)
        self._status = 0
        self._process = os.fork()
        if self._process == 0:
            _allow(seconds)
            _silently(lambda: os.write(self._told.fileno(), work().encode()))

    def _has_ended(self) -> bool:
        process, self._status = os.waitpid(self._process, os.WNOHANG)
        return process != 0

    def _kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def _read(self, told: str) -> str:
        return told or ("" if self._status == 0 else "a crash or its time")


class Fresh(Trial):
    """A new interpreter that imports the fault."""

    def __init__(self, fault: Mutant, tests: list[str], seconds: float, root: Path) -> None:
        super().__init__(fault, tests)
        self._planted = tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8")  # noqa: SIM115
        told = {"module": module_of(fault.file), "file": str(root / fault.file), "source": fault.source}
        json.dump(told, self._planted)
        self._planted.flush()
        options = ["-x", "-q", "-p", "tests.mutation.planted", "-p", "no:xdist", "-p", "no:cacheprovider"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, "-W", "ignore", *tests],
            cwd=root, env={**os.environ, PLANTED: self._planted.name},
            stdin=subprocess.DEVNULL, stdout=self._told, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=lambda: _allow(seconds),
        )  # fmt: skip

    def _has_ended(self) -> bool:
        return self._process.poll() is not None

    def _kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _read(self, told: str) -> str:
        self._planted.close()
        if self._process.returncode == 0:
            return ""
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", told, re.MULTILINE)
        return found.group(1) if found else "a crash"


def _say(sentence: str) -> None:
    """Tell whoever waits; pytest holds back the usual streams."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"{sentence}\n")


def _allow(seconds: float) -> None:
    """End this process once it has used so much of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))


def _silently(work: Callable[[], object]) -> None:
    """Do the work of a copied process, which says nothing and ends here."""
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        work()
        status = 0
    finally:
        os._exit(status)


# ---------------------------------------------------------------- in a copied process


@dataclass(frozen=True, slots=True)
class Covered:
    """What a test calls of the product, the seconds it takes, and whether it passes."""

    calls: frozenset[Called]
    seconds: float
    passed: bool


def covered(items: Sequence[pytest.Item], root: Path) -> dict[str, Covered]:
    """Run tests once and look what each calls."""
    found: dict[str, Covered] = {}
    codes: set[CodeType] = set()

    def enter(frame: FrameType, _event: str, _argument: object) -> None:
        codes.add(frame.f_code)

    for place, item in enumerate(items):
        codes.clear()
        start = time.process_time()
        sys.settrace(enter)
        following = items[place + 1] if place + 1 < len(items) else None
        reports = runtestprotocol(item, nextitem=following, log=False)
        sys.settrace(None)
        seconds = time.process_time() - start
        calls = {called for code in codes if (called := _function(code, root)) is not None}
        passed = not any(report.failed for report in reports)
        found[item.nodeid] = Covered(frozenset(calls), seconds, passed)
    return found


def passing(items: Sequence[pytest.Item]) -> dict[str, bool]:
    """Which tests pass today: one that fails without a fault would seem to notice every fault."""
    found = {}
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        reports = runtestprotocol(item, nextitem=following, log=False)
        found[item.nodeid] = not any(report.failed for report in reports)
    return found


def _function(code: CodeType, root: Path) -> Called | None:
    """The function of the product that a piece of code belongs to."""
    folder = f"{root}/"
    if not code.co_filename.startswith((f"{folder}app/", f"{folder}estimators/")):
        return None
    return code.co_filename.removeprefix(folder), code.co_qualname.replace(".<locals>", "")


def try_here(fault: Mutant, items: Sequence[pytest.Item], root: Path) -> str:
    """Put a fault into this process and run tests; the first that fails, or ""."""
    if fault.runs_later:
        plant(fault, root)
    else:
        plant_values(fault, root)
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return item.nodeid
    return ""


def plant(fault: Mutant, root: Path) -> None:
    """Give a function of this process the code with the fault.

    Raises:
        LookupError: There is no such function.
    """
    module = sys.modules[module_of(fault.file)]
    code = compile(fault.source, str(root / fault.file), "exec")
    holder: Any = module
    for name in fault.where.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
        found = vars(holder)[name]
        if isinstance(found, type):
            holder = found
            continue
        for function in _functions(found):
            function.__code__ = code
            return
        raise LookupError(fault.where)


def plant_values(fault: Mutant, root: Path) -> None:
    """Run the faulty statement at the top of a module and later ones that set names; hand on the values."""
    module = sys.modules[module_of(fault.file)]
    before = ast.parse((root / fault.file).read_text(encoding="utf-8")).body
    place = next(at for at, node in enumerate(before) if (node.end_lineno or 0) >= fault.line)
    values = dict(vars(module))
    for node in ast.parse(fault.source).body[place:]:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            exec(compile(ast.Module([node], []), fault.file, "exec"), values)
    ours = ("app.", "estimators.", "tests.")
    others = [module, *(one for name, one in list(sys.modules.items()) if name.startswith(ours))]
    for name, old in list(vars(module).items()):
        if values[name] is not old:
            for other in others:
                if vars(other).get(name) is old:
                    setattr(other, name, values[name])


def _functions(thing: Any) -> Iterable[FunctionType]:
    """The function inside a property, a cache or a class method."""
    for name in ("fget", "func", "__wrapped__", "__func__"):
        inner = getattr(thing, name, None)
        if inner is not None:
            yield from _functions(inner)
            return
    if isinstance(thing, FunctionType):
        yield thing


def _names_set_around(text: list[str], line: int) -> list[str]:
    """The names that the statement at the top of a module sets, whose lines hold a given one."""
    for place in range(line - 1, -1, -1):
        found = re.match(r"([A-Za-z_][\w, ]*)(?::[^=]+)? = |class (\w+)", text[place])
        if found:
            return [name.strip() for name in (found.group(1) or found.group(2)).split(",")]
        if text[place] and not text[place][0].isspace() and text[place][0] not in ")]}":
            return []
    return []
