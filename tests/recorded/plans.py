"""The plans whose answers are recorded: the examples, and generated ones that are the same every time.

Plans are written as their files hold them and read as a file is: no name of the science stands here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

Raw = dict[str, Any]
T = TypeVar("T")

GENERATED = 96
"""How many plans are generated; a plan keeps its inputs when more are added behind it."""
EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"

DENSE = ("EuroLLM-1.7B", "Llama-3.1-8B", "Gemma-2-9b", "Mistral-Nemo-12B", "Llama-3.1-70B", "Qwen2.5-0.5B")
EXPERTS = ("Mixtral-8x7B-v0.1", "Qwen3-30B-A3B-Base", "gpt-oss-20b", "Llama-4-Scout-17B-16E")
LATENT = ("DeepSeek-V2-Lite-16B", "DeepSeek-V2-236B", "DeepSeek-V3-671B")
VISION = ("vit-base-patch16-224", "vit-large-patch14-clip-336", "vit-giant-patch14-clip-224")
OWN_DECODER: Raw = {
    "family": "decoder-lm",
    "name": "Own decoder",
    "layers": 28,
    "hidden": 3072,
    "heads": 24,
    "kv_heads": 8,
    "ffn": 8192,
    "vocab": 96_000,
    "tied_embeddings": True,
    "sliding_window": 2048,
}
OWN_PLAIN: Raw = {
    "family": "decoder-lm",
    "name": "Own plain decoder",
    "layers": 16,
    "hidden": 2048,
    "heads": 16,
    "head_dim": 96,
    "ffn": 8192,
    "ffn_gated": False,
    "vocab": 50_304,
}
OWN_VISION: Raw = {
    "family": "vision-transformer",
    "name": "Own vision transformer",
    "layers": 32,
    "hidden": 1280,
    "heads": 16,
    "ffn": 5120,
    "image_pixels": 378,
    "patch_pixels": 14,
    "classes": 21_841,
}
FAMILIES: tuple[tuple[Any, ...], ...] = (DENSE, EXPERTS, LATENT, (OWN_DECODER, OWN_PLAIN), (), DENSE)
"""Models of decoders by family; none for the vision transformers. Families take turns."""

METHODS = ("pretraining", "continued-pretraining", "full-finetuning")
LANGUAGE_LAYOUTS: tuple[Raw, ...] = (
    {},
    {"tensor_parallel": 4},
    {"tensor_parallel": 2, "pipeline_parallel": 4, "schedule": "1f1b", "micro_batch": 1},
    {"pipeline_parallel": 2, "schedule": "interleaved"},
    {"pipeline_parallel": 4, "schedule": "zero-bubble", "recompute": "none"},
    {"pipeline_parallel": 4, "schedule": "zero-bubble-2p"},
    {"context_parallel": 2, "context_kind": "ring"},
    {"context_parallel": 4, "context_kind": "all-gather", "recompute": "selective"},
    {"context_parallel": 4, "context_kind": "ulysses", "tensor_parallel": 2},
    {"zero_stage": 3, "shard_group": 8, "recompute": "full"},
    {"zero_stage": 2, "micro_batch": 2},
    {"zero_stage": 1, "recompute": "selective"},
    {"zero_stage": 0, "micro_batch": 4},
    {"zero_stage": 3, "shard_group": 0, "micro_batch": 1},
)
EXPERT_LAYOUTS: tuple[Raw, ...] = (
    {"expert_capacity": 1.0},
    {"expert_capacity": 1.25, "tensor_parallel": 2},
    {"expert_capacity": 2.0, "pipeline_parallel": 4},
)
TRAINER_LAYOUTS: tuple[Raw, ...] = (
    {},
    {"zero_stage": 3, "recompute": "full"},
    {"zero_stage": 2},
    {"micro_batch": 1},
)
RECIPES = {"megatron": ("delayed", "current", "block-wise"), "fsdp": ("delayed", "current", "row-wise")}
SEQUENCES = (2048, 4096, 8192, 32_768, 131_072, 262_144)
MACHINES = (
    None,
    "leonardo-booster",
    "lumi-g",
    "jupiter-booster",
    "marenostrum5-acc",
    "meluxina-gpu",
    "discoverer-plus",
    "arrhenius-gpu",
    "vega-gpu",
)
OWN_HARDWARE = (
    ("rtx4090", 4),
    ("a100-80-sxm", 8),
    ("h100-80-sxm", 16),
    ("mi300x", 8),
    ("l40s", 2),
    ("b200-sxm", 8),
)


class Dice:
    """Choices from a seed by `random.random` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self._random.random() * len(choices))]

    def often(self, share: float) -> bool:
        """True in so many of all cases."""
        return self._random.random() < share


