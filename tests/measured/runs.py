"""What is measured, and the evidence row that a measured run becomes. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from tests.measured.shapes import REHEARSED, SHAPES, Decoder, Vision

States = Literal["autocast", "bf16", "master"]
Compiled = Literal["", "blocks", "model"]
"""What `torch.compile` is given: nothing, each block and the loss, or the whole model."""
STATES = {
    "autocast": "weights, gradients and both Adam moments in fp32; products in bf16 by autocast",
    "bf16": "weights, gradients and both Adam moments in bf16",
    "master": "weights and their gradients in bf16; fp32 copies of both for clipping and Adam, fp32 moments",
}
"""What an optimiser holds in each mode: 16, 8 and 16 bytes a parameter beside what a step adds."""
CARDS = {"NVIDIA H100 80GB HBM3": "h100-80-sxm", "NVIDIA H200": "h200-sxm"}
"""Names that drivers give, and the product's; another card is named as its driver does."""


@dataclass(frozen=True)
class Run:
    """One configuration.

    Attributes:
        positions: Of a sequence; an image has its own.
        states: What stands in which width, see `STATES`.
        attention: Kernel of scaled_dot_product_attention: PyTorch's own choice, or one by name.
        norm: RMSNorm of PyTorch, or one operation after the other, as Hugging Face's models write it.
    """

    model: str
    positions: int
    micro_batch: int
    grad_accum: int = 1
    compiled: Compiled = ""
    recompute: bool = False
    states: States = "autocast"
    fused: bool = True
    clipped: bool = True
    attention: Literal["default", "cudnn", "flash"] = "default"
    norm: Literal["torch", "written"] = "torch"

    @property
    def shape(self) -> Decoder | Vision:
        return (SHAPES | REHEARSED)[self.model]

    @property
    def name(self) -> str:
        """What differs from most runs stands in the name."""
        length = f"-{self.positions}" if isinstance(self.shape, Decoder) else ""
        parts = [
            f"{self.model.replace('/', '')}{length}-mb{self.micro_batch}",
            f"ga{self.grad_accum}" if self.grad_accum > 1 else "",
            {"": "eager", "blocks": "compiled", "model": "compiled-whole"}[self.compiled],
            "recompute" if self.recompute else "",
            self.states if self.states != "autocast" else "",
            "" if self.fused else "foreach",
            "" if self.clipped else "unclipped",
            self.attention if self.attention != "default" else "",
            "writtennorm" if self.norm == "written" else "",
        ]
        return "-".join(part for part in parts if part)

    @property
    def layout(self) -> dict[str, Any]:
        """The layout of a row, in the words of the evidence files."""
        kernels = "fused" if self.fused else "foreach"
        norm = "RMSNorm" if isinstance(self.shape, Decoder) else "LayerNorm"
        return {
            "tp": 1,
            "pp": 1,
            "dp": 1,
            "micro_batch": self.micro_batch,
            "grad_accum": self.grad_accum,
            "global_batch_sequences": self.micro_batch * self.grad_accum,
            "recompute": "full" if self.recompute else "none",
            "flash_attention": True,
            "attention": "sdpa" if self.attention == "default" else f"sdpa, {self.attention}",
            "norm": f"PyTorch's {norm}" if self.norm == "torch" else "RMSNorm in separate operations",
            "compiled": bool(self.compiled),
            "compile_scope": self.compiled or None,
            "weights": "fp32" if self.states == "autocast" else "bf16",
            "autocast": self.states == "autocast",
            "states": self.states,
            "optimizer": f"adamw, {kernels}, {'bf16' if self.states == 'bf16' else 'fp32'} states",
            "gradient_clipping": self.clipped,
        }


def id_on(card: str, name: str) -> str:
    """Id of a row on a card, by the first word of its name after the vendor: own-h100-..."""
    words = card.removeprefix("NVIDIA ").lower().split()
    return f"own-{words[0]}-{name}"


def provenance(facts: dict[str, Any]) -> dict[str, Any]:
    """What every row of a machine says of who measured what on which card."""
    card = facts["card"]
    return {
        "hardware": {
            "gpu": CARDS.get(card),
            "gpu_as_published": card,
            "gpus": 1,
            "gpus_per_node": 1,
            "machine": None,
            "interconnect": None,
        },
        "year": int(facts["date"][-4:]),
        "quality": "A",
        "source": f"measured by the Nodewise team on one {card.removeprefix('NVIDIA ')}, {facts['date']}",
        "producer": "Nodewise",
    }


