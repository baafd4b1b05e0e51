"""One evidence row whose numbers are easy: Llama-2-7B on 8 A100, 16 sequences of 4,096 tokens a step."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec

from estimators.evidence.rows import Row

PUBLISHED: dict[str, Any] = {
    "id": "case",
    "group": "case",
    "family": "dense-lm",
    "model": "Llama 2 7B",
    "model_key": "Llama-2-7b-hf",
    "architecture": {"seq_len": 4096},
    "method": "pretrain",
    "hardware": {"gpu": "a100-80-sxm", "gpus": 8, "gpus_per_node": 8},
    "precision": "bf16",
    "software": "Megatron-LM",
    "year": 2025,
    "layout": {"tp": 2, "pp": 1, "micro_batch": 1, "global_batch_sequences": 16, "recompute": "none"},
    "measured": {"quantity": "iteration_s", "unit": "s", "value": 3.0},
    "quality": "A",
    "source": "github.com/example/runs",
}


def published(**changes: Any) -> dict[str, Any]:
    """The row with other values; a dictionary is merged into the one of the same name."""
    out = deepcopy(PUBLISHED)
    for name, value in changes.items():
        merged = isinstance(value, dict) and isinstance(out.get(name), dict)
        out[name] = {**out[name], **value} if merged else value
    return out


def row(**changes: Any) -> Row:
    """The same as a record."""
    return msgspec.convert(published(**changes), type=Row)


def write(path: Path, *rows: dict[str, Any]) -> Path:
    """An evidence file of these rows."""
    path.write_text("".join(json.dumps(item) + "\n" for item in rows), encoding="utf-8")
    return path
