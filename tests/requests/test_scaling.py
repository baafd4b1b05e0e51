"""Scaling tables, the measured step that they feed, and the tests that would prove a request."""

from __future__ import annotations

import datetime
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from app.present.scaling import verdict_words
from app.words import text
from estimators import Catalogue, compare, load_catalogue
from estimators.planning.defaults import batch_of
from estimators.requests.campaign import build_campaign, lines_of, machine_of
from estimators.requests.milestones import totals_of
from estimators.requests.records import CampaignRun, ScalingKind, ScalingPoint
from estimators.requests.results import ScalingRow
from estimators.requests.scaling import measured_from_scaling, scaling_report
from estimators.requests.scaling.model import ModelledStep, modelled_steps
from estimators.requests.scaling.plan import benchmark_runs, paid_by, rests_on_weak, steps_of_test
from estimators.requests.scaling.table import (
    cheapest_gpus,
    ladder,
    most_gpus,
    reference_of,
    shares_evenly,
    table_of,
    weak_sizes,
)
from estimators.words import NOTHING
from tests.requests.hand_made import campaign, run_spec

CATALOGUE = load_catalogue()
LEONARDO = "leonardo-booster"
EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


def point(
    gpus: int, seconds: float, batch: int = 512, kind: ScalingKind = "strong", machine: str = LEONARDO
) -> ScalingPoint:
    return ScalingPoint(machine, gpus, seconds, batch, kind)


def test_that_a_worked_strong_table_comes_out(catalogue: Catalogue) -> None:
    """40, 22 and 16 s at 4, 8 and 16 GPUs: speed-up 40 ÷ 16 = 2.5 on four times the GPUs is 62.5 %."""
    rows = table_of([point(4, 40.0), point(8, 22.0), point(16, 16.0)], {}, catalogue.machine(LEONARDO))
    assert [row.nodes for row in rows] == [1, 2, 4]
    assert [row.speed_up for row in rows] == pytest.approx([1.0, 40 / 22, 2.5])
    assert [row.efficiency for row in rows] == pytest.approx([1.0, 20 / 22, 0.625])
    assert most_gpus(rows) == 8
    assert cheapest_gpus(rows) == 4


def test_that_weak_scaling_counts_samples_not_steps(catalogue: Catalogue) -> None:
    """Twice the batch in 1.25 times the time: 1.6 times the samples a second, 80 %."""
    rows = table_of([point(4, 4.0, 32, "weak"), point(8, 5.0, 64, "weak")], {}, catalogue.machine(LEONARDO))
    assert (rows[1].speed_up, rows[1].efficiency) == pytest.approx((1.6, 0.8))


def test_that_the_ladder_goes_from_one_node_to_a_doubling_past_the_job(catalogue: Catalogue) -> None:
    assert ladder(catalogue.machine(LEONARDO), 24) == (4, 8, 12, 16, 24, 32, 48), "the job's halves in nodes"
    assert ladder(catalogue.machine("vega-gpu"), 2) == (1, 2, 4)
    assert max(ladder(catalogue.machine("deucalion-gpu"), 16)) == 16


def test_that_weak_sizes_are_whole_samples() -> None:
    assert weak_sizes((4, 8, 12), Fraction(3, 2)) == ((4, 6), (8, 12), (12, 18))
    assert weak_sizes((4, 6, 8), Fraction(85, 4)) == ((4, 85), (8, 170)), "6 would round 127.5 samples"
    assert weak_sizes((1, 2), Fraction(1, 3)) == ()


def test_that_modelled_rows_say_so_and_have_a_range(catalogue: Catalogue) -> None:
    report = scaling_report(campaign(catalogue), catalogue)
    assert report.measured_here == 0
    assert not any(row.measured for row in (*report.strong, *report.weak))
    for row in (*report.strong, *report.weak):
        assert row.low_seconds is not None
        assert row.high_seconds is not None
        assert row.low_seconds < row.step_seconds < row.high_seconds
    assert "all rows are modelled" in text(report.fit)


def test_that_one_row_is_the_reference(catalogue: Catalogue) -> None:
    report = scaling_report(campaign(catalogue, scaling=(point(16, 30.0), point(64, 9.0))), catalogue)
    for rows in (report.strong, report.weak):
        assert [row.gpus for row in rows if row.speed_up == 1.0] == [reference_of(rows).gpus]
        assert reference_of(rows).efficiency == 1.0
        assert [row.gpus for row in rows] == sorted(row.gpus for row in rows)
    assert report.efficiency_at_job == next(row.efficiency for row in report.strong if row.gpus == 64)


def test_that_modelled_rows_are_those_of_the_estimate(catalogue: Catalogue) -> None:
    """The row at the job's size is the step that the comparison states."""
    answer = next(
        a
        for a in compare(run_spec(catalogue, machine=LEONARDO, gpus=64), catalogue).answers
        if a.machine.id == LEONARDO
    )
    assert answer.step is not None
    row = next(row for row in scaling_report(campaign(catalogue), catalogue).strong if row.gpus == 64)
    assert row.step_seconds == pytest.approx(answer.step.total, rel=1e-6)


