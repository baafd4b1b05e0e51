"""The explanation: a tree from the headline figure down to facts and inputs, and one figure in detail."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass

from app.present import numbers as n
from app.present.glyph import GlyphShape, glyph_shape
from app.words import text
from estimators.quantity import Fact, Figure, Origin
from estimators.words import Heading, Name, Said, cased, say, say_many

MOST_LEAVES = 40
VALUE_DIGITS = 6
"""In formulas: enough that the shown formula computes to the shown value."""

_THINGS = {
    "tokens",
    "steps",
    "GPUs",
    "parameters",
    "samples",
    "sequences",
    "images",
    "devices",
    "stages",
    "jobs",
    "passes",
}
_COUNT_UNITS = _THINGS | {"GPU-hours", "node-hours"}
_HIDDEN_UNITS = _THINGS | {"1", "ratio", "share", "count", "text", ""}
_BADGES = {
    "official": ("ok", "Official", "shield-check"),
    "secondary": ("info", "Secondary", "file-check"),
    "inferred": ("warn", "Inferred", "square-function"),
    "unverified": ("unk", "Unverified", "circle-dashed"),
}
_ORIGINS = {
    Origin.USER: ("plain", "Your input", "user"),
    Origin.DEFAULT: ("plain", "Default", "sliders-horizontal"),
    Origin.FITTED: ("warn", "Fitted", "crosshair"),
    Origin.CALCULATED: ("info", "Calculated", "sigma"),
    Origin.FACT: ("unk", "Unverified", "circle-dashed"),
}
_SIGNS = {ast.Add: "+", ast.Sub: n.MINUS, ast.Mult: n.TIMES, ast.Div: "÷", ast.FloorDiv: "÷", ast.Mod: "mod"}
_RANKS = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.FloorDiv: 2, ast.Mod: 2, ast.Pow: 4}


@dataclass(frozen=True, slots=True)
class Badge:
    """Where a value comes from: tone, word and icon."""

    tone: str
    word: str
    icon: str


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input of a figure, as the detail lists it."""

    name: str
    value: str
    source: str
    link: str
    badge: Badge
    note: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Detail:
    """One figure taken apart.

    Attributes:
        formulas: For the figure and its calculated inputs: name, words, formula with values, result.
        glyph: The interval, where one is stated.
        range_words: The interval in words.
        inputs: What the formula names.
        leaves: Facts, fitted values and inputs that it rests on further down.
    """

    title: str
    subtitle: str
    formulas: tuple[tuple[str, str, str, str], ...]
    glyph: GlyphShape | None
    range_words: str
    inputs: tuple[InputRow, ...]
    leaves: tuple[InputRow, ...]


def name_of(figure: Figure) -> str:
    """The name with a capital; fitted values carry the name of their parameter."""
    return cased(text(figure.name), "capital")


def parts_of(figure: Figure) -> tuple[Figure, ...]:
    """The inputs in the order in which the formula names them."""
    formula = figure.expression

    def place(part: Figure) -> int:
        found = re.search(rf"\b{re.escape(part.key)}\b", formula)
        return found.start() if found else len(formula)

    return tuple(sorted(figure.inputs, key=place))


def value_text(figure: Figure, digits: int = 4) -> str:
    """A figure's value with its unit, as the tree shows it."""
    number = _number(figure, digits)
    return number if figure.unit in _HIDDEN_UNITS | {"GPU-hours"} else n.with_unit(number, figure.unit)


def _number(figure: Figure, digits: int) -> str:
    value = figure.value
    if not math.isfinite(value):
        return text(n.UNKNOWN)
    if figure.unit in ("tokens", "parameters") and abs(value) >= 1e8:
        return n.large(value, 6)
    if float(value).is_integer() and abs(value) < 1e9:
        return n.exact(value)
    if figure.unit in _COUNT_UNITS and abs(value) >= 10 ** (digits - 1):
        return n.exact(value)
    if abs(value) >= 1e9:
        return n.power_of_ten(float(f"{value:.{digits - 1}e}"))
    return n.short(value, digits)


def badge_of(figure: Figure) -> Badge:
    """The confidence of a fact, else the kind of value."""
    if figure.origin is Origin.FACT and figure.fact is not None:
        return Badge(*_BADGES[figure.fact.confidence])
    return Badge(*_ORIGINS[figure.origin])


def detail(figure: Figure) -> Detail:
    """Everything about one figure."""
    own = [_formula(figure)] if figure.expression else []
    calculated = [part for part in parts_of(figure) if part.expression]
    parts = [_formula(part) for part in calculated[:1]] if own else []
    words = ""
    if figure.range is not None:
        low, high = figure.range.p10, figure.range.p90
        words = f"{n.span(low, high, 3)}, four times in five"
    return Detail(
        title=f"Why {title_value(figure)}?" if figure.expression else name_of(figure),
        subtitle=subtitle(figure),
        formulas=tuple(own + parts),
        glyph=glyph_shape(figure.range) if figure.range is not None else None,
        range_words=words,
        inputs=tuple(_input_row(part) for part in (parts_of(figure) or (figure,))),
        leaves=tuple(_input_row(part) for part in _leaves(figure)),
    )


def _leaves(figure: Figure) -> list[Figure]:
    """What has a source of its own below the direct inputs, each once: inputs, facts, fitted values."""
    seen = {(part.key, part.value) for part in figure.inputs}
    found: list[Figure] = []
    for part in figure.walk():
        mark = (part.key, part.value)
        if not part.inputs and mark not in seen and part.origin is not Origin.CALCULATED:
            seen.add(mark)
            found.append(part)
    order = (Origin.USER, Origin.DEFAULT, Origin.FACT, Origin.FITTED)
    return sorted(found, key=lambda part: order.index(part.origin))[:MOST_LEAVES]


