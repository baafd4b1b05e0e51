"""What no entry point reaches: functions, classes, methods and constants that nothing live names.

Names are followed through the text of the files; nothing is imported. A name is looked up where Python
would: in the function, the module, what the module imports. `thing.part` of an unknown thing reaches the
methods named `part` of every class that is reached; in modules that ask by string (`getattr`), "part" does
too, and a module that is named to `import_module` counts as handed on. Methods that Qt or Python call by
themselves live with their class. Hence something dead may pass for alive, but nothing alive is called dead.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.tools.imports import Imports

PRODUCT = ("app/", "estimators/")
CALLED_BY_QT = {"paint", "data", "event", "index", "parent", "flags"}
ASKING = {"getattr", "hasattr", "attrgetter", "methodcaller"}
IMPORTING = "import_module"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Call = tuple[float, frozenset[str | None]]
"""How many arguments stand in their places (no end after `*`), and the names of others (None after `**`)."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Something with a name.

    Attributes:
        key: `module:name`, of a method `module:Class.name`.
        holder: Key of the class of a method.
        parts: The statements and expressions that run, or are read, once it is reached.
    """

    key: str
    module: str
    name: str
    holder: str | None
    parts: tuple[ast.AST, ...]


@dataclass(slots=True)
class Module:
    """One file: what it defines, what its imported names stand for, and what runs when it is imported."""

    name: str
    definitions: dict[str, Definition] = field(default_factory=dict)
    imported: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    running: list[ast.AST] = field(default_factory=list)
    asks_by_string: bool = False
    imports_by_string: bool = False


class Names:
    """Everything that a project defines."""

    def __init__(self, graph: Imports, titled: str | None = None) -> None:
        """Read the files.

        Args:
            graph: The project.
            titled: A package whose classes are asked for by the value of their `title`.
        """
        self.modules = {name: _read(name, graph.tree(path)) for name, path in graph.modules.items()}
        for name, module in self.modules.items():  # the strings of a package name what it gives on
            named = not graph.modules[name].endswith("__init__.py")
            module.asks_by_string &= named
            module.imports_by_string &= named
        self.of_product = {name for name, path in graph.modules.items() if path.startswith(PRODUCT)}
        self.known = {one.key: one for module in self.modules.values() for one in module.definitions.values()}
        self.members: dict[str | None, list[Definition]] = defaultdict(list)
        self.methods: dict[str, list[Definition]] = defaultdict(list)
        for one in self.known.values():
            self.members[one.holder].append(one)
            if one.holder is not None:
                self.methods[one.name].append(one)
        self.titles = dict(self._titles(titled)) if titled else {}

    def _titles(self, package: str) -> Iterator[tuple[str, Definition]]:
        for name, module in self.modules.items():
            if name.startswith(f"{package}."):
                for one in module.definitions.values():
                    for part in filter(_sets_title, one.parts):
                        yield self._text(name, part.value) or "", one

    def _text(self, module: str, node: ast.AST) -> str | None:
        """The text that an expression gives: itself, a constant, or the constant of a module or class."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Call) and _dotted(node.func) == "say":
            return self._text(module, node.args[0])
        here, name = self.modules[module], _dotted(node) or ""
        if name in here.definitions:
            return self._text(module, here.definitions[name].parts[0])
        first, _, rest = name.partition(".")
        if first in here.definitions:
            found = next(filter(_sets_title, here.definitions[first].parts), None)
            return self._text(module, found.value) if found is not None else None
        if first in here.imported:
            origin, taken = here.imported[first]
            inner = f"{origin}.{taken}"
            return self._text(inner, ast.Name(rest)) if inner in self.modules else self._text(origin, node)
        return None


