"""What the card reaches in single kernels: products, copies and attention, forward and backward."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from tests.measured.machine import Marks, host_seconds, rounded, wait
from tests.measured.runs import id_on, provenance

SIDE, COPIED_BYTES = 8192, 2**32
WARM, TIMED = 5, 20
LAUNCHES = 500
"""Fewer than the queue of a card holds, so that the host never waits for it."""
INPUTS = 3
"""Sets of operands in turn, so that no call finds its own in the cache."""
ATTENTION_WIDTH, ATTENTION_TOKENS = 2048, 16_384
KERNELS = {"flash": SDPBackend.FLASH_ATTENTION, "cudnn": SDPBackend.CUDNN_ATTENTION}


def median_seconds(work: Callable[[int], Any]) -> float:
    """Median seconds of one call on the card; the call is given its number."""
    for number in range(WARM):
        work(number)
    marks = [Marks("cuda") for _ in range(TIMED)]
    for number, mark in enumerate(marks):
        mark("start")
        work(number)
        mark("end")
    wait("cuda")
    return statistics.median(mark.seconds()["end"] for mark in marks)


def product_tflops() -> float:
    """TFLOP/s of a square product of random bf16 matrices."""
    pairs = [torch.randn(2, SIDE, SIDE, device="cuda").bfloat16() for _ in range(INPUTS)]
    seconds = median_seconds(lambda number: pairs[number % INPUTS][0] @ pairs[number % INPUTS][1])
    return 2.0 * SIDE**3 / seconds / 1e12


def launch_seconds() -> float:
    """Seconds of the host to hand over one small operation of PyTorch."""
    few = torch.zeros(8, device="cuda")

    def launch() -> None:
        for _ in range(LAUNCHES):
            few.add_(1.0)

    launch()
    return min(host_seconds(launch, "cuda", finished=False) for _ in range(INPUTS)) / LAUNCHES


def copied_bytes_per_s() -> float:
    """Bytes read and written a second when the card copies its own memory."""
    source = torch.randn(COPIED_BYTES // 4, device="cuda")
    target = torch.empty_like(source)
    return 2.0 * COPIED_BYTES / median_seconds(lambda number: target.copy_(source))


def attention_tflops(positions: int, head_dim: int, kernel: SDPBackend) -> tuple[float, float]:
    """TFLOP/s of causal attention, forward alone and forward with backward.

    FLOP are those of the lower triangle: 2·b·h·S²·D forward, five products for two backward.
    """
    batch, heads = ATTENTION_TOKENS // positions or 1, ATTENTION_WIDTH // head_dim
    query, key, value, slope = (
        torch.randn(batch, heads, positions, head_dim, device="cuda").bfloat16() for _ in range(4)
    )
    for one in (query, key, value):
        one.requires_grad_()

    def forward(number: int) -> torch.Tensor:
        with sdpa_kernel(kernel):
            return functional.scaled_dot_product_attention(query, key, value, is_causal=True)

    def both(number: int) -> None:
        forward(number).backward(slope)

    flops = 2.0 * batch * heads * positions**2 * head_dim / 1e12
    return flops / median_seconds(forward), 3.5 * flops / median_seconds(both)


def ceilings(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each kernel."""

    def row(name: str, quantity: str, unit: str, value: float, shape: dict[str, Any], **also: Any) -> Any:
        return {
            "id": id_on(facts["card"], name),
            "group": id_on(facts["card"], "kernels"),
            "family": "other",
            "model": "single kernel",
            "architecture": shape,
            "precision": "bf16",
            "software": facts["software"],
            "layout": {},
            "measured": {"quantity": quantity, "unit": unit, "value": rounded(value), "also": also},
            "notes": f"Median of {TIMED} calls on random data after {WARM}; a ceiling, not a training step; "
            f"sitting {facts['sitting']}.",
        } | provenance(facts)

    shape = {"shape_MxNxK": f"{SIDE}x{SIDE}x{SIDE}"}
    yield row("product", "gemm_tflops", "TFLOP/s", product_tflops(), shape)
    torch.cuda.empty_cache()
    bandwidth = copied_bytes_per_s() / 1e9
    yield row("copy", "copy_bandwidth", "GB/s, read and written", bandwidth, {"bytes": COPIED_BYTES})
    torch.cuda.empty_cache()
    yield row("launch", "launch_time", "s an operation, on the host", launch_seconds(), {})
    for positions in (2048, 8192, 32_768):
        for head_dim in (64, 128):
            for name, kernel in KERNELS.items():
                forward, both = attention_tflops(positions, head_dim, kernel)
                title = f"attention-{name}-{positions}-head{head_dim}"
                shape = {"seq_len": positions, "head_dim": head_dim, "heads": ATTENTION_WIDTH // head_dim}
                also = {"forward_tflops": rounded(forward)}
                yield row(
                    title, "attention_tflops", "TFLOP/s, causal, forward and backward", both, shape, **also
                )
                torch.cuda.empty_cache()