def title_value(figure: Figure) -> str:
    """The value in the panel's title: "33 800 GPU-hours", "264.0 h"."""
    number = n.sig3(figure.value) if math.isfinite(figure.value) else n.UNKNOWN
    unit = "" if figure.unit in ("1", "ratio", "share", "count", "text") else figure.unit
    return f"{number} {unit}".strip()


def subtitle(figure: Figure) -> str:
    """Name, note and the exact value."""
    parts = [name_of(figure) + "."]
    if figure.unit == "GPU-hours" and math.isfinite(figure.value):
        parts.append(f"Exact value {n.exact(figure.value)}.")
    if figure.note:
        parts.append(_with_stop(figure.note))
    return " ".join(parts)


def _with_stop(note: str | Said) -> str:
    return text(say("{note}.", note=Heading(note if isinstance(note, Said) else Name(note))))


def _formula(figure: Figure) -> tuple[str, str, str, str]:
    return name_of(figure), figure.words, formula_with_values(figure), value_text(figure, 6)


def _input_row(figure: Figure) -> InputRow:
    source, link = _source(figure)
    return InputRow(
        name_of(figure), value_text(figure), source, link, badge_of(figure), text(figure.note), figure
    )


def _source(figure: Figure) -> tuple[str, str]:
    fact: Fact[object] | None = figure.fact
    if fact is not None:
        link = link_of(fact.source)
        return (link.split("//", 1)[1].split("/", 1)[0] if link else fact.source or "no source found"), link
    if figure.origin is Origin.USER:
        return "Your plan", ""
    if figure.inputs:
        many = len(figure.inputs)
        return text(say_many("{n} part, below", "{n} parts, below", many, n=n.counts(many))), ""
    return text(figure.note) or figure.origin.value, ""


def link_of(source: str) -> str:
    """The address in a source, also of an arXiv number; "" where it has none."""
    address = re.search(r"https?://[^\s;,)]+", source)
    if address is not None:
        return address[0]
    paper = re.search(r"arXiv[ :](\d{4}\.\d{4,5})", source)
    return f"https://arxiv.org/abs/{paper[1]}" if paper is not None else ""


def formula_with_values(figure: Figure) -> str:
    """The expression with the values of the inputs put in: "128 × 264.0 h"."""
    values = {part.key: value_text(part, VALUE_DIGITS) for part in figure.inputs}
    try:
        tree = ast.parse(figure.expression, mode="eval").body
    except SyntaxError:
        return figure.expression
    return _rendered(tree, values)[0]


def _rendered(node: ast.expr, values: dict[str, str]) -> tuple[str, int]:
    """Text of a node and how tightly its last operation binds (9 for atoms)."""
    if isinstance(node, ast.Name):
        return values.get(node.id, node.id), 9
    if isinstance(node, ast.Constant):
        return _constant(node.value), 9
    if isinstance(node, ast.BinOp):
        return _rendered_operation(node, values)
    if isinstance(node, ast.UnaryOp):
        return f"{n.MINUS}{_wrapped(node.operand, values, 3)}", 3
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        inside = "; ".join(_rendered(part, values)[0] for part in node.args)
        return f"{_FUNCTIONS.get(name, name)}({inside})", 9
    return ast.unparse(node), 9


def _constant(value: object) -> str:
    if isinstance(value, int):
        return n.grouped(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


_FUNCTIONS = {"ceil": "round up", "floor": "round down", "max": "larger of", "min": "smaller of", "sqrt": "√"}


def _rendered_operation(node: ast.BinOp, values: dict[str, str]) -> tuple[str, int]:
    rank = _RANKS.get(type(node.op), 0)
    if isinstance(node.op, ast.Pow):
        return f"{_wrapped(node.left, values, 5)}^{_wrapped(node.right, values, 5)}", rank
    left = _wrapped(node.left, values, rank)
    tighter = rank + (1 if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod) else 0)
    right = _wrapped(node.right, values, tighter)
    return f"{left} {_SIGNS.get(type(node.op), '?')} {right}", rank


def _wrapped(node: ast.expr, values: dict[str, str], rank: int) -> str:
    words, inner = _rendered(node, values)
    return f"({words})" if inner < rank else words


def explanation_text(figure: Figure, conditions: str) -> str:
    """The whole tree as indented text for the clipboard; a branch that recurs is written out once.

    Args:
        figure: The root.
        conditions: What it holds for: machine, interval, date of the catalogue.
    """
    lines: list[str] = []
    written: set[tuple[str, float]] = set()

    def write(part: Figure, depth: int) -> None:
        again = bool(part.inputs) and (part.key, part.value) in written
        lines.append(_text_line(part, depth).rstrip("\n") + (" (as above)\n" if again else "\n"))
        if not again:
            written.add((part.key, part.value))
            for below in parts_of(part):
                write(below, depth + 1)

    write(figure, 0)
    return f"{''.join(lines)}{conditions}\n"


def _text_line(figure: Figure, depth: int) -> str:
    line = f"{'  ' * depth}{name_of(figure)} = {value_text(figure, VALUE_DIGITS)}"
    if figure.range is not None and not depth:
        line += f" ({n.span(figure.range.p10, figure.range.p90, VALUE_DIGITS)})"
    if figure.expression:
        line += f" = {formula_with_values(figure)}"
    source = _source(figure)[1] or (figure.fact.source if figure.fact is not None else "")
    line += f"  [{badge_of(figure).word}{': ' + source if source else ''}]"
    return line.replace(n.THIN_SPACE, " ") + "\n"
