"""Disks against quotas, files that disappear, data that have to travel and to be prepared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from estimators.catalogue.records import Number, StorageArea
from estimators.quantity import SECONDS_PER_DAY, Fact
from estimators.requests.findings.case import (
    Case,
    Passed,
    Rule,
    counted,
    grouped,
    hours_words,
    never,
    size_words,
    source_words,
)
from estimators.requests.results import Finding, Fix, Severity, StorageItem
from estimators.requests.storage import (
    SHARD_BYTES,
    area_of,
    checkpoint_bytes,
    data_of,
    place_of_copies,
    place_of_results,
    transfer_seconds,
)

PACK = (
    f"Pack the data into shards of about {size_words(SHARD_BYTES)} before they travel: tar files, as "
    "WebDataset reads them, or Parquet."
)
FAR_BEYOND = 2.0
"""Times the largest quota of all sites from which a need is no question of asking: a judgement."""
TEN_TIMES = 10.0
"""The quota of a site, from which a need is no question of asking either: a judgement."""
COPIES_OF_DATA = ("Raw data", "Cleaned data", "Tokenised data", "Shuffled copy", "Packed data")
LONG_TRANSFER_DAYS = 7.0
"""Data that travel longer than a week need a plan of their own: a judgement."""


def storage_quota(case: Case) -> Iterator[Finding]:
    """What lies on a disk at the busiest time stays within its quota."""
    for item in case.storage:
        if item.quota_bytes is not None and item.bytes > item.quota_bytes:
            yield _over_quota(case, item, item.quota_bytes)


def _over_quota(case: Case, item: StorageItem, quota: float) -> Finding:
    area = area_of(case.machine, item.place)
    largest = max(item.parts, key=lambda part: part[1], default=("", 0.0))
    kept = _kept_that_fit(case, item, quota)
    why = f"The largest part: {largest[0]}, {size_words(largest[1])}."
    if kept is not None:
        full = checkpoint_bytes(case.campaign, case.catalogue)
        count = case.campaign.spec.storage.checkpoints_kept
        less = size_words(item.bytes - (count - kept) * full)
        why = (
            f"{counted(count, 'checkpoint', 'checkpoints')} of {size_words(full)} are kept. "
            f"With {_last(kept)} kept it is {less}."
        )
    elif area is not None and area.quota_on_request is not None:
        why += f" The site grants up to {size_words(area.quota_on_request.si)} on request."
    elif largest[0] in COPIES_OF_DATA:
        why += " Bring packed and cleaned data, and work through them in parts that fit."
    return Finding(
        rule="storage-quota",
        severity=_severity(case, area, item, quota),
        title=(
            f"{_subject(item, largest[0])} {size_words(item.bytes)}, "
            f"{item.place.upper()} holds {size_words(quota)}"
        ),
        why=why + _how_firm(area, item),
        figure=size_words(item.bytes),
        limit=size_words(quota),
        source=source_words(item.quota_fact),
        fact=item.quota_fact,
        fix=None if kept is None else Fix(f"Keep {_last(kept)}", "checkpoints_kept", kept),
    )


def _last(kept: int) -> str:
    return f"the last {kept}" if kept > 1 else "only the last"


def _subject(item: StorageItem, largest: str) -> str:
    """Who needs the space, with the verb."""
    if "checkpoint" in largest.lower():
        return "Checkpoints need"
    return "Data need" if "data" in largest.lower() else f"{item.place.upper()} needs"


def _is_granted(item: StorageItem) -> bool:
    return item.quota_fact is not None and item.quota_fact.source == "your input"


def _most(case: Case, name: Literal["quota", "files"]) -> float:
    """The largest quota of space or files that any site of the catalogue publishes."""
    areas = [area for machine in case.catalogue.machines.values() for area in machine.storage]
    facts: list[Number | None] = [getattr(area, name) for area in areas]
    return max((fact.si for fact in facts if fact is not None and fact.value is not None), default=math.inf)


def _severity(case: Case, area: StorageArea | None, item: StorageItem, quota: float) -> Severity:
    """A quota that one project saw, or that is only a default, is a question; any other is a limit.

    What lies far beyond it, or beyond the quota of every site, is no question either, unless the site grants
    it on request.
    """
    if _is_granted(item) or area is None:
        return "fail"
    beyond = min(FAR_BEYOND * _most(case, "quota"), TEN_TIMES * quota)
    if area.quota_on_request is None and item.bytes > beyond:
        return "fail"
    if area.seen_once or area.is_default:
        return "warn"
    if area.quota_on_request is not None and item.bytes <= area.quota_on_request.si:
        return "warn"
    return "fail"


def _how_firm(area: StorageArea | None, item: StorageItem) -> str:
    if area is None or _is_granted(item):
        return ""
    if area.is_default:
        return " The quota is a default: ask for more in the form."
    return " The quota was seen on one project only: ask for yours." if area.seen_once else ""


def _kept_that_fit(case: Case, item: StorageItem, quota: float) -> int | None:
    """Most checkpoints of the main run that fit; None where fewer do not help."""
    full = checkpoint_bytes(case.campaign, case.catalogue)
    count = case.campaign.spec.storage.checkpoints_kept
    if item.place != place_of_results(case.machine) or not full or count < 2:
        return None
    kept = count - math.ceil((item.bytes - quota) / full)
    return kept if kept >= 1 else None


def _quota_passed(case: Case) -> Passed | None:
    known = [item for item in case.storage if item.quota_bytes]
    if not known:
        return None
    item = max(known, key=lambda one: one.bytes / (one.quota_bytes or 1.0))
    limit = size_words(item.quota_bytes or 0.0)
    words = f"{size_words(item.bytes)} of {limit} on {item.place.upper()}"
    return Passed(words, size_words(item.bytes), limit, item.quota_fact)


def quota_known(case: Case) -> Iterator[Finding]:
    """Where the site publishes no quota for the bulk of the data, it has to be asked for."""
    places = {place_of_results(case.machine), place_of_copies(case.machine)}
    missing = [item for item in case.storage if item.place in places and item.quota_bytes is None]
    if not missing:
        return
    names = " and ".join(item.place.upper() for item in missing)
    total = sum(item.bytes for item in missing)
    most = _most(case, "quota")
    largest = max(missing, key=lambda item: item.bytes)
    if largest.bytes > FAR_BEYOND * most:
        yield _beyond_all(case, largest, most)
        return
    yield Finding(
        rule="quota-known",
        severity="info",
        title=f"The quota of {names} on {case.machine_name} is not published",
        why=f"Ask for {size_words(total)} in the form, and name it in the support request.",
        figure=size_words(total),
        limit="not published",
        source="Not found in the catalogue",
    )


def _beyond_all(case: Case, item: StorageItem, most: float) -> Finding:
    """More than any site gives, where this one publishes no quota."""
    return Finding(
        rule="quota-known",
        severity="fail",
        title=(
            f"{item.place.upper()} needs {size_words(item.bytes)}; {case.machine_name} publishes no quota, "
            f"and no site gives more than {size_words(most)}"
        ),
        why="Bring packed and cleaned data, work through them in parts, and ask the site before you apply.",
        figure=size_words(item.bytes),
        limit=f"not published; at most {size_words(most)} elsewhere",
        source="Largest quota of the sites in the catalogue",
    )


def file_quota(case: Case) -> Iterator[Finding]:
    """Files on a disk stay within their quota; many small files slow everybody down."""
    most = _most(case, "files")
    for item in case.storage:
        if item.files is None:
            continue
        if item.quota_files is None:
            if item.files > FAR_BEYOND * most:
                yield _files_beyond_all(case, item, most)
            continue
        if item.files <= item.quota_files:
            continue
        area = area_of(case.machine, item.place)
        fact = area.files if area is not None else None
        asked = area is not None and area.seen_once and item.files <= FAR_BEYOND * most
        yield Finding(
            rule="file-quota",
            severity="warn" if asked else "fail",
            title=(
                f"{item.place.upper()} needs {grouped(item.files)} files, "
                f"its quota is {grouped(item.quota_files)}"
            ),
            why=PACK
            + (" The quota was seen on one project only." if area is not None and area.seen_once else ""),
            figure=counted(item.files, "file", "files"),
            limit=counted(item.quota_files, "file", "files"),
            source=source_words(fact),
            fact=fact,
            fix=_packed(case, item),
        )


def _files_beyond_all(case: Case, item: StorageItem, most: float) -> Finding:
    """More files than any site takes, where this one publishes no quota of files."""
    return Finding(
        rule="file-quota",
        severity="fail",
        title=(
            f"{item.place.upper()} needs {grouped(item.files or 0)} files; {case.machine_name} publishes no "
            f"quota of files, and no site takes more than {grouped(most)}"
        ),
        why=PACK,
        figure=counted(item.files or 0, "file", "files"),
        limit=f"not published; at most {counted(most, 'file', 'files')} elsewhere",
        source="Largest quota of files of the sites in the catalogue",
        fix=_packed(case, item, most),
    )


def _packed(case: Case, item: StorageItem, most: float | None = None) -> Fix | None:
    """Packed files, where the data are the reason and packing them is enough."""
    data = data_of(case.campaign, case.catalogue)
    packed = max(1, math.ceil(data.raw_bytes / SHARD_BYTES))
    limit = item.quota_files if most is None else most
    if item.place != place_of_copies(case.machine) or item.files is None or limit is None:
        return None
    if item.files - 2 * (data.raw_files - packed) > limit:
        return None
    return Fix(f"Pack into {counted(packed, 'file', 'files')}", "data_files", packed)


def _files_passed(case: Case) -> Passed | None:
    known = [item for item in case.storage if item.quota_files and item.files is not None]
    if not known:
        return None
    item = max(known, key=lambda one: (one.files or 0) / (one.quota_files or 1))
    area = area_of(case.machine, item.place)
    limit = grouped(item.quota_files or 0)
    words = f"{grouped(item.files or 0)} of {limit} files on {item.place.upper()}"
    return Passed(words, grouped(item.files or 0), limit, area.files if area is not None else None)


def purge(case: Case) -> Iterator[Finding]:
    """Files that have to last the project must not lie where the site removes them earlier."""
    days = (case.campaign.end - case.campaign.start).days + 1
    for place in sorted({place_of_results(case.machine), place_of_copies(case.machine)}):
        area = area_of(case.machine, place)
        if area is None or area.purge is None:
            continue
        after: Fact[float] = area.purge
        if after.value is not None and after.si / SECONDS_PER_DAY >= days:
            continue
        yield _removed(case, place, area, after, days)


def _removed(case: Case, place: str, area: StorageArea, after: Fact[float], days: int) -> Finding:
    limit = "not published" if after.value is None else f"{after.si / SECONDS_PER_DAY:.0f} days"
    when = "at a time that is not published" if after.value is None else f"after {limit}"
    what = "Checkpoints" if place == place_of_results(case.machine) else "Prepared data"
    note = f" Note: {after.note}." if after.note and after.value is not None else ""
    return Finding(
        rule="purge",
        severity="warn",
        title=f"{what} lie on {area.name}, which is cleared {when}; the project has {days} days",
        why=f"Copy what must last to a safe place in time.{note}",
        figure=f"{days} days",
        limit=limit,
        source=source_words(after),
        fact=after,
    )


def transfer(case: Case) -> Iterator[Finding]:
    """Data have to reach the site before the first run."""
    raw = data_of(case.campaign, case.catalogue).raw_bytes
    seconds = transfer_seconds(case.campaign, case.catalogue)
    if seconds is None:
        title, figure = (
            f"{size_words(raw)} have to reach {case.machine_name}; the rate is not known",
            "not known",
        )
        why = "Measure it with one large file, and enter the rate; no site publishes one."
    elif seconds > LONG_TRANSFER_DAYS * SECONDS_PER_DAY:
        figure = hours_words(seconds / 3600.0)
        title = f"{size_words(raw)} take {figure} to reach {case.machine_name}"
        why = "Start the transfer before the first month, or bring less: packed and cleaned data."
    else:
        return
    yield Finding(
        rule="transfer",
        severity="info" if seconds is None else "warn",
        title=title,
        why=why,
        figure=figure,
        limit=f"{LONG_TRANSFER_DAYS:.0f} days",
        source="Size of the data; the rate is your input",
    )


def _transfer_passed(case: Case) -> Passed | None:
    seconds = transfer_seconds(case.campaign, case.catalogue)
    if seconds is None:
        return None
    words = (
        f"{size_words(data_of(case.campaign, case.catalogue).raw_bytes)} in {hours_words(seconds / 3600.0)}"
    )
    return Passed(words, hours_words(seconds / 3600.0), source="Your input")


def preparation(case: Case) -> Iterator[Finding]:
    """Preparing text takes CPU hours that no site or paper of the catalogue states."""
    data = data_of(case.campaign, case.catalogue)
    if not data.tokens:
        return
    cpu = case.machine.cpu_partition
    where = (
        f"{case.machine_name} has a CPU partition for it: {cpu.value}."
        if cpu is not None
        else ("No CPU partition of the site stands in the catalogue.")
    )
    yield Finding(
        rule="data-preparation",
        severity="info",
        title=f"CPU hours to tokenise {size_words(data.raw_bytes)} are not published",
        why=f"No fact gives a rate, so none is invented: time a sample and ask for CPU hours beside. {where}",
        figure=size_words(data.raw_bytes),
        limit="not published",
        source=source_words(cpu) if cpu is not None else "Not found in the catalogue",
        fact=cpu,
    )


RULES = (
    Rule("storage-quota", "Storage quota", storage_quota, _quota_passed),
    Rule("quota-known", "Known quotas", quota_known, never),
    Rule("file-quota", "File quota", file_quota, _files_passed),
    Rule("purge", "Removal of files", purge, never),
    Rule("transfer", "Data transfer", transfer, _transfer_passed),
    Rule("data-preparation", "Data preparation", preparation, never),
)
