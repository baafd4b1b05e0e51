"""The fonts of the charts, known to matplotlib without a search of the system.

By itself matplotlib opens every font of the computer when it is first imported, and again wherever its cache
cannot be kept, as in a bundle. Charts use none of these: they have Inter, cut to static weights by
`packaging/cut_fonts.py` since matplotlib cannot take a weight from a variable font, and behind it what
matplotlib itself brings along. So its list begins empty and holds these files.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import tempfile
from pathlib import Path

import matplotlib

from estimators.shipped import shipped

FAMILIES = ("Inter", "DejaVu Sans", "Last Resort High-Efficiency")
"""For every text of a chart, the wanted one first. The last has a box with the sign of its script for every
character that no other font has."""
FALLBACK_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LastResortHE-Regular.ttf")
MANAGER = "matplotlib.font_manager"
LIST_VERSION = "3.11.0"
"""Of matplotlib's font list. Where the installed matplotlib has another, it searches the system as ever."""


def font_files() -> list[Path]:
    """What charts are written in: our weights of Inter, and the fallbacks that matplotlib brings along."""
    brought = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return [*sorted(shipped("fonts").glob("Inter-*.ttf")), *(brought / name for name in FALLBACK_FILES)]


def register() -> None:
    """Make the fonts known to matplotlib; where nothing has loaded its list yet, as all that it knows."""
    if MANAGER not in sys.modules:
        _load_empty_list()
    from matplotlib.font_manager import fontManager

    # matplotlib says for every weight that the fallback family lacks that it lacks it
    logging.getLogger(MANAGER).setLevel(logging.ERROR)
    known = {entry.fname for entry in fontManager.ttflist}
    for path in font_files():
        if str(path) not in known:
            fontManager.addfont(path)


def _load_empty_list() -> None:
    """Import matplotlib's font manager with a list of no fonts in the place of its cache."""
    nothing: dict[str, object] = {
        "__class__": "FontManager",
        "_version": LIST_VERSION,
        "_FontManager__default_weight": "normal",
        "default_size": None,
        "defaultFamily": {"ttf": FAMILIES[1], "afm": "Helvetica"},
        "afmlist": [],
        "ttflist": [],
    }
    with tempfile.TemporaryDirectory(prefix="nodewise-") as folder:
        Path(folder, f"fontlist-v{LIST_VERSION}.json").write_text(json.dumps(nothing))
        usual = matplotlib.get_cachedir
        matplotlib.get_cachedir = lambda: folder
        try:
            importlib.import_module(MANAGER)
        finally:
            matplotlib.get_cachedir = usual
