"""Values taken where the user names none; each is shown as an assumption and can be changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.planning.records import RunSpec
from estimators.words import NOTHING, Amount, Said, say
from estimators.workloads.families import AnyFamily
from estimators.workloads.family import UsualBatch
from estimators.workloads.methods import rule_of

LEAST_BATCH_TOKENS, MOST_BATCH_TOKENS = 2**18, 2**24
"""0.25 and 16 million tokens: outside them the batch rule is not supported by published runs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of one optimiser step and why.

    Attributes:
        reason: A sentence for the list of assumptions, nothing where the user chose.
    """

    samples: int
    reason: Said


def _usual(usual: UsualBatch, family: AnyFamily | None) -> Said:
    many = family.unit.many if family is not None else say("samples")
    n = Amount(usual.samples, form="general", digits=15)
    return say("Batch of {n} {samples}, {why}.", n=n, samples=many, why=usual.why)


def batch_of(spec: RunSpec) -> Batch:
    """The batch of a run: the user's, else that of its family or method, else by the amount of data.

    By the amount: 0.58·D^0.571 tokens for D training tokens (Step Law, arXiv:2503.04715), to the nearest
    power of two.
    """
    if spec.global_batch_samples is not None:
        return Batch(spec.global_batch_samples, NOTHING)
    family = spec.model.family
    usual = (family.batch if family is not None else None) or rule_of(spec.method).batch
    if usual is not None:
        reason = _usual(usual, family)
        return Batch(_at_most(usual.samples, spec), reason)
    tokens = batch_tokens(spec.samples * spec.positions * spec.passes)
    reason = say("Batch of {n} tokens, from 0.58 × tokens^0.571 (Step Law).", n=Amount(tokens, form="fixed"))
    return Batch(_at_most(max(tokens // max(spec.positions, 1), 1), spec), reason)


def batch_tokens(trained_tokens: float) -> int:
    """Tokens of one step for a pre-training run of so many tokens: the Step Law within its support."""
    tokens = nearest_power_of_two(0.58 * trained_tokens**0.571)
    return min(max(tokens, LEAST_BATCH_TOKENS), MOST_BATCH_TOKENS)


def _at_most(samples: int, spec: RunSpec) -> int:
    """A batch that is no larger than the data."""
    return max(min(samples, int(spec.samples * spec.passes)), 1)


def nearest_power_of_two(value: float) -> int:
    """The power of two that is nearest on a logarithmic scale."""
    return int(2 ** round(math.log2(max(value, 1.0))))
