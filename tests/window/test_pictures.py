"""The picture of the window is the window with its final answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

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
