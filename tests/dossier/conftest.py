from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.dossier.content import dossier
from app.dossier.document import Document
from app.dossier.export import is_folder, rendered
from app.dossier.main_run import main_comparison
from app.dossier.material import Material
from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from app.plan.schema import Plan
from app.plan.writing import write_files
from estimators import Catalogue, load_catalogue
from estimators.requests.plan import plan_request

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"
NAMES = tuple(sorted(path.name.removesuffix(".nodewise.json") for path in EXAMPLES.glob("*.nodewise.json")))
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)

MakeMaterial = Callable[[str], Material]
MakeDocument = Callable[[str], Document]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


def material_of(plan: Plan, catalogue: Catalogue) -> Material:
    request = plan_request(campaign_spec(plan, catalogue), catalogue, NOW)
    return Material(request, main_comparison(request, catalogue), plan, catalogue)


@pytest.fixture(scope="session")
def example(catalogue: Catalogue) -> MakeMaterial:
    """The request of an example plan, computed once."""

    @cache
    def make(name: str) -> Material:
        return material_of(read_plan(EXAMPLES / f"{name}.nodewise.json", catalogue), catalogue)

    return make


@pytest.fixture(scope="session")
def paper(example: MakeMaterial) -> MakeDocument:
    """The dossier of an example plan, built once."""
    return cache(lambda name: dossier(example(name)))


@pytest.fixture(scope="session")
def team_paper(example: MakeMaterial) -> MakeDocument:
    """The team's edition of the dossier of an example plan, built once."""
    return cache(lambda name: dossier(example(name), "team"))


@pytest.fixture(scope="session")
def material(example: MakeMaterial) -> Material:
    return example("two-languages-9b")


def export(*what: Any, force: bool = False, **more: Any) -> tuple[Path, ...]:
    """Writes an export as the command does; the arguments are those of `rendered`."""
    files = rendered(*what, **more)
    return write_files(files, force, make_folders=is_folder(what[4]))
