"""The charts: drawings on a matplotlib figure, and the Qt view that shows them.

matplotlib costs half a second to import, so the window imports this package after its first paint. The
views load when they are asked for: a dossier takes the drawings alone, and needs no Qt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.charts import fonts

if TYPE_CHECKING:
    from app.charts.bar_view import DeviceMemory, StepTime
    from app.charts.campaign_views import Gantt, Months
    from app.charts.door_view import Doors
    from app.charts.predicted_against_measured import PredictedAgainstMeasured
    from app.charts.reliability import Reliability
    from app.charts.views import GpuHoursAgainstDays, TimeAgainstGpus

__all__ = [
    "DeviceMemory",
    "Doors",
    "Gantt",
    "GpuHoursAgainstDays",
    "Months",
    "PredictedAgainstMeasured",
    "Reliability",
    "StepTime",
    "TimeAgainstGpus",
]

_VIEWS = {
    "DeviceMemory": "bar_view",
    "Doors": "door_view",
    "Gantt": "campaign_views",
    "GpuHoursAgainstDays": "views",
    "Months": "campaign_views",
    "PredictedAgainstMeasured": "predicted_against_measured",
    "Reliability": "reliability",
    "StepTime": "bar_view",
    "TimeAgainstGpus": "views",
}


fonts.register()  # before anything here loads what looks fonts up


def __getattr__(name: str) -> Any:
    if name not in _VIEWS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"app.charts.{_VIEWS[name]}"), name)
