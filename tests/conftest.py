"""What every test gets: no screen, and none of the user's own files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import hypothesis
import pytest

from app.binding import keep_singletons

keep_singletons()  # before any test touches Qt

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# New examples while somebody is there to look at them; the same ones every time in CI.
# No deadline: a first call pays for imports, and machines are shared.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Autosave, settings and recent files of a test go to a folder of its own."""
    home = tmp_path_factory.mktemp("user")
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True)
def closed_windows_go() -> Iterator[None]:
    """Widgets that a test closed are deleted before the next one, else each theme change paints them all.

    What is left of them in Python is collected here, in the thread of the window: Qt objects that the
    collector deletes while it happens to run in a worker's thread take the process with them.
    """
    gc.disable()
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect(1)
