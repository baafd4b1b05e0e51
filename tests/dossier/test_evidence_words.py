"""Window and dossier make one statement about the published runs near a plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.guard import guarded
from app.plan.files import read_plan
from app.plan.resolve import run_spec
from app.present.answer import own_line, plain
from app.present.evidence_words import nearest_said
from estimators import compare, load_catalogue

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


@pytest.mark.parametrize("name", ["experts-30b-a3b", "nordic-9b"])
@pytest.mark.parametrize("edition", ["reviewer", "team"])
def test_that_every_place_counts_the_same_runs(name: str, edition: str, tmp_path: Path) -> None:
    catalogue, path = load_catalogue(), EXAMPLES / f"{name}.nodewise.json"
    comparison = compare(run_spec(read_plan(path, catalogue), catalogue), catalogue)
    window = plain(own_line(comparison, catalogue, nearest_said(comparison, catalogue)))
    counts = re.search(r"holds (\d+) of (\d+) nearest runs", window)
    assert counts is not None
    assert guarded(["report", str(path), "-o", str(tmp_path / "plan.md"), "--edition", edition]) == 0
    dossier = (tmp_path / "plan.md").read_text(encoding="utf-8")
    said = set(re.findall(r"(\d+) of the (\d+) nearest published runs", dossier))
    assert said == {counts.groups()}
