"""The nouns of the catalogue, as frozen records that msgspec reads from JSON.

Every number is a `Fact`. Properties give the SI values that the physics needs; NaN means that no
source was found, and the caller must say so.
"""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from typing import Any, Literal

import msgspec

from estimators.catalogue.architectures import Shape
from estimators.catalogue.batch import Batch
from estimators.quantity import Confidence, Fact

GpuFamily = Literal["volta", "turing", "ampere", "ada", "hopper", "blackwell", "cdna", "coming"]
LinkTopology = Literal["switch", "mesh", "gcd-pairs", "pcie", "none"]
MachineStatus = Literal["in service", "coming"]
ApplicantTerms = Literal["yes", "no", "pays", "funded"]
"""Whether a kind of applicant may use a mode: freely, not, for money, or inside an EU-funded project only."""
OfferState = Literal["awarded", "listed", "selectable", "not listed", "unavailable"]
"""What was last seen of a mode on a machine: an award, a place in the last list or table that was readable, a
request that chose it, its absence from that list (which refuses nobody), or a mark that it is shut."""
Precision = Literal["fp32", "tf32", "fp16", "bf16", "fp8", "mxfp8", "nvfp4"]

Number = Fact[float]
Text = Fact[str]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What every catalogue entry has."""

    id: str
    name: str


class Gpu(Record, frozen=True, kw_only=True):
    """One accelerator as software sees it (a GCD on MI250X)."""

    family: GpuFamily
    vendor: Literal["nvidia", "amd"]
    memory: Number
    memory_visible: Number | None = None
    memory_bandwidth: Number
    peak: dict[str, Number]
    """Dense peak by precision, in TFLOP/s."""
    matmul_max: dict[str, Number] = {}
    """Best measured matrix product by precision, in TFLOP/s."""
    link_bandwidth: Number
    """All links of one device, one direction."""
    power: Number
    compute_units: Number
    devices_per_module: int = 1
    power_shared_with_host: bool = False
    """Whether `power` limits the processor beside the GPU too (GH200)."""
    more: dict[str, Fact[Any]] = {}

    @property
    def memory_bytes(self) -> float:
        """Memory that a program sees: the visible figure where known."""
        visible = self.memory_visible
        if visible is not None and visible.value is not None:
            return visible.si
        return self.memory.si

    @property
    def capacity_bytes(self) -> float:
        """Memory of the card as its maker states it; the visible figure where that is not known."""
        return self.memory.si if self.memory.value is not None else self.memory_bytes

    def peak_flops_per_second(self, precision: str) -> float:
        """Dense vendor peak in FLOP/s; NaN when the device lacks the precision."""
        fact = self.peak.get(precision)
        return fact.si if fact is not None else math.nan

    def supports(self, precision: str) -> bool:
        """Whether the device has matrix units for the precision."""
        return not math.isnan(self.peak_flops_per_second(precision))


class Queue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One batch queue or quality of service that a normal project may use.

    Queues that need an arrangement with the site stand in `Machine.more`.
    """

    name: str
    kind: Literal["production", "large", "long", "debug", "shared"] = "production"
    max_walltime: Number
    max_nodes: Number
    min_nodes: Number | None = None
    max_jobs: Number | None = None
    """Jobs of one project that may run at the same time; the note says where a site counts by person."""
    max_submitted: Number | None = None
    """Jobs that may run and wait together."""
    max_devices: Number | None = None
    """Devices at one time, of one job or of the whole project."""
    max_devices_of: Literal["job", "project"] = "job"


