"""Slips of units are recognised on every machine, and named with the figure that is right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.catalogue.records import Machine
from estimators.requests.campaign_results import Campaign
from estimators.requests.findings import unit_mismatch
from estimators.requests.findings.case import Case, grouped
from estimators.requests.findings.units import NODE_HOURS_FIELD, right_amount
from estimators.requests.results import Finding
from estimators.requests.units import unit_totals
from tests.requests.builders import campaign_of, campaign_run, case_of, findings_of, open_of, project
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
    assert "GPU-hours stand where node-hours belong: the figure is 4 times too large" in text(found.why)
    assert f"State {hours:,} node-hours".replace(",", "\u202f") in text(found.why)


def test_that_the_division_by_eight_on_a_node_of_four_is_caught() -> None:
    found = fails(stated(4 * request_of() / 8))
    assert "GPU-hours were divided by 8; a node of Leonardo has 4 GPUs" in text(found.why)


def test_that_core_hours_are_caught() -> None:
    assert "core-hours stand where node-hours belong" in text(fails(stated(32 * request_of())).why)


def test_that_gpu_node_hours_are_no_unit() -> None:
    found = fails(stated(8000.0, "GPU-node-hours"))
    assert text(found.title) == "8\u202f000 GPU-node-hours is no unit"


def test_that_gcd_hours_on_lumi_are_caught() -> None:
    hours = request_of("lumi-g")
    assert "GCD-hours stand where node-hours belong" in text(fails(stated(8 * hours, machine="lumi-g")).why)
    found = fails(stated(8 * hours, "GPU-hours", "lumi-g"))
    assert "GCD-hours stand where GPU-hours belong: the figure is 2 times too large" in text(found.why)
    assert "modules were halved" in text(fails(stated(2 * hours, "GPU-hours", "lumi-g")).why)


def test_that_a_difference_that_is_no_slip_is_told_as_one() -> None:
    case = stated(1.37 * request_of())
    assert open_of(case, "units") == ()
    assert "the milestones sum to" in text(fails(case, "stated-request").title)


def test_that_the_right_figure_passes_in_every_unit() -> None:
    hours = request_of()
    for unit, figure in (("node-hours", hours), ("GPU-hours", 4 * hours), ("site-units", 32 * hours)):
        case = stated(float(figure), unit)
        assert open_of(case, "units") == open_of(case, "stated-request") == ()
        (said,) = (one for one in findings_of(case) if one.rule == "stated-request")
        assert (said.severity, text(said.source)) == ("pass", "Your input")
    silent = case_of(project(campaign_run(CATALOGUE, gpus=4, hours=1000.0)), CATALOGUE)
    assert [one for one in findings_of(silent) if one.rule == "stated-request"] == []


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
        assert text(made.machine.name) in text(slip.words) or "stand where" in text(slip.words)


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


@pytest.mark.parametrize(
    ("machine", "unit", "times", "words"),
    [
        # Leonardo: 4 GPUs, 4 devices and 32 core-hours for each node-hour
        ("leonardo-booster", "node-hours", "4", "GPU-hours stand where node-hours belong: the figure is 4"),
        ("leonardo-booster", "node-hours", "1/4", "were divided by the 4 GPUs of a node once more"),
        ("leonardo-booster", "node-hours", "1/2", "hours were divided by 8; a node of Leonardo has 4 GPUs"),
        ("leonardo-booster", "GPU-hours", "1/4", "the figure is 4 times too small"),
        ("leonardo-booster", "GPU-hours", "8", "core-hours stand where GPU-hours belong: the figure is 8"),
        ("leonardo-booster", "GPU-hours", "2", "nodes were counted with 8 GPUs; a node of Leonardo has 4"),
        ("leonardo-booster", "GPU-hours", "4", "multiplied by the 4 GPUs of a node once more"),
        # LUMI: 4 modules of two GCDs, so 8 devices
        ("lumi-g", "node-hours", "1/4", "were divided by the 4 GPUs of a node once more"),
        ("lumi-g", "node-hours", "1/8", "were divided by the 8 devices of a node once more"),
        ("lumi-g", "node-hours", "2", "GCDs were counted as GPUs; 2 GCDs are one module"),
        ("lumi-g", "GPU-hours", "1/2", "modules were halved as if they were GCDs"),
        # MareNostrum 5 counts 80 core-hours for each node-hour of four GPUs: 20 for one
        ("marenostrum5-acc", "GPU-hours", "20", "the figure is 20 times too large"),
        ("marenostrum5-acc", "site-units", "1/20", "the figure is 20 times too small"),
    ],
)
def test_that_each_slip_is_named_by_its_factor(machine: str, unit: str, times: str, words: str) -> None:
    made = campaign(CATALOGUE.machine(machine))
    right = right_amount(made, unit)
    assert right is not None
    slip = unit_mismatch(float(right * Fraction(times)), made, unit)
    assert slip is not None
    assert words in text(slip.words)
    assert slip.factor == Fraction(times)


def test_that_a_figure_rounded_by_up_to_three_per_cent_is_still_that_slip() -> None:
    made = campaign(CATALOGUE.machine("leonardo-booster"))
    gpu_hours = made.units.gpu_hours
    for close in (0.971, 1.029):
        assert unit_mismatch(close * gpu_hours, made) is not None
    for far in (0.969, 1.031):
        assert unit_mismatch(far * gpu_hours, made) is None


def test_that_the_smallest_figures_are_judged_too() -> None:
    made = campaign(CATALOGUE.machine("leonardo-booster"), hours=2.5)
    assert made.units.node_hours == 4
    slip = unit_mismatch(1.0, made)
    assert slip is not None
    assert "divided by the 4 GPUs" in text(slip.words)
    assert unit_mismatch(0.0, made) is None


def test_that_a_right_figure_is_no_slip_where_two_units_are_nearly_the_same() -> None:
    # a site that counts 1.02 units for a GPU-hour: each figure lies within the 3 % of rounding of the other
    leonardo = CATALOGUE.machine("leonardo-booster")
    assert leonardo.site_unit is not None
    rate = msgspec.structs.replace(leonardo.site_unit.per_gpu_hour, value="1.02")
    near = msgspec.structs.replace(
        leonardo, site_unit=msgspec.structs.replace(leonardo.site_unit, per_gpu_hour=rate)
    )
    made = campaign_of(project(campaign_run(CATALOGUE, gpus=4, hours=1000.0)), CATALOGUE, near)
    gpu_hours = made.units.gpu_hours
    assert right_amount(made, "site-units") == gpu_hours * Fraction(102, 100)
    for figure, unit in ((gpu_hours, "GPU-hours"), (1.02 * gpu_hours, "site-units")):
        assert unit_mismatch(figure, made, unit) is None
    slip = unit_mismatch(1.04 * gpu_hours, made, "GPU-hours")  # too far from right, 2 % from the unit beside
    assert slip is not None
    assert slip.factor == Fraction(102, 100)


def test_that_a_request_of_one_node_hour_is_judged_too() -> None:
    made = campaign(CATALOGUE.machine("leonardo-booster"))
    one = replace(made, units=unit_totals(1, made.machine, CATALOGUE))
    slip = unit_mismatch(4.0, one)
    assert slip is not None
    assert (slip.factor, slip.right) == (4, 1.0)


def test_that_a_unit_that_the_site_does_not_publish_is_no_slip() -> None:
    silent = msgspec.structs.replace(CATALOGUE.machine("leonardo-booster"), site_unit=None)
    made = campaign_of(project(campaign_run(CATALOGUE, gpus=4, hours=100.0)), CATALOGUE, silent)
    assert made.units.site_units is None
    assert unit_mismatch(100.0, made, "site-units") is None
    assert unit_mismatch(4.0 * made.units.node_hours, made) is not None


def test_that_sums_of_milestones_months_and_form_must_agree() -> None:
    case = stated(float(request_of()))
    asked = case.campaign.request_node_hours
    assert open_of(case, "milestone-sum") == ()
    row = replace(case.campaign.milestones[0], node_hours=case.campaign.milestones[0].node_hours + 1)
    month = case.campaign.months[0]
    month = replace(month, by_milestone=(month.by_milestone[0] - 2, *month.by_milestone[1:]))
    for name, changed, total in (
        ("milestones", replace(case.campaign, milestones=(row, *case.campaign.milestones[1:])), asked + 1),
        ("months", replace(case.campaign, months=(month, *case.campaign.months[1:])), asked - 2),
    ):
        (found,) = open_of(replace(case, campaign=changed), "milestone-sum")
        assert (
            text(found.title)
            == f"The {name} show {text(grouped(total))} node-hours, the request is {text(grouped(asked))}"
        )
    field = next(one for one in case.form if one.id == NODE_HOURS_FIELD)
    form = tuple(replace(one, value=str(asked + 3)) if one is field else one for one in case.form)
    (found,) = open_of(replace(case, form=form), "milestone-sum")
    assert text(found.title).startswith(f"The form show {text(grouped(asked + 3))} node-hours")
