"""One theme for the application: follow the system, or keep to light or dark."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.present.palette import DARK, LIGHT, THEMES, Palette
from app.window.theme.fonts import font, load_fonts
from app.window.theme.icons import load_icons
from app.window.theme.style import qt_palette, style_sheet

Mode = Literal["system", "light", "dark"]


class ThemeManager(QObject):
    """Holds the palette of the moment and tells who draws by hand when it changes.

    Fusion does not follow a colour scheme that no platform theme reports, so the window brings its
    own two palettes; an unknown scheme is read from the darkness of the system's window colour.
    """

    changed = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._system_is_dark = _is_dark(application)
        self._is_dressed = False
        self.mode: Mode = "system"
        self.palette: Palette = DARK if self._system_is_dark else LIGHT
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def start(self, mode: Mode = "system") -> None:
        """Load fonts and icons, then show the mode. Call once, before the first window."""
        load_fonts()
        load_icons()
        self._application.setStyle("Fusion")
        self._application.setFont(font("body"))
        self.set_mode(mode)

    def set_mode(self, mode: Mode) -> None:
        """Follow the system or keep to one theme."""
        self.mode = mode
        dark = self._system_is_dark if mode == "system" else mode == "dark"
        self.palette = THEMES["dark" if dark else "light"]
        self._application.setPalette(qt_palette(self.palette))
        if self._is_dressed:
            self._application.setStyleSheet(style_sheet(self.palette))
        self.changed.emit(self.palette)

    def dress(self) -> None:
        """Style what the first paint does not show: menus, lists, tooltips, scroll bars."""
        if not self._is_dressed:
            self._is_dressed = True
            self._application.setStyleSheet(style_sheet(self.palette))

    def toggle(self) -> None:
        """From light to dark or back, and keep to it."""
        self.set_mode("light" if self.palette.is_dark else "dark")

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if scheme != Qt.ColorScheme.Unknown:
            self._system_is_dark = scheme == Qt.ColorScheme.Dark
        if self.mode == "system":
            self.set_mode("system")


def _is_dark(application: QApplication) -> bool:
    scheme = application.styleHints().colorScheme()
    if scheme != Qt.ColorScheme.Unknown:
        return scheme == Qt.ColorScheme.Dark
    return application.palette().color(QPalette.ColorRole.Window).lightness() < 128


_managers: list[ThemeManager] = []


def theme() -> ThemeManager:
    """The theme manager of the running application; made at the first call."""
    application = QApplication.instance()
    assert isinstance(application, QApplication), "the theme needs an application"
    if not _managers:
        _managers.append(ThemeManager(application))
    return _managers[0]


def inks() -> Palette:
    """The palette of the moment."""
    return theme().palette


def ink(name: str) -> QColor:
    """One colour token of the palette of the moment."""
    return QColor(getattr(theme().palette, name))
