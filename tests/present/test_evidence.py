"""Published runs beside a plan: which are shown, which are nearest, and what is said of their errors."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.files import read_plan
from app.plan.resolve import run_spec
from app.present import evidence as present
from app.present import evidence_tables as tables
from app.present import evidence_words as words
from app.present.evidence import EvidenceFilter
from app.window.folders import example_files
from app.words import text as written
from estimators import Catalogue, Comparison, compare, load_catalogue
from estimators.evidence.published import published_runs
from estimators.evidence.reliability import (
    LEVELS,
    NORMAL_SHAPE,
    HeldError,
    coverage,
    inside_by_level,
    summary_of,
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def answer(name: str, catalogue: Catalogue) -> Comparison:
    path = next(path for path in example_files() if path.name.startswith(name))
    return compare(run_spec(read_plan(path, catalogue), catalogue, None), catalogue)


@pytest.fixture(scope="module")
def dense(catalogue: Catalogue) -> Comparison:
    return answer("nordic-9b", catalogue)


# ------------------------------------------------------------ which runs


def test_that_all_runs_are_shown_without_a_filter(dense, catalogue) -> None:
    series = present.evidence_series(dense, catalogue, EvidenceFilter())
    assert len(series.points) == len(published_runs())


@pytest.mark.parametrize("family", ["dense-lm", "moe-lm"])
def test_that_the_model_filter_keeps_its_family_alone(family, dense, catalogue) -> None:
    runs = present.shown_runs(EvidenceFilter(models=family), dense, catalogue)
    assert {run.family for run in runs} == {family}


def test_that_every_offered_choice_of_gpus_shows_something(dense, catalogue) -> None:
    choices = present.gpu_choices(dense, catalogue)
    assert len({key for _, key in choices}) == len(choices)
    for _, key in choices:
        assert present.shown_runs(EvidenceFilter(gpus=key), dense, catalogue), key


def test_that_a_machine_without_runs_on_its_card_stands_for_its_generation(dense, catalogue) -> None:
    assert dense.headline.machine.gpu == "a100-64-leonardo"
    runs = present.shown_runs(EvidenceFilter(gpus=present.OF_THE_PLAN), dense, catalogue)
    assert {run.gpu_family for run in runs} == {"ampere"}
    assert ("As on Leonardo: Ampere", present.OF_THE_PLAN) in present.gpu_choices(dense, catalogue)


def test_that_nearest_runs_are_of_the_plans_kind_and_ranked_among_the_points(dense, catalogue) -> None:
    near = present.nearest(dense, catalogue)
    assert 0 < len(near) <= present.NEAREST
    assert {run.family for run in near} == {"dense-lm"}
    points = present.evidence_series(dense, catalogue, EvidenceFilter()).points
    ranked = sorted((point for point in points if point.rank), key=lambda point: point.rank)
    assert tuple(point.run.id for point in ranked) == tuple(run.id for run in near)


def test_that_a_kind_without_evidence_has_no_nearest_run(catalogue) -> None:
    images = answer("satellite", catalogue)
    assert present.nearest_rows(images, catalogue) == ()
    assert not words.nearest_said(images, catalogue)


def test_that_the_plan_stands_among_the_runs_with_its_own_interval(dense, catalogue) -> None:
    plan = present.evidence_series(dense, catalogue, EvidenceFilter()).plan
    seconds = dense.headline.seconds
    assert plan.gpus == dense.headline.gpus
    assert plan.low < 1.0 < plan.high
    assert plan.low * seconds.p90 == pytest.approx(seconds.p50)
    assert plan.high * seconds.p10 == pytest.approx(seconds.p50)


def test_that_without_an_answer_the_runs_still_show() -> None:
    series = present.evidence_series(None, None, EvidenceFilter(gpus=present.OF_THE_PLAN))
    assert series.points
    assert series.plan is None


# ------------------------------------------------------------ words


def test_that_what_is_said_of_the_nearest_runs_counts_every_row(dense, catalogue) -> None:
    rows = present.nearest_rows(dense, catalogue)
    inside = [row for row in rows if row.inside]
    standing = words.standing_of(rows)
    assert (standing.runs, standing.inside) == (len(rows), len(inside))
    assert written(words.nearest_said(dense, catalogue)) == f"holds {len(inside)} of {len(rows)} nearest runs"
    assert standing.words == f"such intervals hold {len(inside)} of the {len(rows)} nearest published runs"
    worst = max(max(row.run.time_ratio, 1 / row.run.time_ratio) for row in rows)
    assert standing.farthest == pytest.approx(worst - 1)
    assert standing.team_words.startswith(standing.words)


@pytest.mark.parametrize(("inside", "said"), [(True, "holds"), (False, "misses")])
def test_that_one_run_is_no_count(dense, catalogue, inside, said) -> None:
    row = replace(present.nearest_rows(dense, catalogue)[0], inside=inside)
    standing = words.standing_of((row,))
    assert written(standing.short) == f"{said} the nearest run"
    assert standing.words == f"such an interval {said} the nearest published run"


@given(st.floats(0.2, 5.0))
def test_that_errors_are_signed_and_never_called_zero(ratio: float) -> None:
    text = present.signed_percent(ratio)
    assert text == "under 1\u202f%" or text[0] == ("+" if ratio > 1.0 else "−")


@pytest.mark.parametrize(
    ("gpu", "name"),
    [
        ("a100-80-sxm", "A100-80"),
        ("mi250x-gcd", "MI250X GCD"),
        ("rtx4090", "RTX 4090"),
        ("gb300", "GB300"),
        ("b200-sxm", "B200"),
    ],
)
def test_that_cards_are_called_as_people_call_them(gpu: str, name: str) -> None:
    assert present.card_name(gpu) == name


@pytest.mark.parametrize(
    ("source", "name", "link"),
    [
        ("github owner/name@8c8dd48f path line 3", "owner/name", "https://github.com/owner/name"),
        ("paper: A et al. (arXiv:2104.04473) Table 1; github b/c", "arXiv:2104.04473",
         "https://arxiv.org/abs/2104.04473"),
        ("runs published with arXiv 2312.12391", "arXiv:2312.12391", "https://arxiv.org/abs/2312.12391"),
        ("see https://example.org/a.html, table 2", "example.org/a.html", "https://example.org/a.html"),
        ("github owner/name.", "owner/name", "https://github.com/owner/name"),
        ("github document 11446194880", "github document 11446194880", ""),
    ],
)  # fmt: skip
def test_that_sources_become_links_where_they_hold_an_address(source: str, name: str, link: str) -> None:
    assert present.source_link(source) == (name, link)


def test_that_nearly_all_runs_have_a_link() -> None:
    with_link = [bool(present.source_link(run.source)[1]) for run in published_runs()]
    assert np.mean(with_link) > 0.95


def test_that_copied_texts_are_plain_tables(dense, catalogue) -> None:
    series = present.evidence_series(dense, catalogue, EvidenceFilter())
    runs = present.shown_runs(EvidenceFilter(), dense, catalogue)
    texts = [
        words.nearest_text(present.nearest_rows(dense, catalogue)),
        words.evidence_text(series),
        tables.reliability_text(tables.reliability_series(runs)),
        *(tables.table_of(grouping, runs).text() for _, grouping in tables.GROUPINGS),
    ]
    for text in texts:
        lines = text.splitlines()
        assert len(lines) > 2
        assert {line.count("\t") for line in lines} == {lines[0].count("\t")}
        assert "\u202f" not in text


# ------------------------------------------------------------ errors and coverage


def test_that_at_80_percent_the_stated_intervals_are_judged() -> None:
    runs = published_runs()
    level = tables.reliability_series(runs).stated
    assert level.inside == pytest.approx(np.mean([run.inside for run in runs]))
    assert level.rows == len(runs)
    assert level.low <= level.inside <= level.high


@pytest.mark.parametrize("family", ["dense-lm", "moe-lm"])
def test_that_wider_intervals_never_hold_fewer_runs(family: str) -> None:
    runs = [run for run in published_runs() if run.family == family]
    shares = [level.inside for level in tables.coverage_of(runs)]
    assert shares == sorted(shares)
    assert len(shares) == len(LEVELS)


def held(producer: str, log_ratio: float, half_width: float = 0.2) -> HeldError:
    return HeldError(producer, producer, "a class", log_ratio, half_width)


def test_that_no_producer_shapes_its_own_intervals() -> None:
    others = [held(f"other {n}", 0.01 * n) for n in range(1, 11)]
    calm, wild = [*others, held("judged", 0.05)], [*others, held("judged", 0.05), held("judged", 3.0)]
    assert (inside_by_level(calm)[10] == inside_by_level(wild)[10]).all()


def test_that_a_producer_alone_is_judged_by_a_normal_error() -> None:
    error = [held("alone", 0.2 * NORMAL_SHAPE[4] * 0.999)]
    assert inside_by_level(error)[0].tolist() == [level >= 0.5 for level in LEVELS]


def test_that_few_producers_have_no_range_and_no_rows_no_levels() -> None:
    errors = [held("one", 0.1), held("two", 0.1)]
    assert coverage(inside_by_level(errors), ["one", "two"])[0].low is None
    assert coverage(np.empty((0, len(LEVELS)), dtype=bool), []) == ()
    assert math.isnan(summary_of([]).median)


def test_that_errors_by_hand_agree() -> None:
    found = summary_of([held("a", math.log(1.1)), held("a", -math.log(1.3)), held("b", math.log(1.2))])
    assert found.rows == 3
    assert found.median == pytest.approx(0.2)
    assert found.inside == pytest.approx(2 / 3)


@pytest.mark.parametrize("grouping", ["producer", "gpu"])
def test_that_error_tables_count_every_run_once(grouping) -> None:
    runs = published_runs()
    table = tables.table_of(grouping, runs)
    counts = [int(row[1]) for row in table.plain]
    assert counts[0] == len(runs) == sum(counts[1:])


def test_that_an_empty_choice_makes_empty_tables() -> None:
    for _, grouping in tables.GROUPINGS:
        assert tables.table_of(grouping, ()).rows == ()
    assert tables.reliability_series(()).levels == ()
    assert tables.reliability_subtitle(tables.reliability_series(())) == ""


def test_that_words_say_held_out() -> None:
    assert "held out" in written(present.HELD_OUT)
    series = present.evidence_series(None, None, EvidenceFilter())
    assert "held-out" in words.evidence_subtitle(series)
