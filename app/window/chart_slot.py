"""A place for a chart: axes without marks until matplotlib is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.present.palette import Palette
from app.window.frame import Frame
from app.window.held import holds_back
from app.window.parts.card import column
from app.window.parts.drawing import begin
from app.window.theme.fonts import font
from app.window.theme.manager import ink, theme
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import Said


class ChartSlot(QWidget):
    """Shows a skeleton, later the chart; keeps the last comparison until then."""

    machine_selected = Signal(str)

    def __init__(self, title: Said) -> None:
        super().__init__()
        self.title = title
        self.view: Any = None
        self._waiting: tuple[Comparison, str | None, Catalogue] | None = None
        self._mode_id: str | None = None
        self._layout = column(self)
        self.setMinimumSize(200, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._dress)

    def fill(self, view: Any) -> None:
        """Put the chart in."""
        self.view = view
        view.ask_path = self._ask_path
        view.holds_back = holds_back
        view.set_theme(theme().palette.name)
        view.machine_selected.connect(self.machine_selected)
        self._layout.addWidget(view)
        self.show_mode(self._mode_id)
        if self._waiting is not None:
            self.show_comparison(*self._waiting)

    def show_comparison(self, comparison: Comparison, chosen: str | None, catalogue: Catalogue) -> None:
        """Draw a result, or keep it for the chart that comes."""
        self._waiting = (comparison, chosen, catalogue)
        if self.view is not None:
            modes = catalogue.access_modes.values()
            self.view.show_comparison(comparison, chosen, modes=modes, gpus=catalogue.gpus)

    def _ask_path(self, suggestion: str, ending: str) -> Path | None:
        """Where to save the chart, asked by the window that it stands in."""
        prompts = cast(Frame, self.window()).prompts
        return prompts.where_to_save_figure(self, suggestion, ending)

    def show_mode(self, mode_id: str | None) -> None:
        """Mark the access mode of the whole request, now or once the chart has come."""
        self._mode_id = mode_id
        if self.view is not None and hasattr(self.view, "show_mode"):
            self.view.show_mode(mode_id)

    def _dress(self, palette: Palette) -> None:
        if self.view is not None:
            self.view.set_theme(palette.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.view is not None:
            return
        painter = begin(self)
        area = self.rect().toRectF()
        painter.setFont(font("panel"))
        painter.setPen(ink("text"))
        painter.drawText(round(area.left()), 17, text(self.title))
        frame = QRectF(40, 56, area.width() - 52, area.height() - 100)
        painter.setPen(ink("grid"))
        for step in range(1, 5):
            y = round(frame.top() + frame.height() * step / 5) + 0.5
            painter.drawLine(round(frame.left()), round(y), round(frame.right()), round(y))
        painter.setPen(ink("text3"))
        painter.drawLine(round(frame.left()), round(frame.top()), round(frame.left()), round(frame.bottom()))
        painter.drawLine(
            round(frame.left()), round(frame.bottom()), round(frame.right()), round(frame.bottom())
        )


class SeriesSlot(ChartSlot):
    """A place for a chart that is given its series."""

    def __init__(self, title: Said) -> None:
        super().__init__(title)
        self._series: Any = None

    def fill(self, view: Any) -> None:
        """Put the chart in."""
        self.view = view
        view.ask_path = self._ask_path
        view.holds_back = holds_back
        view.set_theme(theme().palette.name)
        self._layout.addWidget(view)
        if self._series is not None:
            view.show_series(self._series)

    def show_series(self, series: Any) -> None:
        """Draw a series, or keep it for the chart that comes."""
        self._series = series
        if self.view is not None:
            self.view.show_series(series)
