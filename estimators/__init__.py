"""The science of Nodewise: what an AI training run costs on every machine, with a range and a reason.

    catalogue = load_catalogue()
    spec = RunSpec(card=catalogue.model("EuroLLM-9B"), method="continued-pretraining",
                   samples=300e9 / 4096, sample_tokens=4096)
    comparison = compare(spec, catalogue)

Nothing here knows a window, the network, the clock or global state.
"""

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

__all__ = [
    "Calibration",
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
    "RunError",
    "RunSpec",
    "SiteUnits",
    "StepParts",
    "compare",
    "load_calibration",
    "load_catalogue",
    "nearest_runs",
    "published_runs",
    "reprice",
]
