"""Charts of machines as widgets: they answer to the pointer and the keyboard and move while dragging.

The drawing is kept as a background (axes, grid, bounds) and marks above it. While a slider is dragged
only the marks are drawn again over the kept background; the whole follows after the last change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
from matplotlib.backend_bases import Event, MouseEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.charts.hover import HoverCard
from app.charts.machine_chart import MachineChart, Target
from app.charts.stamps import Stamp, put_stamp, take_stamps
from app.charts.style import Look
from app.charts.view import ChartView
from app.present.chart_series import ChartSeries, chart_series, with_plans_mode
from app.present.chart_words import card_text, data_table, summary
from app.words import text
from estimators.catalogue.records import AccessMode, Gpu
from estimators.planning.records import Comparison
from estimators.words import say

REACH_ANSWER = 14.0
REACH_CURVE = 18.0
SMALLEST_DRAWN = 40
"""Pixels under which a canvas is only being laid out, and nothing is drawn."""


class MachineChartView(ChartView):
    """Shows one chart of machines.

    Signals:
        machine_selected: Id of a machine that was clicked or chosen by keyboard.
    """

    machine_selected = Signal(str)
    chart_class: ClassVar[type[MachineChart]]

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: ChartSeries | None = None
        self._mode_id: str | None = None
        self._refining = False
        self._background: Any = None
        self._scene: Any = None
        self._stamps: dict[str, Stamp] = {}
        self._hovered: Target | None = None
        self._pixels: np.ndarray[Any, Any] | None = None
        self._targets: list[Target] = []
        super().__init__(parent)
        self.canvas.setMouseTracking(True)
        self.card = HoverCard(self.canvas)
        self._connect_canvas()
        self.draw_anew()

    # ------------------------------------------------------------ what the window calls

    def show_comparison(
        self,
        comparison: Comparison,
        chosen_machine_id: str | None,
        modes: Iterable[AccessMode] = (),
        gpus: Mapping[str, Gpu] | None = None,
    ) -> None:
        """Show a result.

        Args:
            comparison: The run on every machine.
            chosen_machine_id: The machine to emphasise; None takes that of the headline.
            modes: Access modes of the catalogue.
            gpus: GPU entries of the catalogue by id.
        """
        self.show_series(chart_series(comparison, chosen_machine_id, modes, gpus))

    def show_mode(self, mode_id: str | None) -> None:
        """Mark the access mode of the whole request, which is judged elsewhere."""
        if mode_id != self._mode_id:
            self._mode_id = mode_id
            if self._series is not None:
                self.show_series(self._series)

    def show_series(self, series: ChartSeries) -> None:
        """Show a series; while refining only the marks move."""
        series = self._series = with_plans_mode(series, self._mode_id)
        moved = (self._refining or not series.final) and self._scene is not None and self.chart.move(series)
        self._forget_targets()
        if moved:
            self._draw_marks()
            return
        self.chart.show(series)
        self.describe()
        self.canvas.draw_idle()

    def set_refining(self, refining: bool) -> None:
        """Whether values are being dragged: marks move, axes and labels are solved after the release."""
        if refining == self._refining:
            return
        self._refining = refining
        self.leave()
        if refining and self._scene is not None:
            self._stamps = take_stamps(self.chart.texts, self.canvas.get_renderer())
        if not refining and self._series is not None:
            self.show_series(self._series)

    # ------------------------------------------------------------ what the base class asks

    def subtitle_of(self, series: ChartSeries) -> str:
        """What the chart shows, in one sentence; "" when no rule is sure."""
        raise NotImplementedError

    def subtitle(self) -> str:
        """What the chart shows now."""
        return self.subtitle_of(self._series) if self._series is not None else ""

    def summary(self) -> str:
        """Every machine with its cost and time."""
        return summary(self._series) if self._series is not None else text(say("No result yet"))

    def data(self) -> str:
        """Every point of every curve."""
        return data_table(self._series) if self._series is not None else ""

    def draw_with_heading(self, figure: Figure, look: Look) -> None:
        """Draw the same chart for a file."""
        chart = self.chart_class(figure, look)
        if self._series is not None:
            chart.set_heading(text(self.title), self.subtitle())
            chart.show(self._series)

    # ------------------------------------------------------------ drawing

    def _connect_canvas(self) -> None:
        self.canvas.installEventFilter(self)
        self.canvas.mpl_connect("draw_event", self._after_draw)
        self.canvas.mpl_connect("resize_event", self._after_resize)
        self.canvas.mpl_connect("motion_notify_event", self._on_motion)
        self.canvas.mpl_connect("button_press_event", self._on_click)
        self.canvas.mpl_connect("axes_leave_event", lambda _: self.leave())
        self.canvas.mpl_connect("figure_leave_event", lambda _: self.leave())

    def draw_anew(self) -> None:
        """Draw everything from nothing: for another theme, scale or font."""
        figure, look = self.canvas.figure, self.look()
        figure.clear()
        self.card.dress(look.palette, look.scale)
        self.chart = self.chart_class(figure, look)
        self.chart.set_animated(True)
        self._ring = Line2D([], [], marker="o", linestyle="none", fillstyle="none", animated=True)
        self._ring.set_markersize(look.points(17.0))
        self._ring.set_markeredgewidth(look.points(2.0))
        self._ring.set_markeredgecolor(look.palette.text)
        self._ring.set_clip_on(False)
        self.chart.axes.add_line(self._ring)
        self.leave()
        if self._series is not None:
            self.chart.show(self._series)
        self._forget_targets()
        self.canvas.draw_idle()

    def _after_draw(self, _: Event) -> None:
        """The background is drawn: keep it, and draw the marks above it."""
        self._stamps = {}
        self._background = self.canvas.copy_from_bbox(self.canvas.figure.bbox)
        self._paint_marks()

    def _draw_marks(self) -> None:
        if not self._stamps:
            self._stamps = take_stamps(self.chart.texts, self.canvas.get_renderer())
        self.canvas.restore_region(self._background)
        self._paint_marks()
        self.canvas.blit(self.canvas.figure.bbox)

    def _paint_marks(self) -> None:
        renderer = self.canvas.get_renderer()
        for artist in self.chart.marks:
            artist.draw(renderer)
        for key, words in self.chart.texts.items():
            if key in self._stamps:
                put_stamp(self._stamps[key], words, renderer)
            else:
                words.draw(renderer)
        self._scene = self.canvas.copy_from_bbox(self.canvas.figure.bbox)
        if self._hovered is not None:
            self._ring.draw(renderer)

    def _after_resize(self, _: Event) -> None:
        self._scene = self._background = None
        self.leave()
        self._forget_targets()
        if self._series is not None and min(self.canvas.width(), self.canvas.height()) > SMALLEST_DRAWN:
            self.chart.show(self._series)

    # ------------------------------------------------------------ pointer and keyboard

    def _forget_targets(self) -> None:
        self._pixels = None
        self._targets = []

    def target_at(self, x: float, y: float) -> Target | None:
        """The nearest point to a place in display coordinates; answers win over plain curve points."""
        if self._pixels is None:
            self._targets = self.chart.targets()
            data = np.array([(target.x, target.y) for target in self._targets]).reshape(-1, 2)
            self._pixels = self.chart.axes.transData.transform(data)
        if not self._targets:
            return None
        distance = np.hypot(self._pixels[:, 0] - x, self._pixels[:, 1] - y)
        answers = np.array([target.is_answer for target in self._targets])
        near = np.where(answers, distance, np.inf)
        if near.min() <= self.chart.pixels(REACH_ANSWER):
            return self._targets[int(near.argmin())]
        box = self.chart.axes.get_window_extent()
        inside = (self._pixels >= box.min).all(axis=1) & (self._pixels <= box.max).all(axis=1)
        distance = np.where(inside, distance, np.inf)
        if distance.min() <= self.chart.pixels(REACH_CURVE):
            return self._targets[int(distance.argmin())]
        return None

    def _on_motion(self, event: Event) -> None:
        if isinstance(event, MouseEvent) and not self._refining:
            self.hover(self.target_at(event.x, event.y))

    def _on_click(self, event: Event) -> None:
        if isinstance(event, MouseEvent) and event.button == 1:
            target = self.target_at(event.x, event.y)
            if target is not None and not target.series.is_own:
                self.machine_selected.emit(target.series.machine_id)

    def hover(self, target: Target | None) -> None:
        """Ring a point and show its card; None takes both away."""
        if target == self._hovered or self._scene is None:
            return
        self._hovered = target
        self.canvas.restore_region(self._scene)
        if target is None:
            self.card.hide()
        else:
            self._ring.set_data([target.x], [target.y])
            self._ring.draw(self.canvas.get_renderer())
            self._show_card(target)
        self.canvas.blit(self.canvas.figure.bbox)

    def leave(self) -> None:
        """Take ring and card away."""
        self.card.hide()
        if self._hovered is not None and self._scene is not None:
            self.hover(None)
        self._hovered = None

    def _show_card(self, target: Target) -> None:
        x, y = self.chart.to_pixels(target.x, target.y)
        ratio = self.canvas.devicePixelRatioF()
        at = QPoint(round(x / ratio), round(self.canvas.height() - y / ratio))
        deadline = self._series.deadline_seconds if self._series is not None else None
        words = card_text(target.series, target.point, target.is_answer, deadline)
        self.card.show_at(at, words.head, words.body, words.limit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk through the machines with the arrow keys; Enter selects, Escape leaves."""
        if watched is self.canvas and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(Qt.Key(event.key()))
        if watched is self.canvas and event.type() == QEvent.Type.FocusOut:
            self.leave()
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        answers = [target for target in self.chart.targets() if target.is_answer]
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if key in steps and answers:
            at = next((i for i, target in enumerate(answers) if target == self._hovered), -1)
            start = at if at >= 0 or steps[key] > 0 else 0
            self.hover(answers[(start + steps[key]) % len(answers)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hovered is not None:
            if not self._hovered.series.is_own:
                self.machine_selected.emit(self._hovered.series.machine_id)
        elif key == Qt.Key.Key_Escape and self._hovered is not None:
            self.leave()
        else:
            return False
        return True
