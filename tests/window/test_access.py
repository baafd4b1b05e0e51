"""Whoever cannot use a mouse or cannot see the screen reaches everything."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow

Settled = Callable[[MainWindow], None]


def nameless(root: QWidget) -> list[str]:
    """Widgets that take the keyboard and have neither name nor text."""
    found = []
    for widget in root.findChildren(QWidget):
        takes_keys = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        popup = widget.window().windowType() == Qt.WindowType.Popup  # named when it opens
        inner = isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_") or popup
        if takes_keys and not inner and not widget.focusProxy() and not widget.accessibleName():
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def test_that_everything_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    window.bench.questions.open_folds(True)
    for tab in ("charts", "explanation", "machines"):
        window.show_tab(tab)
        assert nameless(window) == []


def test_that_the_start_page_names_everything(start_window: MainWindow) -> None:
    assert nameless(start_window) == []


def test_that_labels_with_a_mnemonic_have_a_buddy(window: MainWindow) -> None:
    window.bench.questions.open_folds(True)
    labels = [label for label in window.findChildren(QLabel) if "&" in label.text()]
    assert len(labels) >= 8
    assert all(label.buddy() is not None for label in labels)


def test_that_no_mnemonic_is_used_twice(window: MainWindow) -> None:
    window.bench.questions.open_folds(True)
    letters = [
        label.text()[label.text().index("&") + 1].lower()
        for label in window.findChildren(QLabel)
        if "&" in label.text()
    ]
    assert sorted(letters) == sorted(set(letters))


def test_that_tab_walks_through_the_whole_window(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    seen: set[QWidget] = set()
    for _ in range(80):
        widget = QApplication.focusWidget()
        if widget in seen:
            break
        seen.add(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    parts = (window.top, window.bench.answer, window.bench.runs, window.bench.questions, window.bench.tabs)
    for part in parts:
        assert any(part.isAncestorOf(widget) for widget in seen), part


def test_that_a_plan_is_made_by_keyboard_alone(
    start_window: MainWindow, qtbot: QtBot, settled: Settled
) -> None:
    qtbot.keyClicks(start_window.start, "2")
    bench = start_window.bench
    assert QApplication.focusWidget() is bench.questions.data.amount.field.edit
    qtbot.keyClick(bench.questions.data.amount.field.edit, Qt.Key.Key_Up)
    bench.show_machines()
    table = bench.tabs.machines.table
    qtbot.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    wanted = table.order.row_at(table.currentIndex().row()).machine_id
    qtbot.keyClick(table, Qt.Key.Key_Return)
    settled(start_window)
    assert bench.document.plan.target.machine == wanted


def test_that_find_an_action_runs_what_was_found(window: MainWindow, qtbot: QtBot) -> None:
    window.find_action()
    finder = window._finder
    qtbot.keyClicks(finder.edit, "show expl")
    qtbot.keyClick(finder.edit, Qt.Key.Key_Return)
    assert finder.isHidden()
    assert window.bench.tabs.tab == "explanation"


def test_that_escape_leaves_everything_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.find_action()
    qtbot.keyClick(window._finder.edit, Qt.Key.Key_Escape)
    assert window._finder.isHidden()
    assert window.bench.tabs.tab == "machines"


def test_that_f6_moves_from_part_to_part(window: MainWindow) -> None:
    places = set()
    for _ in range(5):
        window.next_pane()
        focus = QApplication.focusWidget()
        parts = (
            window.top,
            window.bench.answer,
            window.bench.runs,
            window.bench.questions,
            window.bench.tabs,
        )
        places.add(next(i for i, part in enumerate(parts) if part.isAncestorOf(focus)))
    assert places == {0, 1, 2, 3, 4}