def recorded_plans() -> Iterator[tuple[str, Callable[[], str], bool]]:
    """Name, text of the file, and whether the plan is an example, of every plan in order."""
    for path in sorted(EXAMPLES.glob("*.nodewise.json")):
        yield (
            f"example/{path.name.removesuffix('.nodewise.json')}",
            lambda path=path: path.read_text("utf-8"),
            True,
        )
    for number in range(GENERATED):
        yield f"generated/{number:02}", lambda number=number: json.dumps(generated(number)), False


def generated(number: int) -> Raw:
    """A plan of one run: families and layouts take turns, everything else is drawn by the plan's own dice."""
    dice = Dice(f"plan {number}")
    turn, family = divmod(number, len(FAMILIES))
    run = _language_run(dice, turn, FAMILIES[family]) if FAMILIES[family] else _vision_run(dice)
    if dice.often(0.3):
        run["gpus"] = dice.one((8, 16, 32, 48, 64, 96, 128, 256, 512))
    machine = dice.one(MACHINES)
    if dice.often(0.2):
        run["measured_step"] = {
            "machine": machine or "own",
            "gpus": 16 if machine else 4,
            "step_seconds": dice.one((60.0, 90.0, 200.0)),
            "batch_samples": 16,
            "confirmed": True,
        }
    card, count = dice.one(OWN_HARDWARE)
    return {
        "format": "nodewise-plan",
        "version": 1,
        "revision": 1,
        "name": f"generated-{number:02}",
        "runs": [run],
        "target": {"machine": machine, "deadline_days": dice.one((None, None, 3, 21, 90.5))},
        "own_hardware": {"gpu": card, "gpus": count},
    }


def _language_run(dice: Dice, turn: int, models: tuple[Any, ...]) -> Raw:
    """A run of one of some decoders; layouts take turns."""
    model = dice.one(models)
    software = dice.one(("megatron", "megatron", "fsdp", "trainer", None))
    layouts = TRAINER_LAYOUTS if software == "trainer" else LANGUAGE_LAYOUTS
    if models == EXPERTS and software != "trainer":
        layouts = EXPERT_LAYOUTS + LANGUAGE_LAYOUTS
    layout = dict(layouts[turn % len(layouts)])
    if software == "fsdp" and layout.get("schedule", "").startswith("zero"):
        del layout["schedule"]
    precision = dice.one(("bf16", "bf16", "fp16", "fp8", "fp8", "mxfp8", "nvfp4"))
    if precision == "fp8" and dice.often(0.5):
        layout["recipe"] = dice.one(RECIPES.get(software or "megatron", ("delayed", "current", "row-wise")))
    data: Raw = {"tokens": dice.one((200_000_000, 30_000_000_000, 2.5e12)), "passes": dice.one((1, 1, 2.5))}
    if dice.often(0.4):
        data["global_batch_tokens"] = dice.one((524_288, 4_194_304, 16_777_216))
    return {
        "id": "main",
        "name": "Main run",
        "workload": {
            "model": model,
            "method": dice.one(METHODS),
            "sequence_tokens": dice.one((None, *SEQUENCES)),
            "precision": precision,
            "multi_token_prediction": model == "DeepSeek-V3-671B" and software in (None, "megatron"),
        },
        "data": data,
        "software": software,
        "layout": layout,
    }


def _vision_run(dice: Dice) -> Raw:
    software = dice.one(("megatron", "fsdp", "trainer"))
    layouts: tuple[Raw, ...] = TRAINER_LAYOUTS
    if software != "trainer":
        layouts += ({"tensor_parallel": 2, "recompute": "selective"}, {"zero_stage": 3, "shard_group": 4})
    data: Raw = {"images": dice.one((1_281_167, 400_000_000)), "passes": dice.one((1, 90))}
    if dice.often(0.5):
        data["global_batch_samples"] = dice.one((512, 4096))
    return {
        "id": "main",
        "name": "Main run",
        "workload": {
            "model": dice.one((*VISION, OWN_VISION)),
            "method": dice.one(METHODS),
            "precision": dice.one(("bf16", "fp8")),
        },
        "data": data,
        "software": software,
        "layout": dict(dice.one(layouts)),
    }
