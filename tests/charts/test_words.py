"""Subtitles, cards, summary and the copied table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.present.chart_series import ChartSeries, chart_series
from app.present.chart_words import (
    card_text,
    data_table,
    gpu_count,
    hours_subtitle,
    summary,
    time_limit,
    time_subtitle,
)
from tests.charts.fakes import DAY, WEEK, access_modes, comparison, series_of, without

HOPPER = ("marenostrum5-acc", "jupiter-booster", "discoverer-plus", "arrhenius-gpu")


def test_that_a_clear_difference_between_families_is_said(series: ChartSeries) -> None:
    assert hours_subtitle(series) == "Hopper machines need a third of the hours"


def test_that_a_family_of_one_machine_goes_by_its_name() -> None:
    whole = without(comparison(), *HOPPER[1:])
    assert hours_subtitle(chart_series(whole, None)) == "MareNostrum 5 needs a third of the hours"


def test_that_the_subtitle_is_dropped_when_families_overlap(series: ChartSeries) -> None:
    costly = tuple(
        replace(one, point=replace(one.point, gpu_hours=one.point.gpu_hours.scaled(4.0)))
        if one.machine_id == "jupiter-booster" and one.point is not None
        else one
        for one in series.machines
    )
    assert hours_subtitle(replace(series, machines=costly)) == ""


def test_that_the_subtitle_is_dropped_when_no_word_is_close() -> None:
    assert hours_subtitle(chart_series(without(comparison(), *HOPPER), None)) == ""


def test_that_numbers_far_from_evidence_carry_no_subtitle(series: ChartSeries) -> None:
    far = tuple(replace(one, far_from_evidence=True) for one in series.machines)
    assert hours_subtitle(replace(series, machines=far)) == ""


def test_that_more_gpus_help_until_the_queue_limit(series: ChartSeries) -> None:
    assert time_subtitle(series) == "More GPUs shorten the run until the queue limit"


def test_that_a_run_that_gets_no_faster_says_from_where(series: ChartSeries) -> None:
    chosen = series.machines[0]
    last = chosen.curve[-1]
    slow = replace(last, gpus=last.gpus * 1.5, seconds=last.seconds.scaled(1.2))
    longer = replace(chosen, curve=(*chosen.curve, slow))
    text = time_subtitle(replace(series, machines=(longer, *series.machines[1:])))
    assert text == f"Beyond {gpu_count(chosen, last)} Leonardo gets no faster"


def test_that_nothing_is_said_without_a_chosen_machine(series: ChartSeries) -> None:
    none = replace(series, machines=tuple(replace(one, is_chosen=False) for one in series.machines))
    assert hours_subtitle(none) == time_subtitle(none) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(2 * WEEK, "2\u00a0weeks"), (WEEK, "1\u00a0week"), (10 * DAY, "10 days")]
)
def test_that_deadlines_are_said_as_people_set_them(seconds: float, text: str) -> None:
    assert time_limit(seconds) == text


def test_that_the_card_names_the_limit_that_binds(series: ChartSeries) -> None:
    chosen = series.machines[0]
    assert chosen.point is not None
    late = card_text(chosen, chosen.curve[0], False, series.deadline_seconds)
    end = card_text(chosen, chosen.curve[-1], False, series.deadline_seconds)
    answer = card_text(chosen, chosen.point, True, series.deadline_seconds)
    assert late.limit.startswith("Misses the deadline: plan for")
    assert "queue allows" in end.limit
    assert answer.limit == "Memory 51 of 60 usable, 64\u202fGiB"
    assert answer.head.startswith("Leonardo, ")
    assert "GPU-hours (" in answer.body


def test_that_lumi_counts_gcds_in_words_and_modules_on_the_axis(series: ChartSeries) -> None:
    lumi = series_of(series, "lumi-g")
    assert lumi is not None
    assert lumi.point is not None
    assert gpu_count(lumi, lumi.point) == f"{lumi.point.devices}\u00a0GCD"


def test_that_the_summary_names_every_machine_and_the_own_hardware(series: ChartSeries) -> None:
    text = summary(series)
    assert text.startswith("Deadline 2\u00a0weeks. Leonardo: ")
    assert all(one.label in text for one in series.machines if one.in_service)
    assert text.endswith("Your 4 × RTX 4090: 3.1 years.")


def test_that_machines_without_a_value_are_named() -> None:
    series = chart_series(without(comparison(), "vega-gpu"), None, access_modes())
    assert "Without a value: Vega." in summary(series)


def test_that_the_table_holds_every_point_in_plain_numbers(series: ChartSeries) -> None:
    lines = data_table(series).splitlines()
    assert series.own is not None
    assert len(lines) == 1 + sum(len(one.curve) for one in series.machines) + len(series.own.curve)
    assert all(line.count("\t") == lines[0].count("\t") for line in lines)
    assert not any(mark in "".join(lines) for mark in "\u202f\u00a0,−")
    row = next(line for line in lines if line.startswith("LUMI-G") and line.endswith("yes"))
    gpus, devices = row.split("\t")[1:3]
    assert float(devices) == 2 * float(gpus)
