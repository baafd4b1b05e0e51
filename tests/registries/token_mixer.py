"""A family that the product does not have: layers of two products and a gate, without attention."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.architectures import Count, Problem, Shape, Sizes, Text
from estimators.words import Amount, say
from estimators.workloads.family import EvidenceClass, Family, Setting, Unit, UsualBatch
from estimators.workloads.transformer import outputs
from estimators.workloads.work import Array, Gemm, Part, Saved, Traffic, Weights


class Gate(Sizes, frozen=True, kw_only=True):
    """A third product in every layer, from the width to an inner size."""

    inner: Count


class TokenMixer(Shape, frozen=True, kw_only=True, tag="token-mixer"):
    """A stack of equal layers."""

    layers: Count
    width: Count
    vocab: Count
    document_tokens: Count = 1024
    gate: Gate | None = None

    def problems(self) -> list[Problem]:
        """A width that makes no whole groups of eight."""
        words = say("must be a multiple of 8, not {width}.", width=Amount(self.width, form="general"))
        return [("width", words)] if self.width % 8 else []


@dataclass(frozen=True, slots=True, eq=False)
class MixerSizes:
    """Sizes of one mixer, or columns of many."""

    layers: Array
    width: Array
    vocab: Array
    tokens: Array
    inner: Array
    gates: Array


def _sizes(shape: TokenMixer, sample: Text, setting: Setting) -> MixerSizes:
    inner, gates = (1, 0) if shape.gate is None else (shape.gate.inner, 1)
    return MixerSizes(*map(float, (shape.layers, shape.width, shape.vocab, sample.tokens, inner, gates)))


def _parts(sizes: MixerSizes) -> tuple[Part, ...]:
    width, tokens = sizes.width, sizes.tokens
    first = Part(
        group="mixer", place="first", depth=1.0, positions=tokens, width=width,
        weights=Weights(split=sizes.vocab * width),
    )  # fmt: skip
    trunk = Part(
        group="mixer", place="inner", depth=sizes.layers, positions=tokens, width=width,
        gemms=(
            Gemm(n=4.0 * width, k=width, split="column"),
            Gemm(n=width, k=4.0 * width, split="row"),
            Gemm(n=sizes.inner, k=width, split="column", count=sizes.gates),
        ),
        traffic=Traffic(replicated=8.0 * width, split=16.0 * width),
        saved=Saved(replicated=4.0 * width, split=16.0 * width),
        weights=Weights(split=8.0 * width**2 + sizes.gates * sizes.inner * width),
        kernels=6.0,
    )  # fmt: skip
    head = Gemm(n=sizes.vocab, k=width, split="column", low_precision=False)
    return first, trunk, outputs("mixer", trunk, head, sizes.vocab, sizes.vocab * width)


FAMILY = Family(
    kind="token-mixer",
    name=say("token mixer"),
    unit=Unit(say("document"), say("documents")),
    architecture=TokenMixer,
    sample=Text,
    usual_sample=lambda shape: Text(shape.document_tokens),
    positions=lambda _, sample: sample.tokens,
    sizes=_sizes,
    parts=_parts,
    describe=lambda shape: say("token mixer") if shape.gate is None else say("gated token mixer"),
    splits=frozenset(("tensor",)),
    batch=UsualBatch(256, say("as mixers are trained")),
    evidence=(EvidenceClass("mixer-lm", say("Token mixers"), say("mixers")),),
    evidence_class=lambda _: "mixer-lm",
)
