"""Charts of points as widgets: a ring and a card at the point under the pointer or the keyboard."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from matplotlib.backend_bases import Event, MouseEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.charts.hover import HoverCard
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.charts.view import ChartView
from app.words import text

REACH = 14.0
"""Pixels at 100 % from which the pointer catches a point."""
RING = 16.0
SMALLEST_DRAWN = 40


class PointChartView(ChartView):
    """A chart that is drawn anew for every result; hovering draws over a kept picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.drawn: Drawn | None = None
        self.hovered: Spot | None = None
        self._scene: Any = None
        self._ring: Line2D | None = None
        super().__init__(parent)
        self.canvas.setMouseTracking(True)
        self.card = HoverCard(self.canvas)
        self.canvas.installEventFilter(self)
        self.canvas.mpl_connect("resize_event", self._after_resize)
        self.canvas.mpl_connect("draw_event", self._after_draw)
        self.canvas.mpl_connect("motion_notify_event", self._on_motion)
        self.canvas.mpl_connect("figure_leave_event", lambda _: self.hover(None))
        self.draw_anew()

    @abstractmethod
    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> Drawn | None:
        """Draw what is shown; None where there is nothing."""

    # ------------------------------------------------------------ drawing

    def draw_anew(self) -> None:
        """Draw everything from nothing."""
        figure, look = self.canvas.figure, self.look()
        figure.clear()
        figure.set_facecolor(look.palette.surface)
        self.drawn = self._ring = self._scene = self.hovered = None
        self.card.dress(look.palette, look.scale)
        self.card.hide()
        if min(self.canvas.width(), self.canvas.height()) > SMALLEST_DRAWN:
            self.drawn = self.draw_on(figure, look, None)
        if self.drawn is not None:
            self._ring = _ring(look)
            self.drawn.axes.add_line(self._ring)
        self.canvas.draw_idle()

    def draw_with_heading(self, figure: Figure, look: Look) -> None:
        """Draw the same chart for a file."""
        figure.set_facecolor(look.palette.surface)
        self.draw_on(figure, look, (text(self.title), self.subtitle()))

    def show_again(self) -> None:
        """Describe and draw what has been kept anew."""
        self.describe()
        self.draw_anew()

    def _after_resize(self, _: Event) -> None:
        self.draw_anew()

    def _after_draw(self, _: Event) -> None:
        self._scene = self.canvas.copy_from_bbox(self.canvas.figure.bbox)

    # ------------------------------------------------------------ pointer and keyboard

    def spot_at(self, x: float, y: float) -> Spot | None:
        """The nearest point to a place in display coordinates, if it is near enough."""
        if self.drawn is None or not self.drawn.spots:
            return None
        data = np.array([(spot.x, spot.y) for spot in self.drawn.spots])
        away = self.drawn.axes.transData.transform(data) - (x, y)
        distance = np.hypot(away[:, 0], away[:, 1])
        reach = REACH * self.look().scale * self.canvas.devicePixelRatioF()
        nearest = int(distance.argmin())
        return self.drawn.spots[nearest] if distance[nearest] <= reach else None

    def hover(self, spot: Spot | None) -> None:
        """Ring a point and show its card; None takes both away."""
        if spot is self.hovered or self._scene is None or self._ring is None or self.drawn is None:
            return
        self.hovered = spot
        self.canvas.restore_region(self._scene)
        if spot is None:
            self.card.hide()
        else:
            self._ring.set_data([spot.x], [spot.y])
            self._ring.draw(self.canvas.get_renderer())
            x, y = self.drawn.axes.transData.transform((spot.x, spot.y))
            ratio = self.canvas.devicePixelRatioF()
            at = QPoint(round(x / ratio), round(self.canvas.height() - y / ratio))
            self.card.show_at(at, *spot.words())
        self.canvas.blit(self.canvas.figure.bbox)

    def _on_motion(self, event: Event) -> None:
        if isinstance(event, MouseEvent):
            self.hover(self.spot_at(event.x, event.y))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk through the points that matter with the arrow keys; Escape leaves."""
        if watched is self.canvas and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(Qt.Key(event.key()))
        if watched is self.canvas and event.type() == QEvent.Type.FocusOut:
            self.hover(None)
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        stops = [spot for spot in self.drawn.spots if spot.is_stop] if self.drawn is not None else []
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if key in steps and stops:
            at = next((i for i, spot in enumerate(stops) if spot is self.hovered), -1)
            start = at if at >= 0 or steps[key] > 0 else 0
            self.hover(stops[(start + steps[key]) % len(stops)])
        elif key == Qt.Key.Key_Escape and self.hovered is not None:
            self.hover(None)
        else:
            return False
        return True


def _ring(look: Look) -> Line2D:
    ring = Line2D([], [], marker="o", linestyle="none", fillstyle="none", animated=True, clip_on=False)
    ring.set_markersize(look.points(RING))
    ring.set_markeredgewidth(look.points(2.0))
    ring.set_markeredgecolor(look.palette.text)
    return ring
