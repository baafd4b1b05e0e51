"""The science of Nodewise: what an AI training run costs on every machine, with a range and a reason.

    catalogue = load_catalogue()
    spec = RunSpec(card=catalogue.model("EuroLLM-9B"), method="continued-pretraining",
                   samples=300e9 / 4096, sample_tokens=4096)
    comparison = compare(spec, catalogue)

A whole project with its access mode, findings and form is a `CampaignSpec`, and `plan_request` answers it.
Nothing here knows a window, the network, the clock or global state.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from estimators.calibration import Calibration, load_calibration
from estimators.catalogue import Catalogue, CatalogueError, load_catalogue
from estimators.evidence.published import Nearest, PublishedRun, nearest_runs, published_runs
from estimators.planning.compare import compare, reprice
from estimators.planning.prepare import RunError
from estimators.planning.records import (
    Comparison,
    CurvePoint,
    LayoutChoice,
    LayoutUsed,
    MachineAnswer,
    MeasuredStep,
    MemoryParts,
    OwnHardware,
    RunSpec,
    SiteUnits,
    StepParts,
)
from estimators.quantity import Fact, Figure, Origin, Range

if TYPE_CHECKING:
    from estimators.requests.plan import plan_request
    from estimators.requests.records import CampaignRun, CampaignSpec
    from estimators.requests.results import Request

__all__ = [
    "Calibration",
    "CampaignRun",
    "CampaignSpec",
    "Catalogue",
    "CatalogueError",
    "Comparison",
    "CurvePoint",
    "Fact",
    "Figure",
    "LayoutChoice",
    "LayoutUsed",
    "MachineAnswer",
    "MeasuredStep",
    "MemoryParts",
    "Nearest",
    "Origin",
    "OwnHardware",
    "PublishedRun",
    "Range",
    "Request",
    "RunError",
    "RunSpec",
    "SiteUnits",
    "StepParts",
    "compare",
    "load_calibration",
    "load_catalogue",
    "nearest_runs",
    "plan_request",
    "published_runs",
    "reprice",
]

_REQUESTS = {
    "CampaignRun": "estimators.requests.records",
    "CampaignSpec": "estimators.requests.records",
    "Request": "estimators.requests.results",
    "plan_request": "estimators.requests.plan",
}


def __getattr__(name: str) -> Any:
    """Names of requests, loaded when first asked for: a window shows runs before it shows requests."""
    if name not in _REQUESTS:
        raise AttributeError(f"module 'estimators' has no attribute {name!r}")
    return getattr(import_module(_REQUESTS[name]), name)
