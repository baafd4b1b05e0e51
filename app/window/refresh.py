"""From an edit to an answer: at once with the last layouts, then anew with the full search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.plan.errors import PlanError
from app.plan.resolve import run_spec
from app.plan.schema import Plan
from app.window.tasks import run_task
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, RunSpec

SEARCH_AFTER_MS = 150


@dataclass(frozen=True, slots=True)
class Estimator:
    """The two functions of the science that the window calls.

    Attributes:
        compare: The full layout search on every machine.
        reprice: The last layouts priced anew; a few milliseconds, marked as not final.
    """

    compare: Callable[[RunSpec, Catalogue], Comparison]
    reprice: Callable[[RunSpec, Catalogue, Comparison], Comparison]


def real_estimator() -> Estimator:
    """The estimators; imports numpy."""
    from estimators import compare, reprice

    return Estimator(compare, reprice)


class Refresher(QObject):
    """Keeps the answer up with the plan; a result that was overtaken is dropped.

    `answered` carries a comparison and the milliseconds that it took; `refused` a sentence, and so does
    `measured_refused` where the measured step is what cannot be used.
    """

    answered = Signal(object, float)
    refused = Signal(str)
    measured_refused = Signal(str)

    def __init__(self, catalogue: Catalogue, estimator: Estimator) -> None:
        super().__init__()
        self._catalogue, self._estimator = catalogue, estimator
        self._generation = 0
        self._last: Comparison | None = None
        self._wanted: RunSpec | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_AFTER_MS)
        self._timer.timeout.connect(self._search)

    @property
    def is_settled(self) -> bool:
        """Whether the last answer is final and nothing is under way."""
        return self._wanted is None

    def answer_now(self, plan: Plan, run_id: str | None = None) -> None:
        """The full answer before this returns; for the first paint.

        A measured step that cannot be used is left out, and said to be.
        """
        spec = self._spec(plan, run_id)
        if spec is None:
            return
        self._generation += 1
        self._timer.stop()
        self._wanted = None
        started = time.perf_counter()
        try:
            self._take(self._estimator.compare(spec, self._catalogue), started)
        except ValueError as error:
            if not _is_about_measured_step(error):
                raise
            self._take(self._estimator.compare(replace(spec, measured=None), self._catalogue), started)
            self.measured_refused.emit(str(error))

    def request(self, plan: Plan, run_id: str | None = None) -> None:
        """An answer from the last layouts at once, the full one after `SEARCH_AFTER_MS`."""
        spec = self._spec(plan, run_id)
        if spec is None:
            return
        self._generation += 1
        self._wanted = spec
        if self._last is not None:
            started = time.perf_counter()
            try:
                rough = self._estimator.reprice(spec, self._catalogue, self._last)
            except (ValueError, KeyError):
                rough = None  # another kind of model: there is nothing to price anew
            if rough is not None:
                self.answered.emit(rough, (time.perf_counter() - started) * 1e3)
        self._timer.start()

    def _spec(self, plan: Plan, run_id: str | None) -> RunSpec | None:
        try:
            return run_spec(plan, self._catalogue, run_id)
        except PlanError as error:
            self._timer.stop()
            self._generation += 1
            self._wanted = None
            self.refused.emit(str(error))
            return None

    def _search(self) -> None:
        spec = self._wanted
        if spec is None:
            return
        generation = self._generation
        started = time.perf_counter()

        def done(comparison: Comparison) -> None:
            if generation == self._generation:
                self._take(comparison, started)

        def failed(error: Exception) -> None:
            if generation == self._generation:
                self._wanted = None
                if _is_about_measured_step(error):
                    self.measured_refused.emit(str(error))
                    return
                self.refused.emit(f"This plan could not be computed: {error}")

        run_task(lambda: self._estimator.compare(spec, self._catalogue), done, failed)

    def _take(self, comparison: Comparison, started: float) -> None:
        self._wanted = None
        self._last = comparison
        self.answered.emit(comparison, (time.perf_counter() - started) * 1e3)


def _is_about_measured_step(error: Exception) -> bool:
    from estimators.planning.pilot import MeasuredStepError

    return isinstance(error, MeasuredStepError)
