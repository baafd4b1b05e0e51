"""The charts: drawings on a matplotlib figure, and the Qt view that shows them.

matplotlib costs half a second to import, so the window imports this package after its first paint.
"""

from app.charts.bar_view import DeviceMemory, StepTime
from app.charts.predicted_against_measured import PredictedAgainstMeasured
from app.charts.reliability import Reliability
from app.charts.views import GpuHoursAgainstDays, TimeAgainstGpus

__all__ = [
    "DeviceMemory",
    "GpuHoursAgainstDays",
    "PredictedAgainstMeasured",
    "Reliability",
    "StepTime",
    "TimeAgainstGpus",
]