def test_that_strong_keeps_the_batch_and_weak_the_batch_of_each_gpu(catalogue: Catalogue) -> None:
    report = scaling_report(campaign(catalogue), catalogue)
    assert {row.batch_samples for row in report.strong} == {512}
    assert {Fraction(row.batch_samples, row.gpus) for row in report.weak} == {Fraction(8)}


def test_that_a_measured_row_stands_in_place_of_the_modelled_one(catalogue: Catalogue) -> None:
    report = scaling_report(campaign(catalogue, scaling=(point(16, 30.0),)), catalogue)
    row = next(row for row in report.strong if row.gpus == 16)
    assert row.measured
    assert row.step_seconds == 30.0
    assert row.low_seconds is None


def test_that_modelled_neighbours_come_to_the_level_of_measured_points(catalogue: Catalogue) -> None:
    plain = {row.gpus: row for row in scaling_report(campaign(catalogue), catalogue).strong}
    points = tuple(point(n, plain[n].step_seconds * 0.8) for n in (4, 64))
    moved = {row.gpus: row for row in scaling_report(campaign(catalogue, scaling=points), catalogue).strong}
    assert moved[16].step_seconds == pytest.approx(0.8 * plain[16].step_seconds)
    assert moved[16].efficiency == pytest.approx(plain[16].efficiency)


def test_that_a_measured_point_narrows_the_estimate(catalogue: Catalogue) -> None:
    wide = {row.gpus: row for row in scaling_report(campaign(catalogue), catalogue).strong}
    report = scaling_report(campaign(catalogue, scaling=(point(64, wide[64].step_seconds),)), catalogue)
    narrow = {row.gpus: row for row in report.strong}
    assert "feeds the estimate" in text(report.fit)

    def width(row: ScalingRow) -> float:
        return (row.high_seconds or 0.0) / (row.low_seconds or 1.0)

    assert width(narrow[32]) < width(wide[32])


def test_that_points_of_another_machine_are_shown_but_prove_nothing(catalogue: Catalogue) -> None:
    there = (point(64, 7.0, machine="lumi-g"), point(8, 50.0, machine="lumi-g"))
    report = scaling_report(campaign(catalogue, scaling=there), catalogue)
    assert report.measured_here == 0
    assert [(name, row.gpus, row.measured) for name, row in report.elsewhere] == [
        ("lumi-g", 8, True),
        ("lumi-g", 64, True),
    ]
    assert "no evidence for Leonardo" in text(report.fit)
    assert report.strong == scaling_report(campaign(catalogue), catalogue).strong


def test_that_a_step_that_no_layout_fits_leaves_the_model_alone(catalogue: Catalogue) -> None:
    report = scaling_report(campaign(catalogue, scaling=(point(1, 9.0),)), catalogue)
    assert any(not row.measured for row in report.strong)
    assert "cannot feed the estimate" in text(report.fit)


def test_that_the_point_nearest_the_job_is_fed(catalogue: Catalogue) -> None:
    run = CampaignRun("main", "Main", "main", run_spec(catalogue, machine=LEONARDO, gpus=48))
    points = (point(16, 30.0), point(64, 9.0), point(64, 8.0, 1024, "weak"), point(48, 1.0, machine="lumi-g"))
    step = measured_from_scaling(points, run)
    assert step is not None
    assert (step.machine, step.gpus, step.step_seconds, step.batch_samples) == (LEONARDO, 64, 9.0, 512)
    assert measured_from_scaling(points, replace(run, role="sweep", id="sweep")) is None
    assert measured_from_scaling(points[3:], run) is None


def row(gpus: int, seconds: float, measured: bool = False, batch: int = 512) -> ScalingRow:
    base = 512 / 4 / 40.0
    rate = batch / seconds
    nodes = Fraction(gpus, 4)
    return ScalingRow(gpus, nodes, batch, seconds, rate, rate / 4 / base, rate / gpus / base, measured)


def test_that_tests_are_few_and_their_cost_is_worked_by_hand() -> None:
    """At 8 s a step: 20 warm-up and 50 timed steps, 560 s and 600 s to start on 4 nodes: 1.289 node-hours."""
    strong = (row(4, 40.0, measured=True), row(8, 21.0), row(16, 8.0), row(32, 5.0))
    tests = benchmark_runs(strong, (), 16, is_weak=False)
    assert [(test.gpus, test.kind) for test in tests] == [(8, "strong"), (16, "strong")]
    assert tests[-1].steps == 70
    assert tests[-1].node_hours == pytest.approx(4 * (560 + 600) / 3600)
    assert "asks for" in text(tests[-1].why)


def test_that_long_steps_need_fewer_of_them() -> None:
    assert [steps_of_test(seconds) for seconds in (1.0, 10.0, 20.0, 60.0)] == [70, 70, 35, 25]


