"""Where the window keeps its own files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

import resources


def state_folder() -> Path:
    """Recent plans, autosave and settings; follows XDG_STATE_HOME."""
    location = QStandardPaths.StandardLocation.GenericStateLocation
    return Path(QStandardPaths.writableLocation(location)) / "nodewise"


def settings(folder: Path) -> QSettings:
    """What the window remembers between two starts."""
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def example_files() -> tuple[Path, ...]:
    """The example plans that come with the product."""
    folder = Path(resources.__file__).parent / "examples"
    return tuple(sorted(folder.glob("*.nodewise.json")))
