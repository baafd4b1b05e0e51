"""Where the time of a step goes, and the memory on each device."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts import DeviceMemory, StepTime, device_memory, step_parts
from app.charts.style import Look
from app.present.palette import LIGHT
from app.present.step_series import (
    gib_ticks,
    memory_rows,
    memory_subtitle,
    memory_table,
    step_series,
    step_subtitle,
    step_table,
    whole_percent,
)
from app.words import text
from estimators.planning.reasons import TooLarge
from tests.charts.conftest import figure_of
from tests.charts.fakes import STEP, comparison, without


@pytest.fixture
def step():
    found = step_series(comparison(), None)
    assert found is not None
    return found


def test_that_the_bars_sum_to_the_step(step) -> None:
    assert sum(bar.seconds for bar in step.bars) == pytest.approx(STEP.total)
    assert sum(bar.share for bar in step.bars) == pytest.approx(1.0)


def test_that_parts_without_time_are_left_out(step) -> None:
    assert "Pipeline bubble" not in {bar.name for bar in step.bars}


def test_that_only_the_network_has_a_hidden_part(step) -> None:
    hidden = {bar.name: bar.hidden_seconds for bar in step.bars if bar.hidden_seconds}
    assert hidden == {"Exposed network": pytest.approx(1.31 - 0.52)}
    network = next(bar for bar in step.bars if bar.hidden_seconds)
    assert step.text(network).replace("\u202f", " ") == "0.52 s of 1.31 s; the rest is hidden"


def test_that_the_subtitle_says_work_and_waiting(step) -> None:
    assert step_subtitle(step).replace("\u202f", " ") == "83 % computes; 8 % waits for the network"


def test_that_a_step_of_milliseconds_is_told_in_milliseconds(step) -> None:
    short = replace(step, total_seconds=0.085)
    assert short.time(0.042).replace("\u202f", " ") == "42.00 ms"
    assert step_parts.draw(figure_of(420, 400), short, Look(LIGHT)).axes.texts


@given(st.floats(1e-4, 1.0))
def test_that_no_share_is_called_zero(share: float) -> None:
    assert whole_percent(share).split("\u202f")[0] not in ("0", "under 0")


@given(st.floats(1e9, 3e12))
def test_that_memory_ticks_stay_few_and_inside(high: float) -> None:
    ticks = gib_ticks(high)
    assert 1 <= len(ticks) <= 7
    assert all(value <= high for value, _ in ticks)


def test_that_the_hidden_network_is_hatched(step) -> None:
    frame = step_parts.draw(figure_of(420, 400), step, Look(LIGHT))
    hatched = [patch for patch in frame.axes.patches if patch.get_hatch()]
    assert len(hatched) == 1
    assert hatched[0].get_x() == pytest.approx(0.52)


@pytest.mark.parametrize("size", [(420, 400), (690, 400), (400, 380)])
@pytest.mark.parametrize("module", [step_parts, device_memory])
def test_that_no_texts_of_the_bars_overlap_or_leave_the_figure(module, size, step) -> None:
    figure = figure_of(*size)
    content = step if module is step_parts else memory_rows(comparison(), None)
    frame = module.draw(figure, content, Look(LIGHT))
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for text in frame.axes.texts if text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in (*texts, *frame.axes.get_yticklabels())]
    assert all(box.x0 >= -0.5 and box.x1 <= figure.bbox.width + 0.5 for box in boxes)
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_that_the_chosen_machine_stands_first_and_own_hardware_last() -> None:
    rows = memory_rows(comparison(), "lumi-g")
    assert rows[0].label == "LUMI-G"
    assert rows[0].is_chosen
    assert rows[-1].is_own
    assert sum(rows[0].parts) == pytest.approx(rows[0].reserved)


def test_that_the_subtitle_counts_machines_that_fit() -> None:
    rows = memory_rows(without(comparison(), "vega-gpu", "lumi-g"), None)
    assert memory_subtitle(rows) == "Fits 8 machines with margin"
    assert "Vega" not in {row.label for row in rows}


def test_that_own_hardware_that_does_not_fit_says_why() -> None:
    whole = comparison()
    whole = replace(
        whole,
        own=replace(whole.own, fits=False, memory=None, reason=TooLarge(40.0 * 2**30, 23.0 * 2**30, "A100")),
    )
    rows = memory_rows(whole, None)
    frame = device_memory.draw(figure_of(690, 400), rows, Look(LIGHT))
    assert "Needs 40 GiB on each GPU; A100 has 23" in {text.get_text() for text in frame.axes.texts}


def test_that_tables_are_plain(step) -> None:
    for table in (step_table(step), memory_table(memory_rows(comparison(), None))):
        lines = table.splitlines()
        assert len(lines) > 3
        assert all(line.count("\t") == lines[0].count("\t") for line in lines)
        assert "\u202f" not in table


@pytest.mark.parametrize("kind", [StepTime, DeviceMemory])
def test_that_the_widget_draws_copies_and_waits_while_refining(kind, qtbot) -> None:
    view = kind()
    qtbot.addWidget(view)
    view.resize(420, 400)
    view.show()
    assert view.canvas.accessibleDescription() == "No result yet"
    view.show_comparison(comparison(final=False), None)
    assert view.data() == ""
    view.show_comparison(comparison(), None)
    assert view.canvas.accessibleName() == text(view.title)
    assert view.data()
    assert view.canvas.figure.axes
    view.set_theme("dark")
    for format_name in ("svg", "pdf", "png"):
        assert view.picture(format_name, LIGHT) == view.picture(format_name, LIGHT)


def test_that_a_narrow_chart_puts_the_subtitle_below_its_title(qtbot) -> None:
    view = StepTime()
    qtbot.addWidget(view)
    view.resize(340, 380)
    view.show_comparison(comparison(), None)
    view.show()
    qtbot.waitUntil(lambda: view.header.subtitle.y() > view.header.title.y() + 8)
    view.resize(900, 380)
    qtbot.waitUntil(lambda: abs(view.header.subtitle.y() - view.header.title.y()) < 8)
