"""What every test gets: no screen, and none of the user's own files."""

from __future__ import annotations

import os

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
