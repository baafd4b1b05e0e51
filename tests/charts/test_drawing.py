"""What stands on the drawn figures."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from PIL import Image

from app.charts.gpu_hours_against_days import GpuHoursAgainstDaysChart
from app.charts.machine_chart import MachineChart
from app.charts.style import SMALLEST_TEXT_POINTS, Look
from app.charts.time_against_gpus import TimeAgainstGpusChart
from app.present.chart_series import OWN_ID, ChartSeries, chart_series, with_plans_mode
from app.present.palette import DARK, LIGHT, THEMES
from tests.charts.conftest import figure_of
from tests.charts.fakes import DAY, WEEK, access_modes, comparison, series_of, without

CHARTS = (GpuHoursAgainstDaysChart, TimeAgainstGpusChart)
SIZES = ((790, 230), (690, 400), (420, 400), (300, 200))


def drawn(kind, series: ChartSeries, size=(690, 400), look: Look | None = None) -> MachineChart:
    figure = figure_of(*size)
    chart = kind(figure, look or Look(LIGHT))
    chart.show(series)
    figure.canvas.draw()
    return chart


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize("work", [0.02, 1.0, 3.7])
def test_that_no_two_label_boxes_overlap_on_the_figure(kind, size, work) -> None:
    chart = drawn(kind, chart_series(comparison(work=work), None, access_modes()), size)
    renderer = chart.figure.canvas.get_renderer()
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in chart.texts.values()}
    assert boxes
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not (a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1), (one, other)
    assert all(box.x0 >= 0 and box.x1 <= chart.figure.bbox.width for box in boxes.values())


@pytest.mark.parametrize("kind", CHARTS)
def test_that_every_text_can_be_read(kind, series) -> None:
    chart = drawn(kind, series)
    texts = [*chart.texts.values(), *chart.axes.get_xticklabels(), *chart.axes.get_yticklabels()]
    assert all(text.get_fontsize() >= SMALLEST_TEXT_POINTS for text in texts)


@pytest.mark.parametrize("kind", CHARTS)
def test_that_tick_texts_stay_apart_and_inside(kind, series) -> None:
    for size in SIZES:
        chart = drawn(kind, series, size)
        renderer = chart.figure.canvas.get_renderer()
        for ticks in (chart.axes.get_xticklabels(), chart.axes.get_yticklabels()):
            boxes = [tick.get_window_extent(renderer) for tick in ticks]
            assert len(boxes) >= 2
            assert all(box.x0 >= -0.5 and box.x1 <= chart.figure.bbox.width + 0.5 for box in boxes)
            assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", CHARTS)
def test_that_the_picture_is_not_empty(kind, theme, series) -> None:
    chart = drawn(kind, series, look=Look(THEMES[theme]))
    buffer = io.BytesIO()
    chart.figure.savefig(buffer, format="png")
    pixels = np.asarray(Image.open(buffer).convert("RGB")).reshape(-1, 3)
    colours = {tuple(int(channel) for channel in colour) for colour in np.unique(pixels, axis=0)}
    for token in ("surface", "ampere", "hopper", "cdna"):
        wanted = tuple(round(255 * channel) for channel in to_rgba(getattr(THEMES[theme], token))[:3])
        assert wanted in colours, token


def shades(chart: MachineChart, colour: str) -> list[Rectangle]:
    return [
        patch
        for patch in chart.axes.patches
        if isinstance(patch, Rectangle) and patch.get_facecolor()[:3] == to_rgba(colour)[:3]
    ]


def test_that_the_side_that_misses_the_deadline_is_shaded(series) -> None:
    days, gpus = drawn(GpuHoursAgainstDaysChart, series), drawn(TimeAgainstGpusChart, series)
    (right,), (upper,) = shades(days, LIGHT.context), shades(gpus, LIGHT.context)
    assert right.get_x() == pytest.approx(2 * WEEK)
    assert right.get_x() + right.get_width() == pytest.approx(days.axes.get_xlim()[1])
    assert upper.get_y() == pytest.approx(2 * WEEK)
    assert upper.get_y() + upper.get_height() == pytest.approx(gpus.axes.get_ylim()[1])


def test_that_without_a_deadline_nothing_is_shaded() -> None:
    series = chart_series(comparison(deadline=None), None, access_modes())
    for kind in CHARTS:
        chart = drawn(kind, series)
        assert not shades(chart, LIGHT.context)
        assert "deadline" not in chart.texts


def test_that_a_deadline_far_beyond_the_run_does_not_stretch_the_axis() -> None:
    series = chart_series(comparison(deadline=400 * DAY, work=0.002), None, access_modes())
    chart = drawn(GpuHoursAgainstDaysChart, series)
    assert chart.axes.get_xlim()[1] < 400 * DAY
    assert chart.texts["deadline"].get_text().endswith("→")


def test_that_slow_own_hardware_is_pinned_to_the_edge_with_its_value(series) -> None:
    chart = drawn(GpuHoursAgainstDaysChart, series)
    assert series.own is not None
    position = chart.own_position(series.own)
    assert position is not None
    assert position[0] == pytest.approx(chart.axes.get_xlim()[1])
    assert chart.texts[OWN_ID].get_text() == "Your 4 × RTX 4090: 3.1 years  →"


def test_that_time_against_gpus_stretches_to_the_own_hardware(series) -> None:
    chart = drawn(TimeAgainstGpusChart, series)
    assert series.own is not None
    assert series.own.point is not None
    assert chart.axes.get_ylim()[1] > series.own.point.seconds.p50
    assert chart.own_position(series.own) == (4.0, series.own.point.seconds.p50)


def test_that_the_plans_mode_is_filled_and_the_gap_is_named(series) -> None:
    chart = drawn(GpuHoursAgainstDaysChart, series)
    (fill,) = shades(chart, LIGHT.accent)
    assert (fill.get_y(), fill.get_y() + fill.get_height()) == pytest.approx((10_000.0, 50_000.0))
    assert chart.texts["gap"].get_text().replace("\u202f", " ") == "no industrial mode 5 k to 10 k"


def test_that_the_chosen_machine_stands_out(series) -> None:
    chart = drawn(GpuHoursAgainstDaysChart, series)
    label = chart.texts["leonardo-booster"]
    assert label.get_fontweight() == 700
    assert label.get_color() == LIGHT.ampere
    assert label.get_text().startswith("Leonardo, ")


def test_that_a_queue_limit_ends_the_line_with_a_bar(series) -> None:
    chart = drawn(TimeAgainstGpusChart, series)
    artists = chart._machines
    assert list(artists["leonardo-booster"].queue_end.get_xdata()) == [series.machines[0].curve[-1].gpus]
    assert list(artists["vega-gpu"].queue_end.get_xdata()) == []


def test_that_coming_machines_say_so_and_do_not_stretch_the_axes(series) -> None:
    lumi = series_of(series, "lumi-g")
    assert lumi is not None
    coming = replace(lumi, machine_id="new", label="Alice Recoque", in_service=False, rank=30)
    cheap = tuple(replace(p, gpu_hours=p.gpu_hours.scaled(0.01)) for p in coming.curve)
    far = replace(coming, machine_id="far", curve=cheap)
    before = drawn(GpuHoursAgainstDaysChart, series)
    after = drawn(GpuHoursAgainstDaysChart, replace(series, machines=(*series.machines, coming, far)))
    assert after.axes.get_ylim() == before.axes.get_ylim()
    assert after.axes.get_xlim() == before.axes.get_xlim()
    names = {label.text for label in after.labels(after.series)}
    assert "Alice Recoque (coming)" in names


def test_that_a_plan_wholly_inside_its_mode_says_so() -> None:
    series = with_plans_mode(chart_series(comparison(work=0.001), None, access_modes()), "playground")
    chart = drawn(GpuHoursAgainstDaysChart, series)
    assert chart.texts["playground"].get_text() == "all within Playground"


@pytest.mark.parametrize("kind", CHARTS)
def test_that_a_comparison_in_which_nothing_fits_still_draws(kind) -> None:
    everything = tuple(answer.machine.id for answer in comparison().answers)
    chart = drawn(kind, chart_series(without(comparison(), *everything), None, access_modes()))
    assert OWN_ID in chart.texts


@pytest.mark.parametrize("kind", CHARTS)
def test_that_moving_keeps_limits_and_carries_labels_with_their_marks(kind, series) -> None:
    chart = drawn(kind, series)
    limits = chart.axes.get_xlim(), chart.axes.get_ylim()
    key = "marenostrum5-acc"
    before = chart.texts[key].xy if key in chart.texts else None
    assert chart.move(chart_series(comparison(work=1.2, final=False), None, access_modes()))
    assert (chart.axes.get_xlim(), chart.axes.get_ylim()) == limits
    if before is not None:
        assert chart.texts[key].xy != before


@pytest.mark.parametrize("kind", CHARTS)
def test_that_another_choice_is_not_a_mere_move(kind, series) -> None:
    chart = drawn(kind, series)
    assert not chart.move(chart_series(comparison(), "lumi-g", access_modes()))


def test_that_the_band_is_grey_while_refining() -> None:
    series = chart_series(comparison(final=False), None, access_modes())
    chart = drawn(GpuHoursAgainstDaysChart, series, look=Look(DARK))
    assert chart._emphasis.band.get_facecolor()[0][:3] == pytest.approx(to_rgba(DARK.context)[:3])


def test_that_text_and_strokes_grow_with_the_scale(series) -> None:
    small = drawn(TimeAgainstGpusChart, series)
    large = drawn(TimeAgainstGpusChart, series, look=Look(LIGHT, 2.0))
    assert large.texts[OWN_ID].get_fontsize() == 2 * small.texts[OWN_ID].get_fontsize()
