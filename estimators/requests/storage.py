"""Bytes and files that a campaign keeps on the site's disks, and how long its data take to get there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.catalogue.architectures import Image, Method
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine, StorageArea
from estimators.planning.records import RunSpec
from estimators.quantity import Fact
from estimators.requests.campaign_results import Campaign
from estimators.requests.jobs import checkpoint_of, parameters_of
from estimators.requests.results import StorageItem, StoragePart
from estimators.words import Amount, Name, say

SHARD_BYTES = 1e9
"""Size of one file of packed data: an assumption, usual in published pipelines."""
HOME_BYTES, HOME_FILES = 1e9, 5_000
"""Code and settings at home: an assumption; environments and containers belong elsewhere."""
WEIGHT_BYTES = 2.0
"""16-bit weights of a milestone, for each parameter."""
WHOLE_VOCABULARY = 65_536
"""Largest vocabulary whose tokens fit in two bytes."""
LARGE_IMAGE_PIXELS = 512
PASSING_ROLES = ("test", "evaluation")
"""Runs that leave no checkpoint behind."""

RAW = say("Raw data")


@dataclass(frozen=True, slots=True)
class Data:
    """Training data of the campaign before and after its preparation.

    Attributes:
        raw_bytes: As brought to the site.
        raw_files: Number of those files.
        tokens: Text tokens that a tokeniser has to write; 0 for images.
        token_bytes: Bytes of one stored token.
    """

    raw_bytes: float
    raw_files: int
    tokens: float
    token_bytes: float

    @property
    def tokenised_bytes(self) -> float:
        """Token files, or packed images where there are no tokens."""
        return self.tokens * self.token_bytes if self.tokens else self.raw_bytes


def data_of(campaign: Campaign, catalogue: Catalogue) -> Data:
    """The data behind the runs: the largest of each method, since smaller runs see a part of them."""
    largest: dict[Method, RunSpec] = {}
    for run in campaign.spec.runs:
        known = largest.get(run.spec.method)
        if known is None or _units(run.spec) > _units(known):
            largest[run.spec.method] = run.spec
    specs = tuple(largest.values())
    derived = sum(_raw_bytes(spec, catalogue) for spec in specs)
    given = campaign.spec.storage
    raw = derived if given.data_bytes is None else given.data_bytes
    texts = [spec for spec in specs if spec.sample.tokens_of_text]
    images = sum(spec.samples for spec in specs if not spec.sample.tokens_of_text)
    shards = math.ceil(raw / SHARD_BYTES) if texts else 0
    return Data(
        raw_bytes=raw,
        raw_files=given.data_files if given.data_files is not None else int(max(shards, images, 1)),
        tokens=sum(_tokens(spec) for spec in texts),
        token_bytes=max((_token_bytes(spec) for spec in texts), default=0.0),
    )


def _units(spec: RunSpec) -> float:
    return spec.samples * spec.positions


def _tokens(spec: RunSpec) -> float:
    return spec.samples * spec.sample.tokens_of_text


def _token_bytes(spec: RunSpec) -> float:
    shape = spec.model.architecture
    vocabulary = shape.vocabulary if shape is not None else None
    return 2.0 if (vocabulary or math.inf) <= WHOLE_VOCABULARY else 4.0


def _raw_bytes(spec: RunSpec, catalogue: Catalogue) -> float:
    """Raw size of one pass: bytes of a token (English, the larger of the published means) or of an image."""
    sizes = catalogue.data_defaults
    if not isinstance(spec.sample, Image):
        table = sizes["text"].facts["bytes_per_token"].value or {}
        return _tokens(spec) * float(table["english"])
    large = spec.sample.pixels > LARGE_IMAGE_PIXELS
    return spec.samples * sizes["image"].facts["jpeg_1024px" if large else "imagenet_mean"].si


def area_of(machine: Machine, place: str) -> StorageArea | None:
    """What the site publishes on one place; None where it has no such place or names none."""
    return next((area for area in machine.storage if area.place == place), None)


def place_of_results(machine: Machine) -> str:
    """Where checkpoints and milestones lie: WORK, or SCRATCH where the site has no such area."""
    return "scratch" if machine.storage and area_of(machine, "work") is None else "work"


def place_of_copies(machine: Machine) -> str:
    """Where raw and prepared data lie: SCRATCH, or WORK where the site has no scratch."""
    return "work" if machine.storage and area_of(machine, "scratch") is None else "scratch"


def storage_needs(campaign: Campaign, catalogue: Catalogue) -> tuple[StorageItem, ...]:
    """What lies on SCRATCH, WORK, HOME and ARCHIVE at the busiest time, in the order of the form."""
    machine = campaign.machine
    data = data_of(campaign, catalogue)
    parts: dict[str, list[StoragePart]] = {"scratch": [], "work": [], "home": [], "archive": []}
    files = dict.fromkeys(parts, 0)
    copies, results = place_of_copies(machine), place_of_results(machine)
    parts[copies] += data_parts(data)
    files[copies] += 2 * data.raw_files + 2 * math.ceil(data.tokenised_bytes / SHARD_BYTES)
    kept, kept_files = _checkpoint_parts(campaign, catalogue)
    parts[results] += kept
    files[results] += kept_files
    parts["home"].append(StoragePart("other", say("Code and settings (assumed)"), HOME_BYTES))
    files["home"] += HOME_FILES
    weights = WEIGHT_BYTES * parameters_of(campaign.main.run.spec)
    archived = campaign.spec.storage.milestones_kept + 1
    name = Name(campaign.main.run.name)
    words = say("{n} × weights of {run}", n=Amount(archived, form="fixed"), run=name)
    parts["archive"].append(StoragePart("other", words, archived * weights))
    files["archive"] += archived
    return tuple(item_of(campaign, place, tuple(parts[place]), files[place]) for place in parts)


def data_parts(data: Data) -> list[StoragePart]:
    """Raw data and the copies that preparing them makes: 3 to 4 times the cleaned text at the peak."""
    if not data.tokens:
        return [
            StoragePart("data", RAW, data.raw_bytes),
            StoragePart("data", say("Packed data"), data.raw_bytes),
        ]
    return [
        StoragePart("data", RAW, data.raw_bytes),
        StoragePart("data", say("Cleaned data"), data.raw_bytes),
        StoragePart("data", say("Tokenised data"), data.tokenised_bytes),
        StoragePart("data", say("Shuffled copy"), data.tokenised_bytes),
    ]


def checkpoint_bytes(campaign: Campaign, catalogue: Catalogue) -> float:
    """A full checkpoint of the main run; 0 where it writes none."""
    if not campaign.main.run.restarts_from_checkpoint:
        return 0.0
    return checkpoint_of(campaign.main, campaign, catalogue).bytes


def _checkpoint_parts(campaign: Campaign, catalogue: Catalogue) -> tuple[list[StoragePart], int]:
    """Checkpoints and milestones, with one file for each device of a job."""
    needs, main = campaign.spec.storage, campaign.main
    full = checkpoint_bytes(campaign, catalogue)
    weights, name = WEIGHT_BYTES * parameters_of(main.run.spec), Name(main.run.name)
    parts = [
        StoragePart(
            "checkpoints",
            say("{n} checkpoints of {run}", n=Amount(needs.checkpoints_kept, form="fixed"), run=name),
            needs.checkpoints_kept * full,
        ),
        StoragePart(
            "other",
            say("{n} milestones of {run}", n=Amount(needs.milestones_kept, form="fixed"), run=name),
            needs.milestones_kept * weights,
        ),
    ]
    files = (needs.checkpoints_kept + needs.milestones_kept) * ((main.answer.gpus or 1) + 1)
    others = [
        line
        for line in campaign.lines
        if line is not main and line.run.restarts_from_checkpoint and line.run.role not in PASSING_ROLES
    ]
    if others:
        held = sum(
            min(line.run.at_once, line.run.count) * checkpoint_of(line, campaign, catalogue).bytes
            for line in others
        )
        parts.append(StoragePart("checkpoints", say("Last checkpoint of every other run"), held))
        files += sum(line.run.at_once * ((line.answer.gpus or 1) + 1) for line in others)
    return parts, files


def item_of(campaign: Campaign, place: str, parts: tuple[StoragePart, ...], files: int) -> StorageItem:
    """What lies on one place, beside the quota that the user was granted or the site publishes."""
    area = area_of(campaign.machine, place)
    quota: Fact[float] | None = area.quota if area is not None else None
    limit = quota.si if quota is not None and quota.value is not None else None
    granted = campaign.spec.storage.work_quota_bytes
    if granted is not None and place == place_of_results(campaign.machine):
        limit = granted
        quota = Fact(value=granted, unit="bytes", source="your input", confidence="official")
    most = area.files if area is not None else None
    return StorageItem(
        place=place,
        bytes=sum(part.bytes for part in parts),
        files=files,
        parts=parts,
        quota_bytes=limit,
        quota_files=int(most.si) if most is not None and most.value is not None else None,
        quota_fact=quota,
    )


def transfer_bytes(campaign: Campaign, catalogue: Catalogue) -> tuple[float, float]:
    """Bytes to bring in (raw data) and to take out (weights of the archive)."""
    items = {item.place: item for item in storage_needs(campaign, catalogue)}
    return data_of(campaign, catalogue).raw_bytes, items["archive"].bytes


def transfer_seconds(campaign: Campaign, catalogue: Catalogue) -> float | None:
    """Time to bring the raw data to the site; None where the user gave no rate."""
    rate = campaign.spec.storage.transfer_bytes_per_second
    if not rate:
        return None
    return data_of(campaign, catalogue).raw_bytes / rate
