"""Times of the charts: import, first chart, full drawing, a frame while dragging, a hover.

Run from the repository's root: `QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.charts`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

FRAME_MS = 33.0


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def main() -> int:
    """Print the times; status 1 when a frame while dragging takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=40)
    frames = parser.parse_args().frames
    import numpy  # noqa: F401 - the answer has imported it before the charts come
    from PySide6.QtWidgets import QApplication

    import estimators  # noqa: F401

    application = QApplication([])
    print(f"import of app.charts          {milliseconds(_import):7.0f} ms")
    from app.charts import GpuHoursAgainstDays, TimeAgainstGpus
    from tests.charts.fakes import access_modes, comparison

    slowest = 0.0
    modes = access_modes()
    for view_class in (GpuHoursAgainstDays, TimeAgainstGpus):
        views = []

        def first(kind: type = view_class, kept: list = views) -> None:
            view = kind()
            view.resize(790, 270)
            view.show_comparison(comparison(), None, modes)
            view.show()
            application.processEvents()
            kept.append(view)

        print(f"{view_class.__name__}\n  first chart                 {milliseconds(first):7.0f} ms")
        slowest = max(slowest, _frames(views[0], application, comparison, modes, frames))
    print(f"slowest median frame {slowest:.1f} ms, allowed {FRAME_MS:.0f} ms")
    return 0 if slowest <= FRAME_MS else 1


def _import() -> None:
    import app.charts  # noqa: F401


def _frames(view: object, application: object, comparison: Callable, modes: tuple, frames: int) -> float:
    results = [comparison(work=1.0 + 0.01 * (n % 20)) for n in range(frames)]
    full = [
        milliseconds(lambda c=c: (view.show_comparison(c, None, modes), view.canvas.draw())) for c in results
    ]
    _print("new result, whole drawing", full)
    view.set_refining(True)
    moving = [comparison(work=1.0 + 0.01 * (n % 20), final=False) for n in range(frames)]
    drag = [milliseconds(lambda c=c: view.show_comparison(c, None, modes)) for c in moving]
    _print("frame while dragging", drag)
    view.set_refining(False)
    application.processEvents()
    targets = view.chart.targets()
    hover = [milliseconds(lambda t=t: view.hover(t)) for t in targets[:frames]]
    _print("hover", hover)
    return statistics.median(drag)


def _print(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(f"  {name:<27} {statistics.median(ordered):7.1f} ms median, {ordered[-1]:.1f} ms worst")


if __name__ == "__main__":
    sys.exit(main())
