"""What the tests of charts share."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.present.chart_series import ChartSeries, chart_series, with_plans_mode
from tests.charts.fakes import access_modes, comparison


@pytest.fixture
def series() -> ChartSeries:
    """The usual case: Leonardo chosen, two weeks, own hardware far slower."""
    return with_plans_mode(chart_series(comparison(), None, access_modes()), "fast-lane")


def figure_of(width: int, height: int, ratio: float = 1.0) -> Figure:
    """A figure of so many pixels at 100 %, drawn `ratio` times as sharp."""
    figure = Figure((width / 96.0, height / 96.0), dpi=96.0 * ratio)
    FigureCanvasAgg(figure)
    return figure
