"""Every number leads down to facts with their sources."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from app.window.explanation_tree import FigureRole
from app.window.main_window import MainWindow
from app.window.parts.buttons import LinkText


def test_that_a_card_opens_the_explanation(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.bench.answer.cards[0], Qt.MouseButton.LeftButton)
    assert window.bench.tabs.tab == "explanation"
    page = window.bench.tabs.page("explanation")
    root = page.tree.topLevelItem(0)
    hours = window.bench.comparison.headline.gpu_hours.p50
    assert abs(root.data(0, FigureRole).value - hours) < 1e-6 * hours
    assert root.childCount() > 1
    assert page.detail.title.text().startswith("Why ")


def test_that_the_arrow_keys_walk_down_to_a_leaf(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tab("explanation")
    page = window.bench.tabs.page("explanation")
    page.tree.setFocus()
    for _ in range(40):
        figure = page.tree.currentItem().data(0, FigureRole)
        if not figure.inputs:
            break
        qtbot.keyClick(page.tree, Qt.Key.Key_Right)
        qtbot.keyClick(page.tree, Qt.Key.Key_Down)
    assert not figure.inputs
    assert page.detail.subtitle.text()


def test_that_a_source_opens_in_the_browser(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window.show_tab("explanation")
    page = window.bench.tabs.page("explanation")
    links = [
        link for link in page.detail.findChildren(LinkText) if link.accessibleName().startswith("Source")
    ]
    links[0].click()
    assert opened[0].startswith("http")


def test_that_the_text_names_values_and_sources(window: MainWindow) -> None:
    window.show_tab("explanation")
    window.bench.tabs.page("explanation").copy_text()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("GPU-hours = ")
    assert "https://" in text


def test_that_the_tree_follows_the_answer(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tab("explanation")
    page = window.bench.tabs.page("explanation")
    before = page.tree.topLevelItem(0).data(0, FigureRole).value
    window.bench.choose_machine("lumi-g")
    qtbot.waitUntil(lambda: page.tree.topLevelItem(0).data(0, FigureRole).value != before, timeout=5000)
