"""What goes into an estimate and what comes out of it.

A `RunSpec` is one training run in the terms of the science; `estimate` and `compare` turn it into
`MachineAnswer`s. The window, the command line and the exports read these records and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from estimators.catalogue.architectures import Method, Sample
from estimators.catalogue.records import Machine
from estimators.planning.reasons import Note, Reason
from estimators.quantity import Fact, Figure, Range
from estimators.words import Said, say
from estimators.workloads.methods import rule_of
from estimators.workloads.models import Model


@dataclass(frozen=True, slots=True)
class OwnHardware:
    """The devices that the user has today."""

    gpu: str = "rtx4090"
    gpus: int = 4


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """Parts of the layout that the user fixes; None leaves the choice to the search."""

    tensor_parallel: int | None = None
    pipeline_parallel: int | None = None
    context_parallel: int | None = None
    zero_stage: int | None = None
    micro_batch: int | None = None
    recompute: str | None = None
    """One of "none", "selective", "full"."""
    schedule: str | None = None
    """One of "1f1b", "interleaved", "zero-bubble" (ZB-H1), "zero-bubble-2p" (ZB-H2). None takes the best of
    the first two."""
    context_kind: str | None = None
    """One of "ring", "all-gather", "ulysses"; None for the ring."""
    shard_group: int | None = None
    """Data-parallel GPUs that share the states; 0 for all. None tries hybrid sharding over a node, too."""
    recipe: str | None = None
    """How 8-bit products are scaled: "delayed", "current", "row-wise", "block-wise"; None for current."""
    expert_capacity: float | None = None
    """Most tokens that an expert takes, against the mean; the rest is dropped. None drops no token."""


@dataclass(frozen=True, slots=True)
class MeasuredStep:
    """A step that the user measured with this model.

    Attributes:
        machine: Id of a catalogue machine, or "own" for the user's hardware.
        gpus: Devices as software sees them.
        step_seconds: Mean seconds of one optimiser step, after warm-up.
        batch_samples: Samples of that step; None for the plan's batch.
        confirmed: Whether a person said that it is right though it lies far from the prediction.
        is_scaling_point: Whether it is a point of a scaling test, for the words about it.
    """

    machine: str
    gpus: int
    step_seconds: float
    batch_samples: int | None = None
    confirmed: bool = False
    is_scaling_point: bool = False


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One training run, independent of the machine.

    Attributes:
        model: What is trained.
        method: How it is trained.
        samples: How many are in one pass over the data.
        sample: What one of them is.
        passes: Times that the data is seen.
        global_batch_samples: Samples of one optimiser step; None takes the default of the method.
        precision: Wanted precision of the matrix products; a device that lacks it falls back.
        software: Software class, a key of the calibration ("megatron", "fsdp", "trainer").
        machine: Id of the chosen machine, or None.
        deadline_seconds: Wall-clock time in which the run must end (judged at P80), or None.
        gpus: Devices named by the user for the chosen machine, or None.
        layout: What the user fixes of the layout.
        own: The devices that the user has today.
        predicted_ahead: Further tokens that a token-prediction block is trained on; 0 for none.
        measured: A step that the user measured, or None.
    """

    model: Model
    method: Method
    samples: float
    sample: Sample
    passes: float = 1.0
    global_batch_samples: int | None = None
    precision: str = "bf16"
    software: str = "megatron"
    machine: str | None = None
    deadline_seconds: float | None = None
    gpus: int | None = None
    layout: LayoutChoice = field(default_factory=LayoutChoice)
    own: OwnHardware = field(default_factory=OwnHardware)
    predicted_ahead: int = 0
    measured: MeasuredStep | None = None

    @property
    def positions(self) -> int:
        """Positions of one sample: tokens of a sequence, patches of an image."""
        return self.model.positions(self.sample)

    @property
    def evidence_class(self) -> str:
        """Class of published runs that such a run is judged by; "" for a model that nobody computes."""
        own, family = rule_of(self.method).intervals, self.model.family
        return own or ("" if family is None else family.evidence_class(self.model.architecture))


