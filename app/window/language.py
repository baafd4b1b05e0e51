"""The language of the window: what its reader chose, else the system's where the program speaks it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.words import Language, language, speak

ENGLISH = "en"
OFFERED = (ENGLISH, "de")
"""Languages that have a sentence for everything the window says."""

_translators: list[QTranslator] = []


def offered() -> tuple[Language, ...]:
    """What a reader can choose from."""
    return tuple(language(code) for code in OFFERED)


def language_for(choice: str, system: Iterable[str]) -> Language:
    """The language of a choice.

    Args:
        choice: A code of `OFFERED`, "pseudo", or anything else for the system's.
        system: What the system's user reads, best first, as "de-AT".
    """
    if choice in (*OFFERED, "pseudo"):
        return language(choice)
    codes = (name.partition("-")[0].partition("_")[0].lower() for name in system)
    return language(next((code for code in codes if code in OFFERED), ENGLISH))


def system_languages() -> list[str]:
    """What the system says its user reads, best first."""
    return list(QLocale.system().uiLanguages())


def speak_in(application: QApplication, chosen: Language) -> None:
    """Lets the window and Qt's dialogs speak a language from now on; what stands there stays as it is."""
    speak(chosen)
    QLocale.setDefault(QLocale(chosen.code if chosen.code != "pseudo" else ENGLISH))
    while _translators:
        application.removeTranslator(_translators.pop())
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if chosen.code != ENGLISH and translator.load(f"qtbase_{chosen.code}", folder):
        application.installTranslator(translator)
        _translators.append(translator)
