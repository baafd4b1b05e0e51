"""Findings are counted, filtered, copied, and fixed in one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.window.document import Document
from app.window.finding_card import PassedCard
from app.window.findings_tab import FindingsTab
from app.window.main_window import MainWindow
from estimators import Catalogue
from estimators.requests.results import Finding, Fix
from estimators.words import NOTHING, Name, say
from tests.present.campaigns import a_plan, made_up_findings
from tests.window.test_access import nameless

Counted = Callable[[MainWindow], None]


@pytest.fixture
def findings(
    empty_window: MainWindow, catalogue: Catalogue, counted: Counted, qtbot: QtBot, tmp_path: Path
) -> MainWindow:
    """A window on the tab Findings with a real request and made-up findings."""
    empty_window.show_document(Document(a_plan(), None, tmp_path / "state", catalogue))
    bench = empty_window.bench
    bench.load_charts = lambda: None
    empty_window.resize(1366, 768)
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.show_tab("findings")
    counted(empty_window)
    show(empty_window, made_up_findings())
    return empty_window


def show(window: MainWindow, found: tuple[Finding, ...]) -> None:
    window.bench.tabs.show_request(replace(window.bench.request, findings=found))


def tab(window: MainWindow) -> FindingsTab:
    page = window.bench.tabs.page("findings")
    assert isinstance(page, FindingsTab)
    return page


def test_that_counts_stand_on_the_tab_and_above_the_cards(findings: MainWindow) -> None:
    button = findings.bench.tabs._buttons["findings"]
    assert button.accessibleName() == "Findings, 1 failing, 2 warnings"
    page = tab(findings)
    assert (page.fails.text, page.warnings.text, page.passed.text) == ("1 fail", "2 warnings", "3 passed")


def test_that_what_fails_comes_first_and_its_fix_is_the_primary_button(findings: MainWindow) -> None:
    cards = tab(findings).cards
    assert [card.group.severity for card in cards] == ["fail", "warn", "warn"]
    kinds = [card.button.kind if card.button else None for card in cards]
    assert kinds == ["primary", None, "secondary"]
    assert cards[0].accessibleName().startswith("Fails: Checkpoints need 1.9 TB")


def test_that_a_fix_is_one_step_of_undo(findings: MainWindow, qtbot: QtBot) -> None:
    document = findings.bench.document
    plan = document.plan
    qtbot.mouseClick(tab(findings).cards[2].button, Qt.MouseButton.LeftButton)
    assert document.plan.run("sweep").gpus == 32
    assert findings.deeds["undo"].text() == "Undo: Use 32 GPUs"
    findings.undo()
    assert document.plan == plan


def test_that_a_fix_of_an_earlier_plan_waits(findings: MainWindow, counted: Counted) -> None:
    findings.bench.document.change("campaign.months", 6)
    assert not tab(findings).cards[0].button.isEnabled()
    assert not tab(findings).copy.isEnabled()
    counted(findings)
    assert all(card.button is None or card.button.isEnabled() for card in tab(findings).cards)


def test_that_filters_show_what_is_open_or_passed(findings: MainWindow, qtbot: QtBot) -> None:
    page = tab(findings)

    def passed_cards() -> int:
        return sum(card.isVisibleTo(page) for card in page.findChildren(PassedCard))

    qtbot.waitUntil(lambda: (len(page.cards), passed_cards()) == (3, 1))
    qtbot.mouseClick(page.filter.buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (len(page.cards), passed_cards()) == (3, 0))
    qtbot.keyClick(page.filter.buttons[1], Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: (len(page.cards), passed_cards()) == (0, 1))


def test_that_runs_with_the_same_finding_share_a_card_and_a_fix(findings: MainWindow, qtbot: QtBot) -> None:
    def about(run_id: str, name: str) -> Finding:
        return Finding(
            rule="software", severity="warn",
            title=say("{run}: {reason}", run=Name(name), reason=say("needs a port")),
            why=say("As it is."), figure=NOTHING, limit=NOTHING, source=say("Site page."), run_id=run_id,
            fix=Fix(say("Plan with FSDP"), "software", "fsdp", run_id),
        )  # fmt: skip

    show(findings, (about("smoke", "Smoke and scaling tests"), about("sweep", "Learning-rate sweep")))
    (card,) = tab(findings).cards
    assert card.group.title == "Needs a port"
    assert card.group.runs_words == "2 runs: Smoke and scaling tests, Learning-rate sweep."
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    plan = findings.bench.document.plan
    assert [plan.run(one).software for one in ("smoke", "sweep", "main")] == ["fsdp", "fsdp", None]
    assert findings.bench.document.undo_stack.count() == 1


def test_that_many_rules_that_hold_are_shown_on_demand(findings: MainWindow) -> None:
    held = tuple(Finding(f"rule-{k}", "pass", f"Rule {k}", "", "holds", "", "") for k in range(9))
    show(findings, held)
    page = tab(findings)
    assert page.cards == []
    before = page.findChildren(PassedCard)[-1].sizeHint().height()
    page._toggle_passed()
    assert page.findChildren(PassedCard)[-1].sizeHint().height() > before


def test_that_findings_are_copied_as_words(findings: MainWindow) -> None:
    tab(findings).copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Checkpoints need 1.9 TB, WORK holds 1.0 TB" in text
    assert "Fix: Keep the last 5" in text
    assert "\u202f" not in text


def test_that_doors_stand_beside_the_findings_where_there_is_room(findings: MainWindow, qtbot: QtBot) -> None:
    page = tab(findings)
    assert page.doors is not None
    assert page.doors.isVisible()
    assert page.charts == tuple(page.doors.charts)
    findings.resize(1000, 700)
    qtbot.waitUntil(lambda: not page.doors.isVisible())
    assert page.charts == ()


def test_that_real_findings_of_the_example_show(window: MainWindow, counted: Counted) -> None:
    window.show_tab("findings")
    counted(window)
    page = window.bench.tabs.page("findings")
    found = window.bench.request.findings
    assert sum(len(card.group.findings) for card in page.cards) == sum(f.severity != "pass" for f in found)


def test_that_everything_on_the_tab_has_a_name(findings: MainWindow) -> None:
    assert nameless(findings) == []
