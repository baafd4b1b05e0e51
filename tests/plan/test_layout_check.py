"""A layout that the user fixes is held against the software that is to run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.plan.check import problems
from app.plan.edits import change_together
from app.plan.files import write_plan
from app.plan.schema import Plan
from app.words import text
from estimators.catalogue import Catalogue

CASES = [
    ("trainer", "tensor_parallel", 4, "must be 1 or left open, not 4: the trainer as it comes has no tensor"),
    ("trainer", "pipeline_parallel", 2, 'Software "megatron" or "fsdp" has it.'),
    ("trainer", "context_parallel", 8, "has no context parallelism"),
    ("trainer", "recompute", "selective", 'cannot be "selective": the trainer as it comes has no such'),
    ("fsdp", "schedule", "zero-bubble", "order of the pipeline's passes"),
    (None, "recipe", "row-wise", "a Megatron-class program has no such scaling of 8-bit products"),
]


def with_layout(plan: Plan, software: str | None, field: str, value: Any) -> Plan:
    values = {"runs.0.software": software, f"runs.0.layout.{field}": value}
    return change_together(plan, values).apply(plan)


@pytest.mark.parametrize(("software", "field", "value", "words"), CASES)
def test_that_a_fixed_part_that_the_software_lacks_is_a_problem_at_its_field(
    software: str | None, field: str, value: Any, words: str, nordic: Plan, catalogue: Catalogue
) -> None:
    found = problems(with_layout(nordic, software, field, value), catalogue)
    assert [problem.path for problem in found] == [f"runs.0.layout.{field}"]
    assert words in text(found[0].sentence)


def test_that_one_is_no_parallelism(nordic: Plan, catalogue: Catalogue) -> None:
    assert problems(with_layout(nordic, "trainer", "tensor_parallel", 1), catalogue) == ()
    assert problems(with_layout(nordic, "fsdp", "tensor_parallel", 4), catalogue) == ()


def test_that_the_command_line_refuses_such_a_plan_in_one_sentence(nordic: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.nodewise.json"
    write_plan(path, with_layout(nordic, "trainer", "tensor_parallel", 4))
    done = subprocess.run(
        [sys.executable, "-m", "app", "compare", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "runs[0].layout.tensor_parallel must be 1 or left open" in done.stderr
