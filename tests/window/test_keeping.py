"""Nothing that was typed is lost: saving, leaving, and what a crash leaves behind."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.plan.autosave import recoverable
from app.plan.files import read_plan, write_plan
from app.plan.schema import SavedAnswer
from app.window.crash import catch_errors
from app.window.main_window import MainWindow
from estimators import Catalogue
from tests.window.conftest import Answers, example

Settled = Callable[[MainWindow], None]


def edit(window: MainWindow) -> None:
    assert window.bench.document.change("runs.0.data.tokens", 200_000_000_000) == ""


def test_that_saving_asks_once_and_clears_the_mark(
    window: MainWindow, answers: Answers, tmp_path: Path, settled: Settled
) -> None:
    edit(window)
    settled(window)
    assert not window.top.edited.isHidden()
    answers.save = tmp_path / "mine.nodewise.json"
    assert window.save_plan()
    assert window.top.edited.isHidden()
    assert answers.asked == ["save nordic-9b.nodewise.json"]
    saved = read_plan(answers.save)
    assert saved.runs[0].data.tokens == 200_000_000_000
    assert saved.answer_when_saved is not None
    assert window.save_plan()
    assert len(answers.asked) == 1


def test_that_an_unwritable_place_is_a_sentence(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    answers.save = tmp_path / "missing" / "mine.nodewise.json"
    assert not window.save_plan()
    assert window.bars[0].tone == "fail"


def test_that_leaving_asks_only_for_unsaved_work(window: MainWindow, answers: Answers) -> None:
    window.show_start()
    assert answers.asked == []
    window.open_path(example("nordic-9b"), is_own=False)
    edit(window)
    answers.leave = "stay"
    window.show_start()
    assert window.bench is not None
    assert answers.asked == ["leave nordic-9b"]
    answers.leave = "discard"
    window.show_start()
    assert window.bench is None


def test_that_unsaved_work_is_kept_and_offered_again(
    window: MainWindow, catalogue: Catalogue, tmp_path: Path
) -> None:
    edit(window)
    document = window.bench.document
    document.keep_safe()
    kept = document._session.file
    text = kept.read_text()
    window.bench = None
    document.close()
    kept.write_text(text)  # as a crash would have left it
    assert len(recoverable(tmp_path / "state")) == 1
    window.offer_recovery()
    assert "nordic-9b" in window.bars[-1].sentence
    window._restore(recoverable(tmp_path / "state")[0])
    assert window.bench.document.plan.runs[0].data.tokens == 200_000_000_000
    assert window.bench.document.is_edited


def test_that_a_changed_answer_is_said(
    empty_window: MainWindow, catalogue: Catalogue, tmp_path: Path
) -> None:
    plan = read_plan(example("nordic-9b"))
    old = SavedAnswer(gpu_hours_p50=1000.0, catalogue_date=datetime.date(2025, 1, 1))
    path = tmp_path / "old.nodewise.json"
    write_plan(path, msgspec.structs.replace(plan, answer_when_saved=old))
    empty_window.open_path(path)
    assert "changes this answer" in empty_window.bars[-1].sentence


def test_that_an_error_of_ours_shows_a_bar(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    catch_errors(lambda words: window.tell("fail", words))
    try:
        raise ZeroDivisionError("only a test")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in window.bars[-1].sentence
    assert "only a test" not in window.bars[-1].sentence


def test_that_recent_plans_stand_on_the_start_page(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.save = tmp_path / "mine.nodewise.json"
    window.save_plan()
    window.show_start()
    names = [line.name for line in window.start.recent_lines]
    assert names == ["nordic-9b"]
