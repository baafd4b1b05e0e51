"""Garbage is collected in the window's thread only.

Python collects in whatever thread happens to allocate. A cycle that holds a Qt object, collected while a
worker computes, deletes that object outside its thread: its timers go on without it and the process dies.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


def collect_in_this_thread(parent: QObject) -> None:
    """Collect by a timer of the parent from now on; what stands already counts as kept."""
    gc.disable()
    gc.freeze()
    timer = QTimer(parent)
    timer.setInterval(INTERVAL_MS)
    timer.timeout.connect(collect)
    timer.start()


def collect() -> None:
    """Collect the oldest generation that Python itself would collect now, if any."""
    counts_and_limits = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, limit) in enumerate(counts_and_limits) if count > limit]
    if due:
        gc.collect(due[-1])
