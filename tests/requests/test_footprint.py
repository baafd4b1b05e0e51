"""Energy, carbon and value of a request: parts sum to the whole, and hand-worked figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import Catalogue, Range, load_catalogue
from estimators.planning.power import power_range
from estimators.requests.campaign_results import Milestone
from estimators.requests.footprint import footprint
from estimators.requests.market import cloud_price
from estimators.requests.records import CampaignRun
from tests.requests.hand_made import answer, campaign, flat, line, run_spec
from tests.spoken import written

ENERGY = Range(800.0, 1000.0, 1100.0, 1200.0)
MACHINES = ("leonardo-booster", "lumi-g", "marenostrum5-acc", "vega-gpu", "jupiter-booster", "karolina-gpu")
CATALOGUE = load_catalogue()


def test_that_energy_and_carbon_worked_by_hand_come_out(catalogue: Catalogue) -> None:
    """1 600 node-hours draw 1 000 kWh; 100 more of failed runs draw 62.5; Italy consumes 247 g/kWh."""
    result = footprint(
        campaign(catalogue, energy_kwh=ENERGY, rest=(Milestone("Failed", "failed", 100),)), catalogue
    )
    assert [phase.energy_kwh.p50 for phase in result.phases if phase.energy_kwh] == pytest.approx(
        [1000, 62.5]
    )
    assert result.energy_kwh is not None
    assert result.carbon_kg is not None
    assert result.energy_kwh.p50 == pytest.approx(1062.5)
    assert result.carbon_kg.p50 == pytest.approx(1062.5 * 0.247)


def test_that_a_whole_facility_is_not_multiplied_by_pue_again(catalogue: Catalogue) -> None:
    """LUMI, PUE 1.04: the upper facility factor of 1.74 stands against 1.3 × 1.04; power 0.97 ÷ 0.85."""
    high = power_range("pretraining", 1.04, catalogue).p90
    assert high == pytest.approx(math.exp(math.hypot(math.log(0.97 / 0.85), math.log(1.74 / (1.3 * 1.04)))))


@given(
    st.lists(st.tuples(st.integers(1, 64), st.floats(0.5, 500.0)), min_size=1, max_size=5),
    st.integers(0, 10_000),
    st.sampled_from(MACHINES),
)
def test_that_phases_sum_to_the_whole(runs: list[tuple[int, float]], rest: int, machine: str) -> None:
    lines = tuple(
        line(
            CampaignRun(f"run-{i}", f"Run {i}", "main" if i == 0 else "ablation", run_spec(CATALOGUE)),
            answer(machine, CATALOGUE, 8 * nodes, hours, ENERGY.scaled(hours * nodes / 100.0)),
            hours,
        )
        for i, (nodes, hours) in enumerate(runs)
    )
    rows = (Milestone("Failed", "failed", rest), Milestone("Contingency", "contingency", rest // 2))
    result = footprint(campaign(CATALOGUE, machine, lines=lines, rest=rows), CATALOGUE)
    assert result.energy_kwh is not None
    assert result.carbon_kg is not None
    for name in ("p10", "p50", "p80", "p90"):
        for whole, field in ((result.energy_kwh, "energy_kwh"), (result.carbon_kg, "carbon_kg")):
            parts = [getattr(getattr(phase, field), name) for phase in result.phases]
            assert sum(parts) == pytest.approx(getattr(whole, name))


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(MACHINES))
def test_that_more_node_hours_never_use_less(few: int, more: int, machine: str) -> None:
    small, large = (
        footprint(
            campaign(CATALOGUE, machine, energy_kwh=ENERGY, rest=(Milestone("More", "contingency", hours),)),
            CATALOGUE,
        )
        for hours in (few, few + more)
    )
    assert small.energy_kwh is not None
    assert large.energy_kwh is not None
    assert small.value_eur is not None
    assert large.value_eur is not None
    assert large.energy_kwh.p10 >= small.energy_kwh.p10
    assert large.energy_kwh.p90 >= small.energy_kwh.p90
    assert large.value_eur[0] >= small.value_eur[0]


def test_that_a_site_without_pue_states_no_energy_and_says_so(catalogue: Catalogue) -> None:
    result = footprint(campaign(catalogue, "arrhenius-gpu", energy_kwh=None), catalogue)
    assert result.energy_kwh is None
    assert result.carbon_kg is None
    assert any("PUE of Arrhenius is not published" in note for note in written(result.notes))


def test_that_vega_takes_its_own_price_list(catalogue: Catalogue) -> None:
    """1 600 node-hours of four GPUs at 1.025 EUR."""
    result = footprint(campaign(catalogue, "vega-gpu", energy_kwh=ENERGY), catalogue)
    assert result.value_eur == pytest.approx((6560.0, 6560.0, 6560.0))


def test_that_lumi_is_priced_by_the_module(catalogue: Catalogue) -> None:
    """64 GCDs are 8 nodes of 4 modules: 100 h are 3 200 module-hours at 0.8, 1.2 and 2.0 EUR."""
    result = footprint(campaign(catalogue, "lumi-g", energy_kwh=ENERGY), catalogue)
    assert result.value_eur == pytest.approx((2560.0, 3840.0, 6400.0))
    assert any("module" in note for note in written(result.notes))


def test_that_a_price_of_another_card_is_named_as_a_stand_in(catalogue: Catalogue) -> None:
    result = footprint(campaign(catalogue, energy_kwh=ENERGY), catalogue)
    assert any("A100 80GB stands in" in note for note in written(result.notes))


def test_that_no_price_is_taken_from_another_generation(catalogue: Catalogue) -> None:
    for gpu in catalogue.gpus.values():
        table = cloud_price(gpu, catalogue)
        if table is not None:
            assert str(table.facts["gpu"].value).startswith(gpu.id.split("-")[0])


def test_that_making_is_stated_for_h100_only(catalogue: Catalogue) -> None:
    """(164 + 5 700 ÷ 8) kg over 3 years fully used are 33.4 g an hour; 6 400 GPU-hours make 213.8 kg."""
    grams = (164 + 5700 / 8) * 1000 / (3 * 8760)
    assert grams == pytest.approx(33.4, abs=0.1)
    made = footprint(campaign(catalogue, "marenostrum5-acc", energy_kwh=ENERGY), catalogue).embodied_kg
    assert made is not None
    assert made.p90 == pytest.approx(6400 * 33.4 / 1000)
    other = footprint(campaign(catalogue, "leonardo-booster", energy_kwh=ENERGY), catalogue)
    assert other.embodied_kg is None
    assert any("No published figure was found for making A100" in note for note in written(other.notes))


def test_that_circular_figures_are_named_and_left_out(catalogue: Catalogue) -> None:
    notes = " ".join(written(footprint(campaign(catalogue, energy_kwh=flat(1.0)), catalogue).notes))
    assert "BLOOM-176B" in notes
    assert "Llama 3.1" in notes
    assert "T5" not in notes
