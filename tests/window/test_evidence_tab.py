"""Published runs stand beside the plan, with their sources, and the filters hold for charts and table."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.charts import PredictedAgainstMeasured, Reliability
from app.present.evidence import OF_THE_PLAN, nearest_rows
from app.window.evidence_tab import EvidenceTab
from app.window.main_window import MainWindow
from app.window.parts.badge import Badge
from app.window.parts.buttons import LinkText
from app.window.theme import theme
from estimators import Catalogue
from estimators.evidence.published import published_runs

Settled = Callable[[MainWindow], None]


@pytest.fixture
def tab(window: MainWindow) -> EvidenceTab:
    """The tab with its charts in."""
    window.show_tab("evidence")
    page: EvidenceTab = window.bench.tabs.page("evidence")
    page.ratio.fill(PredictedAgainstMeasured())
    page.reliability.fill(Reliability())
    return page


def choose(select, value: object) -> None:
    select.setCurrentIndex(next(i for i in range(select.count()) if select.itemData(i) == value))


def test_that_the_tab_shows_every_run_and_the_plan(window: MainWindow, tab: EvidenceTab) -> None:
    series = tab.ratio.view._series
    assert len(series.points) == len(published_runs())
    assert series.plan.gpus == window.bench.comparison.headline.gpus
    assert tab.ratio.view.drawn is not None
    assert tab.reliability.view.drawn is not None


def test_that_the_window_fills_the_charts_itself(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tab("evidence")
    type(window.bench).load_charts(window.bench)
    qtbot.waitUntil(lambda: all(slot.view is not None for slot in window.bench.visible_slots()), timeout=8000)
    assert len(window.bench.visible_slots()) == 2
    qtbot.waitUntil(lambda: window.bench.is_settled, timeout=8000)


def test_that_filters_hold_for_charts_and_table(tab: EvidenceTab) -> None:
    choose(tab.models, "moe-lm")
    experts = [run for run in published_runs() if run.family == "moe-lm"]
    assert len(tab.ratio.view._series.points) == len(experts)
    assert tab.reliability.view._series.stated.rows == len(experts)
    assert tab.table.cells.table.rows[0][1] == str(len(experts))
    choose(tab.models, "")
    choose(tab.gpus, "hopper")
    assert {point.run.gpu_family for point in tab.ratio.view._series.points} == {"hopper"}


def test_that_a_filter_without_runs_leaves_empty_charts(tab: EvidenceTab) -> None:
    choose(tab.models, "moe-lm")
    choose(tab.gpus, "volta")
    assert tab.ratio.view.drawn is None
    assert tab.table.cells.rowCount() == 0


def test_that_the_machines_filter_follows_the_machine(
    window: MainWindow, tab: EvidenceTab, settled: Settled
) -> None:
    choose(tab.gpus, OF_THE_PLAN)
    assert tab.gpus.currentText() == "As on Leonardo: Ampere"
    window.bench.choose_machine("jupiter-booster")
    settled(window)
    assert tab.gpus.currentText() == "As on JUPITER: GH200-96"
    assert {point.run.gpu for point in tab.ratio.view._series.points} == {"gh200-96"}


def test_that_nearest_runs_are_listed_with_error_and_source(
    window: MainWindow, tab: EvidenceTab, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = nearest_rows(window.bench.comparison, catalogue)
    badges = tab.nearest.findChildren(Badge)
    assert tab.nearest.rows == rows
    assert len(badges) >= 3
    assert badges[0].text == rows[0].error
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    tab.nearest.findChildren(LinkText)[0].click()
    assert opened == [rows[0].link]


def test_that_tables_are_copied_as_text(tab: EvidenceTab) -> None:
    tab.nearest.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + len(tab.nearest.rows)
    assert "https://" in lines[1]
    for grouping, head in (("producer", "Producer"), ("gpu", "Card"), ("coverage", "Interval")):
        choose(tab.grouping, grouping)
        tab.copy.click()
        assert QGuiApplication.clipboard().text().startswith(f"{head}\t")


def test_that_everything_has_a_name_for_assistive_tools(tab: EvidenceTab) -> None:
    names = {
        tab.models: "Models shown",
        tab.gpus: "GPUs shown",
        tab.grouping: "Table shown",
        tab.nearest: "Nearest published runs",
        tab.table: "Errors by producer",
        tab.copy: "Copy the table",
    }
    assert all(widget.accessibleName() == name for widget, name in names.items())
    assert "measured" in tab.nearest.accessibleDescription()
    assert tab.ratio.view.canvas.accessibleName() == "Predicted against measured"
    for link in tab.nearest.findChildren(LinkText):
        assert link.accessibleName().startswith("Source of ")


def test_that_the_table_keeps_qts_rules(tab: EvidenceTab) -> None:
    QAbstractItemModelTester(tab.table.cells, QAbstractItemModelTester.FailureReportingMode.Fatal)
    choose(tab.grouping, "coverage")
    assert tab.table.cells.rowCount() == 9


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_that_all_parts_find_room(window: MainWindow, tab: EvidenceTab, size, qtbot: QtBot) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: tab.width() > 0.4 * size[0])
    parts: list[QWidget] = [tab.ratio, tab.nearest, tab.reliability, tab.table]
    qtbot.waitUntil(lambda: all(part.height() >= 120 for part in parts))
    for part in parts:
        corner = part.mapTo(tab, part.rect().bottomRight())
        assert tab.rect().contains(corner)
    last = max((badge for badge in tab.nearest.findChildren(Badge)), key=lambda badge: badge.y())
    assert tab.nearest.rect().contains(last.mapTo(tab.nearest, last.rect().bottomRight()))


def test_that_the_charts_take_the_theme(tab: EvidenceTab) -> None:
    theme().set_mode("dark")
    assert tab.ratio.view.palette_of_theme.is_dark
    theme().set_mode("light")
    assert not tab.ratio.view.palette_of_theme.is_dark


def test_that_the_answer_says_how_its_nearest_evidence_held(window: MainWindow) -> None:
    assert "nearest run" not in window.bench.answer.own_line.text()
    window.bench.answer.name_evidence()
    text = window.bench.answer.own_line.text()
    assert re.search("80\u202f% interval, holds \\d of \\d nearest runs\\.$", text)


def test_that_every_explanation_shows_the_nearest_runs(
    window: MainWindow, catalogue: Catalogue, qtbot: QtBot
) -> None:
    window.show_tab("explanation")
    page = window.bench.tabs.page("explanation")
    detail = page.detail
    rows = nearest_rows(window.bench.comparison, catalogue)
    badges = detail.nearest.findChildren(Badge)
    assert [badge.text for badge in badges] == [row.error for row in rows[:3]]
    qtbot.waitUntil(detail.nearest.isVisible)
    page.tree.go_to(window.bench.comparison.explanation.inputs[-1])
    qtbot.waitUntil(detail.nearest.isVisible)
    assert len(detail.nearest.findChildren(Badge)) == len(badges)
