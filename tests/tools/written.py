"""What code does by itself to words that only `app.words` writes: read from its text, nothing is imported.

A number with its own commas and a month by its own name stay English in front of a German reader; a sentence
that is taken apart again is understood in one language only.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

WRITERS = {"text", "write", "plain"}
"""Functions of `app.words` and `estimators.words` that make a text of a value."""
READERS = {
    "partition", "rpartition", "split", "rsplit", "splitlines", "startswith", "endswith", "removeprefix",
    "removesuffix", "find", "rfind", "index", "rindex", "count",
}  # fmt: skip
"""Methods of a text that look for something in it or cut it."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def own_numbers(tree: ast.Module, module: str) -> Iterator[str]:
    """Numbers and months that a file writes without a language, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and "," in _specification(node):
            yield f"{module}:{node.lineno}: {ast.unparse(node.value)} has commas of its own"
        elif isinstance(node, ast.Attribute) and node.attr in ("strftime", "month_name", "month_abbr"):
            yield f"{module}:{node.lineno}: {node.attr} knows the language of the machine only"
        elif _replaces_commas(node):
            yield f"{module}:{node.lineno}: {ast.unparse(node)} puts a sign of its own between thousands"


def taken_apart(tree: ast.Module, module: str) -> Iterator[str]:
    """Places where a file looks into a sentence that was written, each with its line."""
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))]:
        written = {
            name
            for node in _inside(scope)
            if isinstance(node, ast.Assign | ast.NamedExpr) and _is_written(node.value, ())
            for name in _targets(node)
        }
        for node in _inside(scope):
            if _reads(node, written):
                yield f"{module}:{node.lineno}: {ast.unparse(node)} looks into a sentence"


def _specification(node: ast.FormattedValue) -> str:
    parts = node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else ()
    return "".join(part.value for part in parts if isinstance(part, ast.Constant))


def _replaces_commas(node: ast.AST) -> bool:
    """Whether commas of a number are replaced: `.replace(",", …)` on what is no text that somebody typed."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    first = node.args[0] if node.args else None
    return node.func.attr == "replace" and isinstance(first, ast.Constant) and first.value in (",", ".")


def _reads(node: ast.AST, written: Collection[str]) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        holder = node.func.value
        if isinstance(holder, ast.Name) and holder.id == "re":
            return any(_is_written(one, written) for one in node.args)
        return node.func.attr in READERS and _is_written(holder, written)
    if isinstance(node, ast.Compare):
        return any(_is_words(one) for one in (node.left, *node.comparators)) and any(
            _is_written(one, written) for one in (node.left, *node.comparators)
        )
    return False


def _is_words(node: ast.AST) -> bool:
    """Whether a literal has words, or is a collection of such."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_is_words(one) for one in node.elts)
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value))
    )


def _is_written(node: ast.AST, written: Collection[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in written
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id in WRITERS) or (
        isinstance(function, ast.Attribute)
        and function.attr in WRITERS
        and isinstance(function.value, ast.Name)
        and function.value.id == "words"
    )


def _targets(node: ast.Assign | ast.NamedExpr) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            yield target.id


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function and not in one inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from _inside(child)
