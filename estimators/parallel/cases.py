"""The columns that decide what one layer costs, apart from how often it runs and how its states are sharded.

A search has far fewer distinct cases than layouts, so that it prices a layer once for each and gathers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.network import Fabric
from estimators.parallel.layout import Layouts
from estimators.parameters import TUNED_ATTENTION, Coefficients
from estimators.workloads.work import Part, Work

Column = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Columns of equal length; those of a layout are explained in `Layouts`.

    Attributes:
        devices: Of every case.
        fabric: Of every case.
        share_16: Share of the layers that the recipe keeps in 16 bit.
        tuned_attention: 1 where the software has the vendor's own attention kernels.
        passes: Bytes that the software's memory-bound kernels move, against the fused minimum.
        host: Seconds that its host needs for one layer.
        tp_exposed: Share of tensor-parallel communication that it does not hide.
    """

    devices: Devices
    fabric: Fabric
    tensor: Column
    context: Column
    micro_batch: Column
    expert: Column
    recompute: Column
    bits: Column
    recipe: Column
    share_16: Column
    sequence_parallel: Column
    fused_experts: Column
    context_kind: Column
    tp_overlap: Column
    tuned_attention: Column
    passes: Column
    host: Column
    tp_exposed: Column

    def take(self, rows: Index) -> Cases:
        """The given rows. Every column must have full length."""
        return Cases(
            self.devices.take(rows),
            self.fabric.take(rows),
            *(getattr(self, item.name)[rows] for item in fields(self)[2:]),
        )

    def recomputing(self, mode: Column) -> Cases:
        """The same with other recompute modes, rows in `RECOMPUTE`."""
        return replace(self, recompute=mode)

    def positions(self, part: Part) -> Column:
        """Positions of one micro-batch of a part on one device."""
        return positions_on_rank(part, self.micro_batch, self.context)


def positions_on_rank(part: Part, micro_batch: Column, context: Column) -> Column:
    """Positions of one micro-batch on one context-parallel rank; one that stands alone is not divided."""
    each = np.maximum(part.positions / context, np.minimum(part.positions, 1.0))
    return np.asarray(micro_batch * each)


def cases_of(
    work: Work, layouts: Layouts, devices: Devices, fabric: Fabric, coefficients: Coefficients
) -> Cases:
    """One case for each layout.

    Args:
        devices: Rows that `layouts.device` indexes.
        fabric: Rows that `layouts.system` indexes.
    """

    def of_software(values: tuple[float, ...]) -> Column:
        return np.array(values)[layouts.software]

    return Cases(
        devices=devices.take(layouts.device),
        fabric=fabric.take(layouts.system),
        tensor=layouts.tensor,
        context=layouts.context,
        micro_batch=layouts.micro_batch,
        expert=layouts.expert,
        recompute=layouts.recompute,
        bits=layouts.bits,
        recipe=layouts.recipe,
        share_16=np.asarray(np.minimum(layouts.layers_16 / work.depth, 1.0)),
        sequence_parallel=layouts.sequence_parallel,
        fused_experts=layouts.fused_experts,
        context_kind=layouts.context_kind,
        tp_overlap=layouts.tp_overlap,
        tuned_attention=of_software(TUNED_ATTENTION),
        passes=of_software(coefficients.by_software("passes")),
        host=of_software(coefficients.by_software("host")),
        tp_exposed=of_software(coefficients.by_software("tp_exposed")),
    )