def test_that_a_weak_regime_asks_for_both_ladders() -> None:
    """60 % strong and 96 % weak at the job: justified by the weak regime."""
    strong = (row(4, 40.0), row(32, 40.0 / 8 / 0.6))
    weak = (row(4, 5.0, batch=64), row(32, 5.2, batch=512))
    weak = tuple(replace(item, efficiency=value) for item, value in zip(weak, (1.0, 0.96), strict=True))
    assert rests_on_weak(strong, weak, 32)
    kinds = [(test.gpus, test.kind) for test in benchmark_runs(strong, weak, 32, is_weak=True)]
    assert kinds == [(4, "strong"), (32, "strong"), (4, "weak")]


def test_that_the_smallest_package_of_the_machine_pays(catalogue: Catalogue) -> None:
    leonardo = catalogue.machine(LEONARDO)
    assert text(paid_by(12, leonardo, catalogue)[0]).startswith("Benchmark Access: 3\u202f500")
    assert text(paid_by(4000, leonardo, catalogue)[0]).startswith("Development Access: 4\u202f500")
    none, is_paid = paid_by(5000, leonardo, catalogue)
    assert text(none).startswith("More than")
    assert not is_paid
    jupiter = catalogue.machine("jupiter-booster")
    assert text(paid_by(12, jupiter, catalogue)[0]).startswith("Development Access: 3\u202f500"), (
        "one award of it"
    )
    assert "No Benchmark" in text(paid_by(12, catalogue.machine("arrhenius-gpu"), catalogue)[0])
    assert paid_by(0, leonardo, catalogue) == (NOTHING, False)


@given(st.lists(st.tuples(st.integers(1, 512), st.floats(0.01, 500.0)), min_size=1, max_size=8))
def test_that_any_measured_points_make_a_table(points: list[tuple[int, float]]) -> None:
    rows = table_of([point(n, t) for n, t in points], {}, CATALOGUE.machine(LEONARDO))
    assert rows[0].efficiency == pytest.approx(1.0)
    assert len(rows) == len({n for n, _ in points})
    best = cheapest_gpus(rows)
    assert best is not None
    assert best <= (most_gpus(rows) or 0)


def modelled(*sizes: tuple[int, float]) -> dict[tuple[int, int], ModelledStep]:
    """Modelled steps of a batch of 512 by devices and seconds."""
    return {(n, 512): ModelledStep(n, 512, t, 0.8 * t, 1.2 * t) for n, t in sizes}


def test_that_no_modelled_size_scales_better_than_its_reference(catalogue: Catalogue) -> None:
    """40 s at 4 and 18 s at 8 GPUs is 111 % of the smaller job: that one is short, the larger no wonder."""
    rows = table_of([], modelled((4, 40.0), (8, 18.0), (16, 10.0)), catalogue.machine(LEONARDO))
    assert reference_of(rows).gpus == 8
    assert [row.efficiency for row in rows] == pytest.approx([0.9, 1.0, 0.9])
    assert [row.speed_up for row in rows] == pytest.approx([0.45, 1.0, 1.8])
    report = replace(scaling_report(campaign(catalogue), catalogue), strong=rows, efficiency_at_job=0.9)
    assert "against 8 GPUs" in verdict_words(report, campaign(catalogue, gpus=16))


def test_that_measured_points_keep_what_was_measured(catalogue: Catalogue) -> None:
    rows = table_of([point(4, 40.0), point(8, 18.0)], {}, catalogue.machine(LEONARDO))
    assert [row.efficiency for row in rows] == pytest.approx([1.0, 40 / 36])


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.nodewise.json")))
def test_that_examples_list_only_sizes_that_divide_and_none_above_its_reference(name: str) -> None:
    spec = campaign_spec(read_plan(EXAMPLES / name), CATALOGUE)
    found = machine_of(spec, CATALOGUE)
    spec = replace(spec, runs=(spec.main(),), machine=found.id)
    lines = lines_of(spec, found, CATALOGUE)
    totals = totals_of(spec, lines)
    project = build_campaign(spec, found, lines, totals, CATALOGUE, datetime.date(2027, 1, 1), True)
    report = scaling_report(project, CATALOGUE)
    layout = project.main.answer.layout
    assert layout is not None
    job = layout.gpus
    assert job in {row.gpus for row in report.strong}
    batch = layout.data_parallel * layout.micro_batch * layout.micro_batches
    assert {row.batch_samples for row in report.strong} == {batch}
    assert all(shares_evenly(batch, row.gpus) for row in report.strong if row.gpus != job)
    assert {Fraction(row.batch_samples, row.gpus) for row in report.weak} == {Fraction(batch, job)}
    for rows in (report.strong, report.weak):
        assert max(row.efficiency for row in rows) == 1.0
    planned = batch_of(project.main.run.spec).samples
    assert ("do not divide the batch" in text(report.fit)) == (planned != batch)


def test_that_a_model_gives_no_step_for_devices_that_do_not_divide(catalogue: Catalogue) -> None:
    spec = run_spec(catalogue, machine=LEONARDO)
    steps = modelled_steps(spec, catalogue.machine(LEONARDO), catalogue, [(48, 512), (64, 512), (48, 528)])
    assert set(steps) == {(64, 512), (48, 528)}
