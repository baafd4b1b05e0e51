"""A measured step moves the answer, narrows its range, and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.present import answer as present
from app.present.measured import measured_line
from estimators import Catalogue, Comparison
from estimators.planning.records import MachineAnswer, MeasuredStep

AnswerTo = Callable[..., Comparison]
BADGE = ("ok", "your measured step")


def headline(comparison: Comparison) -> MachineAnswer:
    assert comparison.headline is not None
    return comparison.headline


def measured(answer_to: AnswerTo, ratio: float, **changes: object) -> tuple[MachineAnswer, MachineAnswer]:
    """The answer without and with a step that took `ratio` of what was predicted."""
    comparison = answer_to(**changes)
    before = headline(comparison)
    assert before.step is not None
    assert before.gpus is not None
    assert before.steps is not None
    batch = round(comparison.spec.samples / before.steps)  # the plan's, unless the GPUs do not divide it
    step = MeasuredStep(before.machine.id, before.gpus, before.step.total * ratio, batch)
    return before, headline(answer_to(measured=step, gpus=before.gpus, **changes))


def spread(answer: MachineAnswer) -> float:
    assert answer.gpu_hours is not None
    return answer.gpu_hours.p90 / answer.gpu_hours.p10


def hours(answer: MachineAnswer) -> float:
    assert answer.gpu_hours is not None
    return answer.gpu_hours.p50


@pytest.mark.parametrize("machine", ["leonardo-booster", "jupiter-booster", "lumi-g"])
def test_that_a_step_as_predicted_leaves_the_middle_and_narrows_the_range(
    machine: str, answer_to: AnswerTo
) -> None:
    before, after = measured(answer_to, 1.0, machine=machine)
    assert after.measured
    assert hours(after) == pytest.approx(hours(before), rel=1e-9)
    assert spread(after) < spread(before)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ratio=st.floats(1.02, 2.95), up=st.booleans())
def test_that_a_slower_or_faster_step_moves_the_middle_but_less_than_fully(
    ratio: float, up: bool, answer_to: AnswerTo
) -> None:
    ratio = ratio if up else min(ratio, 1.5)  # a step of half the time would pass the card's peak
    before, after = measured(answer_to, ratio if up else 1.0 / ratio)
    moved = hours(after) / hours(before)
    assert (1.0 < moved < 1.001 * ratio) if up else (1.0 / ratio / 1.001 < moved < 1.0)
    assert after.step is not None
    assert before.step is not None
    stepped = after.step.total / before.step.total
    assert (1.0 < stepped < ratio) if up else (1.0 / ratio < stepped < 1.0)
    assert spread(after) < spread(before)


def test_that_the_cards_carry_the_badge(answer_to: AnswerTo) -> None:
    step = MeasuredStep("leonardo-booster", 32, 20.0)
    hours_card, time_card, _ = present.cards(answer_to(measured=step))
    assert hours_card.badge == BADGE
    assert time_card.badge == ("ok", "in 6 weeks")
    _, without_deadline, _ = present.cards(answer_to(measured=step, deadline_seconds=None))
    assert without_deadline.badge == BADGE
    assert BADGE not in [card.badge for card in present.cards(answer_to())]


def test_that_a_step_on_another_card_is_said_to_move_nothing(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    comparison = answer_to(measured=MeasuredStep("own", 4, 500.0))
    assert not headline(comparison).measured
    assert BADGE not in [card.badge for card in present.cards(comparison)]
    assert measured_line(comparison, catalogue) == (
        "Not moved by your measured step (500 s on 4 GPUs of your hardware): it was taken on another card."
    )


def test_that_the_words_name_step_place_and_effect(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    before = headline(answer_to()).step
    assert before is not None
    slower = answer_to(measured=MeasuredStep("leonardo-booster", 32, round(1.3 * before.total, 1)))
    line = measured_line(slower, catalogue)
    assert line.startswith("Moved by your measured step (")
    assert "s on 32 GPUs of Leonardo): a step takes 2" in line
    assert line.endswith("% more than predicted, and the range is narrower.")
    assert line.replace("\u202f", " ") in present.answer_text(slower, catalogue)
    assert measured_line(answer_to(), catalogue) == ""
    same = answer_to(measured=MeasuredStep("leonardo-booster", 32, before.total))
    assert ": a step takes what was predicted, " in measured_line(same, catalogue)


def test_that_the_range_before_the_measurement_stays_beside_the_narrower_one(answer_to: AnswerTo) -> None:
    before, after = measured(answer_to, 1.3)
    assert before.modelled_gpu_hours is None
    assert after.modelled_gpu_hours == before.gpu_hours
    assert after.modelled_seconds == before.seconds


def test_that_the_glyph_holds_both_ranges_on_one_track(answer_to: AnswerTo) -> None:
    step = MeasuredStep("leonardo-booster", 32, 50.0)
    for card in present.cards(answer_to(measured=step))[:2]:
        assert card.glyph is not None
        assert card.glyph.before is not None
        low, high = card.glyph.before
        assert 0.0 < low < high < 1.0
        assert 0.0 < card.glyph.p10 < card.glyph.p50 < card.glyph.p90 < 1.0
        assert card.glyph.p90 - card.glyph.p10 < high - low
    assert all(card.glyph is None or card.glyph.before is None for card in present.cards(answer_to()))
