"""The access modes against the request, as a widget."""

from __future__ import annotations

from matplotlib.figure import Figure
from PySide6.QtWidgets import QWidget

from app.charts import doors
from app.charts.point_view import PointChartView
from app.charts.spots import Drawn
from app.charts.style import Look
from app.present.access_chart import DoorSeries, chart_text, summary


class Doors(PointChartView):
    """The modes against the request, as a widget."""

    title = doors.TITLE

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: DoorSeries | None = None
        super().__init__(parent)

    def show_series(self, series: DoorSeries) -> None:
        """Show another request."""
        if series != self._series:
            self._series = series
            self.show_again()

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> Drawn | None:
        """Draw the bars, or nothing before the first request."""
        if self._series is None or not self._series.bars:
            return None
        return doors.draw(figure, self._series, look, heading)

    def subtitle(self) -> str:
        """Which modes have no size on the machine."""
        return self._series.subtitle if self._series is not None else ""

    def summary(self) -> str:
        """Every mode in a sentence."""
        return summary(self._series) if self._series is not None else self.tr("No request yet")

    def data(self) -> str:
        """Bounds of every mode, and the request."""
        return chart_text(self._series) if self._series is not None else ""
