"""Without a screen the window is refused in a sentence; Qt alone would abort the process."""

from __future__ import annotations

import pytest

from app.cli.guard import guarded
from app.cli.window import SCREEN_VARIABLES


def test_that_the_window_without_a_screen_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in SCREEN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert guarded([]) == 2
    assert "There is no screen" in capsys.readouterr().err
