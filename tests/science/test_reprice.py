"""Repricing while a value is dragged: the last layouts with new numbers."""

from dataclasses import replace

import pytest

from estimators import compare, reprice
from estimators.workloads.models import model_of
from tests.science.cases import language_run, vision_run

DAY = 86_400.0


@pytest.fixture(scope="module", params=["relaxed", "hurried", "vision"])
def spec(request, catalogue):
    if request.param == "vision":
        return vision_run(catalogue)
    deadline = 28 * DAY if request.param == "hurried" else None
    return language_run(catalogue, tokens=1e11, deadline_seconds=deadline, global_batch_samples=1024)


@pytest.fixture(scope="module")
def before(spec, catalogue):
    return compare(spec, catalogue)


def test_that_nothing_changes_when_nothing_changed(spec, before, catalogue):
    after = reprice(spec, catalogue, before)
    assert not after.final
    for old, new in zip((*before.answers, before.own), (*after.answers, after.own), strict=True):
        assert (new.fits, new.gpus, new.layout, new.meets_deadline) == (
            old.fits,
            old.gpus,
            old.layout,
            old.meets_deadline,
        )
        if old.fits:
            assert new.gpu_hours.p50 == pytest.approx(old.gpu_hours.p50, rel=1e-12)
            assert new.seconds.p50 == pytest.approx(old.seconds.p50, rel=1e-12)
            assert new.memory == old.memory
            assert [point.gpus for point in new.curve] == [point.gpus for point in old.curve]
    assert after.headline.machine.id == before.headline.machine.id


def test_that_repricing_keeps_the_counts_of_the_last_search(spec, before, catalogue):
    after = reprice(replace(spec, passes=2.0), catalogue, before)
    for old, new in zip(before.answers, after.answers, strict=True):
        assert new.gpus == old.gpus


def test_that_doubled_passes_double_the_training_hours(spec, before, catalogue):
    fixed = replace(spec, global_batch_samples=int(before.headline.layout.micro_batch) * 1024)
    once = compare(fixed, catalogue)
    twice = reprice(replace(fixed, passes=2.0), catalogue, once)
    for old, new in zip(once.answers, twice.answers, strict=True):
        if old.fits:
            assert new.steps == pytest.approx(2 * old.steps, rel=1e-12)
            assert new.step.total == old.step.total


def test_that_old_curves_move_with_the_chosen_point(spec, before, catalogue):
    after = reprice(replace(spec, samples=3 * spec.samples), catalogue, before)
    for old, new in zip(before.answers, after.answers, strict=True):
        if old.fits and new.fits:
            moved = new.gpu_hours.p50 / old.gpu_hours.p50
            for earlier, later in zip(old.curve, new.curve, strict=True):
                assert later.gpu_hours.p50 / earlier.gpu_hours.p50 == pytest.approx(moved)


def test_that_a_machine_that_did_not_fit_is_searched_again(catalogue):
    large = language_run(catalogue, model="Llama-3.1-405B", machine="discoverer-plus")
    small = replace(large, model=model_of(catalogue.model("Llama-3.1-8B")))
    after = reprice(small, catalogue, compare(large, catalogue))
    assert next(a for a in after.answers if a.machine.id == "discoverer-plus").fits
