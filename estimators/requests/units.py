"""Node-hours in every unit, by exact fractions."""

from __future__ import annotations

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.requests.campaign_results import UnitTotals


def devices_of_node(machine: Machine) -> int:
    """Devices of one node as software sees them (LUMI: 8 GCDs)."""
    return round(machine.devices_per_node.si)


def gpus_of_node(machine: Machine, catalogue: Catalogue) -> int:
    """GPUs of one node as the access modes count them (LUMI: 4 modules)."""
    return devices_of_node(machine) // catalogue.gpu_of(machine).devices_per_module


def unit_totals(node_hours: int, machine: Machine, catalogue: Catalogue) -> UnitTotals:
    """The same hours in every unit."""
    gpu_hours = node_hours * gpus_of_node(machine, catalogue)
    rate = machine.site_rate
    unit = machine.site_unit
    return UnitTotals(
        node_hours=node_hours,
        gpu_hours=gpu_hours,
        device_hours=node_hours * devices_of_node(machine),
        site_units=None if rate is None else gpu_hours * rate,
        site_unit=(unit.name.value if unit is not None and rate is not None else None) or "not published",
        rate=unit.per_gpu_hour if unit is not None else None,
    )


def site_units_of(node_hours: float, machine: Machine, catalogue: Catalogue) -> float | None:
    """Node-hours in the unit of the site; None where it publishes no rate."""
    rate = machine.site_rate
    return None if rate is None else node_hours * gpus_of_node(machine, catalogue) * float(rate)