def row_of(run: Run, facts: dict[str, Any], measured: dict[str, Any]) -> dict[str, Any]:
    """The evidence row of a run.

    Args:
        facts: What the machine says of itself: card, host, software, number of parameters.
        measured: `value` in seconds of an optimiser step, None where memory ran out, and `also`.
    """
    mode = {
        "": "eager",
        "blocks": "torch.compile of blocks and loss",
        "model": "torch.compile of the model",
    }[run.compiled]
    return {
        "id": id_on(facts["card"], run.name),
        "group": id_on(facts["card"], f"{run.model}-{'compiled' if run.compiled else 'eager'}"),
        "family": run.shape.family,
        "model": run.model,
        "model_key": run.shape.key,
        "params": {"total": facts["parameters"], "active": facts["parameters"]},
        "architecture": run.shape.described(run.positions),
        "method": "pretrain",
        "precision": "bf16",
        "precision_as_published": STATES[run.states],
        "software": f"{facts['software']}, {mode}",
        "layout": run.layout,
        "work": {},
        "measured": {"quantity": "iteration_s", "unit": "s", "convention": None} | measured,
        "notes": f"Synthetic data on the card, no loader; host: {facts['host']}; sitting {facts['sitting']}.",
    } | provenance(facts)


USUAL = Run("decoder-350M", 2048, 8)
"""The run from which most others differ in one thing."""


def _lengths() -> Iterator[Run]:
    """The same number of tokens in longer sequences, then one long sequence by kernel and head size."""
    yield replace(USUAL, positions=512, micro_batch=32)
    yield replace(USUAL, positions=8192, micro_batch=2)
    yield replace(USUAL, positions=8192, micro_batch=2, model="decoder-350M-head128")
    yield replace(USUAL, positions=16_384, micro_batch=1)
    yield replace(USUAL, positions=16_384, micro_batch=1, attention="cudnn")
    long = replace(USUAL, positions=32_768, micro_batch=1, recompute=True)
    yield long
    yield replace(long, model="decoder-350M-head128")
    yield replace(long, model="decoder-350M-head128", attention="cudnn")


def _sizes() -> Iterator[Run]:
    """Sizes, and what differs within one."""
    yield Run("decoder-60M", 512, 32)
    yield Run("decoder-60M", 512, 4)
    yield Run("decoder-125M", 1024, 16)
    yield Run("decoder-1.3B", 2048, 4)
    yield Run("decoder-1.3B-head64", 2048, 4)
    yield Run("decoder-1.3B", 2048, 8)
    yield Run("decoder-1.3B", 2048, 8, recompute=True)
    yield Run("decoder-1.3B", 8192, 2, recompute=True)
    yield Run("Llama-3.2-1B", 2048, 4)
    yield Run("Llama-3.2-3B", 2048, 1)
    yield Run("Llama-3.2-3B", 2048, 2, recompute=True)
    yield Run("Llama-3.1-8B", 2048, 1, recompute=True, states="bf16")
    yield Run("ViT-B/16", 197, 256)
    yield Run("ViT-L/16", 197, 128)


def _habits() -> Iterator[Run]:
    """The usual run, two compiled ones, then the usual run with one thing changed."""
    yield USUAL
    yield replace(USUAL, compiled="blocks")
    yield Run("decoder-1.3B", 2048, 4, compiled="blocks")
    yield replace(USUAL, fused=False)
    yield replace(USUAL, clipped=False)
    yield replace(USUAL, micro_batch=1)
    yield replace(USUAL, micro_batch=1, fused=False, clipped=False)
    yield replace(USUAL, micro_batch=2)
    yield replace(USUAL, micro_batch=4)
    yield replace(USUAL, micro_batch=16)
    yield replace(USUAL, micro_batch=2, grad_accum=4)
    yield replace(USUAL, recompute=True)
    yield replace(USUAL, states="bf16")
    yield replace(USUAL, states="master")


def _compiled() -> Iterator[Run]:
    """Twins of eager runs; the order is that of what they teach."""
    for eager in (
        Run("decoder-60M", 512, 4),
        Run("Llama-3.2-1B", 2048, 4),
        replace(USUAL, recompute=True),
        Run("ViT-B/16", 197, 256),
        replace(USUAL, positions=16_384, micro_batch=1),
        Run("decoder-125M", 1024, 16),
        replace(USUAL, states="bf16"),
        Run("decoder-60M", 512, 32),
        replace(USUAL, micro_batch=1),
        Run("ViT-L/16", 197, 128),
    ):
        yield replace(eager, compiled="blocks")
    yield Run("decoder-60M", 512, 32, compiled="model")


