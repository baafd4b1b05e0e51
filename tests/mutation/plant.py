"""A fault is put into a copied process, in place of the code or the values that it has."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant
from tests.tools.imports import module_of


def try_here(fault: Mutant, items: Sequence[pytest.Item], root: Path) -> str:
    """Put a fault into this process and run tests; the first that fails, or ""."""
    if fault.runs_later:
        plant(fault, root)
    else:
        plant_values(fault, root)
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return item.nodeid
    return ""


def plant(fault: Mutant, root: Path) -> None:
    """Give a function of this process the code with the fault.

    Raises:
        LookupError: There is no such function.
    """
    module = sys.modules[module_of(fault.file)]
    code = compile(fault.source, str(root / fault.file), "exec")
    holder: Any = module
    for name in fault.where.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
        found = vars(holder)[name]
        if isinstance(found, type):
            holder = found
            continue
        for function in _functions(found):
            function.__code__ = code
            return
        raise LookupError(fault.where)


def plant_values(fault: Mutant, root: Path) -> None:
    """Run the faulty statement at the top of a module and later ones that set names; hand on the values."""
    module = sys.modules[module_of(fault.file)]
    before = ast.parse((root / fault.file).read_text(encoding="utf-8")).body
    place = next(at for at, node in enumerate(before) if (node.end_lineno or 0) >= fault.line)
    values = dict(vars(module))
    for node in ast.parse(fault.source).body[place:]:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            exec(compile(ast.Module([node], []), fault.file, "exec"), values)
    ours = ("app.", "estimators.", "tests.")
    others = [module, *(one for name, one in list(sys.modules.items()) if name.startswith(ours))]
    for name, old in list(vars(module).items()):
        if values[name] is not old:
            for other in others:
                if vars(other).get(name) is old:
                    setattr(other, name, values[name])


def _functions(thing: Any) -> Iterable[FunctionType]:
    """The function inside a property, a cache or a class method."""
    for name in ("fget", "func", "__wrapped__", "__func__"):
        inner = getattr(thing, name, None)
        if inner is not None:
            yield from _functions(inner)
            return
    if isinstance(thing, FunctionType):
        yield thing
