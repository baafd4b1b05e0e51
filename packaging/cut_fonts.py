"""Cuts the static weights of Inter that charts need into resources/fonts, with the licence of the font.

matplotlib cannot take a weight from a variable font, and cutting takes seconds: it is done here, once for
each version of the font package, and the program brings the files along. A test compares them with a fresh
cut.

Run from the repository's root: `.venv/bin/python packaging/cut_fonts.py`.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import fontpkg_inter
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = Path(__file__).parents[1] / "resources" / "fonts"
PACKAGE = Path(fontpkg_inter.ROOT)
SOURCE = PACKAGE / "files" / "Inter[opsz,wght].ttf"
LICENCE = PACKAGE / "LICENSE"

WEIGHTS = (400, 500, 600, 700)
OPTICAL_SIZE = 14
"""Of Inter's two optical sizes the one for text; charts hold nothing larger."""

# Latin with its extensions, Greek, punctuation, subscripts, currency, arrows, the signs of formulas
CHARACTER_RANGES = ((0x20, 0x24F), (0x370, 0x3FF), (0x2000, 0x20BF), (0x2190, 0x2193), (0x2212, 0x2265))
FEATURES = ["kern", "mark", "ccmp", "locl", "tnum"]


def cut(folder: Path) -> list[Path]:
    """Write one file for each weight, and the licence beside them; the same bytes at any time.

    Returns:
        The font files, lightest first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(LICENCE, folder / "OFL.txt")
    small = _subset()
    files = []
    for weight in WEIGHTS:
        wide = TTFont(io.BytesIO(small), recalcTimestamp=False)
        files.append(folder / f"Inter-{weight}.ttf")
        instancer.instantiateVariableFont(wide, {"wght": weight, "opsz": OPTICAL_SIZE}).save(files[-1])
    return files


def _subset() -> bytes:
    """The variable font with the characters and features that charts use; an eighth of its size."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    subsetter = subset.Subsetter(subset.Options(layout_features=FEATURES, notdef_outline=True))
    subsetter.populate(unicodes=[code for low, high in CHARACTER_RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    whole = io.BytesIO()
    font.save(whole)
    return whole.getvalue()


if __name__ == "__main__":
    for file in cut(FOLDER):
        sys.stdout.write(f"{file.relative_to(Path.cwd())}: {file.stat().st_size // 1000} kB\n")
