"""Work beside the window's thread: one helper, and late results are the caller's to drop."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, SignalInstance

_running: set[_Outcome] = set()


class _Outcome(QObject):
    """Carries a result from the worker to the window's thread."""

    done = Signal(object)
    failed = Signal(object)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], outcome: _Outcome) -> None:
        super().__init__()
        self._work, self._outcome = work, outcome

    def run(self) -> None:
        try:
            result = self._work()
        except Exception as error:
            self._tell(self._outcome.failed, error)
        else:
            self._tell(self._outcome.done, result)

    def _tell(self, signal: SignalInstance, value: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone, and the receiver with it
            signal.emit(value)


def run_task(
    work: Callable[[], Any],
    done: Callable[[Any], None],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """Run `work` in the thread pool, then `done` with its result in the thread of the caller.

    Both speak the language that is spoken where it is called.

    Args:
        work: Touches no widget.
        done: Called with what `work` returned.
        failed: Called with what `work` raised; without it, it is a fault of our own.
    """
    outcome = _Outcome()
    _running.add(outcome)  # keeps the receiver alive until it has spoken
    outcome.done.connect(lambda result: _finish(outcome, done, result))
    outcome.failed.connect(lambda error: _finish(outcome, failed or _raised, error))
    speaking_as_here = partial(contextvars.copy_context().run, work)
    QThreadPool.globalInstance().start(_Task(speaking_as_here, outcome))


def finish_tasks() -> None:
    """Drop what waits and wait for what runs, so that no thread outlives the window."""
    pool = QThreadPool.globalInstance()
    pool.clear()
    pool.waitForDone()
    _running.clear()


def _finish(outcome: _Outcome, receiver: Callable[[Any], None], value: Any) -> None:
    _running.discard(outcome)
    receiver(value)


def _raised(error: Exception) -> None:
    raise error
