from pathlib import Path

import pytest

from estimators import Catalogue, load_catalogue
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.rows import Row, read_rows


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def shipped() -> tuple[Row, ...]:
    return read_rows(SHIPPED_EVIDENCE)


@pytest.fixture
def evidence(tmp_path) -> Path:
    """Where a test may write an evidence file of its own."""
    return tmp_path / "own.jsonl"
