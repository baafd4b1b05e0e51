"""Small faults to put into a module: each changes one expression as a slip of the hand could.

A factor is times 1.3 or left out, a sum becomes a difference, a comparison is turned round, the smaller
becomes the larger, P80 becomes P50, a value that a record of a chart gets is 1.3 times what it should be.
Formulas that are text are taken apart in the same way.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FACTOR = 1.3
EXPRESSION = 4
"""Place of the text among the arguments of a `Formula`."""
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip
OTHER_NAMES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "ceil": "floor", "floor": "ceil",
    "p80": "p50", "p90": "p50", "p50": "p90", "p10": "p50", "any": "all", "all": "any",
}  # fmt: skip
PASSED_OVER = ("annotation", "returns", "decorator_list", "bases", "slice")
PAINTING = ("paintEvent", "sizeHint", "minimumSizeHint")
"""Pixels of widgets are judged by eye."""
SMALL = (ast.Constant, ast.Name, ast.Attribute)
"""Shown with what they stand in."""
NUMBERS = ("float", "int")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault.

    Attributes:
        file: Path inside the project.
        where: Function or method that holds it, "" outside of all.
        change: The expression before and after; the second of two alike in one function ends in "#2".
        line: Where it stands today.
        runs_later: Whether it stands in a function; else it is computed when the module is imported.
        source: The whole text of the module with the fault in it.
    """

    file: str
    where: str
    change: str
    line: int
    runs_later: bool
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it while lines move."""
        return self.file, self.where, self.change


def mutants(root: Path, file: str) -> list[Mutant]:
    """All faults of a file, in the order of its lines."""
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    found: list[Mutant] = []
    seen: Counter[tuple[str, str]] = Counter()
    numbers = number_fields(tree)
    for spot in _expressions(tree):
        for other in _others(spot.node, numbers):
            is_small = isinstance(spot.node, SMALL) and isinstance(spot.holder, ast.expr | ast.keyword)
            before = _shown(spot.holder if is_small else spot.node)
            spot.put(other)
            change = f"{before} → {_shown(spot.holder if is_small else other)}"
            source = ast.unparse(ast.fix_missing_locations(tree))
            spot.put(spot.node)
            seen[spot.where, change] += 1
            if seen[spot.where, change] > 1:
                change += f" #{seen[spot.where, change]}"
            found.append(Mutant(file, spot.where, change, spot.node.lineno, spot.runs_later, source))
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an expression stands.

    Attributes:
        where: Its function.
        holder: The node that has it, in the field `name`, at `place` where that is a list.
    """

    where: str
    runs_later: bool
    holder: ast.AST
    name: str
    place: int | None
    node: ast.expr

    def put(self, other: ast.AST) -> None:
        """Let another expression stand there."""
        if self.place is None:
            setattr(self.holder, self.name, other)
        else:
            getattr(self.holder, self.name)[self.place] = other


def number_fields(tree: ast.Module) -> dict[str, list[str]]:
    """The fields of each record of a file that hold a number, in order; "" for one that does not."""
    records = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
            kinds = [(ast.unparse(part.target), ast.unparse(part.annotation)) for part in fields]
            records[node.name] = [name if kind.split(" | ")[0] in NUMBERS else "" for name, kind in kinds]
    return records


def _expressions(tree: ast.AST) -> Iterator[Spot]:
    """Every expression that computes something; no annotation, message, docstring or index."""

    def walk(node: ast.AST, where: str, later: bool) -> Iterator[Spot]:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            where = f"{where}.{node.name}" if where else node.name
        for name, value in ast.iter_fields(node):
            if name in PASSED_OVER or isinstance(node, ast.Raise | ast.Assert):
                continue
            if where.rpartition(".")[2] in PAINTING:
                continue
            inside = later or (isinstance(node, FUNCTIONS) and name == "body")
            for place, one in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(one, ast.expr):
                    yield Spot(where, inside, node, name, place if isinstance(value, list) else None, one)
                if isinstance(one, ast.AST):
                    yield from walk(one, where, inside)

    return walk(tree, "", False)


