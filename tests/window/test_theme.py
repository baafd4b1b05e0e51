"""Light and dark, and what the window remembers of it."""

import pytest
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from app.present.palette import DARK, LIGHT
from app.window.folders import settings
from app.window.main_window import MainWindow
from app.window.parts.text import Text
from app.window.theme import ink, theme
from app.window.theme.fonts import ROLES, font
from app.window.theme.icons import FIRST_SCREEN, outline


def test_that_the_theme_switches_every_surface(window: MainWindow, qtbot: QtBot) -> None:
    window.toggle_theme()
    assert theme().palette is DARK
    qtbot.waitUntil(lambda: window.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window))
    picture = window.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, 2) == QColor(DARK.surface)
    window.toggle_theme()
    assert theme().palette is LIGHT


def test_that_the_choice_is_remembered(window: MainWindow) -> None:
    window.toggle_theme()
    assert settings(window._state_folder).value("theme") == "dark"
    window.follow_system_theme()
    assert settings(window._state_folder).value("theme") == "system"


@pytest.mark.parametrize("name", FIRST_SCREEN)
def test_that_every_icon_of_the_first_screen_is_in_the_package(name: str) -> None:
    assert "<path" in outline(name) or "<rect" in outline(name) or "<circle" in outline(name)


@pytest.mark.parametrize("role", ROLES)
def test_that_weights_come_from_the_variable_font(role: str) -> None:
    made = font(role)
    assert made.family() in ("Inter", "JetBrains Mono")
    assert {tag.toString().data().decode() for tag in made.variableAxisTags()} >= {"wght"}


def test_that_every_word_takes_the_ink_of_the_theme(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tab("explanation")
    window.toggle_theme()
    labels = window.findChildren(Text)
    qtbot.waitUntil(lambda: all(label.palette().windowText().color() == ink(label.ink) for label in labels))
    assert {label.foregroundRole() for label in labels} == {QPalette.ColorRole.WindowText}
