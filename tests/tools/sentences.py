"""How the code says its sentences: read from its text, nothing is imported.

The translations are made from the literals of `say`, `say_many` and `say_in`; a text that is put together
before it gets there has none. And a sentence that is put into an f-string would be refused only when somebody
comes along that line, so it is looked for here: among what a function builds, takes and is given by others.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

TEXTS = {"say": ("text",), "say_many": ("one", "many"), "say_in": ("context", "text")}
"""The literals in front, by the function that takes them."""
COUNT = {"say_many": 1}
"""How many other arguments follow."""
BUILDERS = {*TEXTS, "together", "Amount", "Span", "Name", "Strong", "Listed", "Cased", "Heading", "Said"}
VALUES = {"Said", "Value", "Amount", "Span", "Name", "Strong", "Listed", "Cased", "Heading"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the code, as translators get it."""

    text: str
    many: str = ""
    context: str = ""


@dataclass(slots=True)
class Speaking:
    """What of the project is a sentence or a value of one.

    Attributes:
        functions: `module:name` of functions that return one.
        methods: Names of methods that return one in every class that has them.
        parts: Names of attributes that are one in every class that declares them.
    """

    functions: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)


def sentences(tree: ast.Module) -> Iterator[Sentence]:
    """The sentences of one file; what is no literal is left to `faults`."""
    for call in _calls(tree):
        texts = [
            one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        name = _name(call.func)
        if len(texts) >= len(TEXTS[name]):
            given = dict(zip(TEXTS[name], texts, strict=False))
            yield Sentence(given.get("text") or given["one"], given.get("many", ""), given.get("context", ""))


def faults(tree: ast.Module, module: str, speaking: Speaking) -> Iterator[str]:
    """What is wrong with the sentences of one file, each with its line."""
    for call in _calls(tree):
        yield from (f"{module}:{call.lineno}: {fault}" for fault in _faults_of_call(call))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "estimators.words":
            renamed = [one.name for one in node.names if one.asname and one.name in TEXTS]
            yield from (f"{module}:{node.lineno}: {one} under another name is not found" for one in renamed)
    here = _File(module, _imported(tree), speaking)
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))]:
        spoken = here.spoken_in(scope)
        for node in _inside(scope):
            if not isinstance(node, ast.FormattedValue) or node.conversion == ord("r"):
                continue
            if here.is_spoken(node.value, spoken):
                yield f"{module}:{node.lineno}: {ast.unparse(node.value)} is a sentence in an f-string"


def speaking_parts(modules: Mapping[str, ast.Module]) -> Speaking:
    """Which functions and attributes of a project are sentences, by what they are declared as."""
    found, texts = Speaking(), Speaking()
    for module, tree in modules.items():
        here = _File(module, _imported(tree), found)
        for node in tree.body:
            if isinstance(node, FUNCTIONS) and here.is_value(node.returns):
                found.functions.add(f"{module}:{node.name}")
            for one in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(one, FUNCTIONS):
                    side = found if here.is_value(one.returns) else texts
                    (side.parts if _is_property(one) else side.methods).add(one.name)
                    found.parts |= set(_kept(one, here.spoken_in(one)))
                elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    (found if here.is_value(one.annotation) else texts).parts.add(one.target.id)
    found.methods -= texts.methods
    found.parts -= texts.parts
    return found


# ---------------------------------------------------------------- one call


