"""The Qt widget of any chart: title row, canvas, theme, copy and save."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.charts import export
from app.charts.header import ChartHeader
from app.charts.style import DPI, Look
from app.plan.writing import write_atomically
from app.present.palette import LIGHT, THEMES, Palette
from app.words import text
from estimators.words import Name, Said, say

SMALLEST_WIDTH, SMALLEST_HEIGHT = 220, 130
SMALLEST_FILE_WIDTH, SMALLEST_FILE_HEIGHT = 480.0, 260.0


class ChartCanvas(FigureCanvasQTAgg):
    """The canvas of a chart; leaves the size to the layout."""

    def sizeHint(self) -> QSize:
        """A size at which every label finds a place."""
        return QSize(690, 300)

    def minimumSizeHint(self) -> QSize:
        """The smallest size that still shows axes."""
        return QSize(SMALLEST_WIDTH, SMALLEST_HEIGHT)


class ChartView(QWidget):
    """Shows one chart. What it draws, and the words for it, are the subclass's."""

    title: ClassVar[Said]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # the window asks: its dialogs stand behind one seam
        self.ask_path: Callable[[str, str], Path | None] = _nowhere
        self.holds_back: Callable[[QWidget, str], bool] = lambda _part, _deed: False
        """Whether the chart may not leave the window now, and for which deed; the window sets it."""
        self.palette_of_theme: Palette = LIGHT
        self.header = ChartHeader(text(self.title), self)
        self.canvas = ChartCanvas(Figure((6.9, 3.0), dpi=DPI))
        self.canvas.setParent(self)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.header)
        column.addWidget(self.canvas, 1)
        self._make_menus()
        self.describe()
        self.header.dress(LIGHT)

    # ------------------------------------------------------------ what each chart gives

    @abstractmethod
    def draw_anew(self) -> None:
        """Draw everything on the canvas from nothing: for another theme or scale."""

    @abstractmethod
    def draw_with_heading(self, figure: Figure, look: Look) -> None:
        """Draw on another figure, with title and subtitle in the picture."""

    @abstractmethod
    def subtitle(self) -> str:
        """What the chart shows, in one sentence; "" when no rule is sure."""

    @abstractmethod
    def summary(self) -> str:
        """The chart in sentences, for screen readers."""

    @abstractmethod
    def data(self) -> str:
        """The chart's numbers as tab-separated text in the C locale; "" before the first result."""

    # ------------------------------------------------------------ what the window calls

    def set_theme(self, name: str) -> None:
        """Draw in the "light" or the "dark" theme."""
        self.palette_of_theme = THEMES[name]
        self.header.dress(self.palette_of_theme)
        self.draw_anew()

    def look(self) -> Look:
        """The theme of the screen."""
        return Look(self.palette_of_theme)

    def describe(self) -> None:
        """Give subtitle and summary to the eye and to assistive tools."""
        subtitle = self.subtitle()
        self.header.set_subtitle(subtitle)
        summary = f"{subtitle}. {self.summary()}" if subtitle else self.summary()
        for widget in (self, self.canvas):
            widget.setAccessibleName(text(self.title))
            widget.setAccessibleDescription(summary)

    # ------------------------------------------------------------ copy and save

    def copy_chart(self) -> None:
        """Put picture and data on the clipboard: programs take the kind that they understand."""
        if self.holds_back(self, "copied"):
            return
        data = QMimeData()
        data.setImageData(self._image())
        data.setText(self.data())
        QGuiApplication.clipboard().setMimeData(data)

    def copy_picture(self) -> None:
        """Put the picture alone on the clipboard."""
        if not self.holds_back(self, "copied"):
            QGuiApplication.clipboard().setImage(self._image())

    def copy_data(self) -> None:
        """Put the data alone on the clipboard, as a tab-separated table."""
        if not self.holds_back(self, "copied"):
            QGuiApplication.clipboard().setText(self.data())

    def save(self, path: Path) -> None:
        """Save as SVG, PDF or PNG by the ending of the name.

        Raises:
            ValueError: The ending is none of these.
            OSError: The file cannot be written.
        """
        format_name = path.suffix.lstrip(".").lower()
        if format_name not in export.FORMATS:
            raise ValueError(f"A chart is saved as SVG, PDF or PNG, not as {path.suffix or path.name!r}.")
        write_atomically(path, self.picture(format_name, LIGHT))

    def picture(self, format_name: export.Format, palette: Palette) -> bytes:
        """The chart with its title as the bytes of a file, in the proportions of the screen."""
        width = max(float(self.canvas.width()), SMALLEST_FILE_WIDTH)
        height = max(float(self.canvas.height()), SMALLEST_FILE_HEIGHT) + 26.0
        return export.picture(self.draw_with_heading, format_name, palette, width, height)

    def _image(self) -> QImage:
        return QImage.fromData(self.picture("png", self.palette_of_theme))

    def _save_as(self, format_name: str) -> None:
        if self.holds_back(self, "saved"):
            return
        path = self.ask_path(f"{text(self.title)}.{format_name}", format_name)
        if path is None:
            return
        try:
            self.save(path)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self.header.set_subtitle(text(say("Not saved: {reason}", reason=Name(reason))))

    def _make_menus(self) -> None:
        copy = QMenu(self.header.copy)
        copy.addAction(text(say("Copy picture and data")), self.copy_chart)
        copy.addAction(text(say("Copy picture")), self.copy_picture)
        copy.addAction(text(say("Copy data as table")), self.copy_data)
        self.header.copy.setMenu(copy)
        download = QMenu(self.header.download)
        for format_name in export.FORMATS:
            words = text(say("Save as {format}", format=Name(format_name.upper())))
            download.addAction(words, partial(self._save_as, format_name))
        self.header.download.setMenu(download)


def _nowhere(_suggestion: str, _format_name: str) -> Path | None:
    """No file: a chart that stands in no window has nobody to ask."""
    return None
