import json
from pathlib import Path
from shutil import copytree

import pytest

from estimators.catalogue import Catalogue, load_catalogue

SHIPPED = Path(__file__).parents[2] / "resources" / "catalogue"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped catalogue that a test may break."""
    return Path(copytree(SHIPPED, tmp_path / "catalogue"))


@pytest.fixture
def edit(folder):
    """Change one entry of one file with a function."""

    def change(file, identity, alter):
        path = folder / file
        entries = json.loads(path.read_text(encoding="utf-8"))
        alter(next(entry for entry in entries if entry["id"] == identity))
        path.write_text(json.dumps(entries), encoding="utf-8")

    return change
