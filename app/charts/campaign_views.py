"""Calendar and months of a campaign as widgets."""

from __future__ import annotations

from matplotlib.backend_bases import Event, MouseEvent
from matplotlib.figure import Figure
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.charts import gantt, months
from app.charts.point_view import PointChartView
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.present.calendar import (
    GanttSeries,
    MonthSeries,
    gantt_summary,
    gantt_text,
    months_summary,
    months_text,
)


class Gantt(PointChartView):
    """The calendar as a widget; a click or Enter selects a run, a second click opens it."""

    title = gantt.TITLE
    run_selected = Signal(str)
    run_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: GanttSeries | None = None
        super().__init__(parent)
        self.canvas.mpl_connect("button_press_event", self._on_click)

    def show_series(self, series: GanttSeries) -> None:
        """Show another calendar."""
        if series != self._series:
            self._series = series
            self.show_again()

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> Drawn | None:
        """Draw the rows, or nothing before the first request."""
        if self._series is None or not self._series.rows:
            return None
        return gantt.draw(figure, self._series, look, heading)

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

    def subtitle(self) -> str:
        """When, where and how to read the bars."""
        return self._series.subtitle if self._series is not None else ""

    def summary(self) -> str:
        """All rows in sentences."""
        return gantt_summary(self._series) if self._series is not None else self.tr("No request yet")

    def data(self) -> str:
        """Dates of every row."""
        return gantt_text(self._series) if self._series is not None else ""


class Months(PointChartView):
    """The months as a widget."""

    title = months.TITLE

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: MonthSeries | None = None
        super().__init__(parent)

    def show_series(self, series: MonthSeries) -> None:
        """Show other months."""
        if series != self._series:
            self._series = series
            self.show_again()

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> Drawn | None:
        """Draw the bars, or nothing before the first request."""
        if self._series is None or not self._series.bars:
            return None
        return months.draw(figure, self._series, look, heading)

    def subtitle(self) -> str:
        """In which month most of it falls."""
        return self._series.subtitle if self._series is not None else ""

    def summary(self) -> str:
        """All months in one sentence."""
        return months_summary(self._series) if self._series is not None else self.tr("No request yet")

    def data(self) -> str:
        """Node-hours by month and milestone."""
        return months_text(self._series) if self._series is not None else ""
