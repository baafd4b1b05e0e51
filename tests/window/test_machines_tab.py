"""The table sorts without mixing machines up, and a click chooses one everywhere."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.present.machines import COLUMNS
from app.window.machine_table import MachineTable
from app.window.main_window import MainWindow

Settled = Callable[[MainWindow], None]


@pytest.fixture
def table(window: MainWindow) -> MachineTable:
    return window.bench.tabs.machines.table


def click(table: MachineTable, qtbot: QtBot, place: int) -> None:
    at = table.visualRect(table.order.index(place, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))


def test_that_the_models_keep_qts_rules(table: MachineTable) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(table.machines, mode)
    QAbstractItemModelTester(table.order, mode)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "interval"])
@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_that_the_clicked_row_is_the_chosen_machine(
    window: MainWindow, table: MachineTable, qtbot: QtBot, column: str, order: Qt.SortOrder
) -> None:
    table.sort_by(COLUMNS.index(column), order)
    place = 2
    expected = table.order.row_at(place).machine_id
    click(table, qtbot, place)
    assert window.bench.document.plan.target.machine == expected


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_that_sorting_keeps_own_hardware_last(table: MachineTable, order: Qt.SortOrder) -> None:
    for column in range(len(COLUMNS)):
        table.sort_by(column, order)
        assert table.rows_in_order()[-1].is_own
        assert len({row.machine_id for row in table.rows_in_order()}) == len(table.machines.rows)


def test_that_sorting_by_gpu_hours_sorts_by_gpu_hours(table: MachineTable) -> None:
    table.sort_by(COLUMNS.index("gpu_hours"), Qt.SortOrder.AscendingOrder)
    hours = [row.answer.gpu_hours.p50 for row in table.rows_in_order()[:-1]]
    assert hours == sorted(hours)


def test_that_unknown_values_sort_last_both_ways(table: MachineTable) -> None:
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sort_by(COLUMNS.index("site_unit"), order)
        texts = [row.cells["site_unit"].text for row in table.rows_in_order()]
        assert texts[-1] == "your own", "every machine in service has a unit since Arrhenius has one"


def test_that_a_chosen_machine_stands_in_the_sentence(
    window: MainWindow, table: MachineTable, qtbot: QtBot, settled: Settled
) -> None:
    place = table.order.place_of("jupiter-booster")
    click(table, qtbot, place)
    settled(window)
    assert " on JUPITER: " in window.bench.answer.sentence.text()
    assert window.bench.questions.where.machine.select.currentText() == "JUPITER"
    assert table.order.row_at(table.order.place_of("jupiter-booster")).is_chosen


def test_that_show_all_adds_the_coming_machines(window: MainWindow, table: MachineTable) -> None:
    tab = window.bench.tabs.machines
    before = table.order.rowCount()
    tab.show_all.click()
    coming = [row for row in table.rows_in_order() if not row.in_service]
    assert table.order.rowCount() == before + len(coming)
    assert coming
    assert all(row.verdict == "info" for row in coming)
    tab.show_all.click()
    assert table.order.rowCount() == before


def test_that_the_copied_table_is_what_the_screen_shows(window: MainWindow, table: MachineTable) -> None:
    table.sort_by(COLUMNS.index("days"), Qt.SortOrder.DescendingOrder)
    window.bench.tabs.machines.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[0] == "Machine"
    assert [line.split("\t")[0] for line in lines[1:]] == [row.name for row in table.rows_in_order()]
