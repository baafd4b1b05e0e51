"""Values taken where the user names none; each is shown as an assumption and can be changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.planning.records import RunSpec

FINE_TUNING_BATCH = 128
"""Sequences of one step in fine-tuning, the usual choice of published recipes."""
VISION_BATCH = 4096
"""Images of one step, Dosovitskiy et al., arXiv:2010.11929, table 3."""
LEAST_BATCH_TOKENS, MOST_BATCH_TOKENS = 2**18, 2**24
"""0.25 and 16 million tokens: outside them the batch rule is not supported by published runs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of one optimiser step and why.

    Attributes:
        reason: A sentence for the list of assumptions, "" where the user chose.
    """

    samples: int
    reason: str


def batch_of(spec: RunSpec) -> Batch:
    """The batch of a run: the user's, else the rule for its method.

    Pre-training of language models: 0.58·D^0.571 tokens for D training tokens (Step Law,
    arXiv:2503.04715), to the nearest power of two.
    """
    if spec.global_batch_samples is not None:
        return Batch(spec.global_batch_samples, "")
    if not spec.is_language:
        return Batch(
            _at_most(VISION_BATCH, spec), f"Batch of {VISION_BATCH} images, as the ViT paper trains."
        )
    if spec.method == "full-finetuning":
        reason = f"Batch of {FINE_TUNING_BATCH} sequences, usual in fine-tuning."
        return Batch(_at_most(FINE_TUNING_BATCH, spec), reason)
    tokens = batch_tokens(spec.samples * spec.sample_tokens * spec.passes)
    shown = f"{tokens:,}".replace(",", "\u202f")
    reason = f"Batch of {shown} tokens, from 0.58 × tokens^0.571 (Step Law)."
    return Batch(_at_most(max(tokens // spec.sample_tokens, 1), spec), reason)


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
