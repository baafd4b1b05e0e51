"""Formulas of the estimators as formulas of a spreadsheet: one definition computes and is recomputed."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_SIGNS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.Div: ("/", 2),
}
_CALLS = {
    "sqrt": "SQRT({})",
    "ceil": "ROUNDUP({},0)",
    "whole_up": "ROUNDUP(ROUND({},6),0)",
    "min": "MIN({})",
    "max": "MAX({})",
}
ATOM = 9


def cell_formula(expression: str, cells: Mapping[str, str]) -> str:
    """The formula of a cell, with its leading "=".

    Args:
        expression: In the language of `estimators.planning.formulas`.
        cells: Address or defined name for every name in the expression.

    Raises:
        KeyError: A name has no cell.
        ValueError: The expression holds what a cell cannot compute.
    """
    return f"={_text(ast.parse(expression, mode='eval').body, cells)[0]}"


def _text(node: ast.expr, cells: Mapping[str, str]) -> tuple[str, int]:
    """The text of a node, and how tightly its last operation binds."""
    if isinstance(node, ast.Name):
        return cells[node.id], ATOM
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return repr(node.value), ATOM
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        sign, rank = _SIGNS[type(node.op)]
        tighter = rank + (1 if sign in "-/" else 0)
        return f"{_inside(node.left, cells, rank)}{sign}{_inside(node.right, cells, tighter)}", rank
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        arguments = ",".join(_text(part, cells)[0] for part in node.args)
        return _CALLS[node.func.id].format(arguments), ATOM
    raise ValueError(f"no cell formula for {ast.dump(node)}")


def _inside(node: ast.expr, cells: Mapping[str, str], least: int) -> str:
    text, rank = _text(node, cells)
    return f"({text})" if rank < least else text
