"""What the technical check says of disks and data, on a site of two areas that a hand can check.

WORK holds 1 TB and 1,000 files, SCRATCH 10 TB and 10,000; no other site of this catalogue publishes a quota.
A checkpoint of the run, a model of 8.03 billion parameters of 14 bytes, takes 112 GB.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.catalogue.records import StorageArea
from estimators.quantity import Fact
from estimators.requests.findings.case import Case
from estimators.requests.records import StorageNeeds
from estimators.requests.results import Finding, StorageItem, StoragePart
from estimators.requests.storage import item_of
from estimators.words import Value, say
from tests.requests.builders import campaign_run, case_of, findings_of, open_of, project

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
FALLBACK = CATALOGUE.machine("marenostrum5-acc")
CHECKPOINT = 8_030_261_248 * 14.0


def fact(value: Any, unit: str = "count", note: str = "") -> Fact[Any]:
    return Fact(value=value, unit=unit, source="Guide", confidence="official", as_of="2026-11-01", note=note)


def area(place: Any, size: float | None = None, files: float | None = None, **more: Any) -> StorageArea:
    return StorageArea(
        place=place,
        name=f"${place.upper()}",
        quota=None if size is None else fact(size, "TB"),
        files=None if files is None else fact(files),
        **more,
    )


WORK, SCRATCH = area("work", 1.0, 1000.0), area("scratch", 10.0, 10_000.0)


def case(*areas: StorageArea, at: dict[str, Any] | None = None, **needs: Any) -> Case:
    """A project of one run that needs so much of a site with such areas."""
    machine = msgspec.structs.replace(LEONARDO, storage=areas or (WORK, SCRATCH), **(at or {}))
    others = {FALLBACK.id: msgspec.structs.replace(FALLBACK, storage=())}
    catalogue = replace(CATALOGUE, machines={machine.id: machine, **others})
    spec = project(campaign_run(CATALOGUE), storage=StorageNeeds(**needs))
    return case_of(spec, catalogue, machine)


def part_of(name: str, size: float) -> StoragePart:
    """A part by its name: data, checkpoints or something else."""
    kind: Any = "data" if "data" in name.lower() else "checkpoints" if "checkpoint" in name else "other"
    return StoragePart(kind, say(name), size)


def holding(of: Case, *items: tuple[str, float, int | None], part: str = "Things") -> Case:
    """The case with such bytes and files on its places."""
    made = [
        replace(item_of(of.campaign, place, (part_of(part, size),), 0), files=files)
        for place, size, files in items
    ]
    return replace(of, storage=tuple(made))


def only(of: Case, rule: str) -> Finding:
    (found,) = open_of(of, rule)
    return found


def passed(of: Case, rule: str) -> Finding | None:
    found = [one for one in findings_of(of) if (one.rule, one.severity) == (rule, "pass")]
    return found[0] if found else None


def words(found: Finding | None) -> tuple[str, str, str]:
    assert found is not None
    return plain(found.why), plain(found.figure), plain(found.limit)


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


# ---------------------------------------------------------------- bytes


@pytest.mark.parametrize(
    ("part", "subject"),
    [("3 checkpoints of Main run", "Checkpoints need"), ("Raw data", "Data need"), ("Logs", "SCRATCH needs")],
)
def test_that_the_largest_part_is_named(part: str, subject: str) -> None:
    found = only(holding(case(), ("scratch", 11e12, 1), part=part), "storage-quota")
    assert plain(found.title) == f"{subject} 11 TB, SCRATCH holds 10 TB"
    assert plain(found.why).startswith(f"The largest part: {part}, 11 TB.")
    assert ("Bring packed and cleaned data" in text(found.why)) == (part == "Raw data")
    assert found.fix is None
    less = (part_of("Code", 1e12), part_of(part, 10e12))
    both = replace(case(), storage=(item_of(case().campaign, "scratch", less, 0),))
    assert plain(only(both, "storage-quota").why).startswith(f"The largest part: {part}, 10 TB.")


def test_that_a_quota_on_request_is_said() -> None:
    asked = area("scratch", 10.0, quota_on_request=fact(50.0, "TB"))
    found = only(holding(case(WORK, asked), ("scratch", 11e12, 1), part="Raw data"), "storage-quota")
    assert found.severity == "warn"
    assert plain(found.why).endswith("The site grants up to 50 TB on request.")


@pytest.mark.parametrize(
    ("more", "ending"),
    [
        ({"is_default": True}, "The quota is a default: ask for more in the form."),
        ({"seen_once": True}, "The quota was seen on one project only: ask for yours."),
        ({}, "The largest part: Things, 2 TB."),
    ],
)
def test_that_a_quota_that_may_be_larger_is_a_question(more: dict[str, bool], ending: str) -> None:
    soft = case(area("work", 1.0, **more), SCRATCH, checkpoints_kept=1)
    found = only(holding(soft, ("work", 2e12, 1)), "storage-quota")
    assert found.severity == ("warn" if more else "fail")
    assert plain(found.why).endswith(ending)
    granted = case(area("work", 0.5, **more), SCRATCH, checkpoints_kept=1, work_quota_bytes=1e12)
    sure = only(holding(granted, ("work", 2e12, 1)), "storage-quota")
    assert (sure.severity, plain(sure.why)) == ("fail", "The largest part: Things, 2 TB.")
    nowhere = StorageItem("work", 2e12, 1, (part_of("Things", 2e12),), quota_bytes=1e12)
    unnamed = replace(case(SCRATCH, checkpoints_kept=1), storage=(nowhere,))
    assert only(unnamed, "storage-quota").severity == "fail"


def test_that_what_lies_ten_times_beyond_a_default_is_no_question() -> None:
    # the largest quota of all is 100 TB: twice that is further away
    soft, large = area("work", 1.0, is_default=True), area("scratch", 100.0)
    for size, severity in ((10e12, "warn"), (10.1e12, "fail")):
        made = holding(case(soft, large, checkpoints_kept=1), ("work", size, 1))
        assert only(made, "storage-quota").severity == severity


@pytest.mark.parametrize(
    ("kept", "size", "left", "label"),
    [
        (5, 5 * CHECKPOINT, 2, "Keep the last 2"),
        (5, 5.9 * CHECKPOINT, 1, "Keep only the last"),
        (2, 2 * CHECKPOINT, 1, "Keep only the last"),
        (5, 7 * CHECKPOINT, None, ""),  # without any it would be too much
        (1, 5 * CHECKPOINT, None, ""),
    ],
)
def test_that_fewer_checkpoints_are_kept_where_that_helps(
    kept: int, size: float, left: int | None, label: str
) -> None:
    quota = 1.95 * CHECKPOINT if left == 1 and kept == 2 else 2.0 * CHECKPOINT
    made = case(area("work", quota / 1e12), SCRATCH, checkpoints_kept=kept)
    found = only(holding(made, ("work", size, 1)), "storage-quota")
    assert (None if found.fix is None else (found.fix.value, text(found.fix.label))) == (
        None if left is None else (left, label)
    )
    elsewhere = holding(made, ("scratch", 10.2e12, 1))  # two checkpoints are more than what is too much there
    assert only(elsewhere, "storage-quota").fix is None


def test_that_it_is_said_what_fewer_checkpoints_take() -> None:
    made = case(area("work", 2.0 * CHECKPOINT / 1e12), SCRATCH, checkpoints_kept=5)
    found = only(holding(made, ("work", 5 * CHECKPOINT, 1)), "storage-quota")
    # 8,030,261,248 parameters of 14 bytes, five times and twice
    assert plain(found.why) == "5 checkpoints of 112 GB are kept. With the last 2 kept it is 225 GB."
    assert (plain(found.figure), plain(found.limit)) == ("562 GB", "225 GB")


def test_that_the_fullest_disk_is_held_against_its_quota() -> None:
    found = passed(
        holding(case(), ("scratch", 0.9e12, 1), ("work", 0.5e12, 1), ("home", 5e12, 1)), "storage-quota"
    )
    assert words(found) == ("500 GB of 1 TB on WORK", "500 GB", "1 TB")
    assert found is not None
    assert found.fact == WORK.quota
    assert passed(holding(case(), ("home", 1e9, 1)), "storage-quota") is None


def test_that_quotas_of_the_bulk_of_the_data_are_asked_for_where_none_is_published() -> None:
    silent = case(area("work"), SCRATCH)
    found = only(holding(silent, ("work", 2e12, 1), ("scratch", 1e12, 1), ("home", 1e9, 1)), "quota-known")
    assert text(found.title) == "The quota of WORK on Leonardo is not published"
    assert plain(found.figure) == "2 TB"
    # no site gives more than 10 TB
    for size, severity in ((20e12, "info"), (20.1e12, "fail")):
        both = holding(
            case(area("work"), area("scratch"), area("fast", 10.0)), ("work", size, 1), ("scratch", 1e12, 1)
        )
        assert only(both, "quota-known").severity == severity


# ---------------------------------------------------------------- files


def test_that_more_files_than_the_quota_name_both() -> None:
    once = area("work", 1.0, 1000.0, seen_once=True)
    for where, severity in ((WORK, "fail"), (once, "warn")):
        found = only(holding(case(where, SCRATCH), ("work", 1.0, 1001)), "file-quota")
        assert plain(found.title) == "WORK needs 1 001 files, its quota is 1 000"
        assert (found.severity, found.fact) == (severity, where.files)
        assert ("seen on one project only" in text(found.why)) == where.seen_once
    # twice the 10,000 files of the largest quota are no question of asking
    for files, severity in ((20_000, "warn"), (20_001, "fail")):
        assert only(holding(case(once, SCRATCH), ("work", 1.0, files)), "file-quota").severity == severity


def test_that_files_beyond_every_site_are_told_where_none_is_published() -> None:
    silent = case(area("work", 1.0), SCRATCH)
    assert open_of(holding(silent, ("work", 1.0, 20_000)), "file-quota") == ()
    found = only(holding(silent, ("work", 1.0, 20_001)), "file-quota")
    assert plain(found.title) == (
        "WORK needs 20 001 files; Leonardo publishes no quota of files, and no site takes more than 10 000"
    )
    assert (plain(found.figure), found.fix) == ("20 001 files", None)


@pytest.mark.parametrize(
    ("place", "size", "files", "limit", "packed"),
    [
        # a thousand files become two; of the raw files and their copy 2 · 998 fall away: 2,100 become 104
        ("scratch", 1.5e9, 2100, 104.0, 2),
        ("scratch", 1.5e9, 2100, 103.0, None),
        ("scratch", 0.5e9, 2100, 102.0, 1),
        ("scratch", 2.0e9, 2100, 104.0, 2),
        ("work", 1.5e9, 2100, 104.0, None),
    ],
)
def test_that_packing_is_proposed_where_it_is_enough(
    place: str, size: float, files: int, limit: float, packed: int | None
) -> None:
    made = case(area("work", 1.0, limit), area("scratch", 10.0, limit), data_bytes=size, data_files=1000)
    found = only(holding(made, (place, 1.0, files)), "file-quota")
    assert (None if found.fix is None else (found.fix.field, found.fix.value)) == (
        None if packed is None else ("data_files", packed)
    )


def test_that_the_fullest_quota_of_files_is_said() -> None:
    found = passed(
        holding(case(), ("scratch", 1.0, 900), ("work", 1.0, 500), ("home", 1.0, 5000)), "file-quota"
    )
    assert words(found) == ("500 of 1 000 files on WORK", "500", "1 000")
    assert found is not None
    assert found.fact == WORK.files
    none = passed(holding(case(), ("work", 1.0, 0)), "file-quota")
    assert words(none) == ("0 of 1 000 files on WORK", "0", "1 000")
    tiny = case(area("work", 1.0, 1.0), area("scratch", 1.0, 4.0))
    more = passed(holding(tiny, ("work", 1.0, 0), ("scratch", 1.0, 1)), "file-quota")
    assert words(more)[0] == "1 of 4 files on SCRATCH"
    assert passed(holding(case(), ("home", 1.0, 5000), ("work", 1.0, None)), "file-quota") is None


# ---------------------------------------------------------------- removal


@pytest.mark.parametrize(("days", "told"), [(92.0, False), (91.0, True)])
def test_that_files_must_stay_for_all_days_of_the_project(days: float, told: bool) -> None:
    # March to May have 92 days
    made = case(area("work", 1.0, purge=fact(days, "day")), SCRATCH)
    assert bool(open_of(made, "purge")) == told


def test_that_it_is_said_what_is_removed_when() -> None:
    noted = area("scratch", 10.0, purge=fact(30.0, "day", note="since the last access"))
    found = only(case(WORK, noted), "purge")
    assert text(found.title) == (
        "Prepared data lie on $SCRATCH, which is cleared after 30 days; the project has 92 days"
    )
    assert text(found.why).endswith("in time. Note: since the last access.")
    assert (text(found.figure), text(found.limit)) == ("92 days", "30 days")
    unknown = area("work", 1.0, purge=fact(None, "day", note="ask"))
    vague = only(case(unknown, SCRATCH), "purge")
    assert text(vague.title).startswith(
        "Checkpoints lie on $WORK, which is cleared at a time that is not published"
    )
    assert (text(vague.why).endswith("in time."), text(vague.limit)) == (True, "not published")
    bare = only(case(WORK, area("scratch", 10.0, purge=fact(30.0, "day"))), "purge")
    assert text(bare.why).endswith("in time.")


# ---------------------------------------------------------------- data


def test_that_data_that_travel_longer_than_a_week_need_a_plan() -> None:
    week = 7 * 86_400 * 1e6
    assert open_of(case(data_bytes=week, transfer_bytes_per_second=1e6), "transfer") == ()
    found = only(case(data_bytes=8 * week / 7, transfer_bytes_per_second=1e6), "transfer")
    assert plain(found.title) == "691 GB take 8 days to reach Leonardo"
    assert (found.severity, plain(found.figure), text(found.limit)) == ("warn", "8 days", "7 days")
    short = passed(case(data_bytes=36e9, transfer_bytes_per_second=1e6), "transfer")
    assert words(short)[:2] == ("36 GB in 10 h", "10 h")
    unknown = only(case(data_bytes=36e9), "transfer")
    assert plain(unknown.title) == "36 GB have to reach Leonardo; the rate is not known"


def test_that_preparing_text_is_said_to_have_no_rate() -> None:
    cpu = fact("Booster has none, DCGP has", "text")
    found = only(case(at={"cpu_partition": cpu}, data_bytes=36e9), "data-preparation")
    assert found.fact == cpu
    assert text(found.source) == "Guide, official, 1 Nov 2026"
    assert "has a CPU partition for it: Booster has none" in text(found.why)
    none = only(case(at={"cpu_partition": None}, data_bytes=36e9), "data-preparation")
    assert (text(none.source), none.fact) == ("Not found in the catalogue", None)
    assert text(none.why).endswith("No CPU partition of the site stands in the catalogue.")