@dataclass(frozen=True, slots=True)
class LayoutUsed:
    """The layout behind an answer, in the field's terms."""

    gpus: int
    data_parallel: int
    zero_stage: int
    tensor_parallel: int
    pipeline_parallel: int
    interleave: int
    context_parallel: int
    expert_parallel: int
    micro_batch: int
    micro_batches: int
    recompute: str
    offload: bool = False
    """Gradients and optimiser states live in the host's memory."""
    candidates: int = 0
    """How many layouts were tried for this answer."""
    shard_group: int = 1
    """Devices over which states are sharded; fewer than the data-parallel ones in hybrid sharding."""
    schedule: str | None = None
    """Order of the pipeline's passes; None without a pipeline."""
    context_kind: str | None = None
    """How context parallelism moves keys and values; None without it."""
    recipe: str | None = None
    """How 8- or 4-bit products are scaled; None in 16 bit."""
    layers_16: int = 0
    """Layers that the recipe keeps in 16 bit."""
    expert_capacity: float | None = None
    """Most tokens that an expert takes, against the mean; None where no token is dropped."""

    def as_dict(self) -> dict[str, int | float | str | None]:
        """Field names and values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


StepCause = Literal[
    "products", "attention", "passes", "host", "network", "bubble", "optimiser", "stragglers", "measurement",
]  # fmt: skip
STEP_CAUSES: dict[StepCause, Said] = {
    "products": say("Matrix products"),
    "attention": say("Attention"),
    "passes": say("Memory-bound passes"),
    "host": say("Launch and host"),
    "network": say("Exposed network"),
    "bubble": say("Pipeline bubble"),
    "optimiser": say("Optimiser"),
    "stragglers": say("Stragglers"),
    "measurement": say("Measurement"),
}
"""What the time of a step is spent on."""


@dataclass(frozen=True, slots=True)
class StepParts:
    """Seconds of one optimiser step by cause; `total` is their sum."""

    gemm: float
    attention: float
    memory_bound: float
    launch: float
    tensor_parallel_exposed: float
    data_parallel_exposed: float
    pipeline_send_exposed: float
    context_parallel_exposed: float
    expert_parallel_exposed: float
    bubble: float
    optimiser: float
    straggler: float
    measured_correction: float
    """What the user's measured step adds or takes; 0 without one. May be negative."""
    communication_total: float
    """All communication, hidden or not; not part of the sum."""
    total: float
    model_flops: float
    """Of the whole job for one step, full attention square, recomputation not counted."""
    mfu: float

    def shown(self) -> tuple[tuple[StepCause, float], ...]:
        """Name and seconds of each part, in the order in which charts and trees show them."""
        network = (
            self.tensor_parallel_exposed
            + self.data_parallel_exposed
            + self.pipeline_send_exposed
            + self.context_parallel_exposed
            + self.expert_parallel_exposed
        )
        return (
            ("products", self.gemm),
            ("attention", self.attention),
            ("passes", self.memory_bound),
            ("host", self.launch),
            ("network", network),
            ("bubble", self.bubble),
            ("optimiser", self.optimiser),
            ("stragglers", self.straggler),
            *((("measurement", self.measured_correction),) if self.measured_correction else ()),
        )


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """Bytes on the fullest device by part; `reserved` includes allocator gaps and context."""

    weights: float
    gradients: float
    optimiser: float
    activations: float
    logits: float
    buffers: float
    context: float
    fragmentation: float
    reserved: float
    limit: float
    """What the device offers after the margin."""
    capacity: float
    """What the maker says that the card has."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One GPU count of one machine, with its best layout."""

    gpus: int
    seconds: Range
    gpu_hours: Range


@dataclass(frozen=True, slots=True)
class SiteUnits:
    """A cost in the unit of the site; the value is None where the site publishes no rate."""

    name: str
    value: float | None
    per_gpu_hour: Fact[str] | None = None


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """What the run costs on one machine.

    Where the run cannot be computed or does not fit, `fits` is False, `reason` says why in a
    sentence and the numbers are None.

    Attributes:
        gpus: Devices as software sees them.
        seconds: Wall-clock time without queueing.
        gpu_hours: As the access modes count them (LUMI: modules).
        notes: Short remarks for the reason column ("24 h jobs × 11", "aarch64", "no FP8: bf16").
        jobs: Chained batch jobs under the queue's wall-clock limit.
        evidence: "near" when the GPU and scale are in the evidence, "far" otherwise.
    """

    machine: Machine
    fits: bool
    reason: Reason | None = None
    meets_deadline: bool | None = None
    gpus: int | None = None
    nodes: float | None = None
    seconds: Range | None = None
    gpu_hours: Range | None = None
    node_hours: Range | None = None
    site_units: SiteUnits | None = None
    energy_kwh: Range | None = None
    carbon_kg: Range | None = None
    step: StepParts | None = None
    memory: MemoryParts | None = None
    layout: LayoutUsed | None = None
    precision: str | None = None
    jobs: int | None = None
    steps: float | None = None
    notes: tuple[Note, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    evidence: str = "near"
    measured: bool = False
    """Whether a step measured on this card by the user moved the answer."""
    modelled_seconds: Range | None = None
    """What `seconds` would be without the measured step; None where nothing was measured."""
    modelled_gpu_hours: Range | None = None
    """The same for `gpu_hours`."""
    is_own: bool = False
    neighbour: CurvePoint | None = None
    """Another count of the curve that would tempt: cheaper and too late, or much faster for a small price."""

    @property
    def days(self) -> Range | None:
        """Wall-clock time in days."""
        return self.seconds.scaled(1.0 / 86400.0) if self.seconds is not None else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The run on every machine, and on the user's own hardware.

    Attributes:
        spec: What was asked.
        answers: EuroHPC machines in service first, then coming, each in catalogue order.
        own: The same on the user's hardware.
        headline: The answer that the sentence speaks of, or None when nothing fits.
        explanation: Tree of the headline's GPU-hours down to facts and inputs.
        assumptions: Defaults that were taken, as sentences.
        predicted_step_seconds: What was predicted for the measured step; None where none was measured.
        final: False while only the last layouts were evaluated anew.
    """

    spec: RunSpec
    answers: tuple[MachineAnswer, ...]
    own: MachineAnswer
    headline: MachineAnswer | None
    explanation: Figure | None
    assumptions: tuple[Said, ...]
    catalogue_date: str
    final: bool = True
    predicted_step_seconds: float | None = None
