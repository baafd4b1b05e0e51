"""Real answers for the presenters: nothing here is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from estimators import Catalogue, Comparison, RunSpec, compare, load_catalogue
from estimators.catalogue.architectures import Full, Text
from estimators.workloads.models import model_of


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def spec(catalogue: Catalogue) -> RunSpec:
    """A 9B model on 300 billion tokens in six weeks on Leonardo."""
    return RunSpec(
        model=model_of(catalogue.model("EuroLLM-9B")),
        method=Full("continued-pretraining"),
        samples=300e9 / 4096,
        sample=Text(4096),
        machine="leonardo-booster",
        deadline_seconds=42 * 86400.0,
    )


@pytest.fixture(scope="session")
def answer_to(catalogue: Catalogue, spec: RunSpec) -> Callable[..., Comparison]:
    """The comparison for the run with some parts changed."""

    def answer(**changes: object) -> Comparison:
        return compare(replace(spec, **changes), catalogue)

    return answer
