"""Small worked cases: shapes, networks and coefficients in which every sum can be done by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np

from estimators import Catalogue, RunSpec
from estimators.catalogue.architectures import Full, Image, Text, VisionTransformer
from estimators.hardware.network import Fabric
from estimators.parallel.layout import Layouts
from estimators.parallel.step import Steps
from estimators.parameters import Coefficients
from estimators.planning.records import MachineAnswer
from estimators.quantity import Range
from estimators.workloads.language import DecoderShape, decoder_parts
from estimators.workloads.models import model_of
from estimators.workloads.transformer import BlockShape
from estimators.workloads.vision import vision_parts, vision_sizes
from estimators.workloads.work import Part, Phase, Work

IDEAL_NETWORK = replace(
    Coefficients(),
    link_share=1.0,
    network_share=1.0,
    network_decay=0.0,
    message_half=0.0,
    latency_node=0.0,
    latency_network=0.0,
)
"""Links and network as the data sheet says: no latency, no ramp, no loss at scale."""

STEP_PARTS = tuple(item.name for item in fields(Steps) if item.name != "communication_total")
EXPOSED = tuple(name for name in STEP_PARTS if name.endswith("_exposed"))
INDEX_COLUMNS = ("device", "system", "software")
ONE_EACH = {
    "tensor": 1.0,
    "pipeline": 1.0,
    "interleave": 1.0,
    "context": 1.0,
    "data": 1.0,
    "zero": 1.0,
    "shard": 0.0,
    "micro_batch": 1.0,
    "micro_batches": 1.0,
    "recompute": 0.0,
    "sequence_parallel": 0.0,
    "reduce_bytes": 4.0,
    "bits": 16.0,
    "tp_overlap": 0.0,
    "recipe": 1.0,
    "offload": 0.0,
    "expert": 1.0,
}


def concatenate(parts: list[Layouts]) -> Layouts:
    """All rows of all parts, in order."""
    return Layouts(
        **{
            item.name: np.concatenate([getattr(part, item.name) for part in parts])
            for item in fields(Layouts)
        }
    )


def layouts(**columns: Any) -> Layouts:
    """Layouts with the given columns; a missing one is one device, one micro-batch, ZeRO stage 1."""
    given = {name: np.atleast_1d(np.asarray(value, dtype=float)) for name, value in columns.items()}
    length = max((value.size for value in given.values()), default=1)
    out: dict[str, Any] = {}
    for item in fields(Layouts):
        value = given.get(item.name, np.array([ONE_EACH.get(item.name, 0.0)]))
        column = np.broadcast_to(value, (length,)).copy()
        out[item.name] = column.astype(np.intp) if item.name in INDEX_COLUMNS else column
    return Layouts(**out)


def fabric(
    domain: float,
    link: float,
    network: float = np.nan,
    *,
    mesh: bool = False,
    pairs: bool = False,
    host: bool = False,
) -> Fabric:
    """One system: devices of a node, bytes/s of a device's links and of its share of the network."""
    columns = (domain, link, float(mesh), float(pairs), float(host), network)
    return Fabric(*(np.array([value]) for value in columns))


def megatron_gpt(layers: int, hidden: int, heads: int, fused: bool = False) -> DecoderShape:
    """A GPT of Narayanan et al. and Korthikanti et al.: sequence 2,048, vocabulary 51,200, GeLU, biases."""
    block = BlockShape(
        layers=float(layers),
        hidden=float(hidden),
        heads=float(heads),
        kv_heads=float(heads),
        head_dim=hidden / heads,
        ffn=4.0 * hidden,
        gated=0.0,
        tokens=2048.0,
        linear_bias=1.0,
        norm_vectors=2.0,
        fused_attention=float(fused),
    )
    return DecoderShape(block=block, vocab=51_200.0, tied=1.0, positions=2048.0)


def trained(parts: tuple[Part, ...]) -> Work:
    """The work of training all parts in one pass forward and backward."""
    return Work((Phase(parts),))


def decoder_work(shape: DecoderShape) -> Work:
    """The work of training a decoder language model."""
    return trained(decoder_parts(shape))


def vision_work(shape: VisionTransformer) -> Work:
    """The work of training a vision transformer on images of its own size."""
    return trained(vision_parts(vision_sizes(shape)))


def language_run(
    catalogue: Catalogue, model: str = "Llama-3.1-8B", tokens: float = 2e10, **more: Any
) -> RunSpec:
    """Continued pre-training on sequences of 4,096 tokens."""
    length, method = more.pop("sample_tokens", 4096), more.pop("method", "continued-pretraining")
    return RunSpec(
        model=model_of(catalogue.model(model)),
        method=Full(method),
        samples=tokens / length,
        sample=Text(length),
        **more,
    )


def vision_run(catalogue: Catalogue, images: float = 1e8, **more: Any) -> RunSpec:
    """ViT-L on images of 224 pixels: 196 patches and the class token."""
    model = model_of(catalogue.model("vit-large-patch16-224"))
    return RunSpec(model=model, method=Full("pretraining"), samples=images, sample=Image(224), **more)


def only(catalogue: Catalogue, *machines: str) -> Catalogue:
    """The catalogue with these machines alone, so that a comparison takes a few milliseconds."""
    return replace(catalogue, machines={name: catalogue.machines[name] for name in machines})


def with_gpu(catalogue: Catalogue, gpu: str, **changes: Any) -> Catalogue:
    """The catalogue with another value for facts of one card."""
    altered = msgspec.structs.replace(catalogue.gpus[gpu], **changes)
    return replace(catalogue, gpus={**catalogue.gpus, gpu: altered})


def with_machine(catalogue: Catalogue, machine: str, **changes: Any) -> Catalogue:
    """The catalogue with another value for facts of one machine."""
    altered = msgspec.structs.replace(catalogue.machines[machine], **changes)
    return replace(catalogue, machines={**catalogue.machines, machine: altered})


def scaled(fact: Any, factor: float) -> Any:
    """The same fact with a value so many times as large; an unknown one stays unknown."""
    return fact if fact.value is None else msgspec.structs.replace(fact, value=fact.value * factor)


def ranges(answer: MachineAnswer) -> list[Range]:
    """All ranges of an answer, those of its curve included."""
    own = (
        answer.seconds,
        answer.days,
        answer.gpu_hours,
        answer.node_hours,
        answer.energy_kwh,
        answer.carbon_kg,
    )
    curve = [part for point in answer.curve for part in (point.seconds, point.gpu_hours)]
    return [item for item in own if item is not None] + curve
