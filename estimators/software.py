"""What each class of training software can do, as facts with their sources.

A class says what its programs can split over devices and which modes they have. The search obeys for a plan,
a layout that a user fixes is held against it, and the job files start with the launchers that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from estimators.words import Name, Value, say

Degree = Literal["tensor", "pipeline", "context", "expert"]
EVERY_DEGREE: frozenset[Degree] = frozenset(("tensor", "pipeline", "context", "expert"))
Recompute = Literal["none", "selective", "full"]
ALL_RECOMPUTES: tuple[Recompute, ...] = ("none", "selective", "full")


@dataclass(frozen=True, slots=True)
class SoftwareClass:
    """One class of training software.

    Attributes:
        id: As plans and calibration name it.
        name: As a sentence names it, after "with".
        splits: What its programs divide over devices beside data parallelism and sharding.
        searched_stages: ZeRO stages that a search tries.
        recomputes: What is computed again in the backward pass.
        schedules: Orders of a pipeline's passes.
        context_kinds: How context parallelism moves keys and values.
        recipes: How 8-bit products are scaled.
        predicts_ahead: Whether it trains token-prediction blocks beside the model.
        launchers: Job files that start it, the closest first.
        source: Where the programs' documentation says so.
        offered: Whether a plan can choose it; the others describe published runs.
    """

    id: str
    name: Value
    splits: frozenset[Degree]
    searched_stages: tuple[int, ...]
    recomputes: tuple[Recompute, ...]
    schedules: tuple[str, ...]
    context_kinds: tuple[str, ...]
    recipes: tuple[str, ...]
    launchers: tuple[str, ...]
    source: str
    offered: bool = True
    predicts_ahead: bool = False


_ALL: frozenset[Degree] = frozenset(("tensor", "pipeline", "context", "expert"))

CLASSES: tuple[SoftwareClass, ...] = (
    SoftwareClass(
        id="megatron",
        name=say("a Megatron-class program"),
        splits=_ALL,
        searched_stages=(1, 3),
        recomputes=ALL_RECOMPUTES,
        schedules=("1f1b", "interleaved", "zero-bubble", "zero-bubble-2p"),
        context_kinds=("ring", "all-gather", "ulysses"),
        recipes=("delayed", "current", "block-wise"),
        launchers=("megatron",),
        source="NVIDIA/Megatron-LM, megatron/training/arguments.py (tensor-, pipeline-, context-, "
        "expert-model-parallel-size, recompute-granularity, cp-comm-type, fp8-recipe, mtp-num-layers); "
        "zero bubble: sail-sg/zero-bubble-pipeline-parallelism, the fork of arXiv:2401.10241",
        predicts_ahead=True,
    ),
    SoftwareClass(
        id="fsdp",
        name=say("FSDP or DeepSpeed"),
        splits=_ALL,
        searched_stages=(2, 3),
        recomputes=ALL_RECOMPUTES,
        schedules=("1f1b", "interleaved"),
        context_kinds=("ring", "all-gather", "ulysses"),
        recipes=("delayed", "current", "row-wise"),
        launchers=("torchtitan", "accelerate"),
        source="pytorch/torchtitan v0.2.0, torchtitan/config/job_config.py (tensor, pipeline, context and "
        "expert degrees; selective recomputation; context_parallel_rotate_method); Ulysses: DeepSpeed; "
        "FP8: torchtitan docs/float8.md and Transformer Engine through Accelerate",
    ),
    SoftwareClass(
        id="trainer",
        name=say("the trainer as it comes"),
        splits=frozenset(),
        searched_stages=(0, 2, 3),
        recomputes=("none", "full"),
        schedules=(),
        context_kinds=(),
        recipes=("delayed", "current", "row-wise"),
        launchers=("accelerate", "deepspeed"),
        source="Transformers, main_classes/trainer (TrainingArguments: fsdp, deepspeed, "
        "gradient_checkpointing of whole layers); Accelerate, usage_guides/fsdp and low_precision_training",
    ),
    SoftwareClass(
        id="megatron-2021",
        name=say("Megatron-LM of 2020 to 2022"),
        splits=frozenset(("tensor", "pipeline")),
        searched_stages=(0, 1),
        recomputes=ALL_RECOMPUTES,
        schedules=("1f1b", "interleaved"),
        context_kinds=(),
        recipes=(),
        launchers=("megatron",),
        source="arXiv:2104.04473, arXiv:2205.05198",
        offered=False,
    ),
    SoftwareClass(
        id="megatron-deepspeed",
        name=Name("Megatron-DeepSpeed"),
        splits=frozenset(("tensor", "pipeline")),
        searched_stages=(0, 1),
        recomputes=("none", "full"),
        schedules=("1f1b",),
        context_kinds=(),
        recipes=(),
        launchers=("deepspeed", "megatron"),
        source="arXiv:2211.05100, section 3.4 (BLOOM)",
        offered=False,
    ),
)
"""In the order of the columns of software in the calibration."""

_BY_ID = {item.id: item for item in CLASSES}


def software_named(name: str) -> SoftwareClass:
    """The class of a name.

    Raises:
        KeyError: There is no such class.
    """
    return _BY_ID[name]
