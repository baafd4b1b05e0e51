"""Prepares the chart font beside the running window at the very first start."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from app.charts import fonts


class _FontJob(QObject):
    """Cuts the weights in a thread and says so, once for all charts."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        threading.Thread(target=self._work, name="chart-font", daemon=True).start()

    def _work(self) -> None:
        if fonts.cut_weights():
            try:
                self.ready.emit()
            except RuntimeError:
                return  # the application ended meanwhile


_jobs: list[_FontJob] = []


def when_font_is_ready(draw_anew: Callable[[], None]) -> None:
    """Call a chart's bound method once the font is there; do nothing where it already is."""
    if fonts.FAMILY in fonts.families():
        return
    if not _jobs:
        _jobs.append(_FontJob())
    _jobs[0].ready.connect(draw_anew, Qt.ConnectionType.QueuedConnection)
