"""What the Access tab says of a request: rows, sentences, countdown, ticks, bars and facts."""

from __future__ import annotations

import math

import pytest

from app.plan.project import OfferInput
from app.present import access, access_chart, access_facts
from app.words import text
from estimators import Catalogue
from tests.present.access_requests import NOW, asking

TODAY = NOW.date()


def row(request, mode: str) -> access.AccessRow:
    return next(row for row in access.rows(request) if row.mode_id == mode)


def tick(offered: bool, mode: str = "aif_fastlane") -> OfferInput:
    return OfferInput(machine="leonardo-booster", mode=mode, offered=offered, as_of=TODAY)


def test_that_a_row_says_size_verdict_and_date(catalogue: Catalogue) -> None:
    request = asking(catalogue, applicant="sme")
    cells = {row.name: [c.replace("\u202f", " ") for c in row.cells[1:]] for row in access.rows(request)}
    assert cells["Playground"] == ["5 000 GPU-h", "9 × too small", "Always open", "offered"]
    assert cells["Fast Lane"] == ["10 k to 50 k", "Fits, 5 200 to spare", "Always open", "offered"]
    assert cells["Large Scale"] == ["from 50 k", "Below by 5 200", "30 Nov 10:00", "offered"]
    assert cells["Development"][:3] == ["4 500 nh", "For the tests only", "1 Dec 10:00"]
    assert cells["AI for Science"] == ["20 k to 90 k nh", "Below by 8 800", "11 Dec 10:00", "not offered"]
    assert [row.name for row in access.rows(request) if row.is_chosen] == ["Fast Lane"]


def test_that_tone_follows_state_and_an_offer_not_seen_warns(catalogue: Catalogue) -> None:
    request = asking(catalogue, applicant="sme")
    tones = {row.mode_id: row.tone for row in access.rows(request)}
    assert tones["aif_fastlane"] == "ok"
    assert tones["development"] == "warn"
    assert tones["aif_large"] == "fail"
    jupiter = asking(catalogue, 100_000, "jupiter-booster", applicant="sme", months=12)
    assert access.badge(jupiter) == ("warn", "Large Scale")
    assert row(jupiter, "regular").tone == "unk"
    assert row(jupiter, "regular").size == "not published"


def test_that_the_lead_names_the_smallest_door_and_the_fallback(catalogue: Catalogue) -> None:
    fits = asking(catalogue, applicant="sme", fallback="marenostrum5-acc")
    assert access.lead(fits).startswith("Smallest door that serves: Fast Lane on Leonardo. Fallback: MareN")
    unknown = asking(catalogue)
    assert access.lead(unknown) == "Fits Fast Lane if you are a start-up or an SME."
    gap = asking(catalogue, 1875, applicant="sme")
    assert access.badge(gap) == ("fail", "No mode fits")
    assert "below Fast Lane" in access.lead(gap)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW, "7 days left"),
        (NOW.replace(day=28, hour=10), "48 hours left"),
        (NOW.replace(day=30, hour=8, minute=1), "119 minutes left"),
        (NOW.replace(day=30, hour=9, minute=59), "1 minute left"),
        (NOW.replace(day=30, hour=10, minute=1), "passed"),
    ],
)
def test_that_the_countdown_runs_to_ten_in_brussels(catalogue: Catalogue, now, words) -> None:
    assert access.countdown(row(asking(catalogue), "aif_large").door, now) == words


def test_that_modes_always_open_have_no_countdown(catalogue: Catalogue) -> None:
    request = asking(catalogue, applicant="sme")
    assert access.countdown(row(request, "aif_fastlane").door, NOW) == ""
    assert access.start_words(request, NOW) == text(request.doors.start_sentence)
    large = asking(catalogue, 20_000, applicant="sme", months=6)
    assert access.start_words(large, NOW).endswith("Cut-off: 7 days left.")


@pytest.mark.parametrize(
    ("node_hours", "p90", "words"),
    [
        (11_200, 1.103, "At P90 the request is 49 415 GPU-hours, 585 below the ceiling."),
        (12_000, 1.1, "At P90 the request is 52 800 GPU-hours, 2 800 above the ceiling."),
        (5000, 1.1, ""),
    ],
)
def test_that_a_ceiling_near_p90_is_said(catalogue: Catalogue, node_hours, p90, words) -> None:
    request = asking(catalogue, node_hours, p90=p90, applicant="sme")
    assert access.ceiling_words(request).replace("\u202f", " ") == words


