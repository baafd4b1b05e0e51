"""Where the shipped data lie: the folder of the `resources` package.

Found through the package itself, from source, installed or frozen; `importlib.resources` would load archive
readers that nothing here needs, before the first answer.
"""

from __future__ import annotations

from pathlib import Path

import resources


def shipped(*names: str) -> Path:
    """A file or folder of the shipped data.

    Args:
        names: Path inside the `resources` package.
    """
    return Path(resources.__path__[0]).joinpath(*names)
