"""Predictions of the measured rows by the shipped calibration, row by row and by class."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import msgspec
import numpy as np

from estimators import Catalogue, load_calibration
from estimators.catalogue.architectures import VisionTransformer
from estimators.evidence.configure import Configured, configure
from estimators.evidence.predict import Bench, Stack, bench
from estimators.evidence.report import Prediction, predict
from estimators.evidence.rows import Row, read_rows
from estimators.parallel.memory import memory_of
from estimators.workloads.work import Work
from tests.science.cases import vision_work

MEASURED = Path(__file__).parent / "h100.jsonl"
GIB = 2.0**30
LONG = 8192
"""Tokens from which a sequence counts as long."""
BOUND = 0.9
"""Share of an eager step from which on the host's own time is said to bound it."""
IDLE_WATTS = 480.0
"""A card of 700 W that draws less waits for its host."""


@dataclass(frozen=True)
class Line:
    """One row of the table.

    Attributes:
        predicted: Seconds, None where the estimator does not cover the row.
        inside: Whether the measured seconds lie in the 80 % interval; None where there is none.
        predicted_gib: Memory of the card.
    """

    row: Row
    kind: str
    predicted: float | None
    inside: bool | None
    predicted_gib: float | None

    @property
    def measured(self) -> float | None:
        """Seconds, None where memory ran out."""
        return self.row.measured.value

    @property
    def measured_gib(self) -> float | None:
        """What the card held for the program, its context included."""
        return self.row.measured.also.get("used_on_card_gib")

    @property
    def ratio(self) -> float | None:
        """Predicted ÷ measured seconds."""
        return quotient(self.predicted, self.measured)

    @property
    def memory_ratio(self) -> float | None:
        """Predicted ÷ measured memory."""
        return quotient(self.predicted_gib, self.measured_gib)


def quotient(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def kind_of(row: Row) -> str:
    """The class that a row is judged in."""
    mode = "compiled" if row.layout["compiled"] else "eager"
    if row.measured.value is None:
        return "out of memory"
    if is_host_bound(row):
        return f"bound by the host, {mode}"
    if row.family == "vit":
        return f"vision, {mode}"
    if row.architecture["seq_len"] >= LONG:
        return f"long sequences, {mode}"
    if row.layout["states"] != "autocast":
        return f"{mode}, weights in bf16"
    if row.layout["recompute"] == "full":
        return f"{mode}, full recomputation"
    return mode


def is_host_bound(row: Row) -> bool:
    """Whether a step measures the host.

    The host's time of a compiled step is no sign: the queue of the card fills, and the host waits.
    """
    also = row.measured.also
    slow = not row.layout["compiled"] and also["host_s"] >= BOUND * (row.measured.value or 0.0)
    return bool(slow or also.get("watts", IDLE_WATTS) < IDLE_WATTS)


def is_step(row: Row) -> bool:
    """Whether a row is a training step; the others are single kernels."""
    return row.measured.quantity == "iteration_s"


def lines(rows: Sequence[Row], catalogue: Catalogue) -> list[Line]:
    """The table, in the order of the rows."""
    steps = tuple(row for row in rows if is_step(row))
    found = predict(steps, catalogue)
    return [_line(item, catalogue) for item in found]


def _line(item: Prediction, catalogue: Catalogue) -> Line:
    row, kind = item.row, kind_of(item.row)
    if item.configured is not None:
        settled = bench((item.configured,), catalogue, [item.configured.fixed])
        return Line(row, kind, item.predicted, item.covered, gib_of(settled))
    settled = vision_bench(row, catalogue)
    if settled is None:
        return Line(row, kind, None, None, None)
    seconds = float(settled.steps(load_calibration().coefficients).total[0])
    return Line(row, kind, seconds, None, gib_of(settled))


def gib_of(settled: Bench) -> float:
    """Memory predicted for a bench of one row."""
    return float(memory_of(settled.stacks[0].work, settled.layouts).reserved[0]) / GIB


def work_of(row: Row, catalogue: Catalogue) -> Work | None:
    """The work of an image model that evidence rows are not yet predicted for, None for other families."""
    card = catalogue.models.get(row.model_key or "")
    if row.family != "vit" or card is None or not isinstance(card.architecture, VisionTransformer):
        return None
    return vision_work(card.architecture)


def vision_bench(row: Row, catalogue: Catalogue) -> Bench | None:
    """A row of an image model in the layout of a decoder's row, with the work that plans compute for it."""
    work = work_of(row, catalogue)
    stand_in = configure(msgspec.structs.replace(row, family="dense-lm", model_key=None), catalogue)
    if work is None or not isinstance(stand_in, Configured):
        return None
    settled = bench((stand_in,), catalogue, [stand_in.fixed])
    return replace(settled, stacks=(Stack(np.zeros(1, dtype=np.intp), work),))


def measured_rows(path: Path = MEASURED) -> tuple[Row, ...]:
    """Rows that were measured."""
    return read_rows(path)


# ---------------------------------------------------------------- as text

HEAD = f"{'':<64}{'measured':>10}{'predicted':>10}{'ratio':>7}  80 %{'GiB':>7}{'pred.':>7}{'ratio':>7}"


def text(found: Sequence[Line]) -> Iterator[str]:
    """The table: every row under its class, then the medians of classes."""
    kinds = sorted({line.kind for line in found})
    yield HEAD
    for kind in kinds:
        yield kind
        yield from (row_text(line) for line in found if line.kind == kind)
    yield ""
    yield f"{'median of a class (10th to 90th percentile of the ratio)':<64}{'rows':>5}{'ratio':>7}"
    for kind in (*kinds, "all"):
        yield class_text(kind, [line for line in found if kind in ("all", line.kind)])


def row_text(line: Line) -> str:
    name = line.row.id.partition("-")[2].partition("-")[2]
    hit = {None: "", True: "in", False: "out"}[line.inside if line.measured else None]
    times = f"{number(line.measured, 4):>10}{number(line.predicted, 4):>10}{number(line.ratio, 2):>7}"
    sizes = f"{number(line.measured_gib, 1):>7}{number(line.predicted_gib, 1):>7}"
    return f"  {name:<62}{times}  {hit:<4}{sizes}{number(line.memory_ratio, 2):>7}"


def class_text(kind: str, mine: Sequence[Line]) -> str:
    ratios = known(mine, lambda line: line.ratio)
    held = known(mine, lambda line: line.inside if line.measured else None)
    memory = known(mine, lambda line: line.memory_ratio)
    words = [f"  {kind:<62}{len(mine):>5}", f"{number(median(ratios) if ratios else None, 2):>7}"]
    if ratios:
        low, high = np.percentile(ratios, (10, 90))
        words.append(f" ({low:.2f} to {high:.2f})")
    if held:
        words.append(f", {sum(held):.0f} of {len(held)} inside the 80 % range")
    if memory:
        words.append(f", memory {median(memory):.2f}")
    return "".join(words)


def known(mine: Iterable[Line], value: Callable[[Line], float | bool | None]) -> list[float]:
    return [float(found) for line in mine if (found := value(line)) is not None and math.isfinite(found)]


def number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
