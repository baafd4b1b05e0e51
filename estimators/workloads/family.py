"""What a family of models declares of itself, once: sizes, parts, samples, words, evidence, launchers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from estimators.catalogue.architectures import Sample, Shape
from estimators.software import EVERY_DEGREE, Degree
from estimators.words import NOTHING, Said, Value

if TYPE_CHECKING:
    from estimators.workloads.work import Part

A = TypeVar("A", bound=Shape)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Unit:
    """What people call one sample, and many of them."""

    one: Said
    many: Said


@dataclass(frozen=True, slots=True)
class UsualBatch:
    """Samples of one optimiser step where nobody names them.

    Attributes:
        why: End of the sentence "Batch of 128 sequences, ...".
    """

    samples: int
    why: Said


@dataclass(frozen=True, slots=True)
class Setting:
    """What neither shape nor sample says of a computation.

    Attributes:
        imbalance: Load of the fullest device against the mean, for routed experts.
        capacity: Most tokens that an expert takes, against the mean; None where no token is dropped.
        predicted_ahead: Further tokens that a token-prediction block is trained on.
    """

    imbalance: float = 1.0
    capacity: float | None = None
    predicted_ahead: int = 0


PLAIN = Setting()


@dataclass(frozen=True, slots=True)
class EvidenceClass:
    """Published runs of a family that are judged together, by the name that evidence rows give them.

    Attributes:
        name: As a choice shows it.
        word: In a heading beside others.
        has_experts: Whether the models route tokens to experts.
    """

    id: str
    name: Said
    word: Said
    has_experts: bool = False


@dataclass(frozen=True, slots=True)
class LauncherSupport:
    """What a launcher has for a family.

    Attributes:
        program: Its training program for the family; "" where the launcher has one for all or the user's own.
        objection: What it lacks.
    """

    program: str = ""
    objection: Said = NOTHING


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Family(Generic[A, S]):
    """A family of models.

    Attributes:
        kind: Tag of its architecture, and of its cards in the catalogue.
        name: What one of them is, as in "Choose another decoder language model".
        unit: What one sample is called.
        architecture: Record of a shape.
        sample: Record of what its models read.
        usual_sample: The sample of a model where a plan does not say it.
        positions: Positions of a sample: tokens of a sequence, patches of an image.
        sizes: Numbers that the parts are computed from; raises ValueError where the shape does not suffice.
        parts: Parts of the work, of one model or of many whose sizes are columns.
        describe: A few words on one model.
        objection: Why a model of this shape is not computed, as the rest of a sentence; nothing where it is.
        predicted_ahead: Further tokens that published token-prediction blocks of a model are trained on.
        splits: What programs of this family divide over devices, data parallelism aside.
        batch: Usual samples of a step; None where the method or the amount of data says it.
        evidence: Classes of published runs of such models; none where nobody published any.
        evidence_class: Name of the class that a shape belongs to, for intervals and resemblance.
        launchers: By launcher, what it has for the family; no job files for one that is not named.
    """

    kind: str
    name: Said
    unit: Unit
    architecture: type[A]
    sample: type[Sample]
    usual_sample: Callable[[A], Sample]
    positions: Callable[[A, Any], int]
    sizes: Callable[[A, Any, Setting], S]
    parts: Callable[[S], tuple[Part, ...]]
    describe: Callable[[A], Value]
    objection: Callable[[A], Said] = lambda _: NOTHING
    predicted_ahead: Callable[[A], int] = lambda _: 0
    splits: frozenset[Degree] = EVERY_DEGREE
    batch: UsualBatch | None = None
    evidence: tuple[EvidenceClass, ...] = ()
    evidence_class: Callable[[A], str]
    launchers: Mapping[str, LauncherSupport] = field(default_factory=dict)
