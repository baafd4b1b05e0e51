"""Bytes and files on the site's disks, by named parts that sum to the whole."""

from __future__ import annotations

import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.catalogue.architectures import Full, Image
from estimators.requests.records import StorageNeeds
from estimators.requests.results import StorageItem
from estimators.requests.storage import (
    data_of,
    place_of_copies,
    place_of_results,
    storage_needs,
    transfer_bytes,
    transfer_seconds,
)
from estimators.workloads.models import model_of
from tests.requests.builders import campaign_of, campaign_run, project, run_spec

CATALOGUE = load_catalogue()
MACHINES = CATALOGUE.machines_in_service()


def items(machine: str = "leonardo-booster", *runs: object, **needs: object) -> dict[str, object]:
    """Places of a project of one run."""
    devices = int(CATALOGUE.machine(machine).devices_per_node.si)
    made = runs or (campaign_run(CATALOGUE, gpus=devices),)
    campaign = campaign_of(project(*made, machine=machine, storage=StorageNeeds(**needs)), CATALOGUE)  # type: ignore[arg-type]
    return {item.place: item for item in storage_needs(campaign, CATALOGUE)}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.id)
def test_that_parts_sum_to_the_whole_in_the_order_of_the_form(machine) -> None:  # type: ignore[no-untyped-def]
    found = items(machine.id)
    assert list(found) == ["scratch", "work", "home", "archive"]
    for item in found.values():
        assert item.bytes == pytest.approx(sum(part.bytes for part in item.parts))
        assert item.files >= 0
    assert found[place_of_results(machine)].bytes > 0
    assert found[place_of_copies(machine)].bytes > 0


def sizes_of(need: StorageItem) -> dict[str, float]:
    """Bytes of each part by its name."""
    return {text(part.name): part.bytes for part in need.parts}


def test_that_prepared_text_takes_three_to_four_times_the_raw_one() -> None:
    parts = sizes_of(items()["scratch"])
    assert list(parts) == ["Raw data", "Cleaned data", "Tokenised data", "Shuffled copy"]
    assert parts["Raw data"] == pytest.approx(1e9 * 4.4, rel=1e-6)
    assert parts["Tokenised data"] == pytest.approx(1e9 * 4, rel=1e-6)
    assert 3.0 <= sum(parts.values()) / parts["Raw data"] <= 4.0


def test_that_a_small_vocabulary_takes_two_bytes_a_token() -> None:
    card = CATALOGUE.model("SmolLM2-1.7B")
    assert card.architecture.vocab <= 65_536
    run = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, model=model_of(card)))
    assert sizes_of(items("leonardo-booster", run)["scratch"])["Tokenised data"] == pytest.approx(
        2e9, rel=1e-6
    )


def test_that_smaller_runs_see_a_part_of_the_same_data() -> None:
    main = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, tokens=1e10))
    part = campaign_run(CATALOGUE, identity="ablation", role="ablation", spec=run_spec(CATALOGUE, tokens=1e9))
    data = data_of(campaign_of(project(main, part), CATALOGUE), CATALOGUE)
    assert data.tokens == pytest.approx(1e10, rel=1e-6)


def test_that_the_users_own_size_replaces_the_derived_one() -> None:
    given = items(data_bytes=7e12, data_files=9)["scratch"]
    parts = sizes_of(given)
    assert parts["Raw data"] == parts["Cleaned data"] == 7e12
    assert given.files == 2 * 9 + 2 * 4 + 0 * 1


def test_that_images_lie_loose_and_packed() -> None:
    model = model_of(CATALOGUE.model("vit-large-patch16-224"))
    spec = run_spec(CATALOGUE, model=model, method=Full("pretraining"), samples=1e6, sample=Image(224))
    found = items("leonardo-booster", campaign_run(CATALOGUE, spec=spec))["scratch"]
    assert sizes_of(found) == pytest.approx({"Raw data": 1.1e11, "Packed data": 1.1e11})
    assert found.files > 2e6


def test_that_checkpoints_and_milestones_are_counted_with_their_files() -> None:
    work = items(checkpoints_kept=3, milestones_kept=1)["work"]
    parameters = 8_030_261_248
    assert sizes_of(work) == pytest.approx(
        {"3 checkpoints of Main run": 42 * parameters, "1 milestones of Main run": 2 * parameters}, rel=1e-3
    )
    assert work.files == 4 * 5


def test_that_tests_and_evaluations_leave_no_checkpoint() -> None:
    main = campaign_run(CATALOGUE)
    others = [campaign_run(CATALOGUE, identity=role, role=role) for role in ("test", "evaluation")]
    alone = items("leonardo-booster", main)["work"].bytes
    assert items("leonardo-booster", main, *others)["work"].bytes == alone
    sweep = campaign_run(CATALOGUE, identity="sweep", role="sweep", count=4, at_once=2)
    beside = items("leonardo-booster", main, sweep)["work"]
    assert beside.bytes - alone == pytest.approx(2 * 14 * 8.03e9, rel=1e-3)


def test_that_quotas_come_from_the_site_and_the_users_goes_before() -> None:
    assert items()["work"].quota_bytes == 1e12
    granted = items(work_quota_bytes=40e12)["work"]
    assert granted.quota_bytes == 40e12
    assert granted.quota_fact.source == "your input"
    lumi = items("lumi-g", work_quota_bytes=80e12)
    assert (lumi["scratch"].quota_bytes, lumi["work"].quota_bytes) == (80e12, None)
    assert items("vega-gpu")["work"].quota_bytes is None


def test_that_a_site_without_scratch_or_work_puts_all_on_what_it_has() -> None:
    assert items("deucalion-gpu")["scratch"].bytes == 0
    assert items("lumi-g")["work"].bytes == 0


def test_that_the_transfer_needs_a_rate_of_the_user() -> None:
    run = campaign_run(CATALOGUE)
    unknown = campaign_of(project(run), CATALOGUE)
    assert transfer_seconds(unknown, CATALOGUE) is None
    known = campaign_of(project(run, storage=StorageNeeds(transfer_bytes_per_second=1e8)), CATALOGUE)
    assert transfer_seconds(known, CATALOGUE) == pytest.approx(44.0, rel=1e-6)
    into, out = transfer_bytes(known, CATALOGUE)
    assert (into, out) == pytest.approx((4.4e9, 3 * 2 * 8.03e9), rel=1e-3)
