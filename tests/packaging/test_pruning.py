"""What the bundle leaves out is compared with what the application really loads."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import PySide6
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "resources" / "examples" / "nordic-9b.nodewise.json"
LOADED_BY_A_PICTURE = """
import sys
from app.__main__ import main
status = main()
print("\\n".join(["LOADED", *sys.modules]))
sys.exit(status)
"""
LOADED_BY_EXPORTS = """
import sys
from app.cli.program import run
plan, folder = sys.argv[1:]
for format in ("pdf", "docx", "xlsx", "md", "json"):
    run(["report", plan, "-o", f"{folder}/report.{format}"])
run(["report", plan, "--what", "figures", "-o", f"{folder}/figures"])
run(["jobs", plan, "-o", f"{folder}/jobs"])
print("\\n".join(["LOADED", *sys.modules]))
"""
LOADED_BY_ALL_ROOMS = """
import importlib, pkgutil, sys, app, estimators
for room in (app, estimators):
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        importlib.import_module(module.name)
print("\\n".join(["LOADED", *sys.modules]))
"""


@pytest.fixture(scope="module")
def pruning() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pruning", ROOT / "packaging" / "pruning.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def loaded_modules(code: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.partition("LOADED\n")[2].split())


def excluded(names: set[str], unused: list[str]) -> set[str]:
    return {name for name in names for root in unused if name == root or name.startswith(root + ".")}


def test_the_window_loads_nothing_that_the_bundle_lacks(pruning: ModuleType, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    names = loaded_modules(LOADED_BY_A_PICTURE, "screenshot", str(EXAMPLE), "-o", str(picture))
    assert picture.stat().st_size > 10_000
    assert {"app", "PySide6.QtWidgets", "matplotlib.figure"} <= names
    assert excluded(names, pruning.UNUSED_MODULES) == set()


def test_exports_load_nothing_that_the_bundle_lacks(pruning: ModuleType, tmp_path: Path) -> None:
    names = loaded_modules(LOADED_BY_EXPORTS, str(EXAMPLE), str(tmp_path))
    assert {"typst", "docx", "xlsxwriter"} <= names
    assert excluded(names, pruning.UNUSED_MODULES) == set()


def test_no_room_imports_what_the_bundle_lacks(pruning: ModuleType) -> None:
    names = loaded_modules(LOADED_BY_ALL_ROOMS)
    assert excluded(names, pruning.UNUSED_MODULES) == set()


def test_every_kept_plugin_and_library_exists(pruning: ModuleType) -> None:
    """A new Qt that renames a plugin must not drop it without a word."""
    qt = Path(PySide6.__path__[0]) / "Qt"
    plugins = [str(path.relative_to(qt / "plugins")) for path in (qt / "plugins").rglob("*.so")]
    libraries = [path.name for path in (qt / "lib").iterdir()]
    for pattern in pruning.KEPT_QT_PLUGINS:
        assert any(fnmatch(name, pattern) for name in plugins), pattern
    for pattern in pruning.KEPT_QT_LIBRARIES:
        assert any(fnmatch(name, pattern) for name in libraries), pattern
    for name in pruning.KEPT_QT_TRANSLATIONS:
        assert (qt / "translations" / name).is_file(), name


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_ja.qm", False),
        ("libglib-2.0.so.0", True),
        ("libcrypto.so.3", False),
        ("matplotlib/mpl-data/fonts/ttf/cmr10.ttf", True),
        ("matplotlib/mpl-data/sample_data/goog.npz", False),
        ("resources/catalogue/machines.json", True),
        ("docx/templates/default.docx", True),
        ("docx/templates/default-docx-template/word/styles.xml", False),
        ("tzdata/zoneinfo/Europe/Brussels", True),
        ("tzdata/zoneinfo/Europe/Paris", False),
        ("tzdata/zones", False),
    ],
)
def test_keep(pruning: ModuleType, path: str, kept: bool) -> None:
    assert pruning.keep(path) is kept
