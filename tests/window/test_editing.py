"""Every edit changes the answer, can be undone, and never loses the last good answer."""

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from app.window.parts.slider import LogSlider
from app.window.parts.text import Text
from app.window.questions.rows import AmountRow

Settled = Callable[[MainWindow], None]


def type_tokens(window: MainWindow, qtbot: QtBot, text: str) -> None:
    edit = window.bench.questions.data.amount.field.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def sentence(window: MainWindow) -> str:
    return window.bench.answer.sentence.text()


def test_that_more_tokens_change_the_sentence_at_once(
    window: MainWindow, qtbot: QtBot, settled: Settled
) -> None:
    before = sentence(window)
    type_tokens(window, qtbot, "600B")
    assert sentence(window) != before
    assert not window.bench.comparison.final
    assert not window.bench.answer.copy_button.isEnabled()
    settled(window)
    assert window.bench.document.plan.runs[0].data.tokens == 600_000_000_000
    assert window.bench.answer.copy_button.isEnabled()


def test_that_a_text_that_is_no_number_keeps_the_answer(
    window: MainWindow, qtbot: QtBot, settled: Settled
) -> None:
    before = sentence(window)
    type_tokens(window, qtbot, "many")
    amount = window.bench.questions.data.amount
    assert amount.error.startswith("Not a number")
    assert sentence(window) == before
    type_tokens(window, qtbot, "300B")
    settled(window)
    assert amount.error == ""
    assert sentence(window) == before


def test_that_what_was_typed_is_one_step_of_undo(window: MainWindow, qtbot: QtBot, settled: Settled) -> None:
    before = sentence(window)
    type_tokens(window, qtbot, "450B")
    settled(window)
    changed = sentence(window)
    stack = window.bench.document.undo_stack
    assert stack.count() == 1
    assert "tokens to 450" in window.deeds["undo"].text()
    qtbot.keyClick(window.bench.questions.data.amount.field.edit, "z", Qt.KeyboardModifier.ControlModifier)
    assert not stack.canUndo()
    settled(window)
    assert sentence(window) == before
    assert window.bench.questions.data.amount.field.text().startswith("300")
    window.redo()
    settled(window)
    assert sentence(window) == changed


def test_that_a_drag_of_the_slider_is_one_step_of_undo(window: MainWindow, qtbot: QtBot) -> None:
    slider = window.bench.questions.data.slider
    for x in (60, 80, 100, 120):
        if x == 60:
            qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
        else:
            qtbot.mouseMove(slider, QPoint(x, 10))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(120, 10))
    assert window.bench.document.undo_stack.count() == 1
    window.undo()
    assert window.bench.document.plan.runs[0].data.tokens == 300_000_000_000


@pytest.mark.parametrize(
    ("place", "amount"), [(0.0, 1e9), (0.25, 1e10), (0.5, 1e11), (0.75, 1e12), (1.0, 1e13)]
)
def test_that_the_slider_is_a_scale_of_powers_of_ten(qtbot: QtBot, place: float, amount: float) -> None:
    slider = LogSlider("Tokens", 1e9, 1e13)
    qtbot.addWidget(slider)
    slider.resize(416, 20)  # 400 pixels of way and half a knob at each end
    told: list[float] = []
    slider.dragged.connect(told.append)
    slider.show_amount(3e10)
    assert told == []
    assert slider.value() == round(math.log10(30) * 20)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(8 + 400 * place), 10))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(8 + 400 * place), 10))
    assert told == [amount]
    assert slider.value() == round(80 * place)
    slider.show_amount(amount)
    assert slider.value() == round(80 * place)
    assert slider.pageStep() == 10


def test_that_arrow_keys_step_the_amount(window: MainWindow, qtbot: QtBot) -> None:
    field = window.bench.questions.data.amount.field
    qtbot.keyClick(field.edit, Qt.Key.Key_Up)
    assert window.bench.document.plan.runs[0].data.tokens == 500_000_000_000
    qtbot.keyClick(field.edit, Qt.Key.Key_Down)
    qtbot.keyClick(field.edit, Qt.Key.Key_Down)
    assert window.bench.document.plan.runs[0].data.tokens == 100_000_000_000


def test_that_an_empty_deadline_means_none(window: MainWindow, qtbot: QtBot, settled: Settled) -> None:
    edit = window.bench.questions.where.deadline.field.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    settled(window)
    assert window.bench.document.plan.target.deadline_days is None
    assert window.bench.tabs.machines.table.machines.titles["fits"] == "Fits"


def test_that_a_model_of_images_counts_images(window: MainWindow, settled: Settled) -> None:
    what = window.bench.questions.what
    what.fold.set_open(True)
    index = what.model.select.findData("vit-large-patch16-224")
    what.model.select.setCurrentIndex(index)
    what.model.select.activated.emit(index)
    settled(window)
    assert window.bench.questions.data.amount.label.text() == "&Images"
    assert window.bench.document.undo_stack.count() == 1
    window.undo()
    settled(window)
    assert window.bench.questions.data.amount.label.text() == "&Tokens"


def test_that_the_own_hardware_stands_in_sentence_table_and_card(
    window: MainWindow, settled: Settled
) -> None:
    own = window.bench.questions.own.hardware.select
    index = own.findText("8 × RTX 4090")
    own.setCurrentIndex(index)
    own.activated.emit(index)
    settled(window)
    assert "On your 8 RTX 4090" in window.bench.answer.own_line.text()
    rows = window.bench.tabs.machines.table.rows_in_order()
    assert rows[-1].name == "Your 8 × RTX 4090"


def test_that_a_late_result_is_dropped(window: MainWindow, qtbot: QtBot, settled: Settled) -> None:
    type_tokens(window, qtbot, "500B")
    refresher = window.bench.refresher
    refresher._search()
    type_tokens(window, qtbot, "100B")
    settled(window)
    spec = window.bench.comparison.spec
    assert round(spec.samples * spec.positions) == 100_000_000_000


def test_that_software_without_tensor_parallelism_puts_the_fault_at_the_fixed_degree(
    window: MainWindow, settled: Settled
) -> None:
    where = window.bench.questions.where
    assert where.fold.content is None or not where.fold.is_open
    window.bench.document.change_together({"runs.0.layout.tensor_parallel": 4, "runs.0.software": "trainer"})
    assert where.fold.is_open
    errors = [row.error for row in where.findChildren(AmountRow) if row.error]
    assert [error.startswith("Must be 1 or left open, not 4") for error in errors] == [True]
    shown = where.findChildren(Text)
    assert sum("has no tensor parallelism" in text.text() for text in shown) == 1, "in full width, once"
    window.bench.document.change("runs.0.software", "fsdp")
    settled(window)
    assert not [row.error for row in where.findChildren(AmountRow) if row.error]
