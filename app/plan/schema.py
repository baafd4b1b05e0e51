"""What a plan file holds: inputs only, results are computed anew.

The records here are the document that the window edits and the file that it saves, version 1. A value
of None means "I don't know": the estimate then takes the stated default. `published_schema` writes the
same structure as a JSON Schema.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from msgspec import Meta

from app.plan.bounds import (
    Amount,
    Capacity,
    Devices,
    Group,
    Hours,
    Label,
    Language,
    Line,
    Months,
    Part,
    PlanRecord,
    Positive,
    Prose,
    Repeats,
    StepSeconds,
    Title,
)
from app.plan.project import CampaignInput
from app.plan.shapes import ModelShape
from estimators.catalogue.architectures import Count
from estimators.catalogue.records import Precision
from estimators.workloads.methods import METHODS as RULES

FORMAT: Final = "nodewise-plan"
VERSION: Final = 1
REVISION: Final = 1
"""Of version 1: raised with every key that is added to it, so that an older program refuses the file."""

KEYS_SINCE: Final = {1: frozenset({"dossier", "confirmed", "multi_token_prediction"})}
"""Names of the keys that each revision brought; a file that uses none of them is of revision 0."""

SUFFIX = ".nodewise.json"

Role = Literal["test", "ablation", "sweep", "main", "tuning", "evaluation", "other"]
Edition = Literal["reviewer", "team"]
Software = Literal["megatron", "fsdp", "trainer"]
Recompute = Literal["none", "selective", "full"]
Schedule = Literal["1f1b", "interleaved", "zero-bubble", "zero-bubble-2p"]
ContextKind = Literal["ring", "all-gather", "ulysses"]
Recipe = Literal["delayed", "current", "row-wise", "block-wise"]

ROLES: tuple[Role, ...] = get_args(Role)
EDITIONS: tuple[Edition, ...] = get_args(Edition)
METHODS: tuple[str, ...] = tuple(RULES)
PRECISIONS: tuple[str, ...] = get_args(Precision)
SOFTWARES: tuple[str, ...] = get_args(Software)
DEFAULT_SOFTWARE: Final = "megatron"
"""Class of the training program where a plan names none."""
RECOMPUTES: tuple[str, ...] = get_args(Recompute)
SCHEDULES: tuple[str, ...] = get_args(Schedule)
CONTEXT_KINDS: tuple[str, ...] = get_args(ContextKind)
RECIPES: tuple[str, ...] = get_args(Recipe)

if TYPE_CHECKING:
    Method = str
else:
    Method = Literal[METHODS]  # as many as have a rule

OWN_MACHINE: Final = "own"
"""Names the user's hardware where a machine is asked for."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Of the days that a plan may name."""


class WorkloadInput(PlanRecord, frozen=True, kw_only=True):
    """What is trained.

    Attributes:
        model: Id in the catalogue, or a shape of one's own.
        method: How it is trained.
        sequence_tokens: Tokens of one text sample; None takes the model's, at most 4096.
        precision: Wanted precision of the matrix products; a GPU that lacks it falls back.
        multi_token_prediction: Whether the model's token-prediction block is trained too.
    """

    model: Label | ModelShape
    method: Method
    sequence_tokens: Count | None = None
    precision: Precision = "bf16"
    multi_token_prediction: bool = False


class DataInput(PlanRecord, frozen=True, kw_only=True):
    """On how much data: exactly one of `tokens`, `sequences` and `images` is given.

    Attributes:
        tokens: Text tokens of one pass.
        sequences: Text samples of one pass.
        images: Images of one pass.
        passes: Times that the data is seen.
        global_batch_tokens: Tokens of one optimiser step; None takes the default of the method.
        global_batch_samples: The same in samples; at most one of the two is given.
    """

    tokens: Amount | None = None
    sequences: Amount | None = None
    images: Amount | None = None
    passes: Positive = 1
    global_batch_tokens: Amount | None = None
    global_batch_samples: Count | None = None


class LayoutInput(PlanRecord, frozen=True, kw_only=True):
    """Parts of the parallel layout that the user fixes; None leaves the choice to the search.

    Attributes:
        schedule: Order of the pipeline's passes; None takes the better of 1F1B and interleaved.
        context_kind: How context parallelism moves keys and values; None takes the ring.
        shard_group: Data-parallel GPUs that share the states; 0 for all of them.
        recipe: How 8-bit products are scaled; None takes current scaling.
        expert_capacity: Most tokens that an expert takes, against the mean; the rest is dropped. None drops
            no token.
    """

    tensor_parallel: Devices | None = None
    pipeline_parallel: Devices | None = None
    context_parallel: Devices | None = None
    zero_stage: Literal[0, 1, 2, 3] | None = None
    micro_batch: Count | None = None
    recompute: Recompute | None = None
    schedule: Schedule | None = None
    context_kind: ContextKind | None = None
    shard_group: Group | None = None
    recipe: Recipe | None = None
    expert_capacity: Capacity | None = None


