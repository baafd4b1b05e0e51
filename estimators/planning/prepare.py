"""From a run and the catalogue to arrays: targets, work, search problem."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import Calibration
from estimators.catalogue.architectures import Shape
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, Machine
from estimators.hardware.devices import Devices, device_columns
from estimators.hardware.network import Fabric
from estimators.hardware.recipes import layers_in_16_bit, recipe_row
from estimators.hardware.systems import fabric_columns
from estimators.parallel.layout import bits_on
from estimators.parallel.spread import Problem
from estimators.parallel.templates import Fixed
from estimators.parameters import SOFTWARE
from estimators.planning.defaults import Batch, batch_of
from estimators.planning.reasons import Missing, reason_said
from estimators.planning.records import LayoutChoice, RunSpec
from estimators.planning.targets import Target, Untargeted, gpu_label, missing_facts, own_target, target_of
from estimators.software import Degree, software_named
from estimators.words import Amount, Listed, Name, Said, SpokenError, say
from estimators.workloads import methods
from estimators.workloads.families import FAMILIES, AnyFamily, family_of
from estimators.workloads.family import Setting
from estimators.workloads.models import Model, left_out
from estimators.workloads.work import Work

IMBALANCE = 1.1
"""Load of the fullest expert device in a balanced run; peers report 1.1 to 2 without balancing."""


class RunError(SpokenError, ValueError):
    """A run cannot be estimated; it says why, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """All that the search and the roll-up need.

    Attributes:
        targets: Machines that can be computed on, the user's own hardware last.
        others: Machines that cannot, with reasons.
        has_evidence: Whether published runs of such models stand behind the range.
        pair_target: Target of every (target, device count) pair.
    """

    spec: RunSpec
    family: AnyFamily
    has_evidence: bool
    work: Work
    batch: Batch
    targets: tuple[Target, ...]
    others: tuple[Untargeted, ...]
    problem: Problem
    devices: Devices
    fabric: Fabric

    def bits(self, pair: int) -> float:
        """Width of the products that a pair's card is counted in."""
        return float(self.problem.bits[self.problem.pair_system[pair]])

    def is_unmeasured(self, target: int) -> bool:
        """Whether a target's card has the wanted precision, which no measured run of its generation has."""
        return bool(self.problem.bits[target] > bits_on(self.targets[target].gpu, self.spec.precision))

    @property
    def pair_target(self) -> NDArray[np.intp]:
        """Row in `targets` of every pair."""
        return self.problem.pair_system


def shape_of(model: Model) -> Shape:
    """The shape of a model that can be computed.

    Raises:
        RunError: Nobody estimates such models yet, or the shape is not known.
    """
    if model.fault or model.architecture is None:
        names = Listed(tuple(family.name for family in FAMILIES.values()), "or")
        raise RunError(
            say("{fault}. Choose another {families}, or give a shape.", fault=model.fault, families=names)
        )
    return model.architecture


def work_of(spec: RunSpec) -> Work:
    """What one step of the run computes.

    Raises:
        RunError: The model's family is not estimated yet, or its shape is not known.
    """
    shape = shape_of(spec.model)
    setting = Setting(IMBALANCE, spec.layout.expert_capacity, spec.predicted_ahead)
    try:
        return methods.work_of(shape, spec.sample, spec.method, setting)
    except ValueError as error:
        raise RunError(
            say("{error}. Choose another model or give its shape.", error=Name(str(error)))
        ) from error


def plain_parameters(prepared: Prepared) -> float:
    """Parameters of the model without a token-prediction block."""
    if not prepared.spec.predicted_ahead:
        return float(np.asarray(prepared.work.parameters))
    return float(np.asarray(work_of(replace(prepared.spec, predicted_ahead=0)).parameters))


def fixed_of(choice: LayoutChoice, software: str) -> Fixed:
    """What the user fixed of the layout; a degree that the software does not have is 1."""
    can = software_named(software)

    def degree(name: Degree, chosen: int | None) -> int | None:
        return chosen if chosen is not None or name in can.splits else 1

    return Fixed(
        tensor=degree("tensor", choice.tensor_parallel),
        pipeline=degree("pipeline", choice.pipeline_parallel),
        context=degree("context", choice.context_parallel),
        expert=degree("expert", None),
        zero=choice.zero_stage,
        micro_batch=choice.micro_batch,
        recompute=choice.recompute,
        schedule=choice.schedule,
        context_kind=choice.context_kind,
        shard=choice.shard_group,
        recomputes=can.recomputes,
    )


def catalogue_of(spec: RunSpec, machine: Machine, catalogue: Catalogue) -> Catalogue:
    """The catalogue with one machine alone, beside that on which the run's step was measured."""
    wanted = {machine.id: machine}
    measured = catalogue.machines.get(spec.measured.machine) if spec.measured is not None else None
    if measured is not None:
        wanted[measured.id] = measured
    return replace(catalogue, machines=wanted)


