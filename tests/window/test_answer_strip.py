"""A long sentence is set smaller before it is cut, and what is cut can be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.plan.files import read_plan
from app.present.answer import Phrase
from app.window.answer_strip import AnswerStrip
from app.window.document import Document
from app.window.main_window import MainWindow
from app.window.theme import theme
from app.words import text
from estimators import Catalogue, load_catalogue
from tests.charts.fakes import comparison
from tests.window.conftest import example

Counted = Callable[[MainWindow], None]

LONG = (
    "On MeluXina-AI this takes 40 days; planned at P80 it takes 47 days, past the deadline of 6 weeks. "
    "Discoverer+ does it in 24 days, and the others need longer than that."
)


@pytest.fixture
def strip(qtbot: QtBot) -> AnswerStrip:
    theme().start("light")
    made = AnswerStrip(lambda: None, lambda: None, lambda: None)
    qtbot.addWidget(made)
    made.resize(1366, made.height())
    made.show()
    qtbot.waitExposed(made)
    return made


def show(strip: AnswerStrip, words: str, qtbot: QtBot) -> None:
    """Show an answer whose sentence is of our own making."""
    own = (Phrase("On your 4 RTX 4090: 2.1 years. On Leonardo: 11 days."),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.present.answer.sentence", lambda *_answer: (Phrase(words),))
        patch.setattr("app.present.answer.own_line", lambda *_answer: own)
        strip.show_comparison(comparison(), load_catalogue())
    strip.layout().activate()
    strip.grab()


def is_whole(strip: AnswerStrip) -> bool:
    sentence, own = strip.sentence, strip.own_line
    apart = sentence.geometry().bottom() < own.geometry().top() and sentence.y() >= 0
    return apart and sentence.height() >= sentence.heightForWidth(sentence.width())


def test_that_a_short_sentence_keeps_its_size(strip: AnswerStrip, qtbot: QtBot) -> None:
    show(strip, "About 1 GPU-hour on Leonardo.", qtbot)
    assert strip.sentence._runs[0].role == "answer"
    assert is_whole(strip)


def test_that_three_lines_are_set_smaller_and_not_cut(strip: AnswerStrip, qtbot: QtBot) -> None:
    show(strip, LONG, qtbot)
    assert strip.sentence._runs[0].role == "answer-small"
    assert not strip.sentence.is_cut()
    assert is_whole(strip)


def test_that_what_never_fits_ends_in_an_ellipsis_and_a_tooltip(strip: AnswerStrip, qtbot: QtBot) -> None:
    show(strip, LONG * 3, qtbot)
    assert strip.sentence.is_cut()
    assert strip.sentence.toolTip() == LONG * 3
    assert strip.sentence._lines(strip.sentence.width())[-1][-1][0].endswith("\u2026")
    assert is_whole(strip)


def test_that_a_compact_strip_cuts_nothing_in_silence(strip: AnswerStrip, qtbot: QtBot) -> None:
    strip.set_size(wide=False, compact=True)
    show(strip, LONG * 2, qtbot)
    assert strip.sentence.is_cut()
    assert strip.sentence.toolTip() == LONG * 2


def test_that_the_strip_measures_the_width_that_the_sentence_has(strip: AnswerStrip, qtbot: QtBot) -> None:
    for wide, width in ((False, 1366), (True, 1920)):
        strip.set_size(wide, compact=False)
        strip.resize(width, strip.height())
        show(strip, LONG, qtbot)
        assert strip._words_width() == strip.sentence.width()


def test_that_the_machine_of_the_plan_is_in_the_list(window: MainWindow) -> None:
    select = window.bench.questions.where.machine.select
    document = window.bench.document
    usual = select.count()
    document.change("target.machine", "meluxina-ai")
    assert (select.currentText(), select.count()) == ("MeluXina-AI, coming", usual + 1)
    document.undo_stack.undo()
    assert (select.currentText(), select.count()) == ("Leonardo", usual)


def test_that_a_batch_beyond_the_data_is_refused_beside_its_field(window: MainWindow, qtbot: QtBot) -> None:
    data = window.bench.questions.data
    document = window.bench.document
    document.change("runs.0.data.global_batch_tokens", 10**12)
    assert data.fold.is_open
    assert data._batch_row.error.startswith("Must be at most 300")
    document.undo_stack.undo()
    assert data._batch_row.error == ""
    qtbot.keyClicks(data._batch_row.field.edit, "1T")
    assert data._batch_row.error.startswith("Must be at most 300")


def test_that_answer_badge_and_charts_name_the_mode_of_the_whole_request(
    empty_window: MainWindow, counted: Counted, catalogue: Catalogue, tmp_path: Path, qtbot: QtBot
) -> None:
    from app.charts.views import GpuHoursAgainstDays
    from app.present.access import answer_said, mode_id

    plan = read_plan(example("two-languages-9b"), catalogue)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    bench = empty_window.bench
    bench.load_charts = lambda: None
    empty_window.show()
    qtbot.waitExposed(empty_window)
    before = bench.answer.sentence.text()
    counted(empty_window)
    assert "Fits" not in before, "nothing is said of a mode before the request is counted"
    words, mode = text(answer_said(bench.request)), mode_id(bench.request)
    assert mode == "aif_large"
    assert bench.answer.sentence.text().endswith(words)
    assert "fit Fast Lane; repeats" in words
    assert bench.tabs.machines.charts[0].title == GpuHoursAgainstDays.title
    bench.tabs.machines.charts[0].fill(GpuHoursAgainstDays())
    marked = [one.mode_id for one in bench.tabs.machines.charts[0].view._series.modes if one.is_plans_mode]
    assert marked == [mode]
    bench.copy_answer()
    assert words.replace("\u202f", " ") in QGuiApplication.clipboard().text()
