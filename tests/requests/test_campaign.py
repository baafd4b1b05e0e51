"""Campaigns of the examples, estimated for real: order, calendar, templates and the explanation."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from app.plan.campaign import campaign_spec
from app.plan.edits import change, change_together
from app.plan.files import read_plan
from app.plan.schema import Plan
from app.plan.templates import TEMPLATES
from estimators import load_catalogue
from estimators.catalogue.architectures import Image
from estimators.requests.campaign import build_campaign, lines_of, machine_of
from estimators.requests.campaign_results import Campaign
from estimators.requests.explain import explain_request
from estimators.requests.milestones import totals_of
from estimators.requests.overheads import overheads
from tests.explained import reproduces

CATALOGUE = load_catalogue()
EXAMPLES = Path(resources.__file__).parent / "examples"
MONDAY = datetime.date(2026, 12, 7)


def example(name: str) -> Plan:
    return read_plan(EXAMPLES / f"{name}.nodewise.json", CATALOGUE)


def built(plan: Plan) -> Campaign:
    spec = campaign_spec(plan, CATALOGUE)
    machine = machine_of(spec, CATALOGUE)
    lines = lines_of(spec, machine, CATALOGUE)
    return build_campaign(spec, machine, lines, totals_of(spec, lines), CATALOGUE, MONDAY, False)


@pytest.fixture(scope="module")
def languages() -> Campaign:
    return built(example("two-languages-9b"))


def test_that_every_formula_of_the_request_gives_its_shown_value(languages: Campaign) -> None:
    root = explain_request(languages)
    assert root.value == languages.request_node_hours
    formulas = [figure for figure in root.walk() if figure.expression and figure.expression != "0"]
    assert len(formulas) > 50
    for figure in formulas:
        assert reproduces(figure), figure.key


def test_that_runs_begin_after_those_they_wait_for(languages: Campaign) -> None:
    bars = {bar.run_id: bar for bar in languages.bars}
    for line in languages.lines:
        for other in line.run.after:
            assert bars[line.run.id].start_day >= bars[other].end_day
    assert not languages.overruns
    assert languages.start == MONDAY


def test_that_a_test_sees_its_share_of_the_data_in_the_batch_of_the_whole(languages: Campaign) -> None:
    main, tests = languages.line("main"), languages.line("tests")
    share = tests.run.spec.samples / main.run.spec.samples
    assert share == pytest.approx(0.004)
    assert tests.steps == pytest.approx(main.steps * share, rel=0.1)  # batches divide over other GPU counts


def test_that_a_month_named_by_the_user_is_waited_for() -> None:
    plan = example("two-languages-9b")
    place = [run.id for run in plan.runs].index("evaluation")
    later = change(plan, f"runs.{place}.earliest_month", 3).apply(plan)
    bar = {bar.run_id: bar for bar in built(later).bars}["evaluation"]
    assert bar.start_day >= (datetime.date(2027, 2, 7) - MONDAY).days


def test_that_hours_the_user_knows_replace_the_estimate() -> None:
    plan = example("two-languages-9b")
    place = [run.id for run in plan.runs].index("evaluation")
    known = change_together(plan, {f"runs.{place}.fixed_hours": 10, f"runs.{place}.gpus": 16}).apply(plan)
    line = built(known).line("evaluation")
    assert line.base_node_hours == line.run.count * 2 * 10
    row = next(row for row in built(known).milestones if row.run_id == "evaluation")
    assert (row.steps, row.seconds_per_step) == (1, 36_000)


def test_that_another_seed_moves_the_request_little() -> None:
    plan = example("support-8b")
    spec = campaign_spec(plan, CATALOGUE)
    machine = machine_of(spec, CATALOGUE)
    lines = lines_of(spec, machine, CATALOGUE)
    requests = {totals_of(replace(spec, seed=seed), lines).needed_node_hours for seed in (1, 2, 3)}
    assert max(requests) - min(requests) <= 0.02 * max(requests)


def test_that_a_larger_margin_never_asks_for_less() -> None:
    plan = example("support-8b")
    asked = [
        built(change(plan, "campaign.request_percentile", percentile).apply(plan)).request_node_hours
        for percentile in (50, 80, 90)
    ]
    assert asked == sorted(asked)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_that_a_template_comes_to_the_overhead_it_names(template) -> None:
    factor = overheads(CATALOGUE)[template.overhead].factor
    rows = sum(line.count * line.share for line in template.lines if not line.tuning)
    assert 1.1 * (1.0 + rows) == pytest.approx(factor.p50, rel=0.02)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_that_a_template_is_one_step_of_undo_and_gives_a_whole_campaign(template) -> None:
    plan = example("satellite-vit-l" if template.sample is Image else "nordic-9b")
    edit = change_together(plan, template.apply(plan))
    changed = edit.apply(plan)
    assert edit.revert(changed) == plan
    assert changed.run().data == plan.run().data
    campaign = built(changed)
    assert campaign.complete
    assert campaign.request_node_hours > built(plan).request_node_hours or len(plan.runs) > 1


def test_that_a_published_overhead_replaces_failed_runs_and_contingency() -> None:
    plan = example("two-languages-9b")
    published = change(plan, "campaign.overhead.factor", "research-programme").apply(plan)
    campaign = built(published)
    assert [row.kind for row in campaign.milestones][-1] == "overhead"
    assert {"failed", "contingency"} & {row.kind for row in campaign.milestones} == set()
    main = campaign.main.base_node_hours
    assert campaign.total.p50 == pytest.approx(3.0 * main, rel=0.05)  # both sides are skewed upward
