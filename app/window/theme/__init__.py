"""The calm instrument: colours, fonts and icons of the window."""

from app.window.theme.manager import ThemeManager, ink, inks, theme

__all__ = ["ThemeManager", "ink", "inks", "theme"]
