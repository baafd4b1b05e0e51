"""Thirty plans at random through everything; `python -m tests.everything` takes thousands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.everything.crowd import drawn
from tests.everything.walk import FORMATS, Outcome, walk

PLANS = 5
"""Of each seed."""
SLOW = {"report .pdf": 0, "report .docx": 1}
"""Formats with pictures, and which plans of three are written in them."""


@pytest.mark.parametrize("seed", range(6))
def test_that_every_plan_goes_through_everything(seed: int, tmp_path: Path) -> None:
    seen: list[Outcome] = []
    for place, raw in enumerate(drawn(seed, PLANS)):
        folder = tmp_path / str(place)
        folder.mkdir()
        turn = (seed + place) % 3
        done = walk(raw, folder, lambda name, turn=turn: SLOW.get(name, turn) == turn)
        assert [outcome for outcome in done if outcome.fault] == []
        seen += done
    assert {f"report .{ending}" for ending in FORMATS} <= {outcome.command for outcome in seen}
    assert any(outcome.status != 2 for outcome in seen), "all plans were refused: the generator is blind"