def prepare(spec: RunSpec, catalogue: Catalogue, calibration: Calibration) -> Prepared:
    """Lays out every machine and device count for the search.

    Raises:
        RunError: The run cannot be estimated.
        CatalogueError: The user's card is not in the catalogue.
    """
    work = work_of(spec)
    batch = batch_of(spec)
    machines = (*catalogue.machines_in_service(), *catalogue.machines_coming())
    found = [target_of(machine, catalogue, spec) for machine in machines]
    targets = [item for item in found if isinstance(item, Target)]
    others = tuple(item for item in found if isinstance(item, Untargeted))
    own = own_target(spec.own, catalogue)
    missing = missing_facts(own.machine, own.gpu)
    if missing:
        others = (
            *others,
            Untargeted(own.machine, Missing(missing)),
        )
    else:
        targets.append(own)
    if not targets:
        raise RunError(say("{reasons}.", reasons=Listed(tuple(map(_said_of, others)), "", "; ")))
    return Prepared(
        spec=spec,
        family=family_of(shape_of(spec.model)),
        has_evidence=calibration.was_measured(spec.evidence_class),
        work=work,
        batch=batch,
        targets=tuple(targets),
        others=others,
        problem=_problem(spec, work, batch, targets, calibration),
        devices=device_columns(
            tuple(target.gpu for target in targets), calibration.coefficients, calibration.family_share
        ),
        fabric=fabric_columns([target.system for target in targets]),
    )


def counted_bits(gpu: Gpu, precision: str, calibration: Calibration) -> float:
    """Width of the products that an estimate counts on a card.

    A card that has a precision in which nobody measured a run of its generation is counted in the next wider
    one: no gain is promised that no measured run supports.
    """
    bits = bits_on(gpu, precision)
    if bits == 4.0 and not calibration.has_runs_in(bits, gpu.family):
        bits = bits_on(gpu, "fp8")
    return bits if calibration.has_runs_in(bits, gpu.family) else 16.0


def _said_of(item: Untargeted) -> Said:
    return say("{machine}: {reason}", machine=Name(item.machine.name), reason=reason_said(item.reason))


def model_words(prepared: Prepared) -> tuple[Said, ...]:
    """What is counted of the model, where that is a choice or less than all of it."""
    spec, plain = prepared.spec, plain_parameters(prepared)
    words = left_out(spec.model, plain)
    if not spec.model.prediction_blocks:
        return words
    counted = say("{n} B parameters", n=_billions(plain))
    if not spec.predicted_ahead:
        return (
            *words,
            say(
                "Without the token-prediction block of {model}: {counted}.",
                model=Name(spec.model.name),
                counted=counted,
            ),
        )
    whole = float(np.asarray(prepared.work.parameters))
    with_block = say(
        "{n} B parameters, {counted} without it",
        n=_billions(whole),
        counted=counted,
    )
    return (
        *words,
        say(
            "With the token-prediction block of {model}: {with_block}.",
            model=Name(spec.model.name),
            with_block=with_block,
        ),
    )


def unmeasured_words(prepared: Prepared) -> tuple[Said, ...]:
    """Says which cards are counted in a wider precision since nobody measured them in the wanted one."""
    cards = {
        gpu_label(target.gpu)
        for i, target in enumerate(prepared.targets)
        if prepared.is_unmeasured(i) and (target.is_own or target.machine.id == prepared.spec.machine)
    }
    if not cards:
        return ()
    wanted = prepared.spec.precision
    return (
        say(
            "No measured run in {precision} on {cards} or its generation: counted in the next wider "
            "precision that was "
            "measured, with a wide range.",
            precision=Name(wanted),
            cards=Listed(tuple(Name(card) for card in sorted(cards)), "", " or "),
        ),
    )


def _billions(parameters: float) -> Amount:
    return Amount(parameters / 1e9, form="fixed", digits=1)


def _problem(
    spec: RunSpec, work: Work, batch: Batch, targets: list[Target], calibration: Calibration
) -> Problem:
    pairs = [(i, count) for i, target in enumerate(targets) for count in _counts(target, spec)]
    bits = [counted_bits(target.gpu, spec.precision, calibration) for target in targets]
    recipes = [recipe_row(spec.precision, width, spec.layout.recipe) for width in bits]
    layers = float(np.asarray(work.depth))
    kept = [
        layers_in_16_bit(recipe, width, layers, spec.software)
        for recipe, width in zip(recipes, bits, strict=True)
    ]
    return Problem(
        work=work,
        batch=float(batch.samples),
        software=SOFTWARE.index(spec.software),
        device=np.arange(len(targets)),
        bits=np.array(bits),
        memory=np.array([target.gpu.memory_bytes for target in targets]),
        pair_system=np.array([i for i, _ in pairs], dtype=np.intp),
        pair_gpus=np.array([float(count) for _, count in pairs]),
        offload=np.array([float(target.is_own) for target in targets]),
        fixed=fixed_of(spec.layout, spec.software),
        recipe=np.array(recipes, dtype=float),
        layers_16=np.array(kept),
    )


def _counts(target: Target, spec: RunSpec) -> tuple[int, ...]:
    """Device counts of a target; one node where the network is not known."""
    if target.system.network_rate != target.system.network_rate and not target.is_own:
        return tuple(count for count in target.counts if count <= target.devices_per_node)
    return target.counts
