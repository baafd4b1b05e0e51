"""The language of the window, and that of Qt's own dialogs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from app.window.language import OFFERED, language_for, offered, speak_in
from app.words import language, spoken


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    speak_in(qapp, language("en"))


@pytest.mark.parametrize(
    ("choice", "system", "code"),
    [
        ("de", ["fr-FR"], "de"),
        ("en", ["de-DE"], "en"),
        ("pseudo", ["de-DE"], "pseudo"),
        ("system", ["de-AT", "en-GB"], "de"),
        ("system", ["fi_FI", "de"], "de"),
        ("system", ["fi-FI"], "en"),
        ("system", [], "en"),
        ("system", ["C"], "en"),
        ("", ["DE-de"], "de"),
        ("fr", ["de-DE"], "de"),  # of another version of the program
    ],
)
def test_that_a_choice_goes_before_the_system(choice: str, system: list[str], code: str) -> None:
    assert language_for(choice, system).code == code


def test_that_the_dialogs_of_qt_speak_it_too(application: QApplication) -> None:
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        return box.button(QDialogButtonBox.StandardButton.Cancel).text()

    english = cancel()
    speak_in(application, language("de"))
    assert spoken().code == "de"
    assert cancel() == "Abbrechen"
    speak_in(application, language("en"))
    assert cancel() == english


def test_that_what_is_offered_has_its_own_name() -> None:
    assert [one.code for one in offered()] == list(OFFERED)
    assert [one.name for one in offered()] == ["English", "Deutsch"]
