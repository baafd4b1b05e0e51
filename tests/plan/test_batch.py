"""A step takes no more than the run has data."""

import pytest

from app.plan.check import problems
from app.plan.edits import change_together
from app.plan.schema import DataInput, Plan
from app.words import text
from estimators.catalogue import Catalogue


def found(plan: Plan, data: DataInput, catalogue: Catalogue | None) -> list[str]:
    changed = change_together(plan, {"runs.0.data": data}).apply(plan)
    return [text(problem.located()).replace("\u202f", " ") for problem in problems(changed, catalogue)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (DataInput(tokens=1e6, passes=2, global_batch_tokens=2_000_001), "tokens must be at most 2 M tokens"),
        (DataInput(tokens=40_960, global_batch_samples=11), "samples must be at most 10 samples"),
        (
            DataInput(sequences=100, passes=1.5, global_batch_samples=151),
            "samples must be at most 150 samples",
        ),
        (DataInput(sequences=10, global_batch_tokens=40_961), "tokens must be at most 40 960 tokens"),
    ],
)
def test_that_a_batch_beyond_all_data_is_refused(
    data: DataInput, sentence: str, nordic: Plan, catalogue: Catalogue
) -> None:
    (said,) = found(nordic, data, catalogue)
    assert said.startswith(f"runs[0].data.global_batch_{sentence}, all the data of the run; it is ")


@pytest.mark.parametrize(
    "data",
    [
        DataInput(tokens=1e6, passes=2, global_batch_tokens=2_000_000),
        DataInput(tokens=40_960, global_batch_samples=10),
        DataInput(tokens=5, global_batch_samples=1),
        DataInput(sequences=100, passes=1.5, global_batch_samples=150),
    ],
)
def test_that_all_data_in_one_step_is_allowed(data: DataInput, nordic: Plan, catalogue: Catalogue) -> None:
    assert found(nordic, data, catalogue) == []


def test_that_tokens_and_samples_are_not_compared_without_the_model(nordic: Plan) -> None:
    assert found(nordic, DataInput(tokens=40_960, global_batch_samples=11), None) == []
    assert len(found(nordic, DataInput(sequences=5, global_batch_samples=11), None)) == 1
