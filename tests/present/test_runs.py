"""The request is one number, wherever it stands, and the runs and their margins come to it."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from app.present import campaign, inputs, milestones, runs
from app.present import numbers as n
from app.words import text
from estimators import Catalogue, Comparison
from estimators.requests.results import Request
from tests.present.campaigns import a_plan, request_of, too_large_plan

AnswerTo = Callable[..., Comparison]


@pytest.fixture(scope="module")
def request_(catalogue: Catalogue) -> Request:
    return request_of(a_plan(), catalogue)


def number(text: str) -> int:
    return int(text.replace(n.THIN_SPACE, ""))


def test_that_every_place_names_the_same_request(request_: Request) -> None:
    total = runs.totals(request_).lines[-1].hours
    assert runs.whole_plan(request_)[1] == f"{total} GPU-hours"
    assert campaign.small_figures(request_)[0].number == total
    assert f"Request {total} GPU-hours on Leonardo" in "".join(p.text for p in campaign.sentence(request_))
    assert any(f"{total} GPU-hours" in words for words in milestones.milestone_table(request_.campaign).units)


def test_that_runs_and_margins_sum_to_the_request(request_: Request, catalogue: Catalogue) -> None:
    lines = runs.run_lines(a_plan(), "main", request_, None, catalogue)
    beside = runs.totals(request_).lines
    assert sum(number(line.hours) for line in (*lines, *beside[:-1])) == number(beside[-1].hours)
    assert runs.totals(request_).unit == "GPU-hours, 8 lines"


def test_that_a_run_says_how_often_on_what_and_for_what(request_: Request, catalogue: Catalogue) -> None:
    smoke, *_, evaluation = runs.run_lines(a_plan(), "smoke", request_, None, catalogue)
    assert (smoke.words, smoke.icon, smoke.is_chosen) == ("12 runs, 64 GPUs", "flask-conical", True)
    assert (evaluation.words, evaluation.icon, evaluation.is_chosen) == ("12 runs, 16 GPUs", "gauge", False)


def test_that_a_run_that_fits_nowhere_says_so(catalogue: Catalogue) -> None:
    plan = too_large_plan()
    lines = runs.run_lines(plan, "main", request_of(plan, catalogue), None, catalogue)
    assert [line.fits for line in lines] == [True, True, True, False, True, True]
    assert lines[3].spoken.endswith("does not fit")
    assert "without 1 run that does not fit" in runs.whole_plan(request_of(plan, catalogue))[2]


def test_that_the_run_on_the_screen_has_figures_before_the_request(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    comparison = answer_to()
    lines = runs.run_lines(a_plan(), "main", None, comparison, catalogue)
    assert lines[3].hours == n.whole_up(comparison.headline.gpu_hours.p50)
    assert {line.hours for line in lines if line.run_id != "main"} == {n.EMPTY}
    assert runs.totals(None).lines[-1].hours == n.EMPTY
    assert "counting" in runs.whole_plan(None)[0]


def test_that_a_run_newer_than_the_request_has_no_figure(request_: Request, catalogue: Catalogue) -> None:
    plan = a_plan()
    fresh = msgspec.structs.replace(plan.runs[0], id="new")
    lines = runs.run_lines(type(plan)(name="x", runs=(*plan.runs, fresh)), "new", request_, None, catalogue)
    assert lines[-1].hours == n.EMPTY


def test_that_figures_of_an_earlier_plan_are_marked_and_rounded(request_: Request) -> None:
    sure, rough = runs.totals(request_), runs.rough(runs.totals(request_))
    assert all(line.hours.startswith("≈ ") for line in rough.lines)
    assert [line.name for line in rough.lines] == [line.name for line in sure.lines]


def test_that_the_mode_is_that_of_the_whole_request(request_: Request) -> None:
    assert runs.access_words(request_) == ("warn", "Fast Lane"), "no award of it on LUMI was seen"
    none = replace(request_, doors=replace(request_.doors, chosen=None))
    assert runs.access_words(none) == ("fail", "No mode fits")
    assert runs.access_words(None) == ("ok", "")


def test_that_one_gpu_hour_is_singular() -> None:
    assert text(n.hours_named("1")) == "1 GPU-hour"
    assert text(n.hours_named("12")) == "12 GPU-hours"


def test_that_a_coming_machine_is_offered_while_the_plan_names_it(catalogue: Catalogue) -> None:
    usual = inputs.machine_choices(catalogue)
    assert inputs.machine_choices(catalogue, "leonardo-booster") == usual
    named = inputs.machine_choices(catalogue, "meluxina-ai")
    assert named[:-1] == usual
    assert (text(named[-1][0]), named[-1][1]) == ("MeluXina-AI, coming", "meluxina-ai")