def _faults_of_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    literals = call.args[: len(TEXTS[name])]
    texts = [one.value for one in literals if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if len(texts) < len(TEXTS[name]):
        yield f"{name} needs {' and '.join(TEXTS[name])} as literals"
        return
    if len(call.args) != len(texts) + COUNT.get(name, 0):
        yield f"{name} takes its values by name"
    if any(one.arg is None for one in call.keywords):
        yield f"{name} with ** hides which values it has"
        return
    said = texts[1:] if name == "say_in" else texts
    places = [list(_places(text)) for text in said]
    if any(not one.isidentifier() for found in places for one in found):
        yield f"places of {said[0]!r} need a bare name each"
    given, asked = {one.arg for one in call.keywords}, {one for found in places for one in found}
    if given != asked:
        wrong = ", ".join(sorted(str(one) for one in given ^ asked))
        yield f"places and values of {said[0]!r} differ: {wrong}"
    if any(text != text.strip() for text in said):
        yield f"{said[0]!r} begins or ends with a space, as halves of a sentence do"
    if not all(said):
        yield f"{name} says nothing"


def _places(text: str) -> Iterator[str]:
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        yield "{"
        return
    for _, name, spec, conversion in parsed:
        if name is not None:
            yield name if not spec and not conversion else f"{name}!{conversion}:{spec}"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in TEXTS:
            yield node


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


# ---------------------------------------------------------------- what is a sentence


@dataclass(frozen=True, slots=True)
class _File:
    """Where names are looked up.

    Attributes:
        module: Its name.
        imported: What its imported names stand for: `module:name`, or a module by itself.
        speaking: What of the project is a sentence.
    """

    module: str
    imported: Mapping[str, str]
    speaking: Speaking

    def is_value(self, annotation: ast.AST | None) -> bool:
        """Whether something is declared as a sentence, or as one or something else."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if isinstance(annotation, ast.BinOp):
            return self.is_value(annotation.left) or self.is_value(annotation.right)
        return isinstance(annotation, ast.Name) and self.is_of_words(annotation.id, VALUES)

    def is_of_words(self, name: str, names: Collection[str]) -> bool:
        """Whether a name here is one of the names of `estimators.words`."""
        module, _, origin = self.imported.get(name, f"{self.module}:{name}").partition(":")
        return module == "estimators.words" and origin in names

    def is_spoken(self, node: ast.AST, spoken: Collection[str]) -> bool:
        """Whether an expression is a sentence, as far as it can be seen."""
        if isinstance(node, ast.IfExp):
            return self.is_spoken(node.body, spoken) or self.is_spoken(node.orelse, spoken)
        if isinstance(node, ast.BoolOp):
            return any(self.is_spoken(one, spoken) for one in node.values)
        if isinstance(node, ast.Name):
            return node.id in spoken
        if isinstance(node, ast.Attribute):
            return node.attr in self.speaking.parts
        return isinstance(node, ast.Call) and self._is_spoken_call(node.func)

    def spoken_in(self, scope: ast.AST) -> set[str]:
        """Names that stand for a sentence in a function: what it takes, and what it sets from one."""
        spoken: set[str] = set()
        if isinstance(scope, FUNCTIONS):
            arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
            spoken |= {one.arg for one in arguments if self.is_value(one.annotation)}
        for node in _inside(scope):
            if isinstance(node, ast.AnnAssign) and self.is_value(node.annotation):
                spoken |= _names([node.target])
            elif isinstance(node, ast.Assign) and self.is_spoken(node.value, spoken):
                spoken |= _names(node.targets)
            elif isinstance(node, ast.NamedExpr) and self.is_spoken(node.value, spoken):
                spoken |= _names([node.target])
        return spoken

    def _is_spoken_call(self, function: ast.expr) -> bool:
        if isinstance(function, ast.Attribute):
            holder = self.imported.get(_name(function.value), "").replace(":", ".")
            return (
                f"{holder}:{function.attr}" in self.speaking.functions
                or function.attr in self.speaking.methods
            )
        name = _name(function)
        origin = self.imported.get(name, f"{self.module}:{name}")
        return origin in self.speaking.functions or self.is_of_words(name, BUILDERS)


def _names(targets: Iterable[ast.expr]) -> set[str]:
    return {one.id for one in targets if isinstance(one, ast.Name)}


def _kept(method: ast.AST, spoken: Collection[str]) -> Iterator[str]:
    """Attributes that a method sets from a sentence."""
    for node in _inside(method):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in spoken:
            yield from (one.attr for one in node.targets if isinstance(one, ast.Attribute))


def _imported(tree: ast.Module) -> dict[str, str]:
    """What imported names stand for: `module:name`, or a module by itself."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name: f"{node.module}:{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
    return found


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(_name(one) in ("property", "cached_property") for one in node.decorator_list)


def _inside(scope: ast.AST) -> Iterable[ast.AST]:
    """What stands in a function and not in one inside it, in the order of the text."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from _inside(child)
