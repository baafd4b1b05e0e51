"""What a way to train declares of itself, once: phases, batch, power, words, evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from estimators.catalogue.architectures import Method
from estimators.words import NOTHING, Cased, Said
from estimators.workloads.family import UsualBatch

if TYPE_CHECKING:
    from estimators.workloads.work import Part, Phase

PowerPhase = Literal["pretraining", "fine_tuning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRule:
    """A way to train.

    Attributes:
        method: What a run holds where a plan names the rule alone.
        name: As a title begins, "Continued pre-training".
        choice: As a menu offers it; nothing for the name.
        phases: What one step computes, from the parts of the model.
        batch: Usual samples of a step where the family says none; None: by the amount of data.
        power: Which published share of the maximum power holds.
        intervals: Class of held-out residuals; None for the family's.
        evidence: What published runs call it; "" for those that name no method.
        from_weights: Whether it goes on from a published model.
    """

    method: Method
    name: Said
    choice: Said = NOTHING
    phases: Callable[[Any, tuple[Part, ...]], tuple[Phase, ...]]
    batch: UsualBatch | None = None
    power: PowerPhase = "pretraining"
    intervals: str | None = None
    evidence: tuple[str, ...] = ()
    from_weights: bool = True

    @property
    def id(self) -> str:
        """As plans name it."""
        return self.method.rule

    @property
    def words(self) -> Cased:
        """Inside a sentence: "continued pre-training"."""
        return Cased(self.name)
