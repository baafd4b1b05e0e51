"""Sentences for what is wrong in a catalogue file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, get_args

import msgspec

from estimators.catalogue.architectures import architectures
from estimators.catalogue.records import GpuFamily, LinkTopology, MachineStatus
from estimators.quantity import Confidence
from estimators.words import Listed, Name, Said, SpokenError, Value, say

_CHOICES: dict[str, tuple[str, ...]] = {
    "confidence": get_args(Confidence),
    "family": get_args(GpuFamily),
    "link_topology": get_args(LinkTopology),
    "status": get_args(MachineStatus),
    "vendor": ("nvidia", "amd"),
    "norm": ("rmsnorm", "layernorm"),
    "kind": ("production", "large", "long", "debug", "shared"),
    "place": ("home", "work", "scratch", "fast", "project"),
}
_EXPECTED: dict[str, Value] = {
    "float": say("a number"),
    "int": say("a whole number"),
    "str": say("a text"),
    "bool": say("true or false"),
    "object": say("an object"),
    "array": say("a list"),
    "null": Name("null"),
}
_SEGMENT = re.compile(r"\.(\w+)|\[(\d+)\]|\[(\.\.\.)\]")
_BOUND = re.compile(r"Expected `(?:int|float)` (?P<sign>>=|<=) (?P<bound>\S+)")
_NEAR_MATCHES_SHOWN = 3
Kind = Literal["access mode", "GPU", "machine", "model"]
_KINDS: dict[Kind, Said] = {
    "access mode": say("access mode"),
    "GPU": say("GPU"),
    "machine": say("machine"),
    "model": say("model"),
}


class CatalogueError(SpokenError, ValueError):
    """A catalogue file or an identifier is wrong; it says so in one sentence."""


def fault(file: str, entry: str, field: str, problem: Said) -> CatalogueError:
    """An error that names file, entry and field."""
    return CatalogueError(
        say(
            "{file}, entry {entry}, field {field}: {problem}",
            file=Name(file),
            entry=Name(entry),
            field=Name(field),
            problem=problem,
        )
    )


def unknown_name(kind: Kind, name: str, known: Iterable[str]) -> CatalogueError:
    """An error for an identifier that the catalogue lacks, with near matches."""
    missing = say("The catalogue has no {kind} '{name}'", kind=_KINDS[kind], name=Name(name))
    return CatalogueError(say("{problem}.", problem=with_near(missing, name, known)))


def with_near(problem: Said, name: str, known: Iterable[str]) -> Said:
    """A problem with a name, and names like it that are known."""
    import difflib

    by_folded = {key.casefold(): key for key in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=_NEAR_MATCHES_SHOWN, cutoff=0.5)
    if not near:
        return problem
    names = Listed(tuple(Name(by_folded[key]) for key in near), "", " or ")
    return say("{problem}; did you mean {names}", problem=problem, names=names)


def unreadable(file: str, data: bytes, error: msgspec.DecodeError) -> CatalogueError:
    """An error for a file that is no JSON."""
    position = re.search(r"byte (\d+)", str(error))
    line = data[: int(position.group(1))].count(b"\n") + 1 if position else data.count(b"\n") + 1
    return CatalogueError(
        say(
            "{file}: not readable as JSON near line {line} ({error})",
            file=Name(file),
            line=Name(str(line)),
            error=Name(str(error)),
        )
    )


def explain(file: str, raw: Any, record: type[Any]) -> CatalogueError:
    """The first fault among the entries of a file that did not decode.

    Args:
        file: Name to show.
        raw: The decoded JSON, without types.
        record: The record type of the entries.
    """
    if not isinstance(raw, list):
        return CatalogueError(say("{file}: expected a list of entries", file=Name(file)))
    for number, entry in enumerate(raw, start=1):
        try:
            msgspec.convert(entry, record)
        except msgspec.ValidationError as error:
            return _explain_entry(file, number, entry, record, error)
    return CatalogueError(say("{file}: the entries could not be read", file=Name(file)))


def _explain_entry(
    file: str, number: int, entry: Any, record: type[Any], error: msgspec.ValidationError
) -> CatalogueError:
    text, _, path = str(error).partition(" - at `$")
    if not isinstance(entry, dict):
        return CatalogueError(
            say(
                "{file}, entry number {number}: expected an object", file=Name(file), number=Name(str(number))
            )
        )
    identity = str(entry.get("id", f"number {number}"))
    field, value = _locate(entry, record, path.rstrip("`"), str(error))
    if missing := re.match(r"Object missing required field `(\w+)`", text):
        name = ".".join(filter(None, (field, missing.group(1))))
        return fault(file, identity, name, say("missing"))
    if extra := re.match(r"Object contains unknown field `(\w+)`", text):
        name = ".".join(filter(None, (field, extra.group(1))))
        return fault(file, identity, name, _unknown_field(extra.group(1), field, record, entry))
    return fault(file, identity, field or "id", _expectation(text, field, value))


def _unknown_field(name: str, place: str, record: type[Any], entry: Any) -> Said:
    """A field that the record at a place does not have."""
    if place == "architecture":
        record = architectures().get(entry["architecture"].get("kind"), record)
    return with_near(say("unknown field"), name, record.__struct_fields__)


def _expectation(text: str, field: str, value: Any) -> Said:
    shown: Value = say("an object or a list")
    if not isinstance(value, dict | list):
        shown = Name(repr(value))
    is_family = field == "architecture.kind"
    choices = tuple(architectures()) if is_family else _CHOICES.get(field.rpartition(".")[2])
    if text.startswith(("Invalid enum value", "Invalid value")) and choices:
        return say(
            "expected one of {choices}, got {shown}",
            choices=Listed(tuple(map(Name, choices)), ""),
            shown=shown,
        )
    if bound := _BOUND.match(text):
        number = Name(bound["bound"])
        if bound["sign"] == ">=":
            return say("expected {number} or more, got {shown}", number=number, shown=shown)
        return say("expected at most {number}, got {shown}", number=number, shown=shown)
    expected = re.match(r"Expected `([^`]*)`", text)
    if not expected:
        return say("{problem}, got {shown}", problem=Name(text), shown=shown)
    names = [name for name in expected.group(1).split(" | ") if name != "null"]
    return say(
        "expected {types}, got {shown}",
        types=Listed(tuple(_EXPECTED.get(name, Name(name)) for name in names), "", " or "),
        shown=shown,
    )


def _locate(entry: Any, record: type[Any], path: str, message: str) -> tuple[str, Any]:
    """The dotted field name and the value at a path of a validation error."""
    names: list[str | int] = []
    value = entry
    for field, index, any_key in _SEGMENT.findall(path):
        key: str | int = int(index) if index else field
        if any_key:
            key = _failing_key(entry, record, names, message)
        names.append(key)
        value = _child(value, key)
    shown = [str(name) for name in names]
    if shown and shown[-1] == "value":
        shown.pop()
    return ".".join(shown), value


def _child(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _failing_key(entry: Any, record: type[Any], names: list[str | int], message: str) -> str:
    """Which key of the table at `names` causes the message, found by trying each alone."""
    table = entry
    for name in names:
        table = _child(table, name)
    for key in table if isinstance(table, dict) else ():
        try:
            msgspec.convert(_replaced(entry, names, {key: table[key]}), record)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(key)
    return "?"


def _replaced(value: Any, names: list[str | int], new: Any) -> Any:
    if not names:
        return new
    changed: Any = list(value) if isinstance(value, list) else dict(value)
    changed[names[0]] = _replaced(value[names[0]], names[1:], new)
    return changed
