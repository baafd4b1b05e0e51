"""The processes in which faults are tried: a copy of this one, or a new interpreter."""

from __future__ import annotations

import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.planted import PLANTED
from tests.tools.imports import module_of

LONGEST_WAIT_SECONDS = 600.0


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
            silently(lambda: os.write(self._told.fileno(), work().encode()))

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


def _allow(seconds: float) -> None:
    """End this process once it has used so much of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))


def silently(work: Callable[[], object]) -> None:
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
