"""Which residuals the interval of a class rests on, and how wide that makes it."""

from dataclasses import replace

import numpy as np
import pytest

from estimators.calibration import load_calibration
from estimators.evidence.configure import configure
from estimators.evidence.intervals import (
    ACROSS,
    FILLED,
    P90_OF_NORMAL,
    P90_OF_T,
    WITHIN,
    Errors,
    class_of,
    class_width,
    half_width,
    parent_of,
    widths_without,
)
from tests.evidence.cases import row

DENSE, EXPERTS = "dense-lm, layout known", "moe-lm, layout known"


def errors(kind, producers, groups, across, within) -> Errors:
    """Rows of one class: every producer has its groups with one row each."""
    names = [(f"{kind} {p}", f"{kind} {p} {g}") for p in range(producers) for g in range(groups)]
    noise = np.linspace(0.5, 1.5, len(names))
    return Errors(
        kinds=np.array([kind] * len(names)),
        producers=np.array([name for name, _ in names]),
        groups=np.array([group for _, group in names]),
        weights=np.ones(len(names)),
        across=across * noise,
        within=within * noise,
    )


def test_that_a_class_of_many_producers_rests_on_strangers():
    found = errors(DENSE, 5, 4, across=0.2, within=0.1)
    assert class_width(found, DENSE) == (half_width(found.across, np.ones(20)), ACROSS)


def test_that_a_dominated_class_joins_relatives_with_what_strangers_add_elsewhere():
    dense = errors(DENSE, 5, 4, across=0.2, within=0.12)
    experts = errors(EXPERTS, 1, 20, across=5.0, within=0.3)
    wide, basis = class_width(dense.joined(experts), EXPERTS)
    own, strange, near = (half_width(x, np.ones(20)) for x in (experts.within, dense.across, dense.within))
    assert basis == WITHIN
    assert wide == pytest.approx(np.sqrt(own**2 + strange**2 - near**2))


def test_that_a_small_class_is_filled_up_with_its_parent_and_widened():
    dense = errors(DENSE, 5, 4, across=0.2, within=0.12)
    experts = errors(EXPERTS, 5, 1, across=0.4, within=0.3)
    wide, basis = class_width(dense.joined(experts), EXPERTS)
    parent = class_width(dense, DENSE)[0] / P90_OF_NORMAL
    square = 0.5 * np.mean(experts.across**2) + 0.5 * parent**2
    assert basis == FILLED
    assert wide == pytest.approx(P90_OF_T * np.sqrt(square))


def test_that_a_class_without_rows_is_its_parent_but_wider():
    dense = errors(DENSE, 5, 4, across=0.2, within=0.12)
    assert class_width(dense, EXPERTS)[0] > class_width(dense, DENSE)[0]


def test_that_a_producer_counts_by_the_root_of_its_rows():
    # one producer with 80 small errors, four with five large ones each: the five of them weigh more
    large = errors(DENSE, 4, 5, across=0.4, within=0.4)
    small = replace(errors(DENSE, 1, 80, 0.01, 0.01), producers=np.array(["another"] * 80))
    both = large.joined(small)
    assert half_width(both.across, both.balanced) > half_width(both.across, both.weights)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, DENSE),
        ({"layout": {"tp": None}}, "dense-lm, layout searched"),
        ({"precision": None}, "dense-lm, layout searched"),
        ({"model_key": None, "params": {"total": 7e9}}, "dense-lm, layout searched"),
        ({"measured": {"quantity": "gpu_hours"}, "work": {"total_tokens": 1e12}}, "end-to-end"),
    ],
    ids=str,
)
def test_that_a_class_is_what_is_known_of_a_run(catalogue, changes, kind):
    assert class_of(configure(row(**changes), catalogue)) == kind


@pytest.mark.parametrize("kind", sorted(load_calibration().intervals))
def test_that_every_class_ends_at_dense_models_with_known_layout(kind):
    seen = [kind]
    while (above := parent_of(seen[-1])) is not None:
        seen.append(above)
        assert len(seen) < 5
    assert seen[-1] == DENSE


def test_that_no_row_shapes_the_interval_that_it_is_judged_by(catalogue):
    judged = configure(row(source="github.com/judged/runs"), catalogue)
    others = errors(DENSE, 5, 4, across=0.2, within=0.1)
    own = replace(errors(DENSE, 1, 12, 9.0, 9.0), producers=np.array(["judged/runs"] * 12))
    found = widths_without(others.joined(own), (judged,), [DENSE], "producers")
    assert found.tolist() == [class_width(others, DENSE)[0]]


def test_that_shipped_intervals_are_no_wider_than_asked():
    calibration = load_calibration()
    assert 1.0 < calibration.ratio(DENSE) <= 1.7
    assert 1.0 < calibration.ratio(EXPERTS) <= 2.5
