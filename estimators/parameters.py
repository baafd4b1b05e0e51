"""The calibrated coefficients of the physics, each declared once.

A coefficient has a physical meaning, bounds, a prior (value and width, from the source named) and a
fitted value in `resources/calibration/coefficients.json`. None belongs to one source, one model or one
measured row. Families of devices and classes of software are told apart where the evidence shows that
they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from estimators.software import CLASSES

FAMILIES = ("volta", "turing", "ampere", "ada", "hopper", "blackwell", "cdna")
SOFTWARE = tuple(item.id for item in CLASSES)
NEAREST_FAMILY = {"turing": "volta", "ada": "ampere", "volta": "ampere"}
"""The generation whose coefficient stands for one that was not fitted apart."""
TUNED_ATTENTION = (1.0, 0.0, 0.0, 0.0, 0.0)
"""Whether a software class runs the vendor's attention kernels (Transformer Engine with cuDNN)."""
REDUCES_ACROSS_ONCE = (1.0, 0.0, 0.0, 0.0, 0.0)
"""Whether hybrid sharding sums gradients over its groups beside the last micro-batch alone: Megatron-FSDP
does (NVIDIA/Megatron-LM, pull request 7186), PyTorch's does so in every micro-batch unless told otherwise
(pytorch/pytorch, pull request 126166, set_requires_all_reduce)."""


def _coefficient(prior: float, low: float, high: float, width: float, meaning: str, source: str) -> Any:
    """Declares one coefficient: prior value, bounds, log-normal width of the prior, meaning, source."""
    return field(
        default=prior,
        metadata={"low": low, "high": high, "width": width, "meaning": meaning, "source": source},
    )


