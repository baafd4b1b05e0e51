"""`nodewise machines`: the machines of the catalogue."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.words import text
from estimators.words import Name, Said, say

if TYPE_CHECKING:
    from estimators.catalogue.load import Catalogue
    from estimators.catalogue.records import Machine
    from estimators.quantity import Fact


_UNKNOWN = say("not published")
_STATUS: dict[str, Said] = {
    "in service": say("in service"),
    "coming": say("coming"),
    "retired": say("retired"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON, every value with its source")


def run(arguments: argparse.Namespace) -> int:
    """Prints the list, machines in service first."""
    import msgspec

    from app.cli.output import table, write_json, write_lines
    from estimators.catalogue import load_catalogue

    catalogue = load_catalogue()
    listed = sorted(
        catalogue.machines.values(), key=lambda machine: (machine.status != "in service", machine.id)
    )
    if arguments.json:
        content = [msgspec.to_builtins(machine) for machine in listed]
        write_json({"machines": content, "catalogue_date": catalogue.date})
        return 0
    head = [
        text(say("id")),
        text(say("name")),
        text(say("status")),
        text(say("GPU")),
        text(say("nodes")),
        text(say("GPUs per node")),
        text(say("memory, GiB")),
        text(say("site unit")),
    ]
    write_lines(*table(head, [_row(machine, catalogue) for machine in listed]))
    write_lines(
        "",
        text(say("Catalogue of {date}. GPUs are counted as software sees them.", date=Name(catalogue.date))),
    )
    return 0


def _row(machine: Machine, catalogue: Catalogue) -> list[str]:
    from app.present.machines import gpu_name, machine_name

    gpu = catalogue.gpus.get(machine.gpu or "")
    unit = machine.site_unit
    return [
        machine.id,
        machine_name(machine),
        text(_STATUS[machine.status]),
        _gpu_words(machine) if gpu is None else gpu_name(gpu.name),
        _number(machine.nodes),
        _number(machine.devices_per_node),
        f"{gpu.memory_bytes / 2**30:.0f}" if gpu is not None and gpu.memory_bytes > 0 else text(_UNKNOWN),
        (unit.name.value or text(_UNKNOWN)) if unit is not None else text(_UNKNOWN),
    ]


def _gpu_words(machine: Machine) -> str:
    return text(say("none") if machine.devices_per_node.value == 0 else _UNKNOWN)


def _number(fact: Fact[float]) -> str:
    return f"{fact.value:g}" if fact.value is not None else text(_UNKNOWN)
