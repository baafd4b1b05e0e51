"""The licence texts that the parts of the bundle ask to be passed on."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

DISTRIBUTIONS = [
    "contourpy", "cycler", "fontpkg-inter", "fontpkg-jetbrains-mono", "fonttools", "kiwisolver", "lxml",
    "matplotlib", "msgspec", "numpy", "packaging", "pillow", "platformdirs", "pyparsing", "python-dateutil",
    "python-docx", "python-lucide", "typing-extensions", "typst", "tzdata", "xlsxwriter",
]  # fmt: skip
# The wheels of Qt name their licence (LGPL 3, which builds on GPL 3) without its text; Debian has both.
QT_LICENCES = [Path("/usr/share/common-licenses/LGPL-3"), Path("/usr/share/common-licenses/GPL-3")]
PYTHON_LICENCE = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")


def package_licences() -> Iterator[tuple[str, str]]:
    """Give each Python package's licence files, with the folder of the bundle they go to.

    The list of what was compiled into typst, each with its licence, goes along (`sboms`).
    """
    for name in DISTRIBUTIONS:
        for file in distribution(name).files or ():
            is_licence = "LICEN" in file.name.upper() or "sboms" in file.parts
            if ".dist-info" in file.parts[0] and is_licence:
                folder = Path("licences", name, *file.parts[1:-1])
                yield str(file.locate()), str(folder)
    for path in QT_LICENCES:
        yield str(path), "licences/PySide6_Essentials"
    if PYTHON_LICENCE.exists():  # elsewhere Python is a Debian package with its own copyright file
        yield str(PYTHON_LICENCE), "licences/python"


def system_licences(libraries: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Give the copyright file of each Debian package that one of the libraries comes from.

    Args:
        libraries: Paths on the build machine; those from Python packages are passed over.

    Yields:
        Name in the bundle, path on the build machine and PyInstaller's word for a data file.
    """
    paths = {Path(library) for library in libraries if not library.startswith(sys.prefix)}
    # Debian's file lists name /lib where the path says /usr/lib, and the target of a link
    names = [str(name) for path in paths for name in (path, str(path).removeprefix("/usr"), path.resolve())]
    answer = subprocess.run(["dpkg", "-S", *names], capture_output=True, text=True, check=False).stdout
    for package in sorted({line.partition(":")[0] for line in answer.splitlines()}):
        copyright_file = Path("/usr/share/doc") / package / "copyright"
        if copyright_file.exists():
            yield f"licences/system/{package}", str(copyright_file), "DATA"