def _too_large() -> Iterator[Run]:
    """Runs near the border of the card's memory; some do not fit."""
    yield replace(USUAL, micro_batch=32)
    yield Run("decoder-1.3B", 2048, 12)
    yield Run("Llama-3.2-3B", 2048, 2)
    yield Run("Llama-3.1-8B", 2048, 4, recompute=True, states="bf16")


def _kernels() -> Iterator[Run]:
    """Other kernels and vocabularies in the usual run and in others."""
    large = Run("decoder-1.3B", 2048, 4)
    yield replace(USUAL, norm="written")
    yield replace(large, norm="written")
    yield replace(USUAL, norm="written", compiled="blocks")
    yield replace(USUAL, attention="flash")
    yield replace(USUAL, positions=16_384, micro_batch=1, attention="flash")
    yield replace(USUAL, model="decoder-350M-vocab128k")
    yield replace(USUAL, model="decoder-350M-vocab128k", compiled="blocks")
    yield Run("decoder-125M-vocab50257", 1024, 16)
    yield replace(USUAL, model="decoder-350M-head128")
    yield replace(large, fused=False)
    yield replace(large, states="bf16")
    yield replace(large, states="bf16", compiled="blocks")
    yield replace(large, states="master")


def _more_compiled() -> Iterator[Run]:
    """More twins of eager runs, by size, length and micro-batch."""
    for eager in (
        Run("decoder-1.3B", 2048, 8),
        replace(USUAL, micro_batch=4),
        replace(USUAL, micro_batch=16),
        replace(USUAL, positions=8192, micro_batch=2),
        Run("decoder-1.3B", 8192, 2, recompute=True),
        Run("decoder-350M-head128", 32_768, 1, recompute=True),
        Run("Llama-3.2-3B", 2048, 2),
        Run("Llama-3.1-8B", 2048, 1, recompute=True, states="bf16"),
        Run("ViT-B/16", 197, 32),
        replace(USUAL, micro_batch=2),
        replace(USUAL, positions=32_768, micro_batch=1),
    ):
        yield replace(eager, compiled="blocks")
    yield Run("decoder-125M", 1024, 16, compiled="model")


def _more_eager() -> Iterator[Run]:
    """Long sequences of a larger model, images, recomputation, and what nearly fills the memory."""
    yield Run("decoder-1.3B", 16_384, 1, recompute=True)
    yield Run("Llama-3.2-1B", 8192, 1)
    yield Run("Llama-3.2-1B", 2048, 4, recompute=True)
    yield Run("ViT-B/16", 197, 32)
    yield Run("ViT-L/16", 197, 128, recompute=True)
    yield replace(USUAL, micro_batch=20)
    yield Run("decoder-1.3B", 2048, 10)
    yield Run("decoder-125M", 1024, 1)
    yield Run("decoder-60M", 512, 128)
    yield replace(USUAL, states="bf16", micro_batch=24)
    yield Run("decoder-1.3B", 2048, 16, compiled="blocks")


RUNS: tuple[Run, ...] = (
    *_habits(),
    *_sizes(),
    *_lengths(),
    *_compiled(),
    *_too_large(),
    *_kernels(),
    *_more_compiled(),
    *_more_eager(),
)
AGAIN: tuple[Run, ...] = (
    USUAL,
    replace(USUAL, compiled="blocks"),
    Run("decoder-60M", 512, 4),
    replace(USUAL, micro_batch=1),
    Run("decoder-1.3B", 2048, 4),
    Run("ViT-B/16", 197, 256),
    replace(USUAL, positions=16_384, micro_batch=1),
    Run("Llama-3.2-1B", 2048, 4, compiled="blocks"),
)
"""Measured twice, on two machines of one kind, to see how far a row may be off."""
REHEARSAL: tuple[Run, ...] = (
    Run("decoder-tiny", 32, 2),
    Run("decoder-tiny", 32, 2, grad_accum=2, states="master", fused=False, norm="written"),
    Run("decoder-tiny", 32, 2, states="bf16", clipped=False),
    Run("decoder-tiny", 32, 2, recompute=True, compiled="blocks"),
    Run("vit-tiny", 17, 2),
    Run("vit-tiny", 17, 2, compiled="blocks"),
)
