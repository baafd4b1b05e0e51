"""Charts are tested in their own font, which is cut once into the user's cache."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.charts import fonts
from app.present.chart_series import ChartSeries, chart_series, with_plans_mode
from tests.charts.fakes import access_modes, comparison


@pytest.fixture(scope="session", autouse=True)
def chart_font() -> None:
    """No test meets the thread that cuts the font at the very first start."""
    fonts.cut_weights()


@pytest.fixture
def series() -> ChartSeries:
    """The usual case: Leonardo chosen, two weeks, own hardware far slower."""
    return with_plans_mode(chart_series(comparison(), None, access_modes()), "fast-lane")


def figure_of(width: int, height: int, ratio: float = 1.0) -> Figure:
    """A figure of so many pixels at 100 %, drawn `ratio` times as sharp."""
    figure = Figure((width / 96.0, height / 96.0), dpi=96.0 * ratio)
    FigureCanvasAgg(figure)
    return figure
