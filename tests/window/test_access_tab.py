"""The Access tab: modes against the request, ticks that change the plan, one mode in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.charts import Doors
from app.plan.campaign import campaign_spec
from app.window.access_tab import AccessTab
from app.window.access_table import TICK
from app.window.document import Document
from app.window.theme import theme
from app.words import text
from estimators import Catalogue
from tests.present.access_requests import NOW, asking
from tests.present.campaigns import a_plan


class Changes:
    """Keeps what the tab asks the document to change."""

    def __init__(self, refusal: str = "") -> None:
        self.made: list[tuple[dict[str, Any], str]] = []
        self.refusal = refusal

    def __call__(self, values: dict[str, Any], label: str) -> str:
        self.made.append((values, label))
        return self.refusal


@pytest.fixture
def changes() -> Changes:
    return Changes()


def opened(qtbot: QtBot, changes: Any, catalogue: Catalogue, width: int = 1150) -> AccessTab:
    theme().start("light")
    tab = AccessTab(changes, catalogue)
    qtbot.addWidget(tab)
    tab.resize(width, 620)
    tab.show()
    qtbot.waitExposed(tab)
    return tab


@pytest.fixture
def tab(qtbot: QtBot, changes: Changes, catalogue: Catalogue) -> AccessTab:
    tab = opened(qtbot, changes, catalogue)
    tab.show_request(asking(catalogue, applicant="sme"), NOW)
    return tab


def click(tab: AccessTab, row: int, column: int) -> None:
    place = tab.table.visualRect(tab.table.model().index(row, column)).center()
    QTest.mouseClick(tab.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def words(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_that_the_tab_says_which_door_fits(tab: AccessTab) -> None:
    QAbstractItemModelTester(tab.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert (tab.badge.tone, tab.badge.text) == ("ok", "Fast Lane")
    assert tab.lead.text().startswith("Smallest door that serves: Fast Lane")
    assert tab.start.text().startswith("Apply today, 23 Nov 2026, to start on 27 Nov 2026")
    assert "585" in tab.remarks.accessibleName()
    assert tab.stale.isHidden()
    assert tab.table.model().rowCount() == 8


def test_that_nothing_is_lost_without_a_request(tab: AccessTab) -> None:
    tab.show_request(None)
    assert tab.badge.text == "Fast Lane"


def test_that_a_tick_is_one_change_of_the_plan(tab: AccessTab, changes: Changes) -> None:
    click(tab, 3, TICK)
    values, label = changes.made[-1]
    (offer,) = values["campaign.offers"]
    assert (offer.machine, offer.mode, offer.offered) == ("leonardo-booster", "aif_fastlane", True)
    assert text(label) == "Fast Lane is offered"
    click(tab, 4, TICK)
    assert [one.mode for one in changes.made[-1][0]["campaign.offers"]] == ["aif_fastlane", "aif_large"]


def test_that_ticks_can_be_undone(qtbot: QtBot, catalogue: Catalogue, tmp_path: Path) -> None:
    document = Document(a_plan(), None, tmp_path, catalogue)
    tab = opened(qtbot, document.change_together, catalogue)
    tab.show_request(asking(catalogue, applicant="sme"), NOW)
    click(tab, 3, TICK)
    assert [one.mode for one in document.plan.campaign.offers] == ["aif_fastlane"]
    assert campaign_spec(document.plan, catalogue).offers[0].offered
    document.undo_stack.undo()
    assert document.plan.campaign.offers == ()
    document.close()


def test_that_the_keyboard_ticks_and_opens(tab: AccessTab, changes: Changes) -> None:
    tab.table.setFocus()
    tab.table.setCurrentIndex(tab.table.model().index(4, 0))
    QTest.keyClick(tab.table, Qt.Key.Key_Space)
    assert text(changes.made[-1][1]) == "Large Scale is offered"
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert tab.detail.title.text() == "AI Factories - Large Scale"


def test_that_a_click_shows_a_mode_in_full_and_can_ask_for_it(tab: AccessTab, changes: Changes) -> None:
    assert tab.detail.title.text() == "AI Factories - Fast Lane"
    click(tab, 4, 0)
    assert "10 working days" in words(tab.detail)
    assert "What would have to change" in words(tab.detail)
    tab.detail.choose.click()
    values, label = changes.made[-1]
    assert (values, text(label)) == ({"campaign.mode": "aif_large"}, "Change the access mode")


def test_that_a_named_mode_can_be_let_go(tab: AccessTab, changes: Changes, catalogue: Catalogue) -> None:
    tab.show_request(asking(catalogue, applicant="sme", mode="aif_fastlane"), NOW)
    assert tab.detail.choose.text() == "Take the smallest that fits"
    tab.detail.choose.click()
    assert changes.made[-1][0] == {"campaign.mode": None}


def test_that_a_refusal_is_said(qtbot: QtBot, catalogue: Catalogue) -> None:
    tab = opened(qtbot, Changes("Not while it is being saved."), catalogue)
    tab.show_request(asking(catalogue, applicant="sme"), NOW)
    click(tab, 3, TICK)
    assert tab.remarks.accessibleName() == "Not while it is being saved."


def test_that_a_narrow_tab_keeps_table_and_says_changes_below(
    qtbot: QtBot, changes: Changes, catalogue: Catalogue
) -> None:
    tab = opened(qtbot, changes, catalogue, width=505)
    tab.show_request(asking(catalogue, applicant="sme"), NOW)
    assert tab.detail.isHidden()
    click(tab, 1, 0)
    assert "not for the main run" in tab.remarks.accessibleName()


def test_that_the_chart_takes_its_place_and_gives_its_buttons(tab: AccessTab, catalogue: Catalogue) -> None:
    tab.chart.fill(Doors())
    view = tab.chart.view
    assert view.drawn is not None
    assert view.header.isHidden()
    assert not view.header.copy.isHidden()
    tab.show_request(asking(catalogue, 100_000, "jupiter-booster", applicant="sme", months=12), NOW)
    assert len(view.drawn.spots) == 5, "JUPITER has a Development package by one award"
    assert tab.badge.tone == "warn"


def test_that_old_rules_carry_a_banner(tab: AccessTab, catalogue: Catalogue) -> None:
    late = NOW.replace(year=2027, month=2, day=1)
    tab.show_request(asking(catalogue, now=late, applicant="sme"), late)
    assert "67 days old" in tab.stale.accessibleName()
    assert not tab.stale.isHidden()


def test_that_the_table_can_be_copied_and_both_themes_paint(tab: AccessTab) -> None:
    tab.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Mode\tSize")
    light = tab.grab().toImage()
    theme().set_mode("dark")
    dark = tab.grab().toImage()
    theme().set_mode("light")
    assert light != dark
