"""The sentence, the line about own hardware and the cards say what the estimate says."""

from collections.abc import Callable
from dataclasses import replace

from app.present import answer as present
from app.present import numbers as n
from app.present.explanation import explanation_text
from estimators import Catalogue, Comparison
from estimators.workloads.models import model_of

AnswerTo = Callable[..., Comparison]
DAY = 86400.0


def words(comparison: Comparison, catalogue: Catalogue) -> str:
    return present.plain(present.sentence(comparison, catalogue))


def test_that_the_sentence_holds_hours_range_machine_days_and_mode(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    comparison = answer_to()
    answer = comparison.headline
    expected = (
        f"About {n.short(answer.gpu_hours.p50)} GPU-hours "
        f"({n.span(answer.gpu_hours.p10, answer.gpu_hours.p90)}) on Leonardo: "
        f"{n.duration(answer.seconds.p50)} on {answer.gpus} GPUs."
    )
    assert words(comparison, catalogue) == expected
    with_mode = present.plain(present.sentence(comparison, catalogue, "Fits Fast Lane."))
    assert with_mode == f"{expected} Fits Fast Lane."


def test_that_a_missed_deadline_names_a_machine_that_keeps_it(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    text = words(answer_to(machine="deucalion-gpu"), catalogue)
    assert text.startswith("On Deucalion this takes ")
    assert "; the deadline is 6 weeks. " in text
    assert " does it in " in text


def test_that_no_machine_in_time_is_said(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    text = words(answer_to(deadline_seconds=3600.0), catalogue)
    assert text.endswith("None in service does it in time.")


def test_that_a_machine_that_is_too_small_says_why(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    comparison = answer_to(model=model_of(catalogue.model("Llama-3.1-405B")), machine="vega-gpu")
    text = words(comparison, catalogue)
    assert text.startswith("Not on Vega: ")
    assert "GiB" in text


def test_that_lumi_counts_gcds(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    assert " GCD." in words(answer_to(machine="lumi-g"), catalogue)


def test_that_nothing_is_judged_while_layouts_are_refined(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    rough = replace(answer_to(machine="deucalion-gpu"), final=False)
    assert words(rough, catalogue).startswith("About ")
    hours, time, fits = present.cards(rough)
    assert {card.state for card in (hours, time, fits)} == {"refining"}
    assert hours.number.startswith("≈ ")
    assert hours.badge == ("info", "refining")


def test_that_the_own_line_compares_both(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    comparison = answer_to()
    text = present.plain(present.own_line(comparison, catalogue))
    own, there = n.duration(comparison.own.seconds.p50), n.duration(comparison.headline.seconds.p50)
    assert text.startswith(f"On your 4 RTX 4090: {own}. On Leonardo: {there}.")


def test_that_cards_show_three_digits_and_the_value_to_plan_for(answer_to: AnswerTo) -> None:
    comparison = answer_to()
    hours, time, fits = present.cards(comparison)
    assert hours.number == n.sig3(comparison.headline.gpu_hours.p50)
    assert hours.words.endswith(f"plan for {n.whole_up(comparison.headline.gpu_hours.p80)}")
    assert time.badge == ("ok", "in 6 weeks")
    assert fits.unit == "of 10 in service"
    assert int(fits.number) == sum(fits.fits)


def test_that_a_card_without_a_number_is_no_zero(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    hours, _, _ = present.cards(
        answer_to(model=model_of(catalogue.model("Llama-3.1-405B")), machine="vega-gpu")
    )
    assert hours.number == n.EMPTY
    assert hours.badge == ("fail", "does not fit")


def test_that_the_clipboard_gets_plain_text(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    text = present.answer_text(answer_to(), catalogue)
    assert n.THIN_SPACE not in text
    assert "Plan for " in text
    assert "Catalogue of 2026-11-26." in text


def test_that_a_faster_neighbour_is_named_with_its_price(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    comparison = answer_to()
    answer = comparison.headline
    assert answer.neighbour is not None
    assert answer.neighbour.gpus == 2 * answer.gpus
    more = round(100 * (answer.neighbour.gpu_hours.p50 / answer.gpu_hours.p50 - 1))
    time = n.duration(answer.neighbour.seconds.p50)
    words = f"On twice as many GPUs: {time}, {more}\u202f% more GPU-hours."
    assert present.neighbour_words(comparison, catalogue) == words
    assert words.replace("\u202f", " ") in present.answer_text(comparison, catalogue)
    assert present.neighbour_words(replace(comparison, final=False), catalogue) == ""


def test_that_a_cheaper_neighbour_is_said_to_be_too_late(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    hurried = answer_to(deadline_seconds=3 * 86_400.0)
    answer = hurried.headline
    assert answer.meets_deadline
    assert answer.neighbour is not None, "the deadline must cost GPU-hours"
    assert answer.neighbour.gpu_hours.p80 < 0.95 * answer.gpu_hours.p80
    words = present.neighbour_words(hurried, catalogue)
    assert "(too late)" in words
    assert "fewer GPU-hours" in words


def test_that_a_named_count_is_told_what_another_would_save(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    many = answer_to(gpus=512)
    assert many.headline.gpus == 512
    assert present.neighbour_words(many, catalogue).startswith("On half as many GPUs: ")
    assert "too late" not in present.neighbour_words(many, catalogue)


def test_that_what_is_copied_keeps_machine_interval_and_date(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    late = answer_to(machine="deucalion-gpu")
    for comparison in (late, answer_to()):
        answer = comparison.headline
        text, name = present.answer_text(comparison, catalogue), answer.machine.short_name
        hours = n.span(answer.gpu_hours.p10, answer.gpu_hours.p90, 3).replace(n.THIN_SPACE, " ")
        assert f"{name}, 80 % interval: {hours} GPU-hours, " in text
        held = present.conditions(comparison, catalogue)
        assert held == f"{name}, {answer.gpus} GPUs, 80 % interval. Catalogue of 2026-11-26."
        figure = comparison.explanation
        copied = explanation_text(figure, held)
        assert copied.endswith(f"{held}\n")
        assert " to " in copied.splitlines()[0], "the interval stands with the figure"
