"""A request on a machine that is not in service yet: made, or refused in a sentence that says what lacks."""

from __future__ import annotations

import datetime
import re

import pytest

from estimators import RunError, load_catalogue
from estimators.requests.plan import plan_request
from estimators.requests.records import CampaignRun, CampaignSpec
from tests.requests.builders import NOW, run_spec
from tests.spoken import refused

CATALOGUE = load_catalogue()


@pytest.mark.parametrize("machine", CATALOGUE.machines_coming(), ids=lambda machine: machine.id)
def test_that_a_coming_machine_is_planned_or_refused_with_what_is_not_published(machine) -> None:
    run = CampaignRun(id="main", name="Main", role="main", spec=run_spec(CATALOGUE, machine=machine.id))
    spec = CampaignSpec(name="coming", title="", runs=(run,), machine=machine.id)
    lacks = machine.gpu is None or any(
        fact.value is None for fact in (machine.devices_per_node, machine.nodes)
    )
    if lacks:
        with refused(RunError, match=f"^No request can be made for {re.escape(machine.name)} yet: not pub"):
            plan_request(spec, CATALOGUE, NOW)
        return
    request = plan_request(spec, CATALOGUE, NOW)
    assert request.campaign.machine is machine
    assert request.campaign.end > datetime.date(2026, 1, 1)
