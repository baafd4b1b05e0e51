"""Predicted against measured, and the reliability of the intervals."""

from __future__ import annotations

import math
from itertools import combinations

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.charts import PredictedAgainstMeasured, Reliability, predicted_against_measured, reliability
from app.charts.style import Look
from app.present.evidence import EvidenceFilter, EvidencePoint, EvidenceSeries, PlanMark, evidence_mark
from app.present.evidence_tables import reliability_series
from app.present.palette import DARK, LIGHT, Mark
from app.words import text
from estimators.evidence.published import PublishedRun, published_runs
from tests.charts.conftest import figure_of

PLAN = PlanMark("This plan, 64 GPUs", 64.0, 0.82, 1.3, Mark("ampere", "circle"))


def run(number: int, gpus: float, ratio: float, family: str = "ampere") -> PublishedRun:
    """A published run with what the charts read of it."""
    return msgspec.structs.replace(
        published_runs()[0], id=f"run {number}", gpus=gpus, time_ratio=ratio, gpu_family=family,
        half_width=0.2, parameters=7e9, gpu="a100-80-sxm",
    )  # fmt: skip


@pytest.fixture
def series() -> EvidenceSeries:
    families = ("ampere", "hopper", "blackwell", "cdna")
    runs = [run(n, 2.0 ** (n % 12), math.exp(0.3 * math.sin(1.7 * n)), families[n % 4]) for n in range(120)]
    runs += [run(120, 128.0, 9.0), run(121, 8.0, 0.1)]
    points = [
        EvidencePoint(one, one.time_ratio, evidence_mark(one.gpu_family), max(0, n - 115) if n < 120 else 0)
        for n, one in enumerate(runs)
    ]
    return EvidenceSeries(tuple(points), 0.2, PLAN)


@pytest.fixture
def levels():
    return reliability_series(published_runs())


@pytest.mark.parametrize("size", [(420, 240), (700, 420)])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_names_in_the_ratio_chart_stay_apart_and_inside(series, size, palette) -> None:
    figure = figure_of(*size)
    drawn = predicted_against_measured.draw(figure, series, Look(palette))
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for text in drawn.axes.texts if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in texts if text.get_text()]
    assert all(box.x0 >= -0.5 and box.x1 <= figure.bbox.width + 0.5 for box in boxes)
    assert not any(a.overlaps(b) for a, b in combinations([box.padded(-1.0) for box in boxes], 2))


def test_that_the_nearest_run_and_the_plan_are_named(series) -> None:
    drawn = predicted_against_measured.draw(figure_of(700, 420), series, Look(LIGHT))
    words = [text.get_text() for text in drawn.axes.texts]
    assert PLAN.label in words
    assert any(word.startswith("7\u202fB on ") for word in words)
    assert any(word == "80\u202f% interval" for word in words)


def test_that_runs_beyond_the_axes_stand_at_their_edge_and_are_counted(series) -> None:
    drawn = predicted_against_measured.draw(figure_of(700, 420), series, Look(LIGHT))
    low, high = drawn.axes.get_ylim()
    assert {"1 above", "1 below"} <= {text.get_text() for text in drawn.axes.texts}
    assert all(low <= spot.y <= high for spot in drawn.spots)
    assert {spot.key: spot.y for spot in drawn.spots}["run 120"] == pytest.approx(high)


def test_that_equal_counts_stand_side_by_side_near_their_count(series) -> None:
    drawn = predicted_against_measured.draw(figure_of(700, 420), series, Look(LIGHT))
    counts = {point.run.id: point.run.gpus for point in series.points}
    places = {spot.key: spot.x for spot in drawn.spots if spot.key in counts}
    assert len(places) == len(counts)
    assert all(abs(math.log2(x / counts[key])) < 0.31 for key, x in places.items())


def test_that_a_chart_without_a_plan_or_with_one_run_is_drawn() -> None:
    one = run(1, 1.0, 1.0)
    lone = EvidenceSeries((EvidencePoint(one, 1.0, evidence_mark("ampere")),), 0.1, None)
    assert len(predicted_against_measured.draw(figure_of(420, 240), lone, Look(LIGHT)).spots) == 1


def test_that_the_diagram_shows_every_level_against_its_promise(levels) -> None:
    drawn = reliability.draw(figure_of(420, 240), levels, Look(LIGHT))
    assert [(spot.x, spot.y) for spot in drawn.spots] == [(one.nominal, one.inside) for one in levels.levels]
    assert any(text.get_text().endswith("of the runs") for text in drawn.axes.texts)


@pytest.mark.parametrize("kind", [PredictedAgainstMeasured, Reliability])
def test_that_the_widget_tells_copies_exports_and_changes_its_theme(kind, series, levels, qtbot) -> None:
    view = kind()
    qtbot.addWidget(view)
    view.resize(520, 340)
    view.show()
    assert view.canvas.accessibleDescription() == "No result yet"
    view.show_series(series if kind is PredictedAgainstMeasured else levels)
    assert view.canvas.accessibleName() == text(view.title)
    assert len(view.canvas.accessibleDescription()) > 40
    view.set_theme("dark")
    view.copy_data()
    assert QGuiApplication.clipboard().text().count("\n") > 5
    for format_name in ("svg", "pdf", "png"):
        assert view.picture(format_name, LIGHT) == view.picture(format_name, LIGHT)


@pytest.mark.parametrize("kind", [PredictedAgainstMeasured, Reliability])
def test_that_pointer_and_keyboard_bring_up_a_card(kind, series, levels, qtbot) -> None:
    view = kind()
    qtbot.addWidget(view)
    view.resize(620, 400)
    view.show_series(series if kind is PredictedAgainstMeasured else levels)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: view._scene is not None)
    spot = view.drawn.spots[1]
    x, y = view.drawn.axes.transData.transform((spot.x, spot.y))
    QTest.mouseMove(view.canvas, QPoint(2, 2))
    QTest.mouseMove(view.canvas, QPoint(round(x), round(view.canvas.height() - y)))
    qtbot.waitUntil(view.card.isVisible)
    assert view.canvas.rect().contains(view.card.geometry())
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert not view.card.isVisible()
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.card.texts == next(one for one in view.drawn.spots if one.is_stop).words()


def test_that_nothing_is_drawn_where_no_run_is_shown(qtbot) -> None:
    view = PredictedAgainstMeasured()
    qtbot.addWidget(view)
    view.show_series(EvidenceSeries((), 0.0, PLAN))
    assert view.drawn is None
    assert view.subtitle() == "No published run of this kind"
    assert EvidenceFilter() == EvidenceFilter("", "")
