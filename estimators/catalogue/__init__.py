"""Facts with their sources: GPUs, machines, models, grids, access modes and more.

`load_catalogue()` reads and checks everything; see `Catalogue` for what it holds.
"""

from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.catalogue.messages import CatalogueError
from estimators.catalogue.records import (
    AccessMode,
    Gpu,
    Grid,
    Machine,
    ModelCard,
    Queue,
    SiteUnit,
)
from estimators.catalogue.reference import (
    Dataset,
    FactTable,
    FormField,
    SourceAddress,
    Tokenizer,
)

__all__ = [
    "AccessMode",
    "Catalogue",
    "CatalogueError",
    "Dataset",
    "FactTable",
    "FormField",
    "Gpu",
    "Grid",
    "Machine",
    "ModelCard",
    "Queue",
    "SiteUnit",
    "SourceAddress",
    "Tokenizer",
    "load_catalogue",
]