class MeasuredStepInput(PlanRecord, frozen=True, kw_only=True):
    """A step of this model that the user measured; it moves the estimate and narrows its range.

    Attributes:
        machine: Id in the catalogue, or "own" for the user's hardware.
        gpus: Devices of that run as software sees them.
        step_seconds: Mean time of one optimiser step after warm-up, in seconds.
        batch_samples: Samples of that step; None takes the plan's batch.
        confirmed: Whether somebody said that it is right though it lies far from the prediction.
    """

    machine: Label
    gpus: Devices
    step_seconds: StepSeconds
    batch_samples: Count | None = None
    confirmed: bool = False


class RunInput(PlanRecord, frozen=True, kw_only=True):
    """One training run of the plan.

    Attributes:
        id: Unique in the plan; stays when the name changes.
        software: Class of the training program; None takes the default.
        gpus: Devices on the plan's machine as software sees them; None leaves the choice.
        measured_step: A step that the user measured; None where there is none.
        role: What the run is for; the main run is the project's goal.
        count: How often it is run (seeds, trials).
        at_once: How many of them run side by side.
        share: Part of the full data that one run sees, for tests and ablations.
        after: Ids of runs that must end first.
        earliest_month: First month of the project in which it may start.
        fixed_hours: Wall-clock hours of one run where they are known; they replace the estimate.
        checkpoints: Whether the run can go on from a checkpoint.
    """

    id: Label
    name: Label
    workload: WorkloadInput
    data: DataInput
    software: Software | None = None
    gpus: Devices | None = None
    layout: LayoutInput = LayoutInput()
    measured_step: MeasuredStepInput | None = None
    role: Role = "main"
    count: Repeats = 1
    at_once: Repeats = 1
    share: Part = 1
    after: tuple[Label, ...] = ()
    earliest_month: Months | None = None
    fixed_hours: Hours | None = None
    checkpoints: bool = True


class TargetInput(PlanRecord, frozen=True, kw_only=True):
    """Where and by when.

    Attributes:
        machine: Id in the catalogue; None asks for the best machine.
        deadline_days: Wall-clock time in which the run must end.
        start_date: First day, for dates on the screen.
    """

    machine: Label | None = None
    deadline_days: Positive | None = None
    start_date: datetime.date | None = None


class OwnHardwareInput(PlanRecord, frozen=True, kw_only=True):
    """What the user has today."""

    gpu: Label = "rtx4090"
    gpus: Devices = 4


class DossierInput(PlanRecord, frozen=True, kw_only=True, omit_defaults=True):
    """What the dossier says in the applicant's own words; empty text is left out of it.

    Attributes:
        title: Of the project, as it stands above the dossier; it wins over the plan's.
        applicant_name: Organisation that asks.
        acronym: Short name of the project.
        summary: What the project is about and why, in a few sentences.
        software_version: Release of the training program, as "Megatron-LM core 0.14".
        language: ISO 639 code of the language of title and summary, as "fi"; the dossier speaks it too where
            Nodewise can. None for English titles and the language of whoever exports.
        edition: The reviewer's edition may be uploaded; the team's adds what the team must still do.
    """

    title: Title = ""
    applicant_name: Line = ""
    acronym: Line = ""
    summary: Prose = ""
    software_version: Line = ""
    language: Language | None = None
    edition: Edition = "reviewer"


class SavedAnswer(PlanRecord, frozen=True, kw_only=True):
    """The answer when the plan was saved.

    The one part of a plan that is no input: with it the window can say that a newer catalogue changed
    the answer, and list a recent plan with its figure.
    """

    gpu_hours_p50: Annotated[float, Meta(ge=0.0)]
    catalogue_date: datetime.date
    machine: Label | None = None


class Plan(PlanRecord, frozen=True, kw_only=True):
    """A plan: the runs, where and by when, and what the user has today.

    Attributes:
        name: Short, as in the title bar and the file name.
        title: What it is about, in words; `about` is what is shown.
        catalogue_date: Date of the catalogue that the plan was made with.
        campaign: The project around the runs.
        dossier: What the dossier says in the applicant's own words.
    """

    format: Literal["nodewise-plan"] = FORMAT
    version: Literal[1] = VERSION
    name: Label
    title: Title = ""
    catalogue_date: datetime.date | None = None
    runs: Annotated[tuple[RunInput, ...], Meta(min_length=1, max_length=1000)]
    target: TargetInput = TargetInput()
    own_hardware: OwnHardwareInput = OwnHardwareInput()
    campaign: CampaignInput = CampaignInput()
    dossier: DossierInput = DossierInput()
    answer_when_saved: SavedAnswer | None = None

    @property
    def about(self) -> str:
        """What the plan is about, in words: the dossier's title, else the plan's; "" where it has none."""
        return self.dossier.title or self.title

    def run(self, run_id: str | None = None) -> RunInput:
        """The run of this id, or the main run: the first with that role, else the first of all.

        Raises:
            KeyError: The plan has no run of this id.
        """
        if run_id is None:
            return next((run for run in self.runs if run.role == "main"), self.runs[0])
        for run in self.runs:
            if run.id == run_id:
                return run
        raise KeyError(run_id)
