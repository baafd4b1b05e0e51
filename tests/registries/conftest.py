"""A copy of the product with a family and a method more: one file and one line for each, and one card."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CARD = {
    "id": "Mixer-1B",
    "name": "Mixer 1B",
    "family": "Mixer",
    "kind": "token-mixer",
    "architecture": {"kind": "token-mixer", "layers": 24, "width": 2048, "vocab": 32_000},
    "parameters": {"value": 936_000_000, "unit": "parameters", "source": "a test"},
}
LINES = (
    ("families", "import decoder, vision_transformer\n", "import decoder, token_mixer, vision_transformer\n"),
    (
        "families",
        "        vision_transformer.FAMILY,\n",
        "        vision_transformer.FAMILY,\n        token_mixer.FAMILY,\n",
    ),
    ("methods", "import full\n", "import full, rehearsing\n"),
    ("methods", "        *full.RULES,\n", "        *full.RULES,\n        rehearsing.RULE,\n"),
)
"""Module, and what stands there before and after: an import and a name of a list."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the copy."""
    place = tmp_path_factory.mktemp("product")
    for part in ("app", "estimators", "resources"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    workloads = place / "estimators" / "workloads"
    for name in ("token_mixer", "rehearsing"):
        shutil.copy(HERE / f"{name}.py", workloads)
    for module, before, after in LINES:
        file = workloads / f"{module}.py"
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (module, before)
        file.write_text(text.replace(before, after), encoding="utf-8")
    models = place / "resources" / "catalogue" / "models.json"
    cards = json.loads(models.read_text(encoding="utf-8"))
    models.write_text(json.dumps([*cards, CARD]), encoding="utf-8")
    return place


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(product: Path, tmp_path: Path) -> Run:
    """Runs the copy's Python with arguments, in an empty folder."""

    def started(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(product)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return started


@pytest.fixture
def nodewise(run: Run) -> Callable[..., str]:
    """What a command of the copy prints; it must succeed."""

    def printed(*arguments: str | Path) -> str:
        done = run("-m", "app", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return printed


@pytest.fixture
def plan(product: Path, tmp_path: Path) -> Callable[..., Path]:
    """An example plan whose main run trains another workload on other data."""

    def written(workload: dict[str, Any], **data: Any) -> Path:
        example = product / "resources" / "examples" / "support-8b.nodewise.json"
        content = json.loads(example.read_text(encoding="utf-8"))
        content["title"] = ""
        for one in content["runs"]:
            one["workload"], one["data"] = workload, data
        path = tmp_path / "plan.nodewise.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return written
