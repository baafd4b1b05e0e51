"""Rules that a decoded catalogue must keep: units, signs, sources, references, shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from estimators.catalogue.architectures import architectures, missing_fields
from estimators.catalogue.batch import PLACES
from estimators.catalogue.messages import fault, with_near
from estimators.catalogue.records import AccessMode, Gpu, Machine, ModelCard, Record
from estimators.quantity import SI_PER_UNIT, UNITS_WITHOUT_SCALE, Fact
from estimators.words import NOTHING, Amount, Listed, Name, Said, say

_PLAIN = frozenset({str, int, float, bool, type(None)})
_FRACTION = re.compile(r"[1-9]\d*/[1-9]\d*")


def facts_of(record: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, Fact[Any]]]:
    """Every fact of a record with its dotted field name."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        kind = type(value)
        if kind in _PLAIN:
            continue
        if kind is Fact:
            yield prefix + name, value
        elif kind is dict:
            for key, item in value.items():
                if type(item) is Fact:
                    yield f"{prefix}{name}.{key}", item
        elif kind is tuple:
            for index, item in enumerate(value):
                if isinstance(item, msgspec.Struct):
                    yield from facts_of(item, f"{prefix}{name}.{index}.")
        elif isinstance(value, msgspec.Struct):
            yield from facts_of(value, f"{prefix}{name}.")


def fact_problem(fact: Fact[Any]) -> Said:
    """What is wrong with a fact, or nothing."""
    value: Any = fact.value
    unit = fact.unit
    if unit in SI_PER_UNIT:
        if type(value) in (float, int):
            if value < 0:
                return say(
                    "expected a value of zero or more, got {value}", value=Amount(value, form="general")
                )
            return NOTHING if fact.source else say("a number needs a source")
        return _numbers_problem(value, fact.source)
    if unit not in UNITS_WITHOUT_SCALE:
        return with_near(say("unknown unit '{unit}'", unit=Name(unit)), unit, SI_PER_UNIT)
    if type(value) in (float, int):
        return say("a number needs a unit, got '{unit}'", unit=Name(unit))
    return NOTHING


def _numbers_problem(value: Any, source: str) -> Said:
    """The same for lists and tables of numbers; null is allowed where nothing was found."""
    if value is None:
        return NOTHING
    if isinstance(value, bool | str):
        return say("expected a number, got {value}", value=Name(repr(value)))
    if isinstance(value, dict | list | tuple):
        items = value.values() if isinstance(value, dict) else value
        return next(filter(None, (_numbers_problem(item, source) for item in items)), NOTHING)
    if value < 0:
        return say("expected values of zero or more, got {value}", value=Amount(value, form="general"))
    return NOTHING if source else say("a number needs a source")


def check_entries(file: str, entries: Mapping[str, Record]) -> None:
    """Check every fact and the shape rules of single entries.

    Raises:
        CatalogueError: Naming file, entry and field.
    """
    for identity, record in entries.items():
        for field, fact in facts_of(record):
            if problem := fact_problem(fact):
                raise fault(file, identity, field, problem)
        for kind, rule in _RULES.items():
            if isinstance(record, kind):
                for field, problem in rule(record):
                    raise fault(file, identity, field, problem)


def _model_problems(model: ModelCard) -> Iterator[tuple[str, Said]]:
    shape = model.architecture
    for field in model.shape_sources:
        if shape is None or not _has_value(shape, field.split(".")):
            yield f"shape_sources.{field}", say("the architecture has no such size")
    if shape is None:
        yield from _known_problems(model)
        return
    if model.known_shape:
        yield "known_shape", say("stands beside a complete architecture")
    for field, problem in shape.problems():
        yield f"architecture.{field}", problem


def _known_problems(model: ModelCard) -> Iterator[tuple[str, Said]]:
    """Of sizes of a shape that is not complete."""
    for name, value in model.known_shape.items():
        if isinstance(value, int | float) and value < 0:
            yield (
                f"known_shape.{name}",
                say("expected a value of zero or more, got {value}", value=Name(str(value))),
            )
    record = architectures().get(model.kind)
    if record is None:
        return
    for name in model.known_shape:
        if name not in record.__struct_fields__:
            unknown = say("{kind} models have no such size", kind=Name(model.kind))
            yield f"known_shape.{name}", with_near(unknown, name, record.__struct_fields__)
    if model.known_shape and not missing_fields(record, model.known_shape):
        yield "known_shape", say("is complete: write it as the architecture")


