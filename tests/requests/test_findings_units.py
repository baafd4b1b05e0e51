"""Slips of units are recognised on every machine, and named with the figure that is right."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.catalogue import load_catalogue
from estimators.catalogue.records import Machine
from estimators.requests.campaign_results import Campaign
from estimators.requests.findings import unit_mismatch
from estimators.requests.findings.case import Case
from estimators.requests.findings.units import right_amount
from estimators.requests.results import Finding
from tests.requests.builders import campaign_of, campaign_run, case_of, open_of, project
from tests.requests.fixing import apply_fix

CATALOGUE = load_catalogue()
MACHINES = CATALOGUE.machines_in_service()
IDS = [machine.id for machine in MACHINES]


def campaign(machine: Machine, hours: float = 1000.0) -> Campaign:
    """One run of so many hours on a whole node."""
    run = campaign_run(CATALOGUE, gpus=int(machine.devices_per_node.si), hours=hours)
    return campaign_of(project(run, machine=machine.id), CATALOGUE)


def stated(figure: float, unit: str = "node-hours", machine: str = "leonardo-booster") -> Case:
    """A project whose form holds a figure."""
    devices = int(CATALOGUE.machine(machine).devices_per_node.si)
    run = campaign_run(CATALOGUE, gpus=devices, hours=1000.0)
    return case_of(project(run, machine=machine, stated_request=figure, stated_unit=unit), CATALOGUE)


def request_of(machine: str = "leonardo-booster") -> int:
    """What that project asks for, in node-hours."""
    return stated(1.0, machine=machine).campaign.request_node_hours


def fails(case: Case, rule: str = "units") -> Finding:
    """The one finding of the rule, after a look at its fix."""
    (found,) = open_of(case, rule)
    assert found.severity == "fail"
    assert found.fix is not None
    mended = case_of(apply_fix(case.campaign.spec, found.fix), CATALOGUE)
    assert open_of(mended, "units") == ()
    assert open_of(mended, "stated-request") == ()
    return found


def test_that_gpu_hours_in_the_field_of_node_hours_are_caught() -> None:
    hours = request_of()
    found = fails(stated(4 * hours))
    assert "GPU-hours stand where node-hours belong: the figure is 4 times too large" in found.why
    assert f"State {hours:,} node-hours".replace(",", "\u202f") in found.why


def test_that_the_division_by_eight_on_a_node_of_four_is_caught() -> None:
    found = fails(stated(4 * request_of() / 8))
    assert "GPU-hours were divided by 8; a node of Leonardo has 4 GPUs" in found.why


def test_that_core_hours_are_caught() -> None:
    assert "core-hours stand where node-hours belong" in fails(stated(32 * request_of())).why


def test_that_gpu_node_hours_are_no_unit() -> None:
    found = fails(stated(8000.0, "GPU-node-hours"))
    assert found.title == "8\u202f000 GPU-node-hours is no unit"


def test_that_gcd_hours_on_lumi_are_caught() -> None:
    hours = request_of("lumi-g")
    assert "GCD-hours stand where node-hours belong" in fails(stated(8 * hours, machine="lumi-g")).why
    found = fails(stated(8 * hours, "GPU-hours", "lumi-g"))
    assert "GCD-hours stand where GPU-hours belong: the figure is 2 times too large" in found.why
    assert "modules were halved" in fails(stated(2 * hours, "GPU-hours", "lumi-g")).why


def test_that_a_difference_that_is_no_slip_is_told_as_one() -> None:
    case = stated(1.37 * request_of())
    assert open_of(case, "units") == ()
    assert "the milestones sum to" in fails(case, "stated-request").title


def test_that_the_right_figure_passes_in_every_unit() -> None:
    hours = request_of()
    for unit, figure in (("node-hours", hours), ("GPU-hours", 4 * hours), ("site-units", 32 * hours)):
        case = stated(float(figure), unit)
        assert open_of(case, "units") == open_of(case, "stated-request") == ()


@pytest.mark.parametrize("machine", MACHINES, ids=IDS)
@pytest.mark.parametrize("unit", ["node-hours", "GPU-hours", "device-hours", "site-units"])
def test_that_every_slip_of_the_node_is_recognised(machine: Machine, unit: str) -> None:
    made = campaign(machine)
    right = right_amount(made, unit)
    if right is None:
        return
    per_node = {name: right_amount(made, name) for name in ("node-hours", "GPU-hours", "device-hours")}
    for name, amount in per_node.items():
        if amount is None or amount == right:
            continue
        slip = unit_mismatch(float(amount), made, unit)
        assert slip is not None, name
        assert slip.factor == Fraction(amount) / right
        assert slip.right == float(right)
        assert made.machine.name in slip.words or "stand where" in slip.words


@pytest.mark.parametrize("machine", MACHINES, ids=IDS)
def test_that_the_division_by_another_node_is_recognised(machine: Machine) -> None:
    made = campaign(machine)
    slip = unit_mismatch(made.units.gpu_hours / 8, made)
    assert (slip is None) == (made.gpus_per_node == 8)


@given(
    machine=st.sampled_from(MACHINES),
    hours=st.floats(1.0, 20_000.0),
    unit=st.sampled_from(["node-hours", "GPU-hours", "device-hours", "site-units"]),
)
def test_that_a_right_figure_is_never_a_slip(machine: Machine, hours: float, unit: str) -> None:
    made = campaign(machine, hours)
    right = right_amount(made, unit)
    assert right is None or unit_mismatch(float(right), made, unit) is None
