"""Tables, sentences and points of scaling evidence from rows that are written by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.present.access_chart import DoorSeries, chart_text
from app.present.scaling import (
    plan_table,
    point_words,
    scaling_series,
    scaling_table,
    series_subtitle,
    verdict_words,
)
from app.words import text
from estimators import load_catalogue
from estimators.requests.results import ScalingReport, ScalingRow, ScalingTest
from estimators.words import NOTHING, Value
from tests.requests.hand_made import campaign

CATALOGUE = load_catalogue()
MODELLED = ScalingRow(96, Fraction(24), 1000, 1.2345, 810.04, 17.234, 0.71811, False, 1.1119, 1.3579)
MEASURED = ScalingRow(4, Fraction(1), 1000, 21.275, 47.004, 1.0, 1.0, True)
EMPTY = ScalingReport((), (), 0, float("nan"), None, NOTHING, (), 0, NOTHING, False)


def report(*rows: ScalingRow, **changes: Any) -> ScalingReport:
    return replace(EMPTY, strong=rows, **changes)


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


def test_that_a_row_is_shown_in_three_digits_and_copied_with_all() -> None:
    table = scaling_table((MODELLED, MEASURED))
    assert [plain(cell) for cell in table.rows[0]] == [
        "96", "24", "1 000", "10.4", "1.23", "1.11 to 1.36", "17.2", "71.8 %", "modelled",
    ]  # fmt: skip
    assert table.plain[0][3].startswith("10.416")
    assert table.plain[0][5] == "1.1119 to 1.3579"
    assert (table.rows[1][3], table.rows[1][5], table.plain[1][5]) == ("250", "–", "")
    assert table.measured == (False, True)
    half = replace(MODELLED, high_seconds=None)
    assert scaling_table((half,)).rows[0][5] == "–"
    assert scaling_table((replace(MODELLED, low_seconds=None),)).rows[0][5] == "–"


def test_that_tests_to_come_are_not_measured() -> None:
    tests = [ScalingTest(16, Fraction(4), 50, 12.345, 1.5, "strong", "Base")] * 2
    table = plan_table(tests)
    assert table.rows[0][:5] == ("16", "strong", "4", "50", "12")
    assert table.measured == (False, False)


@pytest.mark.parametrize(
    ("base", "words"), [(MEASURED, "one node"), (replace(MEASURED, gpus=8, nodes=Fraction(2)), "8 GPUs")]
)
def test_that_the_job_is_held_against_the_smallest_row(base: ScalingRow, words: str) -> None:
    job = replace(MODELLED, gpus=64, nodes=Fraction(16))
    made = campaign(CATALOGUE, gpus=64)
    said = verdict_words(report(base, job, efficiency_at_job=0.718), made)
    assert plain(said) == (
        f"Strong scaling reaches 72 % at the 64 GPUs of the main run (modelled, against {words})."
    )
    sizes = report(base, job, efficiency_at_job=0.718, most_gpus=128, best_gpus=16)
    assert plain(verdict_words(sizes, made)).endswith(
        " Efficiency stays at 70 % or more up to 128 GPUs; 16 GPUs cost the fewest node-hours."
    )


def test_that_nothing_is_said_of_what_is_not_known() -> None:
    made = campaign(CATALOGUE, gpus=64)
    assert verdict_words(report(MEASURED), made) == ""
    assert verdict_words(report(MEASURED, most_gpus=128), made) == ""
    assert verdict_words(report(MEASURED, best_gpus=128), made) == ""
    assert verdict_words(report(MEASURED, efficiency_at_job=0.7), campaign(CATALOGUE, gpus=None)) == ""


def test_that_the_chart_holds_the_rows_and_what_reviewers_ask() -> None:
    made = campaign(CATALOGUE, gpus=64)
    series = scaling_series(report(MEASURED, MODELLED, measured_here=1), made, CATALOGUE)
    assert series is not None
    assert (series.enough, series.job_gpus, series.noun) == (0.7, 64, "GPUs")
    ((line,), name) = series.lines, series.lines[0].name
    assert name == "Strong"
    shown = line.points[1]
    assert (shown.gpus, shown.speed_up, shown.efficiency) == (96, 17.234, 0.71811)
    assert (shown.step_seconds, shown.batch_samples, shown.measured) == (1.2345, 1000, False)
    head, body, foot = point_words(shown, "Strong", "GPUs")
    assert (head, plain(body)) == ("Strong, 96 GPUs", "Speed-up 17.2, efficiency 71.8 %")
    assert plain(foot) == "1.23 s for 1 000 samples, modelled"
    assert scaling_series(report(), made, CATALOGUE) is None


def test_that_the_subtitle_says_how_much_is_measured() -> None:
    made = campaign(CATALOGUE)
    assert series_subtitle(report(), made) == "Modelled for Leonardo, none measured"
    assert series_subtitle(report(measured_here=1), made) == "1 point measured on Leonardo; hollow: modelled"
    assert series_subtitle(report(measured_here=3), made).startswith("3 points measured on Leonardo")


def test_that_the_request_is_copied_with_its_middle_and_its_p90() -> None:
    shown = DoorSeries(bars=(), request=5000.0, p50=4000.0, p90=6000.0, axis="", subtitle="")
    assert chart_text(shown).splitlines()[-1] == "request\t4000\t6000\t5000"
