"""Reads a workbook's cells and computes its formulas, so that a test can play the reviewer."""

from __future__ import annotations

import ast
import io
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any
from xml.etree import ElementTree

import numpy as np

_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(
    r'"[^"]*"|(?:(?P<sheet>[A-Za-z]+)!)?\$?(?P<a>[A-Z]{1,2})\$?(?P<b>\d+)(?::\$?(?P<c>[A-Z]{1,2})\$?(?P<d>\d+))?'
    r"|(?P<name>[a-z][a-z_]+)(?!\()"
)


@dataclass
class Cell:
    """What a file holds of a cell."""

    value: Any
    formula: str | None = None


@dataclass
class Book:
    """All cells by sheet and address; formulas are computed anew on `value`."""

    cells: dict[str, dict[str, Cell]]
    names: dict[str, str]
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def formulas(self) -> list[tuple[str, str]]:
        return [(s, a) for s, cells in self.cells.items() for a, cell in cells.items() if cell.formula]

    def cached(self, sheet: str, address: str) -> Any:
        return self.cells[sheet][address].value

    def set(self, sheet: str, address: str, value: float) -> None:
        """Change an input as a reviewer does."""
        assert self.cells[sheet][address].formula is None, "not an input"
        self.cells[sheet][address].value = value
        self._known.clear()

    def named(self, name: str) -> Any:
        sheet, address = self.names[name].replace("$", "").split("!")
        return self.value(sheet, address)

    def value(self, sheet: str, address: str) -> Any:
        key = (sheet, address)
        if key not in self._known:
            cell = self.cells[sheet].get(address, Cell(0.0))
            self._known[key] = cell.value if cell.formula is None else self._compute(cell.formula, sheet)
        return self._known[key]

    def find(self, sheet: str, text: str, column: str = "A") -> int:
        """Row whose cell in a column holds the text."""
        for address, cell in self.cells[sheet].items():
            if re.fullmatch(rf"{column}\d+", address) and cell.value == text:
                return int(address[len(column) :])
        raise KeyError(text)

    def _compute(self, formula: str, sheet: str) -> Any:
        functions: dict[str, Callable[..., Any]] = {
            **_FUNCTIONS,
            "NAMED": self.named,
            "CELL": self.value,
            "SPAN": self._span,
        }
        try:
            return eval(_compiled(formula, sheet), {"__builtins__": {}, **functions})
        except TypeError:
            return "#VALUE!"

    def _span(self, sheet: str, first: str, top: int, last: str, bottom: int) -> Any:
        columns = range(_number(first), _number(last) + 1)
        rows = range(top, bottom + 1)
        return np.array([[float(self.value(sheet, f"{_letter(c)}{r}")) for c in columns] for r in rows])


@cache
def _compiled(formula: str, sheet: str) -> CodeType:
    """A cell formula as code; books of the same layout share their formulas."""

    def looked_up(match: re.Match[str]) -> str:
        if match[0].startswith('"'):
            return match[0]
        if match["name"]:
            return f"NAMED({match['name']!r})"
        place = match["sheet"] or sheet
        if match["c"]:
            return f"SPAN({place!r},{match['a']!r},{match['b']},{match['c']!r},{match['d']})"
        return f"CELL({place!r},{match['a'] + match['b']!r})"

    text = _REFERENCE.sub(looked_up, formula)
    text = re.sub(r"(?<![<>=!])=(?!=)", "==", text)
    tree = ast.fix_missing_locations(_Lazy().visit(ast.parse(text.replace("--(", "1*("), mode="eval")))
    return compile(tree, formula, "eval")


class _Lazy(ast.NodeTransformer):
    """Computes only the branch of an IF that counts."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "IF":
            test, yes, no = node.args
            return ast.IfExp(test=test, body=yes, orelse=no)
        return node


def _number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def _letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _round_half_away(value: Any, digits: int) -> Any:
    scaled = np.abs(np.asarray(value, dtype=float)) * 10.0**digits
    # spreadsheets round what they show: fifteen digits
    snapped = np.vectorize(lambda x: float(f"{x:.15g}"))(scaled)
    out = np.sign(value) * np.floor(snapped + 0.5) / 10.0**digits
    return out if np.ndim(value) else float(out)


def _rounded(value: float, digits: int, function: Callable[[float], float]) -> float:
    snapped = float(f"{abs(value) * 10.0**digits:.15g}")
    return math.copysign(function(snapped) / 10.0**digits, value)


def _if_error(value: Any, otherwise: Any) -> Any:
    return otherwise if isinstance(value, str) or value != value else value


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *parts: float(sum(np.sum(part) for part in parts)),
    "SUMPRODUCT": lambda part: float(np.sum(part)),
    "MAX": max,
    "MIN": min,
    "SQRT": math.sqrt,
    "INT": np.floor,
    "ROUND": _round_half_away,
    "ROUNDUP": lambda value, digits: _rounded(value, digits, math.ceil),
    "ROUNDDOWN": lambda value, digits: _rounded(value, digits, math.floor),
    "IFERROR": _if_error,
}


def read_book(content: bytes) -> Book:
    """The workbook of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = _strings(archive)
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target") for link in links}
        cells = {}
        for sheet in workbook.iterfind("m:sheets/m:sheet", _NS):
            root = ElementTree.fromstring(archive.read(f"xl/{targets[sheet.get(_REL)]}"))
            cells[str(sheet.get("name"))] = _cells(root, texts)
        names = {
            str(name.get("name")): str(name.text)
            for name in workbook.iterfind("m:definedNames/m:definedName", _NS)
            if not str(name.get("name")).startswith("_xlnm")
        }
    return Book(cells, names)


def _strings(archive: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(part.text or "" for part in one.iterfind(".//m:t", _NS)) for one in root]


def _cells(root: ElementTree.Element, texts: list[str]) -> dict[str, Cell]:
    found = {}
    for cell in root.iterfind(".//m:c", _NS):
        raw = cell.findtext("m:v", namespaces=_NS)
        formula = cell.findtext("m:f", namespaces=_NS)
        if raw is None and formula is None:
            continue
        kind = cell.get("t")
        value: Any = raw if kind == "str" else texts[int(raw or 0)] if kind == "s" else float(raw or "nan")
        found[str(cell.get("r"))] = Cell(value, formula)
    return found
