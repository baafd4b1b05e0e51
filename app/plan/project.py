"""What a plan says of the project around its runs: length, access mode, storage, hours used."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta

from app.plan.bounds import (
    Bytes,
    Country,
    Devices,
    Files,
    Kept,
    Label,
    Months,
    Percentile,
    PlanRecord,
    Share,
    Stated,
    StepSeconds,
)
from estimators.catalogue.architectures import Count

Applicant = Literal["start-up", "sme", "large-company", "university", "public-body"]
ScalingKind = Literal["strong", "weak"]
StatedUnit = Literal["node-hours", "GPU-hours", "device-hours", "site-units", "GPU-node-hours"]

APPLICANTS: tuple[str, ...] = get_args(Applicant)


class OverheadInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """What the project needs beyond its runs.

    Attributes:
        failed_share: Share of the hours that goes into failed and repeated runs; None takes the default.
        factor: Id of a published overhead in the catalogue; it replaces failed runs and contingency.
    """

    failed_share: Share | None = None
    factor: Label | None = None


class StorageInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """What the project keeps on disk.

    Attributes:
        data_bytes: Raw data brought to the site; None derives it from the data of the runs.
        data_files: Number of its files.
        checkpoints_kept: Full checkpoints of the main run kept at a time.
        milestones_kept: Weights kept to the end.
        work_quota_bytes: Quota that the site granted; None takes the catalogue's.
        transfer_bytes_per_second: Rate to the site that can be counted on.
    """

    data_bytes: Bytes | None = None
    data_files: Files | None = None
    checkpoints_kept: Kept = 5
    milestones_kept: Kept = 2
    work_quota_bytes: Bytes | None = None
    transfer_bytes_per_second: Bytes | None = None


class OfferInput(PlanRecord, frozen=True, kw_only=True):
    """Whether a mode was offered on a machine on the day the user looked."""

    machine: Label
    mode: Label
    offered: bool
    as_of: datetime.date


class ScalingPointInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """One measured point of a scaling test.

    Attributes:
        machine: Id in the catalogue, or "own" for the user's hardware.
        gpus: Devices as software sees them.
        step_seconds: Mean time of one optimiser step after warm-up, in seconds.
        batch_samples: Global batch of that step.
        kind: Strong scaling keeps the global batch, weak scaling the batch of each GPU.
        run_id: The run that it stands for; None for the main run.
        confirmed: Whether somebody said that it is right though it lies far from the prediction.
    """

    machine: Label
    gpus: Devices
    step_seconds: StepSeconds
    batch_samples: Count
    kind: ScalingKind = "strong"
    run_id: Label | None = None
    confirmed: bool = False


class UsedHoursInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """Node-hours that the project's jobs used on one day, from the site's accounting."""

    day: datetime.date
    node_hours: Annotated[float, Meta(ge=0.0, le=1e9)]
    jobs: Kept = 0
    failed_jobs: Kept = 0
    energy_kwh: Annotated[float, Meta(ge=0.0, le=1e12)] | None = None


class CampaignInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """The project around the runs: how long, through which door, with what margin.

    Attributes:
        months: Length of the project; None takes the longest of the smallest mode that fits.
        plan_percentile: Quantile of the milestone lines.
        request_percentile: Quantile of the request.
        queue_slack: Calendar time beside running jobs, as a share of them; None takes the default.
        applicant: Who asks.
        country: ISO code of the applicant's country, as "FI".
        mode: Access mode asked for; None takes the smallest that serves.
        fallback: Machine to name where the first is not offered.
        offers: What the portal offered when the user looked.
        containers: Whether the project brings its own container images.
        stated_request: What stands in the user's form so far; checks compare it with the milestones.
        stated_unit: The unit behind it.
        scaling: Measured scaling tests.
        used: Hours used after the award.
    """

    months: Months | None = None
    plan_percentile: Percentile = 50
    request_percentile: Percentile = 80
    queue_slack: Share | None = None
    overhead: OverheadInput = OverheadInput()
    storage: StorageInput = StorageInput()
    applicant: Applicant | None = None
    country: Country | None = None
    mode: Label | None = None
    fallback: Label | None = None
    offers: tuple[OfferInput, ...] = ()
    containers: bool = False
    stated_request: Stated | None = None
    stated_unit: StatedUnit = "node-hours"
    scaling: tuple[ScalingPointInput, ...] = ()
    used: tuple[UsedHoursInput, ...] = ()
