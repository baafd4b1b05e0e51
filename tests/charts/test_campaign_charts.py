"""The calendar and the months: every row has its place, nothing is drawn outside, all is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.charts import Gantt, Months, gantt, months
from app.charts.export import picture
from app.charts.style import Look
from app.present import calendar
from app.present.calendar import GanttSeries, MonthSeries, gantt_series, month_series
from app.present.palette import DARK, LIGHT
from estimators import Catalogue, load_catalogue
from tests.charts.conftest import figure_of
from tests.present.campaigns import a_plan, campaign_of, too_large_plan


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def rows(catalogue: Catalogue) -> GanttSeries:
    return gantt_series(campaign_of(a_plan(), catalogue), "main")


@pytest.fixture(scope="module")
def bars(catalogue: Catalogue) -> MonthSeries:
    return month_series(campaign_of(a_plan(), catalogue))


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_that_every_row_has_its_place_and_its_hours(rows: GanttSeries) -> None:
    figure = figure_of(1140, 260)
    drawn = gantt.draw(figure, rows, Look(LIGHT))
    heights = [spot.y for spot in drawn.spots]
    assert heights == sorted(heights)
    assert [spot.key for spot in drawn.spots[:6]] == [row.run_id for row in rows.rows[:6]]
    written = texts(figure)
    assert all(row.words in written for row in rows.rows)
    assert "Month 1" in written
    assert "7 Dec" in written


@pytest.mark.parametrize(("width", "height"), [(1140, 260), (560, 200), (1700, 400)])
def test_that_no_text_leaves_the_page(rows: GanttSeries, width: int, height: int) -> None:
    figure = figure_of(width, height)
    gantt.draw(figure, rows, Look(LIGHT))
    figure.canvas.draw()
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= width + 1, text.get_text()


def test_that_texts_of_one_row_never_cover_each_other(rows: GanttSeries) -> None:
    figure = figure_of(1140, 260)
    gantt.draw(figure, rows, Look(LIGHT))
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert not (one.shrunk(0.9, 0.6).overlaps(other.shrunk(0.9, 0.6)))


def test_that_a_run_that_does_not_fit_says_why_on_its_row(catalogue: Catalogue) -> None:
    series = gantt_series(campaign_of(too_large_plan(), catalogue))
    figure = figure_of(1140, 260)
    gantt.draw(figure, series, Look(DARK))
    reason = next(row.words for row in series.rows if row.start_day is None)
    assert any(reason.startswith(text.rstrip("…")) for text in texts(figure) if len(text) > 20)


def test_that_the_end_of_a_project_that_is_too_short_is_marked(catalogue: Catalogue) -> None:
    figure = figure_of(1140, 260)
    gantt.draw(figure, gantt_series(campaign_of(a_plan(months=1), catalogue)), Look(LIGHT))
    assert "project ends" in texts(figure)


def test_that_many_rows_are_cut_and_months_named_by_number(catalogue: Catalogue, rows: GanttSeries) -> None:
    many = replace(rows, rows=tuple(replace(rows.rows[0], run_id=f"r{k}") for k in range(200)))
    drawn = gantt.draw(figure_of(1140, 900), many, Look(LIGHT))
    assert len(drawn.spots) == gantt.MOST_ROWS
    figure = figure_of(700, 260)
    gantt.draw(figure, gantt_series(campaign_of(a_plan(months=24), catalogue)), Look(LIGHT))
    assert "Month 1" not in texts(figure)


def test_that_months_stack_to_their_sum(bars: MonthSeries) -> None:
    figure = figure_of(460, 280)
    drawn = months.draw(figure, bars, Look(LIGHT))
    assert [spot.y for spot in drawn.spots] == [bar.node_hours for bar in bars.bars]
    tops = {round(patch.get_y() + patch.get_height()) for patch in drawn.axes.patches}
    assert {bar.node_hours for bar in bars.bars} <= tops
    assert any(text.startswith("Even spread: ") for text in texts(figure))


def test_that_whole_numbers_beyond_64_bit_are_drawn_too(bars: MonthSeries) -> None:
    # a plan of absurd size is an answer, and its report is drawn
    def larger(bar):
        parts = (replace(part, node_hours=part.node_hours * 10**22) for part in bar.parts)
        return replace(bar, parts=tuple(parts))

    huge = replace(bars, bars=tuple(larger(bar) for bar in bars.bars), even=bars.even * 1e22)
    figure = figure_of(460, 280)
    drawn = months.draw(figure, huge, Look(LIGHT))
    figure.canvas.draw()
    assert [spot.y for spot in drawn.spots] == [float(bar.node_hours) for bar in huge.bars]
    assert max(patch.get_y() + patch.get_height() for patch in drawn.axes.patches) == pytest.approx(
        float(max(bar.node_hours for bar in huge.bars))
    )


def test_that_one_month_has_no_even_spread(catalogue: Catalogue) -> None:
    figure = figure_of(460, 280)
    months.draw(figure, month_series(campaign_of(a_plan(months=1), catalogue)), Look(LIGHT))
    assert not any(text.startswith("Even spread") for text in texts(figure))


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_that_both_are_written_the_same_twice(rows: GanttSeries, bars: MonthSeries, kind: str) -> None:
    for module, series in ((gantt, rows), (months, bars)):

        def draw(figure, look, module=module, series=series):
            return module.draw(figure, series, look, ("Title", "Subtitle"))

        assert picture(draw, kind, LIGHT) == picture(draw, kind, LIGHT)


def test_that_arrow_keys_walk_and_enter_opens(qtbot: QtBot, rows: GanttSeries) -> None:
    view = Gantt()
    qtbot.addWidget(view)
    view.resize(1100, 300)
    view.show()
    qtbot.waitExposed(view)
    view.show_series(rows)
    view.canvas.draw()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Down)
    assert view.card.texts[0] == "Data-mix ablations, 1.7B"
    with qtbot.waitSignals([view.run_selected, view.run_opened]):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Return)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.card.isHidden()


def test_that_a_click_anywhere_on_a_row_selects_it(qtbot: QtBot, rows: GanttSeries) -> None:
    view = Gantt()
    qtbot.addWidget(view)
    view.resize(1100, 300)
    view.show()
    qtbot.waitExposed(view)
    view.show_series(rows)
    view.canvas.draw()
    _, y = view.drawn.axes.transData.transform((0, view.drawn.spots[3].y))
    assert view.spot_at(5.0, y).key == "main"
    assert view.spot_at(5.0, 10_000.0) is None


def test_that_both_are_said_in_words(qtbot: QtBot, rows: GanttSeries, bars: MonthSeries) -> None:
    for kind, series in ((Gantt, rows), (Months, bars)):
        view = kind()
        qtbot.addWidget(view)
        assert "No request yet" in view.canvas.accessibleDescription()
        view.show_series(series)
        assert "node-h" in view.canvas.accessibleDescription()
        assert view.data().count("\n") >= 3


@pytest.mark.parametrize("name", ["$\\frac{$", "漢字 😀 \u0378 \U00100a13"], ids=ascii)
@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_that_a_run_of_any_name_is_drawn_without_a_word(
    kind: str, name: str, rows: GanttSeries, capfd: pytest.CaptureFixture[str]
) -> None:
    named = replace(rows, rows=tuple(replace(row, name=name) for row in rows.rows))
    assert picture(lambda figure, look: gantt.draw(figure, named, look), kind, LIGHT)  # type: ignore[arg-type]
    assert capfd.readouterr() == ("", "")


def test_that_a_calendar_of_a_million_years_ends_on_the_last_day_there_is(rows: GanttSeries) -> None:
    days = 1e9
    late = replace(rows.rows[3], end_day=days, kept_until_day=days)
    ticks = calendar._ticks(rows.start, days)
    assert len(ticks) <= calendar.MOST_TICKS + 1
    assert calendar.bar_words(rows, late)[0].endswith("31 Dec 9999")
    assert "9999-12-31" in calendar.gantt_text(replace(rows, rows=(late,)))
