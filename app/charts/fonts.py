"""Inter for matplotlib: static weights, cut once from the variable font into the cache folder.

matplotlib cannot take a weight from a variable font. Cutting the weights costs a few seconds, so it
is done once for each version of the font package; later starts only register four small files.
"""

from __future__ import annotations

import io
import logging
import threading
from pathlib import Path

import platformdirs
from matplotlib import font_manager

from app.plan.writing import write_atomically

WEIGHTS = (400, 500, 600, 700)
FAMILY = "Inter"
FALLBACK = "DejaVu Sans"
LAST_RESORT = "Last Resort High-Efficiency"
"""Comes with matplotlib too: a box with the sign of its script for every character that no other font has."""
OPTICAL_SIZE = 14
"""Of Inter's two optical sizes the one for text; charts hold nothing larger."""

# Latin with its extensions, Greek, punctuation, subscripts, currency, arrows, the signs of formulas
CHARACTER_RANGES = ((0x20, 0x24F), (0x370, 0x3FF), (0x2000, 0x20BF), (0x2190, 0x2193), (0x2212, 0x2265))

_lock = threading.Lock()
_log = logging.getLogger(__name__)


def families() -> list[str]:
    """Font families for every text of a chart, the wanted one first.

    Registers the static weights that the cache holds. Where it holds none yet, the fallback is
    returned, and `cut_weights` (slow, may run in a thread) makes them for the next chart.
    """
    with _lock:
        known = {entry.name for entry in font_manager.fontManager.ttflist}
        # matplotlib says for every weight that the fallback family lacks that it lacks it
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        if FAMILY not in known and all(path.is_file() for path in weight_files().values()):
            for path in weight_files().values():
                font_manager.fontManager.addfont(path)
            known.add(FAMILY)
    return [FAMILY, FALLBACK, LAST_RESORT] if FAMILY in known else [FALLBACK, LAST_RESORT]


def weight_files(folder: Path | None = None) -> dict[int, Path]:
    """Where the static weights of the installed font version lie, whether or not they exist yet."""
    folder = folder or Path(platformdirs.user_cache_dir("nodewise")) / "fonts"
    stamp = f"{OPTICAL_SIZE}-{_source_stamp()}"
    return {weight: folder / f"Inter-{weight}-{stamp}.ttf" for weight in WEIGHTS}


def cut_weights(folder: Path | None = None) -> bool:
    """Write the static weights into the cache, unless they are there.

    Args:
        folder: Where to write; the user's cache folder when None.

    Returns:
        Whether the weights exist afterwards. Failure is logged: charts then use the fallback.
    """
    files = weight_files(folder)
    if all(path.is_file() for path in files.values()):
        return True
    try:
        _cut(files)
    except Exception:  # a missing font must never cost the chart
        _log.warning("Could not prepare the chart font; using %s", FALLBACK, exc_info=True)
        return False
    return True


def _cut(files: dict[int, Path]) -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from fontTools.varLib import instancer  # type: ignore[import-untyped]

    small = _subset(_source())
    for weight, path in files.items():
        # the time of cutting stays out of the file, so that equal charts are equal files everywhere
        wide = TTFont(small, recalcTimestamp=False)
        font = instancer.instantiateVariableFont(wide, {"wght": weight, "opsz": OPTICAL_SIZE})
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = io.BytesIO()
        font.save(whole)
        write_atomically(path, whole.getvalue())
        small.seek(0)


def _subset(source: Path) -> io.BytesIO:
    """The variable font with the characters and features that charts use; an eighth of its size."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=["kern", "mark", "ccmp", "locl", "tnum"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in CHARACTER_RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    buffer.seek(0)
    return buffer


def _source() -> Path:
    import fontpkg_inter  # type: ignore[import-untyped]

    return Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"


def _source_stamp() -> str:
    """Changes with the font package, so that a new version is cut anew."""
    try:
        return format(_source().stat().st_size, "x")
    except (ImportError, OSError):
        return "none"
