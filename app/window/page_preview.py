"""The first page of the dossier as it comes out, and how many pages it leaves."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from app.window.document import Document
from app.window.export_work import Preview, first_page
from app.window.parts.card import Card, column
from app.window.parts.text import Text
from app.window.tasks import run_task
from app.words import text
from estimators.requests.results import Request
from estimators.words import say

PAUSE_MS = 350
"""After the last change, until the page is drawn anew."""
WAITING = say("Counting the pages …")
INCHES_ACROSS, RATIO = 210.0 / 25.4, 297.0 / 210.0


class PagePreview(QWidget):
    """Follows the plan's edition and words; drawn beside the window.

    Args:
        width: Of the page in pixels; 0 says only how many pages there are.
    """

    def __init__(self, request: Request, document: Document, width: int) -> None:
        super().__init__()
        self._request, self._document = request, document
        self._asked = 0
        self.picture = QLabel()
        self.picture.setFixedSize(max(1, width), max(1, round(width * RATIO)))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(text(say("First page of the dossier")))
        self.words = Text(text(WAITING), "label", "text2", wrap=bool(width))
        layout = column(self, gap=6)
        if width:
            layout.addWidget(Text(text(say("Page 1")), "label", "text2"))
            frame = Card(radius=4)
            column(frame, (1, 1, 1, 1)).addWidget(self.picture)
            layout.addWidget(frame)
            self.words.setFixedWidth(width)
        layout.addWidget(self.words)
        layout.addStretch()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._draw)
        document.changed.connect(self._wait)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wait()

    def _wait(self, _plan: object = None) -> None:
        self._timer.start()

    def _draw(self) -> None:
        """Have the page drawn; of several that are asked for only the last is shown."""
        self._asked += 1
        pixels = max(10.0, self.picture.width() * self.devicePixelRatioF() / INCHES_ACROSS)
        plan, catalogue = self._document.plan, self._document.catalogue
        work = partial(first_page, self._request, plan, catalogue, pixels)
        run_task(work, partial(self._show, self._asked))

    def _show(self, number: int, found: Preview) -> None:
        if not isValid(self) or number != self._asked:
            return
        picture = QPixmap.fromImage(QImage.fromData(found.picture))
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(picture)
        self.words.setText(found.words)
