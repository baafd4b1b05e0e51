"""The chart of access modes: names apart, the request inside, every bar where its bounds are."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.charts import Doors, doors
from app.charts.style import Look
from app.present.access_chart import DoorSeries, series
from app.present.palette import DARK, LIGHT
from estimators import load_catalogue
from tests.charts.conftest import figure_of
from tests.present.access_requests import asking

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def shown() -> DoorSeries:
    return series(asking(CATALOGUE, applicant="sme"))


@pytest.mark.parametrize("size", [(470, 172), (640, 300)])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("machine", ["leonardo-booster", "jupiter-booster", "vega-gpu"])
def test_that_words_stay_apart_and_inside(size, palette, machine) -> None:
    figure = figure_of(*size)
    drawn = doors.draw(figure, series(asking(CATALOGUE, 1000, machine, applicant="sme")), Look(palette))
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for text in (*drawn.axes.texts, *drawn.axes.get_yticklabels()) if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in texts]
    assert all(box.x0 >= -0.5 and box.x1 <= figure.bbox.width + 0.5 for box in boxes)
    close = [
        (a, b)
        for (a, one), (b, other) in combinations(zip(texts, boxes, strict=True), 2)
        if one.padded(-1.5).overlaps(other.padded(-1.5))
    ]
    assert close == []


def test_that_bars_end_at_their_bounds_and_the_request_is_a_line(shown: DoorSeries) -> None:
    figure = figure_of(600, 280)
    drawn = doors.draw(figure, shown, Look())
    spans = sorted(
        (round(patch.get_x()), round(patch.get_x() + patch.get_width()))
        for patch in drawn.axes.patches
        if patch.get_height() == pytest.approx(doors.BAR)
    )
    assert (10_000, 50_000) in spans
    assert (80_000, 360_000) in spans
    assert any(list(line.get_xdata()) == [44_800.0, 44_800.0] for line in drawn.axes.lines)
    low, high = doors.limits(shown)
    assert low < 5000
    assert high > 8_210_196


def test_that_the_widget_speaks_and_gives_its_numbers(qtbot, shown: DoorSeries) -> None:
    view = Doors()
    qtbot.addWidget(view)
    assert view.data() == ""
    view.resize(560, 320)
    view.show_series(shown)
    assert view.drawn is not None
    assert "Fast Lane: 10\u202f000 to 50\u202f000 GPU-hours" in view.summary()
    assert view.data().splitlines()[-1].startswith("request\t")
    assert view.drawn.spots[0].key == "aif_playground"


def test_that_a_request_beyond_64_bit_is_drawn_too() -> None:
    figure = figure_of(640, 300)
    doors.draw(figure, series(asking(CATALOGUE, 10**22, "jupiter-booster", applicant="sme")), Look(LIGHT))
    figure.canvas.draw()