def test_that_remarks_hold_conditions_and_split(catalogue: Catalogue) -> None:
    large = asking(catalogue, 150_000, "marenostrum5-acc", applicant="university", months=6)
    assert any(words.startswith("AI for Science could take 2 proposals") for words in access.remarks(large))
    unknown = asking(catalogue)
    assert any("say who applies" in words for words in access.remarks(unknown))
    assert not any("say who applies" in words for words in access.remarks(unknown, with_conditions=False))
    assert "main run" in access.changes_of(row(unknown, "benchmark"))


# ---------------------------------------------------------------- ticks


def test_that_a_click_goes_from_the_catalogue_to_yes_to_no_and_back(catalogue: Catalogue) -> None:
    seen = row(asking(catalogue), "aif_fastlane")
    assert (seen.offered, seen.by_user, access.next_tick(seen)) == (True, False, True)
    yes = row(asking(catalogue, offers=(tick(True),)), "aif_fastlane")
    assert (yes.offered, yes.by_user, access.next_tick(yes)) == (True, True, False)
    no = row(asking(catalogue, offers=(tick(False),)), "aif_fastlane")
    assert (no.offered, no.by_user, access.next_tick(no)) == (False, True, None)
    assert access.tick_help(no).endswith("Click to take the tick away.")


def test_that_one_tick_takes_the_place_of_another(catalogue: Catalogue) -> None:
    held = (tick(True), tick(True, "aif_large"))
    after = access.offers_after(held, "leonardo-booster", "aif_fastlane", False, TODAY)
    assert after == (tick(True, "aif_large"), tick(False))
    assert access.offers_after(after, "leonardo-booster", "aif_fastlane", None, TODAY) == held[1:]
    request = asking(catalogue, offers=held)
    assert access.plan_offers(request) == held


# ---------------------------------------------------------------- chart and facts


def test_that_bars_stand_in_gpu_hours_on_the_machine(catalogue: Catalogue) -> None:
    shown = access_chart.series(asking(catalogue, 1000, "karolina-gpu", applicant="university"))
    bars = {bar.name: (bar.low_gpu_hours, bar.high_gpu_hours) for bar in shown.bars}
    assert bars["Development"] == (0.0, 6400.0)
    assert bars["Large Scale"] == (50_000.0, math.inf)
    assert "AI for Science" not in bars
    assert shown.subtitle == "No size found here: AI for Science and Extreme Scale"
    assert shown.axis == "GPU-hours on Karolina (8 = 1 node-hour)"
    assert (shown.request, round(shown.p50), round(shown.p90)) == (8000.0, 6960, 8824)
    assert len(access_chart.chart_text(shown).splitlines()) == len(shown.bars) + 2
    assert "Playground: 5\u202f000 GPU-hours, fixed" in access_chart.summary(shown)


def test_that_the_table_for_the_clipboard_has_no_thin_spaces(catalogue: Catalogue) -> None:
    text = access.table_text(access.rows(asking(catalogue)))
    assert "\u202f" not in text
    assert text.splitlines()[0] == "Mode\tSize\tDoes this plan fit?\tNext date\tToday"
    assert len(text.splitlines()) == 9


def test_that_one_mode_in_full_says_its_dates(catalogue: Catalogue) -> None:
    lines = dict(access_facts.detail_lines(row(asking(catalogue), "aif_large"), NOW))
    assert lines["Next date"] == "30 Nov 10:00 Brussels, 7 days left"
    assert lines["Earliest start"] == "14 Dec 2026"
    regular = dict(access_facts.detail_lines(row(asking(catalogue), "regular"), NOW))
    assert (regular["Next date"], regular["Earliest start"]) == ("not found", "not found")


def test_that_every_fact_is_said_in_words_with_its_source(catalogue: Catalogue) -> None:
    for one in access.rows(asking(catalogue, applicant="sme")):
        for line in access_facts.fact_lines(one, catalogue):
            assert line.value
            assert line.source
            assert "{" not in line.value
            assert "datetime" not in line.value
    lines = {
        line.name: line for line in access_facts.fact_lines(row(asking(catalogue), "ai_science"), catalogue)
    }
    assert lines["Size"].value.replace("\u202f", " ") == "min: 20 000; max: 90 000"
    assert lines["Decision"].value == "1 month"
    assert lines["Cut-off time in Brussels"].value == "10:00"
    assert lines["Who may apply"].value.endswith("University: yes; Public body: yes")
    assert lines["Cut-off dates"].value.endswith("30 Oct 2026, 11 Dec 2026")
    assert "TUBITAK" in lines["Size"].source
