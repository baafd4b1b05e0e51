"""From an edit to an answer: at once with the last layouts, then anew with the full search."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.plan.errors import PlanError
from app.plan.resolve import run_spec
from app.plan.schema import Plan
from app.window.tasks import run_task
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, RunSpec
from estimators.words import Name, SpokenError, say

if TYPE_CHECKING:
    from estimators.requests.results import Request

SEARCH_AFTER_MS = 150
KNOWN_ERRORS = (PlanError, ValueError)
"""What says in a sentence why a plan has no answer; anything else is a fault of our own."""


@dataclass(frozen=True, slots=True)
class Estimator:
    """The functions of the science that the window calls.

    Attributes:
        compare: The full layout search on every machine.
        reprice: The last layouts priced anew; a few milliseconds, marked as not final.
        request: The whole plan as a request; some ten milliseconds for each run.
    """

    compare: Callable[[RunSpec, Catalogue], Comparison]
    reprice: Callable[[RunSpec, Catalogue, Comparison], Comparison]
    request: Callable[[Plan, Catalogue], Request]


def real_estimator() -> Estimator:
    """The estimators; imports numpy."""
    from estimators import compare, reprice

    return Estimator(compare, reprice, request_of)


def request_of(plan: Plan, catalogue: Catalogue) -> Request:
    """The request of a plan as of now; imports what the first paint does not need.

    Raises:
        PlanError: An input cannot be used.
        ValueError: A run cannot be estimated; the text is a sentence.
    """
    from app.plan.campaign import campaign_spec
    from estimators.requests.plan import plan_request

    now = datetime.datetime.now().astimezone()
    return plan_request(campaign_spec(plan, catalogue), catalogue, now)


class Refresher(QObject):
    """Keeps the answer up with the plan; a result that was overtaken is dropped.

    `answered` carries a comparison and the milliseconds that it took; `refused` a sentence, and so does
    `measured_refused` where the measured step is what cannot be used, with whether a person may confirm it.
    Once the run on the screen is answered, the whole plan is counted beside the window: `requested` carries
    the request, or `request_refused` why there is none and whether a scaling point waits to be confirmed.
    """

    answered = Signal(object, float)
    refused = Signal(str)
    measured_refused = Signal(str, bool)
    requested = Signal(object)
    request_refused = Signal(str, bool)

    def __init__(self, catalogue: Catalogue, estimator: Estimator) -> None:
        super().__init__()
        self._plan: Plan | None = None
        self._counting: Plan | None = None
        self._counted: Plan | None = None
        self._counts_requests = False
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

    @property
    def is_counted(self) -> bool:
        """Whether the request is that of the present plan, or is known to be none."""
        return self._plan is not None and self._counted is self._plan

    def count_requests(self) -> None:
        """Count the whole plan from now on; it is slow to load, so not before the first paint."""
        self._counts_requests = True
        if self.is_settled:
            self._count()

    def answer_now(self, plan: Plan, run_id: str | None = None) -> None:
        """The full answer before this returns; for the first paint.

        A measured step that cannot be used is left out, and said to be.
        """
        self._plan = plan
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
            self.measured_refused.emit(_words(error), _may_be_confirmed(error))

    def request(self, plan: Plan, run_id: str | None = None) -> None:
        """An answer from the last layouts at once, the full one after `SEARCH_AFTER_MS`."""
        self._plan = plan
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
            self.refused.emit(_words(error))
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
                    self.measured_refused.emit(_words(error), _may_be_confirmed(error))
                    return
                self.refused.emit(
                    text(say("This plan could not be computed: {error}", error=Name(_words(error))))
                )
                if not isinstance(error, KNOWN_ERRORS):
                    raise error  # a fault of our own

        run_task(lambda: self._estimator.compare(spec, self._catalogue), done, failed)

    def _take(self, comparison: Comparison, started: float) -> None:
        self._wanted = None
        self._last = comparison
        self.answered.emit(comparison, (time.perf_counter() - started) * 1e3)
        self._count()

    def _count(self) -> None:
        """Count the whole plan beside the window, unless that was done or is not wanted yet."""
        plan = self._plan
        if not self._counts_requests or plan is None or self._counting is plan:
            return
        self._counting = plan
        catalogue, request = self._catalogue, self._estimator.request

        def done(found: Request) -> None:
            if plan is self._plan:
                self._counted = plan
                self.requested.emit(found)

        def failed(error: Exception) -> None:
            if plan is self._plan:
                self._counted = plan
                self.request_refused.emit(_words(error), _is_point_to_confirm(error))
                if not isinstance(error, KNOWN_ERRORS):
                    raise error  # a fault of our own

        run_task(lambda: request(plan, catalogue), done, failed)


def _words(error: Exception) -> str:
    if isinstance(error, SpokenError):
        return text(error.said)
    return (
        str(error) if isinstance(error, KNOWN_ERRORS) else text(say("a fault of Nodewise came in between."))
    )


def _is_about_measured_step(error: Exception) -> bool:
    from estimators.planning.plausible import MeasuredStepError

    return isinstance(error, MeasuredStepError)


def _may_be_confirmed(error: Exception) -> bool:
    """Whether a measured step was refused only because nobody confirmed it yet."""
    from estimators.planning.plausible import FarStepError

    return isinstance(error, FarStepError)


def _is_point_to_confirm(error: Exception) -> bool:
    from estimators.planning.plausible import FarPointError

    return isinstance(error, FarPointError)
