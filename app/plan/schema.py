"""What a plan file holds: inputs only, results are computed anew.

The records here are the document that the window edits and the file that it saves, version 1. A value
of None means "I don't know": the estimate then takes the stated default. `published_schema` writes the
same structure as a JSON Schema.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from estimators.catalogue.records import Precision

FORMAT: Final = "nodewise-plan"
VERSION: Final = 1
SUFFIX = ".nodewise.json"

Method = Literal["pretraining", "continued-pretraining", "full-finetuning"]
Software = Literal["megatron", "fsdp", "trainer"]
Recompute = Literal["none", "selective", "full"]

METHODS: tuple[str, ...] = get_args(Method)
PRECISIONS: tuple[str, ...] = get_args(Precision)
SOFTWARES: tuple[str, ...] = get_args(Software)
RECOMPUTES: tuple[str, ...] = get_args(Recompute)

OWN_MACHINE: Final = "own"
"""Names the user's hardware where a machine is asked for."""

LARGEST_AMOUNT = 10**18
"""More samples than any data set holds; a larger number is a slip of the keyboard."""

Amount = Annotated[int, Meta(ge=1, le=LARGEST_AMOUNT)] | Annotated[float, Meta(ge=1.0, le=1e18)]
Positive = Annotated[int, Meta(gt=0, le=36_525)] | Annotated[float, Meta(gt=0.0, le=36_525.0)]
StepSeconds = Annotated[int, Meta(gt=0, le=86_400)] | Annotated[float, Meta(gt=0.0, le=86_400.0)]
Count = Annotated[int, Meta(ge=1, le=10**9)]
Devices = Annotated[int, Meta(ge=1, le=10**6)]
Label = Annotated[str, Meta(min_length=1, max_length=120)]
Words = Annotated[str, Meta(max_length=2000)]


class PlanRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a plan share: they never change, and a key that they lack is refused."""


class DecoderShape(PlanRecord, frozen=True, kw_only=True, tag_field="family", tag="decoder-lm"):
    """Shape of a language model that the catalogue does not have."""

    name: Label = "Your model"
    layers: Count
    hidden: Count
    heads: Count
    kv_heads: Count | None = None
    head_dim: Count | None = None
    ffn: Count
    ffn_gated: bool = True
    vocab: Count
    tied_embeddings: bool = False
    sliding_window: Count | None = None


class VisionShape(PlanRecord, frozen=True, kw_only=True, tag_field="family", tag="vision-transformer"):
    """Shape of an image classifier that the catalogue does not have."""

    name: Label = "Your model"
    layers: Count
    hidden: Count
    heads: Count
    ffn: Count
    image_pixels: Count = 224
    patch_pixels: Count = 16
    classes: Count = 1000


ModelShape = DecoderShape | VisionShape


class WorkloadInput(PlanRecord, frozen=True, kw_only=True):
    """What is trained.

    Attributes:
        model: Id in the catalogue, or a shape of one's own.
        method: How it is trained.
        sequence_tokens: Tokens of one text sample; None takes the model's, at most 4096.
        precision: Wanted precision of the matrix products; a GPU that lacks it falls back.
    """

    model: Label | ModelShape
    method: Method
    sequence_tokens: Count | None = None
    precision: Precision = "bf16"


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
    """Parts of the parallel layout that the user fixes; None leaves the choice to the search."""

    tensor_parallel: Devices | None = None
    pipeline_parallel: Devices | None = None
    context_parallel: Devices | None = None
    zero_stage: Literal[0, 1, 2, 3] | None = None
    micro_batch: Count | None = None
    recompute: Recompute | None = None


class MeasuredStepInput(PlanRecord, frozen=True, kw_only=True):
    """A step of this model that the user measured; it moves the estimate and narrows its range.

    Attributes:
        machine: Id in the catalogue, or "own" for the user's hardware.
        gpus: Devices of that run as software sees them.
        step_seconds: Mean time of one optimiser step after warm-up, in seconds.
        batch_samples: Samples of that step; None takes the plan's batch.
    """

    machine: Label
    gpus: Devices
    step_seconds: StepSeconds
    batch_samples: Count | None = None


class RunInput(PlanRecord, frozen=True, kw_only=True):
    """One training run of the plan.

    Attributes:
        id: Unique in the plan; stays when the name changes.
        software: Class of the training program; None takes the default.
        gpus: Devices on the plan's machine as software sees them; None leaves the choice.
        measured_step: A step that the user measured; None where there is none.
    """

    id: Label
    name: Label
    workload: WorkloadInput
    data: DataInput
    software: Software | None = None
    gpus: Devices | None = None
    layout: LayoutInput = LayoutInput()
    measured_step: MeasuredStepInput | None = None


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
        title: What it is about, in words.
        catalogue_date: Date of the catalogue that the plan was made with.
    """

    format: Literal["nodewise-plan"] = FORMAT
    version: Literal[1] = VERSION
    name: Label
    title: Words = ""
    catalogue_date: datetime.date | None = None
    runs: Annotated[tuple[RunInput, ...], Meta(min_length=1, max_length=1000)]
    target: TargetInput = TargetInput()
    own_hardware: OwnHardwareInput = OwnHardwareInput()
    answer_when_saved: SavedAnswer | None = None

    def run(self, run_id: str | None = None) -> RunInput:
        """The run of this id, or the first one.

        Raises:
            KeyError: The plan has no run of this id.
        """
        if run_id is None:
            return self.runs[0]
        for run in self.runs:
            if run.id == run_id:
                return run
        raise KeyError(run_id)
