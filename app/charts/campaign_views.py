"""Calendar and months of a campaign as widgets."""

from __future__ import annotations

from operator import attrgetter

from matplotlib.backend_bases import Event, MouseEvent
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.charts import gantt, months
from app.charts.series_view import Kind, SeriesView
from app.charts.spots import Spot
from app.present.calendar import (
    gantt_summary,
    gantt_text,
    months_summary,
    months_text,
)


class Gantt(SeriesView):
    """The calendar as a widget; a click or Enter selects a run, a second click opens it."""

    title = gantt.TITLE
    run_selected = Signal(str)
    run_opened = Signal(str)

    kind = Kind(gantt.draw, attrgetter("rows"), attrgetter("subtitle"), gantt_summary, gantt_text)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas.mpl_connect("button_press_event", self._on_click)

    def draw_anew(self) -> None:
        """Draw everything from nothing; the card alone answers to the pointer."""
        super().draw_anew()
        if self._ring is not None:
            self._ring.set_visible(False)

    def spot_at(self, x: float, y: float) -> Spot | None:
        """The row at a place, however far from its bar."""
        if self.drawn is None or not self.drawn.spots:
            return None
        _, at = self.drawn.axes.transData.inverted().transform((x, y))
        spots = self.drawn.spots
        reach = abs(spots[1].y - spots[0].y) / 2.0 if len(spots) > 1 else gantt.ROW / 2.0
        nearest = min(spots, key=lambda spot: abs(spot.y - at))
        return nearest if abs(nearest.y - at) <= reach else None

    def _on_click(self, event: Event) -> None:
        if isinstance(event, MouseEvent):
            self._select(self.spot_at(event.x, event.y), event.dblclick)

    def _select(self, spot: Spot | None, opens: bool) -> None:
        if spot is not None and spot.key:
            self.run_selected.emit(spot.key)
            if opens:
                self.run_opened.emit(spot.key)

    def _on_key(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hovered is not None:
            self._select(self.hovered, opens=True)
            return True
        return super()._on_key(key)


class Months(SeriesView):
    """The months as a widget."""

    title = months.TITLE
    kind = Kind(months.draw, attrgetter("bars"), attrgetter("subtitle"), months_summary, months_text)
