"""The charts as widgets, one class each."""

from __future__ import annotations

from app.charts.gpu_hours_against_days import GpuHoursAgainstDaysChart
from app.charts.machine_view import MachineChartView
from app.charts.time_against_gpus import TimeAgainstGpusChart
from app.present.chart_series import ChartSeries
from app.present.chart_words import hours_subtitle, time_subtitle


class GpuHoursAgainstDays(MachineChartView):
    """What speed costs on each machine, and which access mode pays for it."""

    title = GpuHoursAgainstDaysChart.title
    chart_class = GpuHoursAgainstDaysChart

    def subtitle_of(self, series: ChartSeries) -> str:
        """Compares GPU families where the difference is clear."""
        return hours_subtitle(series)


class TimeAgainstGpus(MachineChartView):
    """How far more GPUs shorten the run on each machine, up to the queue's limit."""

    title = TimeAgainstGpusChart.title
    chart_class = TimeAgainstGpusChart

    def subtitle_of(self, series: ChartSeries) -> str:
        """Says what more GPUs do on the chosen machine."""
        return time_subtitle(series)
