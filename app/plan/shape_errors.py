"""Turns what the validator says about a file's structure into a sentence for its author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from app.plan import bounds, project, schema
from app.plan.errors import PlanError, Problem, did_you_mean, either
from app.plan.shapes import SHAPES
from estimators.words import Amount, Name, Said, Value, cased, say, together
from estimators.workloads.families import FAMILIES

_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<key>.+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.+)`")
_ENUM = re.compile(r"Invalid (?:enum )?value (?P<value>.+)")
_TYPE = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
_BOUND = re.compile(
    r"Expected `(?P<type>int|float|str|array)`(?: of length)? (?P<sign>>=|<=|>) (?P<bound>\S+)"
)
_PATTERN = re.compile(r"Expected `str` matching regex .+", re.DOTALL)
_OF_SEVERAL_LINES = ("summary",)
_FORMS: dict[str, Said] = {
    "language": say('must be a code of two small letters like "fi", or null.'),
    "country": say('must be a code of two letters like "FI", or null.'),
}
"""What text of a fixed form must be, by the name of its field."""

_TYPE_WORDS: dict[str, Value] = {
    "int": say("a whole number"),
    "float": say("a number"),
    "int | float": say("a number"),
    "str": say("text in quotes"),
    "bool": say("true or false"),
    "object": say("an object in {{ }}"),
    "array": say("a list in [ ]"),
    "str | object": say("a name from the catalogue or an object with a shape"),
    "null": Name("null"),
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
    "role": schema.ROLES,
    "applicant": project.APPLICANTS,
    "stated_unit": get_args(project.StatedUnit),
    "kind": get_args(project.ScalingKind),
    "zero_stage": ("0", "1", "2", "3"),
    "family": tuple(FAMILIES),
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
    *SHAPES,
)


def plan_of(raw: Any) -> schema.Plan:
    """A decoded file of the present version as a plan.

    Raises:
        PlanError: A key is missing, unknown or of the wrong kind; the sentence names the field.
    """
    try:
        return msgspec.convert(raw, schema.Plan)
    except msgspec.ValidationError as error:
        raise PlanError(problem_of(error, raw).located()) from None
    except UnicodeEncodeError:  # the validator's own words about half a character
        path = next(_halves(raw, ""))
        raise PlanError(Problem(path, say("holds half a character; remove it.")).located()) from None


def _halves(value: Any, path: str) -> Iterator[str]:
    """Paths of the keys and texts that no encoding can write."""
    if isinstance(value, str) and not _is_whole(value):
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from (path,) if not _is_whole(key) else _halves(part, f"{path}.{key}".strip("."))
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _halves(part, f"{path}.{place}".strip("."))


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


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


def _sentence(body: str, path: str, raw: Any) -> Said:
    if found := _MISSING.fullmatch(body):
        return say('lacks the key "{key}"; add it.', key=Name(found["key"]))
    if found := _UNKNOWN.fullmatch(body):
        return _unknown_key(found["key"])
    if found := _ENUM.fullmatch(body):
        return _choice(found["value"].strip("'\""), path.rsplit(".", 1)[-1])
    if found := _TYPE.fullmatch(body):
        return say("must be {wanted}, not {got}.", wanted=_type(found["wanted"]), got=_type(found["got"]))
    field = path.rsplit(".", 1)[-1]
    if field in _FORMS:
        return _FORMS[field]
    if found := _BOUND.fullmatch(body):
        return _bound(found["type"], found["sign"], found["bound"], value_at(raw, path))
    if _PATTERN.fullmatch(body):
        return _not_printed(str(value_at(raw, path)), may_break=field in _OF_SEVERAL_LINES)
    if "date" in body:
        return say('must be a date like "2026-11-23".')
    return say("cannot be read: {reason}.", reason=Name(cased(body, "small")))


def _not_printed(value: str, may_break: bool) -> Said:
    """What is wrong with text that its pattern refuses: the first character that it may not hold."""
    if not value.strip():
        return say("must not be blank.")
    pattern = bounds.LINES if may_break else bounds.ONE_LINE
    found = next(char for char in value if not re.match(pattern, char))
    if found in bounds.LINE_BREAKS and not may_break:
        return say("holds a line break; write it in one line.")
    code = Name(f"U+{ord(found):04X}")
    return say("holds a character that cannot be printed ({code}); remove it.", code=code)


def _unknown_key(key: str) -> Said:
    known = {name for record in _RECORDS for name in record.__struct_fields__} | {"family"}
    hint = did_you_mean(key, known) or say("Remove it, or correct its spelling.")
    return together(say('has the key "{key}", which is not known there.', key=Name(key)), hint)


def _choice(value: str, field: str) -> Said:
    choices = _CHOICES.get(field, ())
    if not choices:
        return say('cannot be "{value}".', value=Name(value))
    return say('cannot be "{value}"; use {names}.', value=Name(value), names=either(choices))


def _type(types: str) -> Value:
    bare = types.removesuffix(" | null")
    words = _TYPE_WORDS.get(bare, Name(bare))
    return words if bare == types else say("{type} or null", type=words)


def _bound(kind: str, sign: str, bound: str, value: Any) -> Said:
    if kind in ("str", "array"):
        return _length(kind, sign, int(bound))
    if (sign, bound) == (">=", "1"):
        sign, bound = ">", "0"  # whole numbers, for which it is the same
    limit = _as_in_file(float(bound))
    if isinstance(value, int | float):
        return _beyond(sign, limit, _as_in_file(value))
    if sign == ">":
        return say("must be more than {bound}.", bound=limit)
    return (
        say("must be at least {bound}.", bound=limit)
        if sign == ">="
        else say("must be at most {bound}.", bound=limit)
    )


def _as_in_file(number: float) -> Name:
    """A number as a plan file holds it, in every language."""
    return Name(f"{number:g}")


def _beyond(sign: str, bound: Name, value: Name) -> Said:
    if sign == ">":
        return say("must be more than {bound}, not {value}.", bound=bound, value=value)
    if sign == ">=":
        return say("must be at least {bound}, not {value}.", bound=bound, value=value)
    return say("must be at most {bound}, not {value}.", bound=bound, value=value)


def _length(kind: str, sign: str, bound: int) -> Said:
    n = Amount(bound, form="general", digits=15)
    if (sign, bound) == (">=", 1):
        return say("must not be empty.")
    if kind == "str":
        return (
            say("must have at least {n} characters.", n=n)
            if sign == ">="
            else say("must have at most {n} characters.", n=n)
        )
    return (
        say("must have at least {n} entries.", n=n)
        if sign == ">="
        else say("must have at most {n} entries.", n=n)
    )


def value_at(raw: Any, path: str) -> Any:
    """The value at a dotted path of decoded JSON, None where there is none."""
    for part in path.split(".") if path else ():
        if isinstance(raw, dict):
            raw = raw.get(part)
        elif isinstance(raw, list | tuple) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw
