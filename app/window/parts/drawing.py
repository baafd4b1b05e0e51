"""Strokes shared by the widgets that draw themselves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.present.palette import Mark, Palette


def begin(widget: QWidget) -> QPainter:
    """A painter with smooth edges on a widget."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def box(
    painter: QPainter,
    area: QRectF,
    radius: float,
    fill: QColor | None,
    edge: QColor | None = None,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded rectangle whose edge lies wholly inside the area."""
    pen = QPen(edge, width) if edge is not None else QPen(Qt.PenStyle.NoPen)
    if dashed:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3.0, 2.0])
    painter.setPen(pen)
    painter.setBrush(QBrush(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if edge is not None else 0.0
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), radius, radius)


def draw_marker(painter: QPainter, mark: Mark, palette: Palette, centre: QPointF, size: float) -> None:
    """The marker of a machine, filled in its hue, or hollow while it is not in service."""
    colour = QColor(mark.colour(palette))
    half = size / 2
    if mark.marker == "cross":
        _draw_cross(painter, colour, centre, half)
        return
    painter.setPen(QPen(colour, 1.5) if mark.hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if mark.hollow else QBrush(colour))
    if mark.marker == "circle":
        painter.drawEllipse(centre, half, half)
    elif mark.marker == "square":
        painter.drawRect(QRectF(centre.x() - half * 0.9, centre.y() - half * 0.9, size * 0.9, size * 0.9))
    else:
        painter.drawPolygon(_polygon(mark.marker, centre, half))


def _polygon(marker: str, centre: QPointF, half: float) -> QPolygonF:
    reach = half * 1.12
    corners = {
        "diamond": ((0, -reach), (reach, 0), (0, reach), (-reach, 0)),
        "triangle": ((0, -half), (half, half * 0.9), (-half, half * 0.9)),
        "triangle-down": ((0, half), (half, -half * 0.9), (-half, -half * 0.9)),
    }[marker]
    polygon = QPolygonF()  # point by point: the binding takes long to recognise a list of them
    for x, y in corners:
        polygon.append(QPointF(centre.x() + x, centre.y() + y))
    return polygon


def _draw_cross(painter: QPainter, colour: QColor, centre: QPointF, half: float) -> None:
    pen = QPen(colour, half * 0.62)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for sign in (1, -1):
        painter.drawLine(
            QPointF(centre.x() - half, centre.y() - sign * half),
            QPointF(centre.x() + half, centre.y() + sign * half),
        )
