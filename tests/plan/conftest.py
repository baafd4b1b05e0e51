from __future__ import annotations

from pathlib import Path

import pytest

from app.plan.files import read_plan
from app.plan.schema import Plan
from estimators.catalogue import Catalogue, load_catalogue

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def nordic() -> Plan:
    return read_plan(EXAMPLES / "nordic-9b.nodewise.json")
