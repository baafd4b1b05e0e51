"""Devices as columns: one row for each catalogue GPU, rates in FLOP/s and bytes/s.

Sustained matrix rates come from the dense vendor peak, the calibrated share of the device's family and,
where a card's best matrix product was measured, that card's own share against the reference of its family,
which the fit wrote down: what other cards stand beside it changes nothing. A card of a family with a lower
power limit is slowed by a power law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.records import Gpu
from estimators.parameters import FAMILIES, Coefficients, attention_of

Column = NDArray[np.float64]
PEAKS = {4: ("nvfp4",), 8: ("fp8", "mxfp8"), 16: ("bf16", "fp16")}
"""Precisions of every width of the products, the usual one first."""
FAMILY_POWER_WATTS = {"hopper": 700.0}
"""Power at which the measured maxima of a family were taken, where cards of it differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Devices:
    """Columns over devices; index them with an integer array to get one row for each layout."""

    rate_16: Column
    rate_8: Column
    rate_4: Column
    peak_16: Column
    attention_rate: Column
    attention_tuned_rate: Column
    bandwidth: Column
    units: Column
    memory_bytes: Column
    power_watts: Column
    link_rate: Column

    def take(self, index: NDArray[np.intp]) -> Devices:
        """The rows of `index`, in its order."""
        return Devices(*(getattr(self, name)[index] for name in self.__slots__))


def peak_name(gpu: Gpu, bits: int) -> str:
    """Precision whose dense peak products of a width reach: one that the card lacks gives way to a wider."""
    names = [name for width, row in PEAKS.items() if width >= bits for name in row]
    known = (name for name in names if gpu.peak_flops_per_second(name) == gpu.peak_flops_per_second(name))
    return next(known, "fp16")


def peak_16(gpu: Gpu) -> float:
    """Dense 16-bit peak in FLOP/s: bf16 where the card has it, else fp16."""
    return gpu.peak_flops_per_second(peak_name(gpu, 16))


def peak_low(gpu: Gpu, bits: int) -> float:
    """Dense 8- or 4-bit peak in FLOP/s; a precision that the card lacks falls back to the next wider."""
    return gpu.peak_flops_per_second(peak_name(gpu, bits))


def measured_share(gpu: Gpu) -> float:
    """Best measured 16-bit product against the dense peak; NaN where none was measured."""
    fact = gpu.matmul_max.get("bf16")
    return fact.si / peak_16(gpu) if fact is not None else float("nan")


def card_correction(gpu: Gpu, family_share: Mapping[str, float], coefficients: Coefficients) -> float:
    """How this card stands against its family: by its own measured maximum, else by its power limit."""
    share = measured_share(gpu)
    if share == share and gpu.family in family_share:
        return share / family_share[gpu.family]
    reference = FAMILY_POWER_WATTS.get(gpu.family)
    watts = gpu.power.si * (coefficients.superchip_share if gpu.power_shared_with_host else 1.0)
    if reference is None or not watts < reference:
        return 1.0
    return float((watts / reference) ** coefficients.power_exponent)


def family_shares(gpus: Iterable[Gpu]) -> dict[str, float]:
    """Median measured share of each family, to six digits: the reference that a fit writes down.

    Args:
        gpus: All cards of the catalogue that the fit knew.
    """
    found: dict[str, list[float]] = {}
    for gpu in gpus:
        share = measured_share(gpu)
        if share == share:
            found.setdefault(gpu.family, []).append(share)
    return {family: float(f"{middle(shares):.6g}") for family, shares in sorted(found.items())}


def middle(values: list[float]) -> float:
    """The median of a short list; numpy's loads masked arrays, which the first answer would wait for."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2.0


def device_columns(
    gpus: tuple[Gpu, ...], coefficients: Coefficients, family_share: Mapping[str, float]
) -> Devices:
    """Columns for the given cards, in their order. Unknown facts become NaN.

    Args:
        gpus: Cards of the catalogue.
        coefficients: Of one fit.
        family_share: The reference of each family that the same fit went by.
    """
    gemm = dict(zip(FAMILIES, coefficients.by_family("gemm_share"), strict=True))
    attention, tuned = (
        {family: float(getattr(coefficients, attention_of(family, has_tuned))) for family in FAMILIES}
        for has_tuned in (False, True)
    )
    rows = []
    for gpu in gpus:
        share = gemm.get(gpu.family, float("nan")) * card_correction(gpu, family_share, coefficients)
        peak = peak_16(gpu)
        rows.append(
            (
                peak * share,
                peak_low(gpu, 8) * share * coefficients.gemm_share_fp8,
                peak_low(gpu, 4) * share * coefficients.gemm_share_fp4,
                peak,
                peak * attention.get(gpu.family, float("nan")),
                peak * tuned.get(gpu.family, float("nan")),
                gpu.memory_bandwidth.si * coefficients.memory_share,
                gpu.compute_units.si,
                gpu.memory_bytes,
                gpu.power.si,
                gpu.link_bandwidth.si,
            )
        )
    return Devices(*np.array(rows, dtype=float).T.copy())
