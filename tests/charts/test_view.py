"""The real widget: pointer, keyboard, dragging, theme, copy and save."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.charts import GpuHoursAgainstDays, TimeAgainstGpus
from app.charts.machine_chart import Target
from app.present.palette import DARK, LIGHT
from app.words import text
from tests.charts.fakes import access_modes, comparison

VIEWS = (GpuHoursAgainstDays, TimeAgainstGpus)


@pytest.fixture(params=VIEWS)
def view(request, qtbot):
    widget = request.param()
    qtbot.addWidget(widget)
    widget.resize(790, 330)
    widget.show_comparison(comparison(), None, access_modes())
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.waitUntil(lambda: widget._scene is not None)
    return widget


def answer_of(view, machine_id: str) -> Target:
    return next(t for t in view.chart.targets() if t.is_answer and t.series.machine_id == machine_id)


def widget_point(view, target: Target) -> QPoint:
    x, y = view.chart.to_pixels(target.x, target.y)
    ratio = view.canvas.devicePixelRatioF()
    return QPoint(round(x / ratio), round(view.canvas.height() - y / ratio))


def test_that_the_pointer_brings_up_value_range_and_limit(view, qtbot) -> None:
    target = answer_of(view, "discoverer-plus")
    QTest.mouseMove(view.canvas, QPoint(5, 5))
    QTest.mouseMove(view.canvas, widget_point(view, target))
    qtbot.waitUntil(view.card.isVisible)
    head, body, limit = view.card.texts
    assert head == "Discoverer+, 16\u00a0GPUs"
    assert "32 days (" in body.replace("31.9", "32")
    assert "12\u202f200 GPU-hours (" in body
    assert limit.startswith("Misses the deadline")
    assert view.canvas.rect().contains(view.card.geometry())


def test_that_the_card_leaves_with_the_pointer(view, qtbot) -> None:
    view.hover(answer_of(view, "jupiter-booster"))
    assert view.card.isVisible()
    QTest.mouseMove(view.canvas, QPoint(9, 9))
    QTest.mouseMove(view.canvas, QPoint(3, 3))
    qtbot.waitUntil(lambda: not view.card.isVisible())


def test_that_a_click_selects_the_machine(view, qtbot) -> None:
    target = answer_of(view, "discoverer-plus")
    with qtbot.waitSignal(view.machine_selected) as caught:
        QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=widget_point(view, target))
    assert caught.args == ["discoverer-plus"]


def test_that_a_click_on_own_hardware_or_empty_ground_selects_nothing(view, qtbot) -> None:
    with qtbot.assertNotEmitted(view.machine_selected, wait=50):
        QTest.mouseClick(
            view.canvas, Qt.MouseButton.LeftButton, pos=widget_point(view, answer_of(view, "own"))
        )
        QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_that_the_keyboard_walks_and_selects(view, qtbot) -> None:
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.card.texts[0].startswith("Leonardo")
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    second = view.card.texts[0]
    assert not second.startswith("Leonardo")
    QTest.keyClick(view.canvas, Qt.Key.Key_Left)
    assert view.card.texts[0].startswith("Leonardo")
    with qtbot.waitSignal(view.machine_selected) as caught:
        QTest.keyClick(view.canvas, Qt.Key.Key_Return)
    assert caught.args == ["leonardo-booster"]
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert not view.card.isVisible()


def test_that_the_chart_is_named_and_told_to_assistive_tools(view) -> None:
    assert view.canvas.accessibleName() == text(view.title)
    assert "Leonardo: " in view.canvas.accessibleDescription()
    assert view.header.copy.accessibleName() == "Copy chart"
    assert view.header.download.accessibleName() == "Save chart"


def test_that_dragging_moves_marks_and_release_solves_the_axes(view, qtbot) -> None:
    limits = view.chart.axes.get_xlim(), view.chart.axes.get_ylim()
    still = view.canvas.grab().toImage()
    view.set_refining(True)
    for step in range(5):
        view.show_comparison(comparison(work=1.0 + 0.8 * step, final=False), None, access_modes())
    assert (view.chart.axes.get_xlim(), view.chart.axes.get_ylim()) == limits
    assert view.canvas.grab().toImage() != still
    view.set_refining(False)
    view.show_comparison(comparison(work=4.2), None, access_modes())
    assert (view.chart.axes.get_xlim(), view.chart.axes.get_ylim()) != limits


def test_that_dragging_says_the_present_gpu_count(view) -> None:
    view.set_refining(True)
    view.show_comparison(comparison(work=1.6, final=False), None, access_modes())
    assert "256" in view.chart.texts["leonardo-booster"].get_text()


def test_that_a_dragged_frame_looks_like_the_same_whole_drawing(view, qtbot) -> None:
    whole = view.canvas.grab().toImage()
    view.set_refining(True)
    view.show_comparison(comparison(), None, access_modes())
    assert not differs(whole, view.canvas.grab().toImage())


def differs(one: QImage, other: QImage, tolerance: int = 24) -> bool:
    """Whether any pixel differs visibly; pictures of labels round their edges."""
    import numpy as np

    def channels(image: QImage):
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        data = np.frombuffer(image.constBits(), np.uint8)
        return data.reshape(image.height(), image.width(), 4)[..., :3].astype(int)

    return bool((abs(channels(one) - channels(other)) > tolerance).sum() > 300)


def test_that_the_theme_changes_all_of_the_picture(view, qtbot) -> None:
    view.set_theme("dark")
    qtbot.waitUntil(lambda: view.canvas.grab().toImage().pixelColor(2, 2).name().upper() == DARK.surface)
    view.set_theme("light")
    qtbot.waitUntil(lambda: view.canvas.grab().toImage().pixelColor(2, 2).name().upper() == LIGHT.surface)


def test_that_another_size_keeps_labels_apart_and_inside(view, qtbot) -> None:
    view.resize(430, 300)
    qtbot.waitUntil(lambda: view.canvas.width() < 440 and view._scene is not None)
    renderer = view.canvas.get_renderer()
    width = view.canvas.figure.bbox.width
    assert all(text.get_window_extent(renderer).x1 <= width for text in view.chart.texts.values())


def test_that_copy_gives_picture_and_table(view) -> None:
    view.copy_chart()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.text().startswith("machine\tGPUs")
    view.copy_data()
    assert "LUMI-G\t" in QGuiApplication.clipboard().text()
    view.copy_picture()
    assert not QGuiApplication.clipboard().image().isNull()


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_that_the_menu_saves_each_kind_of_file(view, tmp_path: Path, ending: str) -> None:
    view.ask_path = lambda suggestion, kind: tmp_path / f"chart.{kind}"
    action = next(a for a in view.header.download.menu().actions() if ending.upper() in a.text())
    action.trigger()
    assert (tmp_path / f"chart.{ending}").stat().st_size > 5_000


def test_that_a_file_that_cannot_be_written_is_said_in_the_title_row(view, tmp_path: Path) -> None:
    view.ask_path = lambda suggestion, kind: tmp_path / "missing" / "chart.svg"
    view.header.download.menu().actions()[0].trigger()
    assert view.header.subtitle.accessibleName().startswith("Not saved: ")


def test_that_other_endings_are_refused_with_a_sentence(view, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SVG, PDF or PNG"):
        view.save(tmp_path / "chart.gif")


def test_that_an_empty_view_draws_and_says_so(qtbot) -> None:
    widget = GpuHoursAgainstDays()
    qtbot.addWidget(widget)
    widget.resize(500, 300)
    widget.show()
    assert widget.canvas.accessibleDescription() == "No result yet"
    widget.set_theme("dark")
    assert not widget.grab().isNull()