class MonthlyBudget(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """How a site spreads a grant evenly over its months.

    Attributes:
        rule: The rule in words.
        ahead: Months whose share may be drawn before their time without loss of priority.
        kept: Months after which hours that were not used are lost; no value where the site takes none away.
        forfeits: Whether unused hours are lost at all before the grant ends.
    """

    rule: Text
    ahead: Number
    kept: Number
    forfeits: Fact[bool]


class StorageArea(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One file system that a project gets.

    Attributes:
        place: "home" for a person's own files, "work" for what a project keeps to its end, "scratch" for
            working copies, "fast" for a small quick tier, "project" for shared software and settings only.
        name: As the site calls it.
        quota: Space of a project (of a person at home); None where not published.
        quota_on_request: Largest quota that the site grants on request.
        files: Number of files.
        purge: Days after which files are removed.
        seen_once: Whether the quota was seen on one project only, so that another may get less or more.
        is_default: Whether the quota is what a project gets that asks for nothing else.
    """

    place: Literal["home", "work", "scratch", "fast", "project"]
    name: str
    quota: Number | None = None
    quota_on_request: Number | None = None
    files: Number | None = None
    purge: Number | None = None
    seen_once: bool = False
    is_default: bool = False


class Share(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One resource by which a job takes part of a node.

    Attributes:
        resource: CPUs and devices as Slurm counts them, or memory.
        of_node: How much of it is charged as a whole node.
        in_steps_of: The site rounds the job's amount up to a multiple of this, in the unit of `of_node`.
    """

    resource: Literal["cpus", "memory", "devices"]
    of_node: Number
    in_steps_of: Number | None = None


class Charge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a site counts the node-hours of a job.

    Attributes:
        rule: The rule in the site's words.
        partitions: Slurm partitions that it holds for. A job of another partition, or of none that is named,
            counts by the last rule of the machine.
        whole_nodes: Whether every job pays for whole nodes, whatever it asks of them.
        shares: What a job on part of a node pays by: the largest of them.
        billing_of_node: What Slurm's `billing` says of a whole node; None where it is not known.
    """

    rule: Text
    partitions: tuple[str, ...] = ()
    whole_nodes: bool = False
    shares: tuple[Share, ...] = ()
    billing_of_node: Number | None = None


class SiteUnit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unit in which a site counts a grant.

    Attributes:
        name: As the site writes it, for example "core-hours".
        per_gpu_hour: Units that one GPU-hour of the access modes costs, as an exact fraction
            written "numerator/denominator", or None value where it is not published.
    """

    name: Text
    per_gpu_hour: Text


class Machine(Record, frozen=True, kw_only=True):
    """One GPU partition of a EuroHPC system, or a reference system of the evidence."""

    partition: str = ""
    short_name: str = ""
    status: MachineStatus
    status_detail: Text
    country: Text
    host: Text
    gpu: str | None
    further_gpus: tuple[str, ...] = ()
    """Other cards in the same partition; `gpu` is the one to plan with."""
    nodes: Number
    devices_per_node: Number
    """Devices as software sees them: 8 GCDs on LUMI-G."""
    link_topology: LinkTopology = "switch"
    link_domain_devices: int | None = None
    """Devices joined by the fast link where it is wider than a node (NVL72); None: the node."""
    network_per_node: Number
    """Injection bandwidth of one node, one direction, in Gbit/s."""
    queues: tuple[Queue, ...] = ()
    site_unit: SiteUnit | None = None
    exclusive_nodes: Fact[bool] | None = None
    charges: tuple[Charge, ...] = ()
    """How the site counts the hours of a job, by partition."""
    batch: Batch | None = None
    """How the site wants its jobs asked for; None where nothing was found."""
    pue: Number | None = None
    cpu_architecture: Text | None = None
    accelerator_stack: Text | None = None
    """"cuda" or "rocm": what GPU programs are built on."""
    containers: Text | None = None
    """Container engines of the site."""
    node_internet: Fact[bool] | None = None
    """Whether compute nodes reach the internet."""
    cpu_partition: Text | None = None
    """Partition of the same site for work without GPUs, such as preparing data."""
    monthly_budget: MonthlyBudget | None = None
    """How the site shares a grant out by month; None where no rule was found."""
    storage: tuple[StorageArea, ...] = ()
    more: dict[str, Fact[Any]] = {}
    missing: tuple[str, ...] = ()

    @property
    def site_rate(self) -> Fraction | None:
        """Site units for one GPU-hour, exactly; None where the site publishes no rate."""
        unit = self.site_unit
        if unit is None or not unit.per_gpu_hour.value:
            return None
        return Fraction(unit.per_gpu_hour.value)


class Grid(Record, frozen=True, kw_only=True):
    """Carbon intensity of a country's electricity."""

    consumption_lifecycle: Number
    production_lifecycle: Number
    more: dict[str, Fact[Any]] = {}


class ShapeSource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a size was read that does not stand in the source of the rest of its shape."""

    source: str
    confidence: Confidence = "unverified"
    as_of: str = ""
    note: str = ""


class ModelCard(Record, frozen=True, kw_only=True):
    """A published model.

    Attributes:
        family: What its publisher calls the series.
        kind: What sort of model it is; only some kinds can be computed.
        architecture: Its shape, complete; None where no source gives one or no record holds it.
        known_shape: What is known of a shape that stands in no `architecture`, under the same names.
        shape_sources: By dotted field of the architecture, sources other than the card's.
        parameters: Published or counted total; the product counts its own from the shape and shows both.
    """

    family: str
    kind: str
    architecture: Shape | None = None
    known_shape: dict[str, Any] = {}
    shape_sources: dict[str, ShapeSource] = {}
    parameters: Number
    active_parameters: Number | None = None
    licence: Text | None = None
    source: str = ""
    confidence: str = "unverified"
    note: str = ""
    more: dict[str, Fact[Any]] = {}

    @property
    def sequence_tokens(self) -> int | None:
        """Longest sequence that the model was trained for; None where not known or where it reads no text."""
        found = getattr(self.architecture, "sequence_tokens", None)
        return found if found is not None else self.known_shape.get("sequence_tokens")


class AccessMode(Record, frozen=True, kw_only=True):
    """One way to get computing time.

    Attributes:
        fixed_package: Whether `max_gpu_hours` is the one package on offer.
        production: False where the mode pays for tests and development only.
        applicants: Terms for each kind of applicant; see `ApplicantTerms`.
        always_open: Whether requests are handled as they come, without cut-offs.
        call_year_end: Day from which a mode that is always open has no known call.
        cutoff_dates: Known days of cut-off, in order, past ones too.
        cutoff_day_of_month: Day of every month that is a cut-off.
        cutoff_time: Clock time of cut-offs in Brussels.
        decision_working_days: From the cut-off, or from filing where the mode is always open.
        decision_time: Shortest and longest decision, or the longest alone, in weeks or months.
        offers: What was last seen of the mode on a machine, by machine id.
    """

    short_name: str = ""
    group: str
    open_today: Fact[bool] | None = None
    min_gpu_hours: Number | None = None
    max_gpu_hours: Number | None = None
    min_exclusive: bool = False
    min_node_hours: Number | None = None
    max_node_hours: Number | None = None
    node_hours_by_machine: dict[str, Fact[Any]] = {}
    """Node-hours by machine id; each value has the keys fixed, or min and max, or total."""
    months: Fact[Any] | None = None
    fixed_package: Fact[bool] | None = None
    production: Fact[bool] | None = None
    applicants: Fact[dict[str, ApplicantTerms]] | None = None
    always_open: Fact[bool] | None = None
    call_year_end: Fact[datetime.date] | None = None
    cutoff_dates: Fact[tuple[datetime.date, ...]] | None = None
    cutoff_day_of_month: Number | None = None
    cutoff_time: Fact[datetime.time] | None = None
    decision_working_days: Number | None = None
    decision_time: Fact[tuple[float, ...]] | None = None
    offers: dict[str, Fact[OfferState]] = {}
    rank: int = 99
    """Order from the smallest door to the largest; 99 for routes that are no computing grant."""
    more: dict[str, Fact[Any]] = {}