class Reach:
    """What some entry points reach."""

    def __init__(
        self, names: Names, programs: Iterable[str], gives: Iterable[str] = (), wanted: Iterable[str] = ()
    ) -> None:
        """Follow the names.

        Args:
            names: What there is.
            programs: Modules that are run.
            gives: Packages whose `__all__` is for others to use.
            wanted: Keys of definitions that count as used.
        """
        self._names = names
        self._imported: set[str] = set()
        self._asked: set[str] = set()
        self._loose: set[str] = set()
        self._line: list[tuple[str, ast.AST]] = []
        self.reached: set[str] = set()
        self.calls: dict[str, list[Call]] = defaultdict(list)
        for name in programs:
            self._import(name)
        for package in gives:
            self._import(package)
            for name in _public(names.modules[package]):
                self._name(package, name)
        for key in wanted:
            if key in names.known:
                self._reach(names.known[key])
        while self._line:
            module, node = self._line.pop()
            self._scan(module, node, frozenset())

    def unreached(self) -> list[str]:
        """Keys of what nothing reaches; methods are not named beside their class."""
        dead = [
            one
            for one in self._names.known.values()
            if one.key not in self.reached and one.module in self._names.of_product and one.name != "__all__"
        ]
        keys = {one.key for one in dead}
        return [one.key for one in dead if one.holder not in keys]

    def is_given(self, key: str, argument: str) -> bool:
        """Whether any call that is reached gives an argument to a function, or may give it."""
        one = self._names.known[key]
        places = [each.arg for each in _arguments(one.parts[0]).args][1 if one.holder else 0 :]
        place = places.index(argument) if argument in places else float("inf")
        calls = self.calls[one.name]
        return any(count > place or argument in named or None in named for count, named in calls)

    # ------------------------------------------------------------ what is reached

    def _import(self, name: str) -> None:
        """A module is imported, and the packages that hold it."""
        pieces = name.split(".")
        for place in range(len(pieces)):
            part = ".".join(pieces[: place + 1])
            if part in self._names.modules and part not in self._imported:
                self._imported.add(part)
                self._line += [(part, node) for node in self._names.modules[part].running]
                self._name(part, "__getattr__")

    def _reach(self, one: Definition) -> None:
        if one.key in self.reached:
            return
        self.reached.add(one.key)
        self._import(one.module)
        if one.holder is not None:
            self._reach(self._names.known[one.holder])
        self._line += [(one.module, part) for part in one.parts]
        for member in self._names.members[one.key]:
            if member.name in self._asked or _is_called_by_others(member.name):
                self._reach(member)

    def _name(self, module: str, name: str) -> str | None:
        """A name as a module's text says it; returns the module that it stands for, if it is one."""
        here = self._names.modules.get(module)
        if here is None:
            return None
        if name in here.definitions:
            self._reach(here.definitions[name])
        elif name in here.imported:
            origin, taken = here.imported[name]
            found = origin if taken is None else f"{origin}.{taken}"
            if found in self._names.modules:
                self._import(found)
                return found
            self._import(origin)
            return self._name(origin, taken) if taken is not None else None
        return None

    def _loosen(self, module: str) -> None:
        """A module is handed on as a value: a part of an unknown thing may be one of its names."""
        if module not in self._loose:
            self._loose.add(module)
            for name in self._asked:
                self._name(module, name)

    def _part(self, name: str) -> None:
        """A part of an unknown thing."""
        if name in self._asked:
            return
        self._asked.add(name)
        for module in self._loose:
            self._name(module, name)
        for member in self._names.methods.get(name, ()):
            if member.holder in self.reached:
                self._reach(member)

    # ------------------------------------------------------------ reading what runs

    def _scan(self, module: str, node: ast.AST, hidden: frozenset[str]) -> None:
        if isinstance(node, ast.Name):
            loose = self._name(module, node.id) if node.id not in hidden else None
            if loose is not None:
                self._loosen(loose)
            return
        if isinstance(node, ast.Attribute):
            if not self._is_part_of_module(module, node, hidden):
                self._part(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._string(module, node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for origin, taken in _imports(node).values():
                self._import(origin if taken is None else f"{origin}.{taken}")
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, (*FUNCTIONS, ast.Lambda)):
            hidden = hidden | _locals(node)
        for child in ast.iter_child_nodes(node):
            self._scan(module, child, hidden)

    def _string(self, module: str, text: str) -> None:
        if text.isidentifier() and self._names.modules[module].asks_by_string:
            self._part(text)
        if text in self._names.titles:
            self._reach(self._names.titles[text])
        if text in self._names.modules and self._names.modules[module].imports_by_string:
            self._import(text)
            self._loosen(text)

    def _is_part_of_module(self, module: str, node: ast.Attribute, hidden: frozenset[str]) -> bool:
        """Whether `a.b` is a name of an imported module, which is then reached."""
        first, _, rest = (_dotted(node.value) or "").partition(".")
        if not first or first in hidden:
            return False
        origin, taken = self._names.modules[module].imported.get(first, (first, None))
        found = ".".join(part for part in (origin, taken, rest) if part)
        if found not in self._names.modules:
            return False
        self._import(f"{found}.{node.attr}")
        self._name(found, node.attr)
        return True

    def _call(self, node: ast.Call) -> None:
        called, given = node.func, node.args
        if _last(called) == "partial" and given:
            called, given = given[0], given[1:]
        count = float("inf") if any(isinstance(one, ast.Starred) for one in given) else float(len(given))
        self.calls[_last(called)].append((count, frozenset(one.arg for one in node.keywords)))


# ---------------------------------------------------------------- reading one file


def _read(name: str, tree: ast.Module) -> Module:
    module = Module(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module.imported.update(_imports(node))
        elif isinstance(node, ast.Name) and node.id in ASKING:
            module.asks_by_string = True
        elif isinstance(node, ast.Name) and node.id == IMPORTING:
            module.imports_by_string = True
    for node in _statements(tree.body):
        _define(module, node)
    return module


def _imports(node: ast.Import | ast.ImportFrom) -> dict[str, tuple[str, str | None]]:
    """The names that an import sets, each with its module and its name there."""
    if isinstance(node, ast.ImportFrom):
        return {one.asname or one.name: (node.module or "", one.name) for one in node.names}
    return {one.asname or one.name.split(".")[0]: (one.name if one.asname else one.name.split(".")[0], None)
            for one in node.names}  # fmt: skip


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """What stands at the top of a module, also behind a condition."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.body)
            yield from _statements(node.orelse)
        else:
            yield node


def _define(module: Module, node: ast.stmt) -> None:
    if isinstance(node, FUNCTIONS):
        _add(module, node.name, None, (node,))
    elif isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, FUNCTIONS)]
        rest = [part for part in node.body if not isinstance(part, FUNCTIONS)]
        _add(module, node.name, None, (*rest, *node.bases, *node.keywords, *node.decorator_list))
        for method in methods:
            _add(module, method.name, node.name, (method,))
    elif isinstance(node, ast.Assign | ast.AnnAssign) and (names := _set_names(node)):
        typed = (node.annotation,) if isinstance(node, ast.AnnAssign) else ()
        for name in names:
            _add(module, name, None, (*([node.value] if node.value else []), *typed))
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        module.running.append(node)


def _set_names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    """The plain names that a statement at the top of a module sets."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [one.id for target in targets for one in ast.walk(target)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]  # fmt: skip


def _add(module: Module, name: str, holder: str | None, parts: tuple[ast.AST, ...]) -> None:
    path = f"{holder}.{name}" if holder else name
    before = module.definitions.get(path)  # a property and its setter, one name set in two branches
    parts = parts if before is None else (*before.parts, *parts)
    inside = f"{module.name}:{holder}" if holder else None
    module.definitions[path] = Definition(f"{module.name}:{path}", module.name, name, inside, parts)


def _locals(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """Names that a function sets for itself."""
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.arg):
            found.add(one.arg)
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        elif isinstance(one, FUNCTIONS) and one is not node:
            found.add(one.name)
    shared = {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}
    return frozenset(found - shared)


def _arguments(node: ast.AST) -> ast.arguments:
    assert isinstance(node, FUNCTIONS), "only functions have arguments"
    return node.args


def _dotted(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    before = _dotted(node.value) if isinstance(node, ast.Attribute) else None
    return f"{before}.{node.attr}" if before else None


def _last(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _public(module: Module) -> list[str]:
    return list(ast.literal_eval(module.definitions["__all__"].parts[0]))


def _sets_title(part: ast.AST) -> bool:
    return isinstance(part, ast.Assign) and [ast.unparse(one) for one in part.targets] == ["title"]


def _is_called_by_others(name: str) -> bool:
    """Whether Python or Qt calls a method without anyone naming it; camelCase is only for Qt's own names."""
    return (name.startswith("__") and name.endswith("__")) or name != name.lower() or name in CALLED_BY_QT
