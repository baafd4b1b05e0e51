"""Type: Inter and JetBrains Mono as variable fonts, one named role for each use.

Qt takes the weight of a variable font that an application loads from its axis alone: `setWeight`
would only smear the regular cut. Every font of the window therefore comes from `font`.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

INTER = ("fontpkg_inter", "Inter[opsz,wght].ttf", "Inter")
MONO = ("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf", "JetBrains Mono")
FALLBACK = "DejaVu Sans"
FALLBACK_MONO = "DejaVu Sans Mono"
WIDE_FROM_PX = 1600

_loaded: set[str] = set()


@dataclass(frozen=True, slots=True)
class Role:
    """Size in pixels at 100 %, weight, and the size from `WIDE_FROM_PX` window width on."""

    px: float
    weight: int
    wide_px: float | None = None
    is_mono: bool = False


ROLES: dict[str, Role] = {
    "heading": Role(30, 700),
    "lead": Role(14, 400),
    "brand": Role(15, 700),
    "plan": Role(12.5, 600),
    "figure": Role(28, 700, 32),
    "unit": Role(13, 500, 14),
    "answer": Role(18, 600, 22),
    "answer-figure": Role(18, 800, 22),
    "answer-small": Role(16, 600),
    "answer-figure-small": Role(16, 800),
    "answer-line": Role(12, 400, 13.5),
    "answer-line-bold": Role(12, 600, 13.5),
    "title": Role(16, 700),
    "start-figure": Role(26, 700),
    "start-brand": Role(20, 700),
    "panel": Role(13, 700),
    "question": Role(14, 700),
    "explain-title": Role(17, 700),
    "tab": Role(13, 500),
    "tab-on": Role(13, 600),
    "body": Role(13, 400),
    "body-500": Role(13, 500),
    "body-600": Role(13, 600),
    "label": Role(12, 400),
    "label-500": Role(12, 500),
    "label-600": Role(12, 600),
    "label-700": Role(13, 700),
    "button": Role(12, 600),
    "table": Role(12, 400, 13.5),
    "table-600": Role(12, 600, 13.5),
    "head": Role(11.5, 600, 12.5),
    "badge": Role(11.5, 600),
    "help": Role(11.5, 400),
    "help-600": Role(11.5, 600),
    "mono": Role(13, 400, is_mono=True),
    "number": Role(12, 700),
}


def load_fonts() -> None:
    """Make both families known to Qt; about 9 ms. A missing package leaves the fallback."""
    for package, file, family in (INTER, MONO):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None or family in _loaded:
            continue
        path = Path(spec.origin).parent / "files" / file
        if QFontDatabase.addApplicationFont(str(path)) >= 0:
            _loaded.add(family)


@lru_cache(maxsize=256)
def font(role: str, wide: bool = False, tabular: bool = True) -> QFont:
    """The font of a role; `wide` takes the size for windows from `WIDE_FROM_PX` on."""
    spec = ROLES[role]
    px = spec.wide_px if wide and spec.wide_px else spec.px
    return sized_font(px, spec.weight, spec.is_mono, tabular)


def sized_font(px: float, weight: int, is_mono: bool = False, tabular: bool = True) -> QFont:
    """A font in pixels at 100 % without hinting."""
    family = MONO[2] if is_mono else INTER[2]
    result = QFont([family, FALLBACK_MONO if is_mono else FALLBACK])
    screen = QGuiApplication.primaryScreen()
    result.setPointSizeF(px * 72.0 / (screen.logicalDotsPerInchY() if screen else 96.0))
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # said outright in both cases, for Qt lets a font inherit what it leaves open
    result.setFeature(QFont.Tag("tnum"), 1 if tabular else 0)
    if family in _loaded:
        result.setVariableAxis(QFont.Tag("wght"), weight)
        if not is_mono:
            result.setVariableAxis(QFont.Tag("opsz"), min(32.0, max(14.0, px)))
    else:
        result.setWeight(QFont.Weight(weight))
    return result
