"""A measured step is typed, moves the answer, can be undone, and is refused beside itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.plan.edits import change
from app.plan.files import read_plan
from app.plan.project import ScalingPointInput
from app.plan.schema import MeasuredStepInput, Plan
from app.window.document import Document
from app.window.main_window import MainWindow
from app.window.questions.measured import MeasuredStepRows
from estimators import Catalogue
from tests.window.conftest import Answers, example

Settled = Callable[[MainWindow], None]
BADGE = ("ok", "your measured step")


@pytest.fixture
def rows(window: MainWindow) -> MeasuredStepRows:
    window.bench.questions.ask_measured_step()
    return window.bench.questions.where.measured


def retype(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


def enter(qtbot: QtBot, rows: MeasuredStepRows, seconds: str, gpus: str) -> None:
    retype(qtbot, rows.seconds.field.edit, seconds)
    retype(qtbot, rows.gpus.field.edit, gpus)


def badges(window: MainWindow) -> list[tuple[str, str] | None]:
    return [view._card.badge for view in window.bench.answer.cards]


def test_that_there_is_none_at_first(window: MainWindow, rows: MeasuredStepRows) -> None:
    assert rows.seconds.field.edit.placeholderText() == "I have none"
    assert rows.details.isHidden()
    assert BADGE not in badges(window)


def test_that_time_and_gpus_move_and_narrow_the_answer(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    before = window.bench.comparison.headline
    retype(qtbot, rows.seconds.field.edit, f"{1.3 * before.step.total:.2f} s")
    assert not rows.details.isHidden()
    assert rows.gpus.help.text() == "Say how many; then the range narrows"
    assert not window.bench.document.is_edited
    retype(qtbot, rows.gpus.field.edit, str(before.gpus))
    settled(window)
    after = window.bench.comparison.headline
    assert after.measured
    same = next(point for point in after.curve if point.gpus == before.gpus)  # a slower step may ask for more
    assert before.gpu_hours.p50 < same.gpu_hours.p50 < 1.3 * before.gpu_hours.p50
    assert after.gpu_hours.p90 / after.gpu_hours.p10 < before.gpu_hours.p90 / before.gpu_hours.p10
    assert badges(window)[0] == BADGE
    assert rows.gpus.help.text() == ""
    assert window.bench.document.plan.runs[0].measured_step.machine == "leonardo-booster"


def test_that_a_step_is_one_step_of_undo_and_comes_back(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "20", "32")
    settled(window)
    assert window.bench.document.undo_stack.count() == 1
    assert "measured step to 20 s on 32 GPUs" in window.deeds["undo"].text()
    window.undo()
    settled(window)
    assert window.bench.document.plan.runs[0].measured_step is None
    assert rows.details.isHidden()
    assert rows.seconds.field.text() == ""
    assert BADGE not in badges(window)
    window.redo()
    settled(window)
    assert rows.seconds.field.text() == "20"
    assert rows.gpus.field.text() == "32"
    assert badges(window)[0] == BADGE


def test_that_emptying_the_time_means_none(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "20", "32")
    retype(qtbot, rows.seconds.field.edit, "")
    settled(window)
    assert window.bench.document.plan.runs[0].measured_step is None
    assert "measured step to none" in window.deeds["undo"].text()


def test_that_what_is_no_time_keeps_the_last_step(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "20", "32")
    settled(window)
    rows.seconds.field.edit.setFocus()
    rows.seconds.field.edit.selectAll()
    qtbot.keyClicks(rows.seconds.field.edit, "soon")
    assert rows.seconds.error.endswith("Try 12.3 or 850 ms.")
    assert window.bench.document.plan.runs[0].measured_step.step_seconds == 20


def test_that_a_run_that_fits_no_layout_is_refused_beside_it(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "6", "127")
    settled(window)
    sentence = window.bench.answer.sentence.text()
    retype(qtbot, rows.batch.field.edit, "1")
    qtbot.waitUntil(lambda: bool(rows.batch.error), timeout=5000)
    assert rows.batch.error.startswith("No layout of this model fits 127 GPUs with 1 samples")
    assert window.bench.answer.sentence.text() == sentence
    assert window.bench.status.state.text() == "Last good answer"
    assert window.bars == []
    retype(qtbot, rows.batch.field.edit, "512")
    settled(window)
    assert rows.batch.error == ""


def test_that_a_step_on_another_card_says_what_it_moves(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "500", "4")
    index = rows.machine.select.findText("Your hardware")
    rows.machine.select.setCurrentIndex(index)
    rows.machine.select.activated.emit(index)
    settled(window)
    assert window.bench.document.plan.runs[0].measured_step.machine == "own"
    assert rows.machine.help.text() == "Moves only machines with this card"
    assert BADGE not in badges(window)
    assert window.bench.comparison.own.measured


def test_that_a_plan_with_a_step_that_cannot_be_used_opens_without_it(
    empty_window: MainWindow, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path
) -> None:
    plan = read_plan(example("nordic-9b"), catalogue)
    step = MeasuredStepInput(machine="leonardo-booster", gpus=127, step_seconds=9, batch_samples=1)
    plan = change(plan, "runs.0.measured_step", step).apply(plan)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None
    bench = empty_window.bench
    assert bench.comparison.final
    assert not bench.comparison.headline.measured
    assert bench.questions.where.fold.is_open
    assert bench.questions.where.measured.batch.error.startswith("No layout of this model fits 127 GPUs")
    assert bench.status.state.text() == "Last good answer"


FAR_BADGE = ("warn", "far from predicted")


def said(rows: MeasuredStepRows) -> str:
    return " ".join(rows.batch.error.split())


def test_that_a_step_no_card_could_do_is_refused_beside_it(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot
) -> None:
    sentence = window.bench.answer.sentence.text()
    enter(qtbot, rows, "1 ms", "256")
    qtbot.waitUntil(lambda: "118 000 %" in said(rows), timeout=5000)
    assert said(rows).startswith(
        "The measured step of 1 ms on 256 GPUs would be at least 118 000 % of the peak"
    )
    assert rows.confirm.isHidden()
    assert window.bench.answer.sentence.text() == sentence
    assert (
        window.bench.answer.own_line.text() == "This is the last good answer: the measured step is not used."
    )
    assert [badge for badge in badges(window) if badge] == [("warn", "not current")] * 3
    window.export()
    assert window.export_dialog is None
    assert window.bars[-1].sentence.startswith("Not exported: The measured step of 1")


def test_that_a_far_step_is_taken_once_the_button_is_pressed_and_stays_marked(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, settled: Settled
) -> None:
    enter(qtbot, rows, "60", "32")
    qtbot.waitUntil(lambda: bool(rows.batch.error), timeout=5000)
    assert said(rows) == "The measured step of 60 s on 32 GPUs is 3.2 times the predicted 18.6 s."
    assert not rows.confirm.isHidden()
    assert not window.bench.comparison.headline.measured
    rows.confirm.click()
    settled(window)
    assert window.bench.document.plan.runs[0].measured_step.confirmed
    assert window.bench.comparison.headline.measured
    assert rows.confirm.isHidden()
    assert (rows.batch.error, rows.seconds.help.text()) == ("", "Confirmed: 3.2 times predicted")
    assert badges(window)[0] == FAR_BADGE
    assert "your step, far from predicted" in window.bench.answer.own_line.text()
    retype(qtbot, rows.seconds.field.edit, "20")
    settled(window)
    assert not window.bench.document.plan.runs[0].measured_step.confirmed
    assert badges(window)[0] == BADGE
    retype(qtbot, rows.seconds.field.edit, "60")
    qtbot.waitUntil(lambda: bool(rows.batch.error), timeout=5000)
    assert not rows.confirm.isHidden(), "another step is another confirmation"


def test_that_a_plan_with_a_far_step_opens_and_asks(
    empty_window: MainWindow, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path
) -> None:
    plan = read_plan(example("nordic-9b"), catalogue)
    step = MeasuredStepInput(machine="leonardo-booster", gpus=32, step_seconds=60)
    plan = change(plan, "runs.0.measured_step", step).apply(plan)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    rows = empty_window.bench.questions.where.measured
    assert "3.2 times the predicted" in said(rows)
    assert not rows.confirm.isHidden()
    assert not empty_window.bench.comparison.headline.measured
    assert [badge for badge in badges(empty_window) if badge] == [("warn", "not current")] * 3


def with_point(catalogue: Catalogue, seconds: float) -> Plan:
    """The example with one measured scaling point."""
    plan = read_plan(example("nordic-9b"), catalogue)
    point = ScalingPointInput(machine="leonardo-booster", gpus=32, step_seconds=seconds, batch_samples=512)
    return change(plan, "campaign.scaling", (point,)).apply(plan)


def test_that_a_far_scaling_point_is_asked_about_and_taken(
    empty_window: MainWindow, catalogue: Catalogue, counted: Settled, tmp_path: Path
) -> None:
    plan = with_point(catalogue, 60.0)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    bench = empty_window.bench
    bench.load_charts = lambda: None
    counted(empty_window)
    sentences = [" ".join(bar.sentence.split()) for bar in empty_window.bars]
    assert sentences == ["The scaling point of 60 s on 32 GPUs is 3.2 times the predicted 18.6 s."]
    assert not bench.can_export
    bench.confirm_points()
    counted(empty_window)
    assert empty_window.bars == []
    assert bench.can_export
    assert badges(empty_window)[0] == FAR_BADGE


def test_that_an_impossible_scaling_point_gives_no_answer_of_its_own(
    empty_window: MainWindow, catalogue: Catalogue, counted: Settled, tmp_path: Path
) -> None:
    plan = with_point(catalogue, 0.001)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None
    counted(empty_window)
    assert "% of the peak of the" in empty_window.bars[0].sentence
    assert not empty_window.bench.can_export
    assert not empty_window.bench.comparison.headline.measured


def test_that_a_step_without_gpus_waits_for_its_run_and_is_named_on_saving(
    window: MainWindow, rows: MeasuredStepRows, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    main = window.bench.run_id
    retype(qtbot, rows.seconds.field.edit, "20")
    window.bench.deeds.add("test")
    window.bench.choose_run(main)
    window.bench.questions.ask_measured_step()
    again = window.bench.questions.where.measured
    assert again is not rows
    assert again.seconds.field.text() == "20"
    answers.save = tmp_path / "kept.nodewise.json"
    assert window.save_plan()
    lacks = "the measured step of 20 s of Main run lacks its GPUs"
    assert [bar.sentence for bar in window.bars] == [f"Saved with the last good values: {lacks}."]
    retype(qtbot, again.gpus.field.edit, "32")
    assert window.bench.held.words_of_loss() == ""
    assert window.bench.document.plan.run(main).measured_step.step_seconds == 20
