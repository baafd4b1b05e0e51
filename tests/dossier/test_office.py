"""Files as an office program opens them: LibreOffice without a screen."""

from __future__ import annotations

import csv
import math
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.dossier.docx import docx_bytes
from app.dossier.workbook import workbook_bytes
from tests.dossier.conftest import NAMES, NOW, MakeDocument, MakeMaterial
from tests.dossier.sheets import read_book

NEEDED = os.environ.get("NODEWISE_NEEDS_OFFICE") == "1"
OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None and not NEEDED, reason="LibreOffice is not installed here")

# always compute formulas anew, whatever program wrote the file
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
RAW_CELLS_OF_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of its own, so that no other LibreOffice of this user is in the way."""
    profile = tmp_path_factory.mktemp("office")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    return profile


def convert(office: Path, target: str, folder: Path, *files: Path) -> None:
    assert OFFICE is not None, "NODEWISE_NEEDS_OFFICE is set, and soffice is not there"
    done = subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={office.as_uri()}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_that_a_spreadsheet_program_computes_the_shown_values(
    office: Path, example: MakeMaterial, tmp_path: Path
) -> None:
    files = []
    for name in NAMES:
        material = example(name)
        files.append(tmp_path / f"{name}.xlsx")
        files[-1].write_bytes(workbook_bytes(material.request, material.catalogue, NOW.date()))
    convert(office, RAW_CELLS_OF_ALL_SHEETS, tmp_path, *files)
    for name, file in zip(NAMES, files, strict=True):
        book = read_book(file.read_bytes())
        rows = {sheet: _rows(tmp_path / f"{name}-{sheet}.csv") for sheet in book.cells}
        for sheet, address in book.formulas():
            shown = book.cached(sheet, address)
            found = _cell(rows[sheet], address)
            if isinstance(shown, float):
                assert math.isclose(float(found), shown, rel_tol=1e-9, abs_tol=1e-9), (name, sheet, address)
            else:
                assert found == shown, (name, sheet, address)
        total = example(name).campaign.request_node_hours
        assert float(rows["Request"][4][1]) == total


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _cell(rows: list[list[str]], address: str) -> str:
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return rows[int(address[len(letters) :]) - 1][column - 1]


@pytest.mark.slow
def test_that_a_word_processor_opens_the_documents(office: Path, paper: MakeDocument, tmp_path: Path) -> None:
    files = []
    for name in NAMES:
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(docx_bytes(paper(name)))
    convert(office, "txt:Text (encoded):UTF8", tmp_path, *files)
    for name in NAMES:
        text = (tmp_path / f"{name}.txt").read_text(encoding="utf-8")
        document = paper(name)
        assert document.title in text
        for heading in ("1 Milestones", "7 Scaling", "11 Assumptions", "A Sources"):
            assert heading in text
