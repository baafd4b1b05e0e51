"""What goes into a request: the runs of a campaign, who asks, what they know of their site.

`plan_request` turns a `CampaignSpec` into the `Request` of `estimators.requests.results`. Node-hours in a
request are whole numbers; everything else about hours follows from them by exact fractions.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from estimators.planning.records import RunSpec
from estimators.quantity import Fact, Range

Role = Literal["test", "ablation", "sweep", "main", "tuning", "evaluation", "other"]
Applicant = Literal["start-up", "sme", "large-company", "university", "public-body"]
ScalingKind = Literal["strong", "weak"]
StatedUnit = Literal["node-hours", "GPU-hours", "device-hours", "site-units", "GPU-node-hours"]
"""What a user may have written behind a request; "GPU-node-hours" is no unit, and said to be none."""

DEFAULT_FAILED = Range(p10=0.05, p50=0.10, p80=0.13, p90=0.15)
"""Share of runs that fail or are repeated: 5 to 15 % in practice, a judgement that the user may change."""
DEFAULT_QUEUE_SLACK = 0.2
"""Calendar time beside running jobs, as a share of them: an assumption, no site publishes waiting times."""


@dataclass(frozen=True, slots=True)
class CampaignRun:
    """One line of the campaign: a run, how often, and when.

    Attributes:
        id: Unique in the campaign.
        role: What the run is for; decides colour, icon and the order of the form.
        spec: The run itself, already cut to its share of the full size.
        count: How often it is run (seeds, trials).
        at_once: How many of them run side by side.
        after: Ids of runs that must end first.
        earliest_month: First month in which it may start, from 1; None for as soon as possible.
        fixed_hours: Wall-clock hours of one run where the user knows them; replaces the estimate.
        restarts_from_checkpoint: Whether the run writes checkpoints and can be chained.
    """

    id: str
    name: str
    role: Role
    spec: RunSpec
    count: int = 1
    at_once: int = 1
    after: tuple[str, ...] = ()
    earliest_month: int | None = None
    fixed_hours: float | None = None
    restarts_from_checkpoint: bool = True


@dataclass(frozen=True, slots=True)
class Overhead:
    """What a campaign needs beyond its named runs.

    Either failed runs and a contingency stand as rows, or one published factor on the main runs replaces
    both.

    Attributes:
        failed_share: Share of the hours of the runs that goes into failed and repeated ones.
        factor: Published total over the final runs, or None for rows.
        factor_fact: Where the factor comes from.
    """

    failed_share: Range = DEFAULT_FAILED
    factor: Range | None = None
    factor_fact: Fact[object] | None = None


@dataclass(frozen=True, slots=True)
class StorageNeeds:
    """What the project keeps on disk.

    Attributes:
        data_bytes: Raw data brought to the site; None derives it from the tokens or images of the runs.
        data_files: Number of its files; None where the user does not know.
        checkpoints_kept: Full checkpoints of the main run kept at a time.
        milestones_kept: Weights-only copies kept to the end.
        work_quota_bytes: Quota that the site granted; None takes the catalogue's figure where there is one.
        transfer_bytes_per_second: Rate to the site that the user can count on; None where not known.
    """

    data_bytes: float | None = None
    data_files: int | None = None
    checkpoints_kept: int = 5
    milestones_kept: int = 2
    work_quota_bytes: float | None = None
    transfer_bytes_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a mode was offered on a machine when the user looked at the portal."""

    machine: str
    mode: str
    offered: bool
    as_of: datetime.date


@dataclass(frozen=True, slots=True)
class ScalingPoint:
    """One measured point of a scaling test.

    Attributes:
        machine: Id of a catalogue machine, or "own".
        gpus: Devices as software sees them.
        step_seconds: Mean seconds of one optimiser step after warm-up.
        batch_samples: Global batch of that step.
        kind: Strong scaling keeps the global batch, weak scaling the batch of each GPU.
        run_id: The run of the campaign that it stands for; None for the main run.
        confirmed: Whether a person said that it is right though it lies far from the prediction.
    """

    machine: str
    gpus: int
    step_seconds: float
    batch_samples: int
    kind: ScalingKind
    run_id: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class UsedHours:
    """Node-hours that the project's jobs used, as imported from the site's accounting.

    Attributes:
        day: Day on which the jobs ended.
        node_hours: Of all jobs of that day.
        jobs: How many jobs ended.
        failed_jobs: How many of them did not complete.
        energy_kwh: As the site's accounting states it, None where it does not.
    """

    day: datetime.date
    node_hours: float
    jobs: int
    failed_jobs: int = 0
    energy_kwh: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """A whole project, independent of what it will cost.

    Attributes:
        name: As in the file name.
        title: What the project is about, in words.
        summary: The same in some sentences of the applicant, "" where they are not written yet.
        applicant_name: Organisation that asks; "" where the user has not said.
        software_release: Release of the main run's program; "" where the user has not said.
        runs: At least one; exactly those with role "main" are the final runs.
        machine: Id of the machine asked for; None takes the headline machine of the main run.
        fallback: Id of the machine to name if the first is not offered.
        start: First day of the project; None for the earliest day that the access mode allows.
        months: Length of the project; 0 takes the shortest usual length that holds the runs.
        plan_percentile: Quantile of the milestone lines.
        request_percentile: Quantile of the request.
        queue_slack: Calendar time beside running jobs, as a share of them.
        applicant: Who asks; None where the user has not said.
        country: ISO code of the applicant's country, None where the user has not said.
        mode: Access mode asked for; None takes the smallest door that serves.
        containers: Whether the project brings its own container images (matters on aarch64).
        stated_request: What the user has written into a form so far; None where nothing.
        stated_unit: The unit that stands behind it.
        seed: Of the Monte-Carlo.
    """

    name: str
    title: str
    runs: tuple[CampaignRun, ...]
    machine: str | None = None
    fallback: str | None = None
    start: datetime.date | None = None
    months: int = 0
    plan_percentile: int = 50
    request_percentile: int = 80
    queue_slack: float = DEFAULT_QUEUE_SLACK
    overhead: Overhead = field(default_factory=Overhead)
    storage: StorageNeeds = field(default_factory=StorageNeeds)
    applicant: Applicant | None = None
    country: str | None = None
    mode: str | None = None
    offers: tuple[Offer, ...] = ()
    scaling: tuple[ScalingPoint, ...] = ()
    used: tuple[UsedHours, ...] = ()
    containers: bool = False
    stated_request: float | None = None
    stated_unit: StatedUnit = "node-hours"
    seed: int = 1
    summary: str = ""
    applicant_name: str = ""
    software_release: str = ""

    def main(self) -> CampaignRun:
        """The main run: the first with that role, else the first of all."""
        return next((run for run in self.runs if run.role == "main"), self.runs[0])
