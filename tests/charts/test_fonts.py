"""The fonts that are shipped for charts, and how matplotlib comes to know them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import fontpkg_inter
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

from app.charts import fonts
from estimators.shipped import shipped

ROOT = Path(__file__).parents[2]
LISTED = """
from matplotlib.font_manager import fontManager
print(*sorted(entry.fname for entry in fontManager.ttflist), sep="\\n")
"""


def listed(code: str, home: Path) -> set[str]:
    """Files that matplotlib knows in a new process, at a home where nothing was ever kept."""
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    environment.pop("MPLCONFIGDIR", None)
    done = subprocess.run(
        [sys.executable, "-c", code + LISTED],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return set(done.stdout.splitlines())


def test_that_charts_search_the_system_for_no_font_and_keep_no_list_of_them(tmp_path: Path) -> None:
    assert listed("import app.charts.export", tmp_path) == {str(path) for path in fonts.font_files()}
    assert not list(tmp_path.rglob("fontlist*"))


def test_that_a_list_which_matplotlib_has_made_already_gains_our_fonts(tmp_path: Path) -> None:
    found = listed("import matplotlib.figure, app.charts", tmp_path)
    assert {str(path) for path in fonts.font_files()} < found


def test_that_the_empty_list_is_one_of_the_installed_matplotlib(tmp_path: Path) -> None:
    made = "from app.charts import fonts\nfrom matplotlib import font_manager as fm\n"
    check = f"assert set(vars(fm.fontManager)) == {set(vars(font_manager.FontManager()))}\n"
    assert listed(made + check, tmp_path)
    assert font_manager.FontManager.__version__ == fonts.LIST_VERSION


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_that_every_weight_of_a_chart_is_a_file_of_its_own(weight: int) -> None:
    found = font_manager.findfont(FontProperties(family=list(fonts.FAMILIES), weight=weight))
    assert Path(found) == shipped("fonts", f"Inter-{weight}.ttf")
    font = TTFont(found)
    assert font["OS/2"].usWeightClass == weight
    assert set("Ağ×→←−½≈ ") | {"\u202f", "\u00a0"} <= {chr(code) for code in font.getBestCmap()}


def test_that_the_licence_of_the_font_lies_beside_it() -> None:
    licence = Path(fontpkg_inter.ROOT) / "LICENSE"
    assert shipped("fonts", "OFL.txt").read_bytes() == licence.read_bytes()


@pytest.mark.slow
def test_that_the_shipped_fonts_are_what_the_installed_inter_gives_today(tmp_path: Path) -> None:
    """If not, `packaging/cut_fonts.py` makes them anew."""
    spec = importlib.util.spec_from_file_location("cut_fonts", ROOT / "packaging" / "cut_fonts.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    cut = tool.cut(tmp_path)
    assert [path.name for path in cut] == sorted(path.name for path in shipped("fonts").glob("*.ttf"))
    for path in cut:
        assert tables(path) == tables(shipped("fonts", path.name)), path.name


def tables(path: Path) -> dict[str, bytes]:
    """Outlines, metrics and all other tables of a font, without the times of its making."""
    font = TTFont(path)
    found = {tag: font.getTableData(tag) for tag in font.keys() if tag != "GlyphOrder"}  # noqa: SIM118 - no dict
    head = found["head"]
    found["head"] = head[:8] + head[12:20] + head[36:]  # without check sum, creation, modification
    return found