def _others(node: ast.expr, numbers: dict[str, list[str]]) -> Iterator[ast.expr]:
    """What an expression could have been by mistake."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _other_numbers(node.value)
    elif isinstance(node, ast.BinOp):
        if type(node.op) in SWAPPED and not _is_text(node):
            yield replace_in(node, op=SWAPPED[type(node.op)]())
        if isinstance(node.op, ast.Mult | ast.Div):
            yield copy.deepcopy(node.left)
    elif isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            ops = [*node.ops]
            ops[place] = TURNED[type(sign)]()
            yield replace_in(node, ops=ops)
    elif isinstance(node, ast.BoolOp):
        yield replace_in(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.Attribute) and node.attr in OTHER_NAMES:
        yield replace_in(node, attr=OTHER_NAMES[node.attr])
    elif isinstance(node, ast.Name) and node.id in OTHER_NAMES and isinstance(node.ctx, ast.Load):
        yield replace_in(node, id=OTHER_NAMES[node.id])
    elif isinstance(node, ast.Call):
        yield from _other_calls(node, numbers)


def _other_numbers(value: float) -> Iterator[ast.expr]:
    if isinstance(value, float):
        yield ast.Constant(value * FACTOR if value else 1.0)
    else:
        yield ast.Constant(round(value * FACTOR) if value >= 4 else value + 1)


def _other_calls(node: ast.Call, numbers: dict[str, list[str]]) -> Iterator[ast.expr]:
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    if called == "Formula":
        for text in other_formulas(str(ast.literal_eval(node.args[EXPRESSION]))):
            args = [ast.Constant(text) if at == EXPRESSION else one for at, one in enumerate(node.args)]
            yield replace_in(node, args=args)
    for place, name in enumerate(numbers.get(called, [])):
        if not name:
            continue
        if place < len(node.args) and not isinstance(node.args[place], ast.Starred | ast.Constant):
            args = [_scaled(one) if at == place else one for at, one in enumerate(node.args)]
            yield replace_in(node, args=args)
        if any(one.arg == name and not isinstance(one.value, ast.Constant) for one in node.keywords):
            keywords = [
                ast.keyword(one.arg, _scaled(one.value)) if one.arg == name else one for one in node.keywords
            ]
            yield replace_in(node, keywords=keywords)


def other_formulas(text: str) -> Iterator[str]:
    """What a formula that is text could have been by mistake."""
    yield f"({text}) * {FACTOR}"
    whole = ast.Expr(ast.parse(text, mode="eval").body)
    for spot in list(_expressions(whole)):
        for other in _others(spot.node, {}):
            spot.put(other)
            yield ast.unparse(whole.value)
            spot.put(spot.node)


def _shown(node: ast.AST) -> str:
    """An expression as people read it; of a formula its text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Formula":
        return f"{ast.literal_eval(node.args[0])} = {ast.literal_eval(node.args[EXPRESSION])}"
    return ast.unparse(node)


def _scaled(node: ast.expr) -> ast.expr:
    return ast.BinOp(copy.deepcopy(node), ast.Mult(), ast.Constant(FACTOR))


def replace_in(node: ast.AST, **changes: object) -> ast.AST:
    """The same node with other fields; what it holds is shared."""
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _is_text(node: ast.BinOp) -> bool:
    """Whether a sum joins texts or lists."""
    joined = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)
    return any(
        isinstance(part, joined) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


def functions_of(tree: ast.AST, where: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """Every function with its name inside the module: `Class.method`, `function.inner`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = f"{where}.{node.name}" if where else node.name
            if not isinstance(node, ast.ClassDef):
                yield name, node
            yield from functions_of(node, name)
        else:
            yield from functions_of(node, where)