def _has_value(record: Any, path: list[str]) -> bool:
    for name in path:
        record = getattr(record, name, None)
    return record is not None


def _machine_problems(machine: Machine) -> Iterator[tuple[str, Said]]:
    unit = machine.site_unit
    text = unit.per_gpu_hour.value if unit is not None else None
    if text is not None and not _FRACTION.fullmatch(text):
        yield (
            "site_unit.per_gpu_hour",
            say("expected a fraction such as 8/1, got {value}", value=Name(repr(text))),
        )
    for queue in machine.queues:
        low, high = queue.min_nodes, queue.max_nodes.value
        if low is not None and low.value is not None and high is not None and low.value > high:
            yield (
                "queues",
                say(
                    "{queue} asks for at least {low} of at most {high} nodes",
                    queue=Name(queue.name),
                    low=Amount(low.value, form="general"),
                    high=Amount(high, form="general"),
                ),
            )

    yield from _batch_problems(machine)


def _batch_problems(machine: Machine) -> Iterator[tuple[str, Said]]:
    batch = machine.batch
    if batch is None:
        return
    names = {queue.name for queue in machine.queues}
    for field in ("partitions", "qos"):
        for name in getattr(batch, field):
            if name not in names:
                yield (
                    f"batch.{field}",
                    with_near(say("there is no queue '{name}'", name=Name(name)), name, names),
                )
    asked = batch.gpu_request.value if batch.gpu_request is not None else None
    if asked is not None and sum(f"{{{place}}}" in asked for place in PLACES) != 1:
        yield (
            "batch.gpu_request",
            say(
                "expected one of {places} in braces, got {asked}",
                places=Listed(tuple(map(Name, PLACES)), ""),
                asked=Name(repr(asked)),
            ),
        )


def _gpu_problems(gpu: Gpu) -> Iterator[tuple[str, Said]]:
    if gpu.devices_per_module < 1:
        yield (
            "devices_per_module",
            say("expected 1 or more, got {n}", n=Amount(gpu.devices_per_module, form="general")),
        )


def _mode_problems(mode: AccessMode) -> Iterator[tuple[str, Said]]:
    dates = mode.cutoff_dates.value if mode.cutoff_dates is not None else None
    if dates and list(dates) != sorted(set(dates)):
        yield "cutoff_dates", say("expected each day once, the earliest first")
    if (dates or mode.cutoff_day_of_month) and mode.cutoff_time is None:
        yield "cutoff_time", say("a mode with cut-offs needs their clock time")
    decision = mode.decision_time
    if decision is not None and decision.unit not in _DECISION_UNITS:
        yield (
            "decision_time",
            say(
                "expected {units}, got '{unit}'",
                units=Listed(tuple(map(Name, _DECISION_UNITS)), "", " or "),
                unit=Name(decision.unit),
            ),
        )


_DECISION_UNITS = ("week", "month")


_RULES: dict[type, Callable[[Any], Iterator[tuple[str, Said]]]] = {
    ModelCard: _model_problems,
    Machine: _machine_problems,
    Gpu: _gpu_problems,
    AccessMode: _mode_problems,
}


def check_machine_references(file: str, machines: Mapping[str, Machine], gpus: Mapping[str, Gpu]) -> None:
    """Every GPU that a machine names must exist.

    Raises:
        CatalogueError: Naming file, entry and field.
    """
    for identity, machine in machines.items():
        named = (machine.gpu, *machine.further_gpus)
        for gpu in named:
            if gpu is not None and gpu not in gpus:
                raise fault(
                    file,
                    identity,
                    "gpu",
                    with_near(say("there is no GPU '{gpu}'", gpu=Name(gpu)), gpu, gpus),
                )


def check_mode_references(
    file: str, modes: Mapping[str, AccessMode], machines: Mapping[str, Machine]
) -> None:
    """Every machine that an access mode names must exist.

    Raises:
        CatalogueError: Naming file, entry and field.
    """
    for identity, mode in modes.items():
        for field in ("node_hours_by_machine", "offers"):
            for machine in getattr(mode, field):
                if machine not in machines:
                    missing = say("there is no machine '{machine}'", machine=Name(machine))
                    problem = with_near(missing, machine, machines)
                    raise fault(file, identity, field, problem)
