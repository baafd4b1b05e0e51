"""What to plan for is one number, wherever it stands."""

from collections.abc import Callable
from dataclasses import replace

from app.present import answer as answers
from app.present import inputs, runs
from app.present import numbers as n
from estimators import Catalogue, Comparison

AnswerTo = Callable[..., Comparison]


def test_that_every_place_plans_for_the_same_hours(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    comparison = answer_to()
    total = runs.totals(comparison).total
    assert runs.whole_plan(comparison)[1] == f"{total} GPU-hours"
    assert answers.hours_card(comparison).words.endswith(f"plan for {total}")
    text = answers.answer_text(comparison, catalogue)
    assert f"Plan for {total} GPU-hours (P80).".replace(n.THIN_SPACE, " ") in text


def test_that_one_gpu_hour_is_singular(answer_to: AnswerTo) -> None:
    comparison = answer_to()
    small = comparison.headline.gpu_hours.scaled(0.9 / comparison.headline.gpu_hours.p80)
    tiny = replace(comparison, headline=replace(comparison.headline, gpu_hours=small))
    assert runs.whole_plan(tiny)[1] == "1 GPU-hour"
    assert runs.totals(tiny).unit.startswith("GPU-hour, ")
    assert n.of_gpu_hours("1") == "1 GPU-hour"


def test_that_a_coming_machine_has_no_access_mode(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    assert runs.access_words(answer_to(), catalogue) == "Fast Lane"
    assert runs.access_words(answer_to(machine="meluxina-ai"), catalogue) == ""


def test_that_a_coming_machine_is_offered_while_the_plan_names_it(catalogue: Catalogue) -> None:
    usual = inputs.machine_choices(catalogue)
    assert inputs.machine_choices(catalogue, "leonardo-booster") == usual
    assert inputs.machine_choices(catalogue, "meluxina-ai") == [
        *usual,
        ("MeluXina-AI, coming", "meluxina-ai"),
    ]
