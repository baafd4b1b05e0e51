"""The picture of the window is the window with its final answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from app.cli.guard import guarded
from app.window import screenshot
from app.window.workbench import Workbench
from tests.window.conftest import example

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("scale", "theme", "corner"), [("1", "light", "#ffffff"), ("1.5", "dark", "#18212b")]
)
def test_that_a_screenshot_has_size_theme_and_charts(
    tmp_path: Path, scale: str, theme: str, corner: str
) -> None:
    output = tmp_path / "window.png"
    command = [sys.executable, "-m", "app", "screenshot", str(example("nordic-9b")), "-o", str(output)]
    options = ["--size", "1366x768", "--scale", scale, "--theme", theme]
    done = subprocess.run(
        command + options, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    picture = QImage(str(output))
    factor = float(scale)
    assert (picture.width(), picture.height()) == (round(1366 * factor), round(768 * factor))
    assert picture.pixelColor(2, 2).name() == corner
    colours = {picture.pixelColor(x, round(650 * factor)).name() for x in range(picture.width())}
    assert len(colours) > 25, "no chart was drawn"


def test_that_a_fault_in_the_window_is_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("a secret of the machine room")

    monkeypatch.setattr(screenshot, "PATIENCE_SECONDS", 5.0)
    monkeypatch.setattr(Workbench, "load_charts", fail)  # called by a timer after the first paint
    output = tmp_path / "window.png"
    assert guarded(["screenshot", str(example("nordic-9b")), "-o", str(output)]) == 70
    said = capsys.readouterr().err
    assert "LookupError" in said
    assert len(said.splitlines()) == 1
    assert not output.exists()


def test_that_a_picture_keeps_a_pipe_in_its_place(tmp_path: Path, qtbot: QtBot) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ValueError, match="It is no ordinary file"):
        screenshot._write(tmp_path / "pipe.png", QPixmap(4, 4))
    assert (tmp_path / "pipe.png").is_fifo()
