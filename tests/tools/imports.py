"""Who uses whom among the project's own Python files: read from their text, nothing is imported.

A file uses the modules that it imports anywhere (inside functions and under TYPE_CHECKING too), the modules
and data files that its strings name (code for another process, lazy imports, `shipped("catalogue")`), and a
test the conftest.py of its folders. A name taken from a package counts as taken from where it is defined.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

FOLDERS = ("app", "estimators", "resources", "packaging", "tests")
PROGRAMS = {"app": "app.__main__", "nodewise": "app.__main__"}
"""What starts when another process is told to."""
DOTTED = re.compile(r"\b(?:app|estimators|resources|packaging|tests)(?:\.[a-z_]\w*)*")


def module_of(path: str) -> str:
    """The dotted name of a file of the project: `app/plan/__init__.py` is `app.plan`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Imports:
    """The graph of a project's folder; a node is the path of a file, relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        files = [path for name in FOLDERS for path in sorted((root / name).rglob("*.py"))]
        self.files = {path.relative_to(root).as_posix(): path for path in files}
        self.modules = {module_of(path): path for path in self.files}
        self._trees: dict[str, ast.Module] = {}
        self._through: dict[str, set[str]] = {}

    def tree(self, path: str) -> ast.Module:
        """The parsed text of a file."""
        if path not in self._trees:
            self._trees[path] = ast.parse(self.files[path].read_text(encoding="utf-8"))
        return self._trees[path]

    @cached_property
    def uses(self) -> Mapping[str, frozenset[str]]:
        """What each file uses directly."""
        return {path: frozenset(self._used(path)) - {path} for path in self.files}

    @cached_property
    def strings(self) -> Mapping[str, frozenset[str]]:
        """The strings of each file, without what documents it."""
        return {path: frozenset(_strings(self.tree(path))) for path in self.files}

    def naming(self, path: str) -> set[str]:
        """Files whose strings name another by its path or its name, or the folder of a shipped one."""
        name = Path(path).name if "." in path else path
        folder = Path(path).parent.name if path.startswith("resources/") else path
        return {
            user
            for user, strings in self.strings.items()
            if user != path and any(name in one or one == folder for one in strings)
        }

    def distances(self, changed: Iterable[str]) -> dict[str, int]:
        """How many steps of use each file that a change reaches is away from it."""
        users: dict[str, set[str]] = {}
        for user, used in self.uses.items():
            for path in used:
                users.setdefault(path, set()).add(user)
        found: dict[str, int] = {}
        for path in changed:
            if path in self.files:
                found[path] = 0
            for user in self._through.get(path, set()) | self.naming(path):
                found.setdefault(user, 1)
        line = deque(sorted(found, key=found.__getitem__))
        while line:
            here = line.popleft()
            for user in users.get(here, ()):
                if user not in found:
                    found[user] = found[here] + 1
                    line.append(user)
        return found

    # ------------------------------------------------------------ reading one file

    def _used(self, path: str) -> Iterator[str]:
        for node in ast.walk(self.tree(path)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._module(alias.name)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield from self._name(path, node.module, alias.name)
        for text in self.strings[path]:
            yield from self._module(PROGRAMS.get(text, ""))
            for dotted in DOTTED.findall(text):
                yield from self._module(dotted)
        if path.startswith("tests/"):
            shared = (f"{folder.as_posix()}/conftest.py" for folder in Path(path).parents)
            yield from (one for one in shared if one in self.files)

    def _module(self, dotted: str) -> Iterator[str]:
        if dotted in self.modules:
            yield self.modules[dotted]

    def _name(self, user: str, module: str, name: str) -> Iterator[str]:
        """A name that a module or package gives: a part of the package, or what it took from elsewhere."""
        if f"{module}.{name}" in self.modules:
            yield self.modules[f"{module}.{name}"]
        elif module in self.modules:
            path = self.modules[module]
            origin = self._taken(path).get(name) if path.endswith("__init__.py") else None
            if origin is None:
                yield path
            else:
                self._through.setdefault(path, set()).add(user)
                yield from self._name(user, *origin)

    def _taken(self, path: str) -> dict[str, tuple[str, str]]:
        """What a package takes from elsewhere to give it on: its name there and where it comes from."""
        return {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(self.tree(path))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }


def _strings(tree: ast.Module) -> Iterator[str]:
    documenting = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documenting:
            yield node.value