MAMF = "ml-engineering, measured matrix-product maxima; training sees less, since power is shared"
JUDGEMENT = "prior by judgement, wide; the evidence decides"
CODESIGN = "Anthony et al., arXiv:2401.14489 (tile and wave quantisation)"
NCCL = "nccl-tests performance notes: bus bandwidth rises with message size"


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Values of all coefficients; seconds, bytes and dimensionless shares as the names say."""

    gemm_share_volta: float = _coefficient(
        0.72, 0.4, 1.0, 0.15, "16-bit matrix products of V100: share of vendor peak", JUDGEMENT
    )
    gemm_share_ampere: float = _coefficient(
        0.82, 0.5, 1.0, 0.08, "16-bit matrix products of Ampere: share of vendor peak", MAMF
    )
    gemm_share_hopper: float = _coefficient(
        0.72, 0.4, 0.95, 0.08, "16-bit matrix products of Hopper at 700 W: share of vendor peak", MAMF
    )
    gemm_share_blackwell: float = _coefficient(
        0.72, 0.4, 0.95, 0.10, "16-bit matrix products of Blackwell: share of vendor peak", MAMF
    )
    gemm_share_cdna: float = _coefficient(
        0.52, 0.25, 0.8, 0.12, "16-bit matrix products of CDNA: share of vendor peak", MAMF
    )
    gemm_share_ada: float = _coefficient(
        0.85, 0.5, 1.0, 0.10, "16-bit matrix products of consumer cards: share of vendor peak", JUDGEMENT
    )
    gemm_share_fp8: float = _coefficient(
        0.85, 0.4, 1.1, 0.15, "8-bit products against the share reached in 16 bit", JUDGEMENT
    )
    gemm_share_fp4: float = _coefficient(
        0.70, 0.3, 1.1, 0.25, "4-bit products against the share reached in 16 bit", JUDGEMENT
    )
    fp8_rowwise: float = _coefficient(
        0.75,
        0.3,
        1.0,
        0.20,
        "8-bit products with a scale for each row, against one for each tensor",
        "accuracy notes of the trial: up to 1.5 times slower",
    )
    power_exponent: float = _coefficient(
        0.35, 0.0, 1.0, 0.40, "how the sustained rate follows a lower power limit of the same chip", JUDGEMENT
    )
    superchip_share: float = _coefficient(
        0.80, 0.5, 1.0, 0.15, "share of a superchip's power limit that its GPU may draw", JUDGEMENT
    )
    wave_exponent: float = _coefficient(
        0.40, 0.0, 1.0, 0.50, "how much of the ideal wave quantisation is paid (1: all)", CODESIGN
    )
    k_half: float = _coefficient(
        180.0, 10.0, 1500.0, 0.60, "inner size at which a product reaches half of its rate", CODESIGN
    )
    alignment_loss: float = _coefficient(
        0.30, 0.0, 0.6, 0.40, "rate lost when a size is no multiple of 64", CODESIGN
    )
    grouped_share: float = _coefficient(
        0.75,
        0.3,
        1.0,
        0.25,
        "grouped products of experts against single ones of the same size",
        "SimuMax: 0.52 to 0.71 against 0.45 to 0.80 on A100, 0.08 to 0.51 against 0.16 to 0.66 on B200",
    )
    passes_experts: float = _coefficient(
        1.5, 0.5, 6.0, 0.40, "bytes of routing and permuting against the fused minimum", JUDGEMENT
    )
    host_experts: float = _coefficient(
        600e-6,
        50e-6,
        5e-3,
        0.60,
        "host seconds that a layer with experts adds for one micro-batch",
        JUDGEMENT,
    )
    host_each_expert: float = _coefficient(
        200e-6,
        10e-6,
        2e-3,
        0.60,
        "host seconds for each expert on a device, layer and micro-batch",
        "three products of two matrices and their quantisation, about 20 kernels of 10 microseconds",
    )
    experts_fused: float = _coefficient(
        0.70,
        0.3,
        1.0,
        0.20,
        "time of routed experts with fused, graph-captured kernels against without",
        "Megatron-Bridge release notes from 26.06 on",
    )
    expert_exposed: float = _coefficient(
        0.80, 0.1, 1.0, 0.30, "share of dispatch and combine that stays visible", JUDGEMENT
    )
    attention_share_ampere: float = _coefficient(
        0.50,
        0.1,
        0.8,
        0.20,
        "fused attention on Ampere and older: share of 16-bit peak",
        "Dao, arXiv:2307.08691",
    )
    attention_share_hopper: float = _coefficient(
        0.36,
        0.1,
        0.8,
        0.20,
        "FlashAttention 2 on Hopper: share of 16-bit peak",
        "Shah et al., arXiv:2407.08608",
    )
    attention_share_blackwell: float = _coefficient(
        0.30, 0.1, 0.8, 0.30, "FlashAttention 2 on Blackwell: share of 16-bit peak", JUDGEMENT
    )
    attention_tuned_hopper: float = _coefficient(
        0.60,
        0.2,
        0.9,
        0.20,
        "vendor attention (cuDNN) on Hopper: share of 16-bit peak",
        "Shah et al., arXiv:2407.08608",
    )
    attention_tuned_blackwell: float = _coefficient(
        0.50, 0.2, 0.9, 0.25, "vendor attention (cuDNN) on Blackwell: share of 16-bit peak", JUDGEMENT
    )
    attention_share_cdna: float = _coefficient(
        0.25, 0.05, 0.6, 0.40, "fused attention on CDNA: share of 16-bit peak", JUDGEMENT
    )
    attention_head_half: float = _coefficient(
        48.0,
        5.0,
        200.0,
        0.50,
        "head size at which fused attention reaches half of its rate",
        "Dao, arXiv:2307.08691",
    )
    memory_share: float = _coefficient(
        0.80,
        0.5,
        0.95,
        0.10,
        "share of the memory bandwidth that passes reach",
        "peers: 0.8 to 0.9 measured by several tools",
    )
    passes_megatron: float = _coefficient(
        1.2,
        0.5,
        5.0,
        0.30,
        "bytes of memory-bound passes against the fused minimum, tuned Megatron",
        JUDGEMENT,
    )
    passes_megatron_2021: float = _coefficient(
        1.6, 0.5, 6.0, 0.30, "the same, Megatron of 2020 to 2022", JUDGEMENT
    )
    passes_megatron_deepspeed: float = _coefficient(
        2.0, 0.5, 6.0, 0.30, "the same, Megatron-DeepSpeed", JUDGEMENT
    )
    passes_fsdp: float = _coefficient(
        1.5, 0.5, 6.0, 0.30, "the same, PyTorch FSDP with fused kernels", JUDGEMENT
    )
    passes_trainer: float = _coefficient(2.5, 0.8, 8.0, 0.40, "the same, out-of-the-box trainer", JUDGEMENT)
    host_megatron: float = _coefficient(
        300e-6,
        30e-6,
        3e-3,
        0.50,
        "host seconds for one layer and micro-batch, forward and backward",
        "accuracy notes of the trial: nearly constant, by software class",
    )
    host_megatron_2021: float = _coefficient(
        1200e-6, 100e-6, 6e-3, 0.50, "the same, Megatron of 2020 to 2022", JUDGEMENT
    )
    host_megatron_deepspeed: float = _coefficient(
        2000e-6,
        100e-6,
        6e-3,
        0.50,
        "the same, Megatron-DeepSpeed",
        "about 200 kernels of 10 microseconds of eager dispatch",
    )
    host_fsdp: float = _coefficient(900e-6, 50e-6, 5e-3, 0.50, "the same, PyTorch FSDP", JUDGEMENT)
    host_trainer: float = _coefficient(
        1500e-6, 100e-6, 8e-3, 0.50, "the same, out-of-the-box trainer", JUDGEMENT
    )
    kernel_seconds: float = _coefficient(
        4e-6, 1e-6, 2e-5, 0.40, "fixed device time of each kernel", "peers: a few microseconds"
    )
    step_host_seconds: float = _coefficient(0.02, 0.001, 0.3, 0.80, "host time once a step", JUDGEMENT)
    link_share: float = _coefficient(
        0.75, 0.3, 0.95, 0.15, "share of the link bandwidth inside the node that collectives reach", NCCL
    )
    network_share: float = _coefficient(
        0.80,
        0.2,
        0.98,
        0.20,
        "share of a node's injection bandwidth that collectives reach on two nodes",
        NCCL,
    )
    network_decay: float = _coefficient(
        0.10,
        0.0,
        0.6,
        0.60,
        "exponent with which collective bandwidth falls with the number of nodes",
        JUDGEMENT,
    )
    message_half: float = _coefficient(
        4e6, 2e5, 1e8, 0.80, "bytes of a message at half of the full bandwidth", NCCL
    )
    latency_node: float = _coefficient(8e-6, 1e-6, 5e-5, 0.50, "seconds of one hop inside a node", NCCL)
    latency_network: float = _coefficient(2e-5, 3e-6, 2e-4, 0.50, "seconds of one hop between nodes", NCCL)
    tp_exposed_megatron: float = _coefficient(
        0.60,
        0.05,
        1.0,
        0.40,
        "share of tensor-parallel communication that stays visible, tuned Megatron",
        JUDGEMENT,
    )
    tp_exposed_other: float = _coefficient(
        0.95, 0.3, 1.0, 0.10, "the same, other software", "on the critical path unless kernels are pipelined"
    )
    dp_overlap_megatron: float = _coefficient(
        0.70,
        0.0,
        1.0,
        0.30,
        "share of the backward pass that can hide data-parallel communication, tuned Megatron",
        JUDGEMENT,
    )
    dp_overlap_megatron_2021: float = _coefficient(
        0.20, 0.0, 1.0, 0.80, "the same, Megatron of 2020 to 2022", JUDGEMENT
    )
    dp_overlap_megatron_deepspeed: float = _coefficient(
        0.20, 0.0, 1.0, 0.80, "the same, Megatron-DeepSpeed", JUDGEMENT
    )
    dp_overlap_fsdp: float = _coefficient(0.80, 0.0, 1.0, 0.20, "the same, FSDP prefetch", JUDGEMENT)
    overlap_slowdown: float = _coefficient(
        0.12,
        0.0,
        0.6,
        0.50,
        "slow-down of computing while communication runs beside it",
        "Calculon takes 15 % of the SMs; Galvatron measures 1.1 to 1.3",
    )
    send_exposed: float = _coefficient(
        0.5, 0.0, 1.0, 0.60, "share of pipeline sends that stays visible", JUDGEMENT
    )
    straggler_sigma: float = _coefficient(
        0.008,
        0.0,
        0.05,
        0.60,
        "relative spread of step time over devices",
        "PRISM, arXiv:2510.15596: up to 9 % at 64 thousand devices",
    )
    cast_passes: float = _coefficient(
        1.2,
        0.3,
        4.0,
        0.30,
        "bytes moved by quantising to 8 or 4 bit against the minimum of the recipe",
        "recipes: minimum by recipe; real kernels move somewhat more",
    )

    def by_family(self, stem: str) -> tuple[float, ...]:
        """Values of a coefficient for `FAMILIES`; families without their own take the nearest."""
        return tuple(float(getattr(self, of_family(stem, family))) for family in FAMILIES)

    def by_software(self, stem: str, default: str = "other") -> tuple[float, ...]:
        """Values of a coefficient for `SOFTWARE`; classes without their own take `default`."""
        common = float(getattr(self, f"{stem}_{default}", float("nan")))
        names = [f"{stem}_{name.replace('-', '_')}" for name in SOFTWARE]
        return tuple(float(getattr(self, name, common)) for name in names)


def of_family(stem: str, family: str) -> str:
    """Name of the coefficient that stands for a generation: its own, else that of the nearest one."""
    name = f"{stem}_{family}"
    while name not in Coefficients.__dataclass_fields__:
        family = NEAREST_FAMILY[family]
        name = f"{stem}_{family}"
    return name


def attention_of(family: str, tuned: bool) -> str:
    """Name of the coefficient of fused attention on a generation.

    Args:
        family: Generation of the card.
        tuned: Whether the software runs the vendor's kernels, which only some generations have.
    """
    name = f"attention_tuned_{family}"
    known = tuned and name in Coefficients.__dataclass_fields__
    return name if known else of_family("attention_share", family)


def declarations() -> dict[str, dict[str, Any]]:
    """Name, prior, bounds, width, meaning and source of every coefficient."""
    return {item.name: {"prior": item.default, **item.metadata} for item in fields(Coefficients)}
