"""Sentences for what is wrong in a catalogue file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from estimators.catalogue.architectures import architectures
from estimators.catalogue.records import GpuFamily, LinkTopology, MachineStatus
from estimators.quantity import Confidence

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
_EXPECTED = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_SEGMENT = re.compile(r"\.(\w+)|\[(\d+)\]|\[(\.\.\.)\]")
_BOUND = re.compile(r"Expected `(?:int|float)` (?P<sign>>=|<=) (?P<bound>\S+)")
_BOUND_WORDS = {">=": "{} or more", "<=": "at most {}"}
_NEAR_MATCHES_SHOWN = 3


class CatalogueError(ValueError):
    """A catalogue file or an identifier is wrong; the message is one sentence for people."""


def fault(file: str, entry: str, field: str, problem: str) -> CatalogueError:
    """An error that names file, entry and field."""
    return CatalogueError(f"{file}, entry {entry}, field {field}: {problem}")


def unknown_name(kind: str, name: str, known: Iterable[str]) -> CatalogueError:
    """An error for an identifier that the catalogue lacks, with near matches."""
    return CatalogueError(f"The catalogue has no {kind} '{name}'{suggestion(name, known)}.")


def suggestion(name: str, known: Iterable[str]) -> str:
    """The words '; did you mean ...?' without their last mark, or nothing."""
    import difflib

    by_folded = {key.casefold(): key for key in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=_NEAR_MATCHES_SHOWN, cutoff=0.5)
    if not near:
        return ""
    return "; did you mean " + " or ".join(by_folded[key] for key in near)


def unreadable(file: str, data: bytes, error: msgspec.DecodeError) -> CatalogueError:
    """An error for a file that is no JSON."""
    position = re.search(r"byte (\d+)", str(error))
    line = data[: int(position.group(1))].count(b"\n") + 1 if position else data.count(b"\n") + 1
    return CatalogueError(f"{file}: not readable as JSON near line {line} ({error})")


def explain(file: str, raw: Any, record: type[Any]) -> CatalogueError:
    """The first fault among the entries of a file that did not decode.

    Args:
        file: Name to show.
        raw: The decoded JSON, without types.
        record: The record type of the entries.
    """
    if not isinstance(raw, list):
        return CatalogueError(f"{file}: expected a list of entries")
    for number, entry in enumerate(raw, start=1):
        try:
            msgspec.convert(entry, record)
        except msgspec.ValidationError as error:
            return _explain_entry(file, number, entry, record, error)
    return CatalogueError(f"{file}: the entries could not be read")


def _explain_entry(
    file: str, number: int, entry: Any, record: type[Any], error: msgspec.ValidationError
) -> CatalogueError:
    text, _, path = str(error).partition(" - at `$")
    if not isinstance(entry, dict):
        return CatalogueError(f"{file}, entry number {number}: expected an object")
    identity = str(entry.get("id", f"number {number}"))
    field, value = _locate(entry, record, path.rstrip("`"), str(error))
    if missing := re.match(r"Object missing required field `(\w+)`", text):
        name = ".".join(filter(None, (field, missing.group(1))))
        return fault(file, identity, name, "missing")
    if extra := re.match(r"Object contains unknown field `(\w+)`", text):
        name = ".".join(filter(None, (field, extra.group(1))))
        near = _near_field(extra.group(1), field, record, entry)
        return fault(file, identity, name, f"unknown field{near}")
    return fault(file, identity, field or "id", _expectation(text, field, value))


def _near_field(name: str, place: str, record: type[Any], entry: Any) -> str:
    """The words for a field like one that the record at a place has, or nothing."""
    if place == "architecture":
        record = architectures().get(entry["architecture"].get("kind"), record)
    return suggestion(name, record.__struct_fields__)


def _expectation(text: str, field: str, value: Any) -> str:
    shown = repr(value) if not isinstance(value, dict | list) else "an object or a list"
    is_family = field == "architecture.kind"
    choices = tuple(architectures()) if is_family else _CHOICES.get(field.rpartition(".")[2])
    if text.startswith(("Invalid enum value", "Invalid value")) and choices:
        return f"expected one of {', '.join(choices)}, got {shown}"
    if bound := _BOUND.match(text):
        return f"expected {_BOUND_WORDS[bound['sign']].format(bound['bound'])}, got {shown}"
    expected = re.match(r"Expected `([^`]*)`", text)
    if not expected:
        return f"{text}, got {shown}"
    names = [name for name in expected.group(1).split(" | ") if name != "null"]
    return f"expected {' or '.join(_EXPECTED.get(name, name) for name in names)}, got {shown}"


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
