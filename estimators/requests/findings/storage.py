"""Disks against quotas, and files that disappear."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from estimators.catalogue.records import Number, StorageArea
from estimators.quantity import SECONDS_PER_DAY, Fact
from estimators.requests.findings.case import (
    NOT_IN_CATALOGUE,
    UNPUBLISHED,
    Case,
    Passed,
    Rule,
    count,
    grouped,
    never,
    size_words,
    source_words,
)
from estimators.requests.results import Finding, Fix, Severity, StorageItem, StoragePart
from estimators.requests.storage import (
    SHARD_BYTES,
    area_of,
    checkpoint_bytes,
    data_of,
    place_of_copies,
    place_of_results,
)
from estimators.words import NOTHING, Amount, Listed, Name, Said, say, say_many, together

PACK = say(
    "Pack the data into shards of about {size} before they travel: tar files, "
    "as WebDataset reads them, or Parquet.",
    size=size_words(SHARD_BYTES),
)
FAR_BEYOND = 2.0
"""Times the largest quota of all sites from which a need is no question of asking: a judgement."""
TEN_TIMES = 10.0
"""The quota of a site, from which a need is no question of asking either: a judgement."""


def storage_quota(case: Case) -> Iterator[Finding]:
    """What lies on a disk at the busiest time stays within its quota."""
    for item in case.storage:
        if item.quota_bytes is not None and item.bytes > item.quota_bytes:
            yield _over_quota(case, item, item.quota_bytes)


def _over_quota(case: Case, item: StorageItem, quota: float) -> Finding:
    area = area_of(case.machine, item.place)
    largest = max(item.parts, key=lambda part: part.bytes)
    kept = _kept_that_fit(case, item, quota)
    why = say("The largest part: {part}, {size}.", part=largest.name, size=size_words(largest.bytes))
    if kept is not None:
        full = checkpoint_bytes(case.campaign, case.catalogue)
        number = case.campaign.spec.storage.checkpoints_kept
        less = size_words(item.bytes - (number - kept) * full)
        why = together(
            say_many(
                "{n} checkpoint of {size} are kept.",
                "{n} checkpoints of {size} are kept.",
                number,
                n=count(number),
                size=size_words(full),
            ),
            say("With {checkpoints} kept it is {size}.", checkpoints=_last(kept), size=less),
        )
    elif area is not None and area.quota_on_request is not None:
        granted = size_words(area.quota_on_request.si)
        why = together(why, say("The site grants up to {size} on request.", size=granted))
    elif largest.kind == "data":
        why = together(why, say("Bring packed and cleaned data, and work through them in parts that fit."))
    return Finding(
        rule="storage-quota",
        severity=_severity(case, area, item, quota),
        title=say(
            "{need}, {place} holds {quota}",
            need=_need(item, largest),
            place=Name(item.place.upper()),
            quota=size_words(quota),
        ),
        why=together(why, _how_firm(area, item)),
        figure=size_words(item.bytes),
        limit=size_words(quota),
        source=source_words(item.quota_fact),
        fact=item.quota_fact,
        fix=None if kept is None else Fix(say("Keep {kept}", kept=_last(kept)), "checkpoints_kept", kept),
    )


def _last(kept: int) -> Said:
    return say("the last {n}", n=count(kept)) if kept > 1 else say("only the last")


def _need(item: StorageItem, largest: StoragePart) -> Said:
    """Who needs how much space."""
    size = size_words(item.bytes)
    if largest.kind == "checkpoints":
        return say("Checkpoints need {size}", size=size)
    if largest.kind == "data":
        return say("Data need {size}", size=size)
    return say("{place} needs {size}", place=Name(item.place.upper()), size=size)


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


def _how_firm(area: StorageArea | None, item: StorageItem) -> Said:
    if area is None or _is_granted(item):
        return NOTHING
    if area.is_default:
        return say("The quota is a default: ask for more in the form.")
    return say("The quota was seen on one project only: ask for yours.") if area.seen_once else NOTHING


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
    words = say(
        "{bytes} of {limit} on {place}",
        bytes=size_words(item.bytes),
        limit=limit,
        place=Name(item.place.upper()),
    )
    return Passed(words, size_words(item.bytes), limit, item.quota_fact)


def quota_known(case: Case) -> Iterator[Finding]:
    """Where the site publishes no quota for the bulk of the data, it has to be asked for."""
    places = {place_of_results(case.machine), place_of_copies(case.machine)}
    missing = [item for item in case.storage if item.place in places and item.quota_bytes is None]
    if not missing:
        return
    names = Listed(tuple(Name(item.place.upper()) for item in missing))
    total = sum(item.bytes for item in missing)
    most = _most(case, "quota")
    largest = max(missing, key=lambda item: item.bytes)
    if largest.bytes > FAR_BEYOND * most:
        yield _beyond_all(case, largest, most)
        return
    yield Finding(
        rule="quota-known",
        severity="info",
        title=say(
            "The quota of {places} on {machine} is not published",
            places=names,
            machine=Name(case.machine_name),
        ),
        why=say("Ask for {total} in the form, and name it in the support request.", total=size_words(total)),
        figure=size_words(total),
        limit=UNPUBLISHED,
        source=NOT_IN_CATALOGUE,
    )


def _beyond_all(case: Case, item: StorageItem, most: float) -> Finding:
    """More than any site gives, where this one publishes no quota."""
    return Finding(
        rule="quota-known",
        severity="fail",
        title=say(
            "{place} needs {size}; {machine} publishes no quota, and no site gives more than {most}",
            place=Name(item.place.upper()),
            size=size_words(item.bytes),
            machine=Name(case.machine_name),
            most=size_words(most),
        ),
        why=say(
            "Bring packed and cleaned data, work through them in parts, and ask the site before you apply."
        ),
        figure=size_words(item.bytes),
        limit=say("not published; at most {most} elsewhere", most=size_words(most)),
        source=say("Largest quota of the sites in the catalogue"),
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
        seen_once = area is not None and area.seen_once
        asked = seen_once and item.files <= FAR_BEYOND * most
        yield Finding(
            rule="file-quota",
            severity="warn" if asked else "fail",
            title=say(
                "{place} needs {files} files, its quota is {quota_files}",
                place=Name(item.place.upper()),
                files=grouped(item.files),
                quota_files=grouped(item.quota_files),
            ),
            why=together(PACK, say("The quota was seen on one project only.")) if seen_once else PACK,
            figure=say_many("{n} file", "{n} files", item.files, n=count(item.files)),
            limit=say_many("{n} file", "{n} files", item.quota_files, n=count(item.quota_files)),
            source=source_words(fact),
            fact=fact,
            fix=_packed(case, item),
        )


def _files_beyond_all(case: Case, item: StorageItem, most: float) -> Finding:
    """More files than any site takes, where this one publishes no quota of files."""
    return Finding(
        rule="file-quota",
        severity="fail",
        title=say(
            "{place} needs {files} files; {machine} publishes no quota of files, and no site "
            "takes more than {most}",
            place=Name(item.place.upper()),
            files=grouped(item.files or 0),
            machine=Name(case.machine_name),
            most=grouped(most),
        ),
        why=PACK,
        figure=say_many("{n} file", "{n} files", item.files or 0, n=count(item.files or 0)),
        limit=say(
            "not published; at most {files} elsewhere",
            files=say_many("{n} file", "{n} files", most, n=count(most)),
        ),
        source=say("Largest quota of files of the sites in the catalogue"),
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
    return Fix(
        say("Pack into {files}", files=say_many("{n} file", "{n} files", packed, n=count(packed))),
        "data_files",
        packed,
    )


def _files_passed(case: Case) -> Passed | None:
    known = [item for item in case.storage if item.quota_files and item.files is not None]
    if not known:
        return None
    item = max(known, key=lambda one: (one.files or 0) / (one.quota_files or 1))
    area = area_of(case.machine, item.place)
    limit = grouped(item.quota_files or 0)
    words = say(
        "{files} of {limit} files on {place}",
        files=grouped(item.files or 0),
        limit=limit,
        place=Name(item.place.upper()),
    )
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
    limit = (
        UNPUBLISHED
        if after.value is None
        else say("{n} days", n=Amount(after.si / SECONDS_PER_DAY, form="fixed"))
    )
    when = (
        say("at a time that is not published") if after.value is None else say("after {limit}", limit=limit)
    )
    what = say("Checkpoints") if place == place_of_results(case.machine) else say("Prepared data")
    note = NOTHING
    if after.note and after.value is not None:
        note = say("Note: {note}.", note=Name(after.note))
    return Finding(
        rule="purge",
        severity="warn",
        title=say(
            "{what} lie on {area}, which is cleared {when}; the project has {days} days",
            what=what,
            area=Name(area.name),
            when=when,
            days=count(days),
        ),
        why=together(say("Copy what must last to a safe place in time."), note),
        figure=say("{n} days", n=count(days)),
        limit=limit,
        source=source_words(after),
        fact=after,
    )


RULES = (
    Rule("storage-quota", say("Storage quota"), storage_quota, _quota_passed),
    Rule("quota-known", say("Known quotas"), quota_known, never),
    Rule("file-quota", say("File quota"), file_quota, _files_passed),
    Rule("purge", say("Removal of files"), purge, never),
)
