"""Charts of one series as widgets: what a kind of chart draws and says, and the view that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from PySide6.QtWidgets import QWidget

from app.charts.point_view import PointChartView
from app.charts.spots import Drawn
from app.charts.style import Look
from app.words import text
from estimators.words import Said, say

NO_REQUEST = say("No request yet")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of chart makes of its series.

    Attributes:
        draw: Draws it on an empty figure.
        marks: What is drawn; nothing is shown where this is empty.
        subtitle, summary, text: For the title line, for screen readers, and for the clipboard.
        empty: What is said before there is a series.
    """

    draw: Callable[[Figure, Any, Look, tuple[str, str] | None], Drawn]
    marks: Callable[[Any], Any]
    subtitle: Callable[[Any], str]
    summary: Callable[[Any], str]
    text: Callable[[Any], str]
    empty: Said = NO_REQUEST


class SeriesView(PointChartView):
    """Shows one series after the other; drawn anew when another one comes."""

    kind: Kind

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: Any = None
        super().__init__(parent)

    def show_series(self, series: Any) -> None:
        """Show another series."""
        if series != self._series:
            self._series = series
            self.show_again()

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> Drawn | None:
        """Draw the series, or nothing where it is empty."""
        if self._series is None or not self.kind.marks(self._series):
            return None
        return self.kind.draw(figure, self._series, look, heading)

    def subtitle(self) -> str:
        """What is seen."""
        return self.kind.subtitle(self._series) if self._series is not None else ""

    def summary(self) -> str:
        """All of it in sentences."""
        return self.kind.summary(self._series) if self._series is not None else text(self.kind.empty)

    def data(self) -> str:
        """All of it as a table."""
        return self.kind.text(self._series) if self._series is not None else ""
