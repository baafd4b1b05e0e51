"""Megatron Bridge: the same layout as overrides of one of its recipes.

Names: https://github.com/NVIDIA-NeMo/Megatron-Bridge, docs/megatron-lm-to-megatron-bridge.md (key mappings),
and the fields of its configurations of model, train, checkpoint and ddp.
"""

from __future__ import annotations

from app.dossier.jobs.job import Job
from app.dossier.jobs.words import check, comment, lines

OVERRIDES = "megatron_bridge.txt"

SHARDING = {2: "optim_grads", 3: "optim_grads_params"}
"""What Megatron's own FSDP calls ZeRO stages."""

Overrides = dict[str, "str | int"]


def overrides(job: Job) -> str:
    """Text of the file with one override a line."""
    found = {**_layout(job), **_memory(job), **_length(job)}
    return lines(
        comment(f'Overrides of a Megatron Bridge recipe for "{job.run}", one a line, for its run_recipe.py.'),
        check("take the recipe of your model; precision (mixed_precision=...) and data follow from it."),
        [f"{key}={value}" for key, value in found.items()],
    )


def counts_ends_as_layers(job: Job) -> bool:
    """Whether the stages come out even only with embedding and head counted as layers."""
    chunks = job.layout.pipeline_parallel * job.layout.interleave
    layers = job.layers
    return bool(layers % chunks) and not (layers + 2) % chunks


def _layout(job: Job) -> Overrides:
    layout = job.layout
    found: Overrides = {
        "model.tensor_model_parallel_size": layout.tensor_parallel,
        "model.pipeline_model_parallel_size": layout.pipeline_parallel,
        "model.virtual_pipeline_model_parallel_size": layout.interleave if layout.interleave > 1 else "null",
        "model.context_parallel_size": layout.context_parallel,
        "model.expert_model_parallel_size": layout.expert_parallel,
        "model.sequence_parallel": _word(layout.tensor_parallel > 1),
    }
    if job.has_experts:
        found["model.expert_tensor_parallel_size"] = 1
    if job.predicted_ahead:
        found["model.mtp_num_layers"] = job.predicted_ahead
    if counts_ends_as_layers(job):
        found["model.account_for_embedding_in_pipeline_split"] = "true"
        found["model.account_for_loss_in_pipeline_split"] = "true"
    return found


def _memory(job: Job) -> Overrides:
    layout = job.layout
    found: Overrides = {"ddp.use_distributed_optimizer": _word(layout.zero_stage >= 1)}
    if layout.zero_stage >= 2:
        found["ddp.use_megatron_fsdp"] = "true"
        found["ddp.data_parallel_sharding_strategy"] = SHARDING[layout.zero_stage]
    if layout.recompute != "none":
        found["model.recompute_granularity"] = layout.recompute
    if layout.recompute == "full":
        found |= {"model.recompute_method": "uniform", "model.recompute_num_layers": 1}
    return found


def _length(job: Job) -> Overrides:
    found: Overrides = {
        "model.seq_length": job.positions,
        "dataset.seq_length": job.positions,
        "train.micro_batch_size": job.layout.micro_batch,
        "train.global_batch_size": job.batch_samples,
        "train.train_iters": job.steps,
    }
    if job.chain.checkpoint_steps is not None:
        found["checkpoint.save_interval"] = job.chain.checkpoint_steps
    if job.chain.stop_minutes is not None:
        found["train.exit_duration_in_mins"] = job.chain.stop_minutes
    return found


def _word(value: bool) -> str:
    return str(value).lower()
