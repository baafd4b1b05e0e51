"""The rows of the comparison: nothing is blank, nothing is unknown as zero."""

from collections.abc import Callable
from dataclasses import replace

from app.present import machines as present
from app.present import numbers as n
from estimators import Catalogue, Comparison
from estimators.workloads.models import model_of

AnswerTo = Callable[..., Comparison]


def test_that_rows_start_with_what_fits_and_costs_least(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    rows = present.rows(answer_to(), catalogue)
    fitting = [row for row in rows[:-1] if row.verdict == "ok"]
    assert [row.verdict for row in rows[: len(fitting)]] == ["ok"] * len(fitting)
    costs = [row.answer.gpu_hours.p50 for row in fitting]
    assert costs == sorted(costs)
    assert rows[-1].is_own


def test_that_no_cell_is_blank(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    for row in present.rows(answer_to(), catalogue, with_coming=True):
        for column in present.COLUMNS:
            assert row.cells[column].text, (row.name, column)
            assert row.cells[column].text != "0"


def test_that_the_reason_has_at_most_five_words_and_the_tooltip_all(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    for changes in ({}, {"model": model_of(catalogue.model("Llama-3.1-405B"))}):
        for row in present.rows(answer_to(**changes), catalogue, with_coming=True):
            words = [word for word in row.cells["fits"].text.split() if word != n.TIMES]
            assert len(words) <= present.MOST_WORDS, row.cells["fits"].text
            assert row.sentence.endswith(".")


def test_that_lumi_shows_gcds_and_others_plain_counts(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    rows = {row.machine_id: row for row in present.rows(answer_to(), catalogue)}
    assert rows["lumi-g"].cells["gpus"].text.endswith(" GCD")
    assert rows["leonardo-booster"].cells["gpus"].text.replace(n.THIN_SPACE, "").isdigit()


def test_that_an_unpublished_site_unit_says_so(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    found = answer_to()
    answers = tuple(replace(one, site_units=None) for one in found.answers)
    rows = {row.machine_id: row for row in present.rows(replace(found, answers=answers), catalogue)}
    cell = rows["arrhenius-gpu"].cells["site_unit"]
    assert (cell.text, cell.tone) == ("not published", "unk")


def test_that_coming_machines_are_shown_only_when_asked(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    few = present.rows(answer_to(), catalogue)
    many = present.rows(answer_to(), catalogue, with_coming=True)
    assert all(row.in_service for row in few)
    assert {row.verdict for row in many if not row.in_service} == {"info"}
    assert "25 more are coming" in present.hidden_sentence(answer_to(), with_coming=False)


def test_that_short_runs_are_told_in_hours(answer_to: AnswerTo) -> None:
    assert present.heads(answer_to())["days"] == "Days"
    assert present.heads(answer_to(samples=1e5))["days"] == "Hours"


def test_that_refining_rows_judge_nothing(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    rows = present.rows(replace(answer_to(), final=False), catalogue)
    assert {row.verdict for row in rows} == {"wait"}


def test_that_deadlines_read_as_people_set_them() -> None:
    assert present.deadline_words(14 * 86400.0) == "2 weeks"
    assert present.deadline_words(2 * 86400.0) == "2 days"
    assert present.deadline_words(12 * 3600.0) == "12 hours"


def test_that_the_copied_table_has_no_thin_spaces(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    text = present.table_text(present.rows(answer_to(), catalogue), present.heads(answer_to()), "2026-11-23")
    assert n.THIN_SPACE not in text.splitlines()[1].split("\t")[3]
    assert len({line.count("\t") for line in text.splitlines()}) == 1


def test_that_the_plans_coming_machine_has_its_row(answer_to: AnswerTo, catalogue: Catalogue) -> None:
    comparison = answer_to(machine="meluxina-ai")
    rows = {row.machine_id: row for row in present.rows(comparison, catalogue)}
    row = rows["meluxina-ai"]
    assert (row.is_chosen, row.verdict, row.in_service) == (True, "info", False)
    assert row.cells["fits"].text.startswith("Coming: ")
    assert [row.machine_id for row in rows.values() if not row.in_service] == ["meluxina-ai"]
    hidden = present.hidden_sentence(comparison, with_coming=False)
    assert hidden == "All 10 GPU partitions in service, and MeluXina-AI. 24 more are coming."


def test_that_an_impossible_count_leaves_the_jobs_their_place(
    answer_to: AnswerTo, catalogue: Catalogue
) -> None:
    comparison = answer_to(gpus=1, deadline_seconds=None)
    row = next(row for row in present.rows(comparison, catalogue) if row.is_chosen)
    assert " jobs " in row.cells["fits"].text
    assert f"1 GPU not possible: {row.answer.gpus}" in row.sentence
    assert "1 GPUs" not in row.sentence
