"""Turns what the validator says about a file's structure into a sentence for its author."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from app.plan import schema
from app.plan.errors import Problem, did_you_mean, either

_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<key>.+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.+)`")
_ENUM = re.compile(r"Invalid (?:enum )?value (?P<value>.+)")
_TYPE = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
_BOUND = re.compile(
    r"Expected `(?P<type>int|float|str|array)`(?: of length)? (?P<sign>>=|<=|>) (?P<bound>\S+)"
)

_TYPE_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "int | float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "object": "an object in { }",
    "array": "a list in [ ]",
    "str | object": "a name from the catalogue or an object with a shape",
    "null": "null",
}

_CHOICES: dict[str, tuple[str, ...]] = {
    "method": schema.METHODS,
    "precision": schema.PRECISIONS,
    "software": schema.SOFTWARES,
    "recompute": schema.RECOMPUTES,
    "schedule": schema.SCHEDULES,
    "context_kind": schema.CONTEXT_KINDS,
    "recipe": schema.RECIPES,
    "edition": schema.EDITIONS,
    "zero_stage": ("0", "1", "2", "3"),
    "family": ("decoder-lm", "vision-transformer"),
    "format": (schema.FORMAT,),
}

_RECORDS: tuple[type[msgspec.Struct], ...] = (
    schema.Plan,
    schema.RunInput,
    schema.WorkloadInput,
    schema.DataInput,
    schema.LayoutInput,
    schema.MeasuredStepInput,
    schema.TargetInput,
    schema.OwnHardwareInput,
    schema.DossierInput,
    schema.SavedAnswer,
    schema.DecoderShape,
    schema.VisionShape,
)


def problem_of(error: msgspec.ValidationError, raw: Any) -> Problem:
    """The validator's complaint as a problem with path and sentence.

    Args:
        error: Raised when `raw` was turned into a plan.
        raw: The decoded file, from which the offending value is quoted.
    """
    text = str(error)
    place = _PLACE.search(text)
    path = re.sub(r"\[(\d+)\]", r".\1", place["path"]) if place else ""
    body = text[: place.start()] if place else text
    return Problem(path.strip("."), _sentence(body, path, raw))


def _sentence(body: str, path: str, raw: Any) -> str:
    if found := _MISSING.fullmatch(body):
        return f'lacks the key "{found["key"]}"; add it.'
    if found := _UNKNOWN.fullmatch(body):
        return _unknown_key(found["key"])
    if found := _ENUM.fullmatch(body):
        return _choice(found["value"].strip("'\""), path.rsplit(".", 1)[-1])
    if found := _TYPE.fullmatch(body):
        return f"must be {_type_words(found['wanted'])}, not {_type_words(found['got'])}."
    if path.endswith("language"):
        return 'must be a code of two small letters like "fi", or null.'
    if found := _BOUND.fullmatch(body):
        return _bound(found["type"], found["sign"], found["bound"], value_at(raw, path))
    if "date" in body:
        return 'must be a date like "2026-11-23".'
    return f"cannot be read: {body[:1].lower()}{body[1:]}."


def _unknown_key(key: str) -> str:
    known = {name for record in _RECORDS for name in record.__struct_fields__} | {"family"}
    hint = did_you_mean(key, known) or "Remove it, or correct its spelling."
    return f'has the key "{key}", which is not known there. {hint}'


def _choice(value: str, field: str) -> str:
    choices = _CHOICES.get(field, ())
    if not choices:
        return f'cannot be "{value}".'
    return f'cannot be "{value}"; use {either(choices)}.'


def _type_words(types: str) -> str:
    bare = types.removesuffix(" | null")
    words = _TYPE_WORDS.get(bare, bare)
    return words if bare == types else f"{words} or null"


def _bound(kind: str, sign: str, bound: str, value: Any) -> str:
    if kind in ("str", "array"):
        if (sign, bound) == (">=", "1"):
            return "must not be empty."
        parts = "characters" if kind == "str" else "entries"
        limit = "at least" if sign == ">=" else "at most"
        return f"must have {limit} {bound} {parts}."
    if (sign, bound) == (">=", "1"):
        sign, bound = ">", "0"  # whole numbers, for which it is the same
    words = {">=": "at least", "<=": "at most", ">": "more than"}[sign]
    present = f", not {value:g}" if isinstance(value, int | float) else ""
    return f"must be {words} {float(bound):g}{present}."


def value_at(raw: Any, path: str) -> Any:
    """The value at a dotted path of decoded JSON, None where there is none."""
    for part in path.split(".") if path else ():
        if isinstance(raw, dict):
            raw = raw.get(part)
        elif isinstance(raw, list) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw
