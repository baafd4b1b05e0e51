"""The charts as widgets, one class each."""

from __future__ import annotations

from app.charts.gpu_hours_against_days import GpuHoursAgainstDaysChart
from app.charts.view import ChartView
from app.present.chart_series import ChartSeries
from app.present.chart_words import hours_subtitle


class GpuHoursAgainstDays(ChartView):
    """What speed costs on each machine, and which access mode pays for it."""

    chart_class = GpuHoursAgainstDaysChart

    def subtitle_of(self, series: ChartSeries) -> str:
        """Compares GPU families where the difference is clear."""
        return hours_subtitle(series)
