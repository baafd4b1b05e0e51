"""The palette and the style sheet of the Fusion style, both made from the colour tokens."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.present.palette import Palette

_SHEET = """
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {strong}; padding: 5px 7px; }}
QComboBox QAbstractItemView {{ border: 1px solid {strong}; padding: 3px; }}
QComboBox QAbstractItemView::item {{ min-height: 26px; padding: 0 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:hover {{ background: {sunken}; color: {text}; }}
QComboBox QAbstractItemView::item:selected {{ background: {soft}; color: {text}; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {strong}; padding: 4px; }}
QMenu::item {{ padding: 5px 22px 5px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {soft}; color: {text}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 6px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {context}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def style_sheet(palette: Palette) -> str:
    """What a palette cannot say: tooltips, menus, lists and bars; slow, so not for the first paint."""
    tokens = {name: getattr(palette, name) for name in palette.__slots__}
    return _SHEET.format(**tokens)


def qt_palette(palette: Palette) -> QPalette:
    """Fusion's palette in our colours."""
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.sunken,
        role.Text: palette.text,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.BrightText: palette.fail,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.on_accent,
        role.Link: palette.accent,
        role.LinkVisited: palette.accent,
        role.PlaceholderText: palette.text3,
        role.ToolTipBase: palette.surface,
        role.ToolTipText: palette.text,
        role.Mid: palette.border,
        role.Accent: palette.accent,
    }
    result = QPalette()
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.text3))
    return result
