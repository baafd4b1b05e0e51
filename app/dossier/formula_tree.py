"""From an expression of `estimators.planning.formulas` to the terms of a shown formula."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from app.dossier.document import FormulaBlock, FormulaLine, Operation, Term, Value

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}
_FUNCTIONS = {
    "sqrt": "√",
    "ceil": "round up",
    "whole_up": "round up",
    "min": "smaller of",
    "max": "larger of",
}
_RANKS = {"+": 1, "−": 1, "×": 2, "÷": 2}
ATOM = 9


def terms_of(expression: str, texts: Mapping[str, str], labels: Mapping[str, str] | None = None) -> Term:
    """The expression with texts in place of its names.

    Args:
        expression: Arithmetic over names.
        texts: What to show for each name: its name in words, or its value with unit.
        labels: What to write below a name's value.
    """
    return _term(ast.parse(expression, mode="eval").body, texts, labels or {})


def _term(node: ast.expr, texts: Mapping[str, str], labels: Mapping[str, str]) -> Term:
    if isinstance(node, ast.Name):
        return Value(texts[node.id], labels.get(node.id, ""))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Value(f"{node.value:,}".replace(",", "\u202f"))
    if isinstance(node, ast.BinOp):
        sides = (_term(node.left, texts, labels), _term(node.right, texts, labels))
        return _joined(_SIGNS[type(node.op)], sides)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        parts = tuple(_term(part, texts, labels) for part in node.args)
        return Operation(_FUNCTIONS[node.func.id], parts)
    raise ValueError(f"not arithmetic: {ast.dump(node)}")


def _joined(sign: str, sides: tuple[Term, Term]) -> Operation:
    """Sums of sums and products of products as one row of terms."""
    left, right = sides
    if isinstance(left, Operation) and left.sign == sign and sign in "+×":
        return Operation(sign, (*left.parts, right))
    return Operation(sign, sides)


def line_text(line: FormulaLine) -> str:
    """One equation on one line: "GPU-hours = GPUs × wall-clock = 128 × 264.0 h = 33 792"."""
    return " = ".join((line.name, *(term_text(term) for term in line.terms)))


def block_text(block: FormulaBlock) -> str:
    """All equations, one on each line."""
    return "\n".join(line_text(line) for line in block.lines)


def term_text(term: Term) -> str:
    """A term as plain text, with the brackets that it needs."""
    if isinstance(term, Value):
        return f"{term.text} ({term.label})" if term.label else term.text
    if term.sign not in _RANKS:
        inside = "; ".join(term_text(part) for part in term.parts)
        return f"{term.sign}({inside})"
    texts = [_bracketed(part, term.sign, place) for place, part in enumerate(term.parts)]
    return f" {term.sign} ".join(texts)


def _bracketed(part: Term, sign: str, place: int) -> str:
    rank = _RANKS[sign]
    inner = _RANKS.get(part.sign, ATOM) if isinstance(part, Operation) else ATOM
    tighter = place > 0 and sign in "−÷"
    return f"({term_text(part)})" if inner < rank or (tighter and inner == rank) else term_text(part)
