"""The science of Nodewise: what an AI training run costs on every machine, with a range and a reason.

    catalogue = load_catalogue()
    spec = RunSpec(model=model_of(catalogue.model("EuroLLM-9B")), method=Full("continued-pretraining"),
                   samples=300e9 / 4096, sample=Text(4096))
    comparison = compare(spec, catalogue)

A whole project with its access mode, findings and form is a `CampaignSpec`, and `plan_request` answers it.
Nothing here knows a window, the network, the clock or global state.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import estimators.workloads.families  # noqa: F401  (so that the catalogue knows the shapes of all families)

if TYPE_CHECKING:
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

_HOMES = (
    "quantity",
    "catalogue",
    "planning.records",
    "calibration",
    "planning.prepare",
    "planning.compare",
    "evidence.published",
    "requests.records",
    "requests.results",
    "requests.plan",
)
"""Where the names stand, those first that load least."""


def __getattr__(name: str) -> Any:
    """A name, loaded when first asked for: a list of machines needs no numpy, a run no request."""
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"estimators.{home}")
            if hasattr(module, name):
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module 'estimators' has no attribute {name!r}")
