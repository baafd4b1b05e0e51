"""The charts of scaling and of energy by machine."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation, Text

from app.charts import energy, scaling
from app.charts.spots import Drawn
from app.charts.style import SMALLEST_TEXT_POINTS, Look
from app.present.footprint import energy_series
from app.present.palette import LIGHT, THEMES
from app.present.scaling import ScalingSeries, scaling_series
from estimators import Catalogue, compare, load_catalogue
from estimators.requests.records import ScalingPoint
from estimators.requests.scaling import scaling_report
from tests.charts.conftest import figure_of
from tests.requests.hand_made import campaign, run_spec

SIZES = ((690, 320), (420, 300), (300, 220))
POINTS = tuple(
    ScalingPoint("leonardo-booster", n, t, 512, "strong") for n, t in ((4, 120.0), (16, 32.0), (64, 11.0))
)
CASES = {"modelled": ("leonardo-booster", 64, ()), "measured": ("leonardo-booster", 64, POINTS),
         "steep": ("jupiter-booster", 512, ()), "one node": ("karolina-gpu", 8, ())}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def series_of(catalogue: Catalogue, case: str) -> ScalingSeries:
    machine, gpus, points = CASES[case]
    project = campaign(catalogue, machine, gpus=gpus, scaling=points)
    found = scaling_series(scaling_report(project, catalogue), project, catalogue)
    assert found is not None
    return found


def drawn_scaling(series: ScalingSeries, size: tuple[int, int], look: Look | None = None) -> Drawn:
    figure = figure_of(*size)
    result = scaling.draw(figure, series, look or Look(LIGHT))
    figure.canvas.draw()
    return result


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_that_labels_stay_apart_and_inside(catalogue: Catalogue, case: str, size: tuple[int, int]) -> None:
    axes = drawn_scaling(series_of(catalogue, case), size).axes
    figure = axes.figure
    labels = [t for t in axes.texts if isinstance(t, Annotation) and t.xycoords == "figure fraction"]
    boxes = [text.get_window_extent() for text in labels]
    assert boxes
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width for box in boxes)
    for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
        extents = [tick.get_window_extent() for tick in ticks]
        assert len(extents) >= 2
        assert not any(a.overlaps(b) for a, b in combinations(extents, 2))


@pytest.mark.parametrize("case", CASES)
def test_that_labels_stay_in_place_at_the_resolution_of_a_file(catalogue: Catalogue, case: str) -> None:
    """SVG is drawn at 72 dpi, whatever the labels were placed at."""
    axes = drawn_scaling(series_of(catalogue, case), SIZES[0]).axes
    labels = [t for t in axes.texts if isinstance(t, Annotation) and t.xycoords == "figure fraction"]
    dpi = float(axes.figure.dpi)
    before = [text.get_window_extent() for text in labels]
    axes.figure.set_dpi(72.0)
    share = 72.0 / dpi
    for text, box in zip(labels, before, strict=True):
        now = text.get_window_extent()
        assert (now.x0, now.y0) == pytest.approx((share * box.x0, share * box.y0), abs=12.0)  # hinted text


def test_that_measured_points_are_filled_and_modelled_ones_hollow(catalogue: Catalogue) -> None:
    series = series_of(catalogue, "measured")
    axes = drawn_scaling(series, SIZES[0]).axes
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    strong = series.lines[0]
    assert len(marks) == len(strong.points)
    for mark, point in zip(marks, strong.points, strict=True):
        filled = to_rgba(mark.get_markerfacecolor()) == to_rgba(LIGHT.ampere)
        assert filled == point.measured


def test_that_every_point_answers_to_the_pointer(catalogue: Catalogue) -> None:
    series = series_of(catalogue, "measured")
    spots = drawn_scaling(series, SIZES[0]).spots
    assert len(spots) == sum(len(line.points) for line in series.lines)
    words = [spot.words() for spot in spots]
    assert any("measured" in foot for _, _, foot in words)
    assert any("modelled" in foot for _, _, foot in words)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(560, 360), (420, 320), (320, 260)])
def test_that_energy_and_carbon_stand_beside_each_other(
    catalogue: Catalogue, theme: str, size: tuple[int, int]
) -> None:
    series = energy_series(
        compare(run_spec(catalogue, machine="leonardo-booster"), catalogue), None, catalogue
    )
    figure = figure_of(*size)
    result = energy.draw(figure, series, Look(THEMES[theme]))
    figure.canvas.draw()
    texts: list[Text] = [text for text in result.axes.texts if text.get_text()]
    assert all(text.get_fontsize() >= SMALLEST_TEXT_POINTS for text in texts)
    assert all(text.get_window_extent().x1 <= figure.bbox.width + 1.0 for text in texts)
    shown = {text.get_text() for text in texts}
    if size[0] > 400:
        assert {"Energy, kWh", "Carbon, kg CO₂e", "not published"} <= shown
    assert [spot.key for spot in result.spots] == [row.machine_id for row in series.rows]
