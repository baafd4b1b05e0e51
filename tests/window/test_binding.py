"""A long session must not use up None (see `app.binding`)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import app.window
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
application = QGuiApplication([])
class Speaker(QObject):
    said = Signal(str)
speaker = Speaker()
picture = QImage(8, 8, QImage.Format.Format_RGB32)
painter = QPainter(picture)
for _ in range(50_000):
    painter.save()
    painter.restore()
    speaker.said.emit("word")
painter.end()
assert sys.getrefcount(None) > 1_000_000
assert sys.getrefcount(True) > 1_000_000
"""


def test_that_a_long_session_does_not_use_up_none() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
