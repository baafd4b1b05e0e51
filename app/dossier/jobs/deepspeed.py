"""DeepSpeed: its configuration as JSON.

Keys: https://www.deepspeed.ai/docs/config-json/ (batch, bf16, fp16, zero_optimization, gradient_clipping);
tensor parallelism in training: https://www.deepspeed.ai/tutorials/autotp-training/.
JSON has no comments, so what is to be checked stands in the batch script and in README.md.
"""

from __future__ import annotations

import json
from typing import Any

from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import NO_PREDICTION, Launcher
from app.dossier.jobs.words import check

CONFIG = "deepspeed.json"


def launcher(job: Job) -> Launcher:
    """DeepSpeed's part of the job."""
    return Launcher(
        id="deepspeed",
        title="DeepSpeed",
        files={CONFIG: json.dumps(config(job), indent=2) + "\n"},
        starter="torchrun",
        prepare=(
            check("your own training program; it passes deepspeed.json to deepspeed.initialize()."),
            'TRAIN=${TRAIN:?"set TRAIN to your training program"}',
            check("the program must resume from $OUTPUT and create $OUTPUT/finished after its last step."),
            *resume_checks(job),
        ),
        program=(
            '"$TRAIN"',
            f"--deepspeed {CONFIG}",
            '--output_dir "$OUTPUT"',
            '--seed "$SEED"',
            '--max_steps "$STEPS"',
        ),
        finished='[ -e "$OUTPUT/finished" ]',
        objections=objections(job),
    )


def resume_checks(job: Job) -> list[str]:
    """What a program of one's own must do about recomputation and checkpoints."""
    found = []
    if job.layout.recompute != "none":
        found.append(
            check(f"the program must recompute activations ({job.layout.recompute}), as the estimate does.")
        )
    if job.chain.checkpoint_steps is not None:
        found.append(check(f"the program must save every {job.chain.checkpoint_steps} steps."))
    return found


def objections(job: Job) -> tuple[str, ...]:
    """What the layout asks and DeepSpeed's file cannot say."""
    layout = job.layout
    found = []
    if job.predicted_ahead:
        found.append(NO_PREDICTION)
    if layout.pipeline_parallel > 1:
        found.append(
            f"pipeline parallel {layout.pipeline_parallel}: DeepSpeed needs the model as a PipelineModule."
        )
    if layout.context_parallel > 1:
        found.append(
            f"context parallel {layout.context_parallel}: DeepSpeed has Ulysses for it, set in the program."
        )
    if layout.expert_parallel > 1:
        found.append(
            f"expert parallel {layout.expert_parallel} is set in the program (ep_size of its MoE layer)."
        )
    if layout.recipe is not None:
        found.append(
            f"{layout.recipe} scaling in low precision is set in the program, not in DeepSpeed's file."
        )
    if layout.zero_stage and 1 < layout.shard_group < layout.data_parallel * layout.context_parallel:
        found.append(
            f"the estimate shards over groups of {layout.shard_group} GPUs, this file over all of them."
        )
    return tuple(found)


def config(job: Job) -> dict[str, Any]:
    """The configuration as DeepSpeed reads it."""
    layout = job.layout
    zero: dict[str, Any] = {"stage": layout.zero_stage}
    if layout.zero_stage >= 1:
        zero |= {"contiguous_gradients": True, "overlap_comm": True, "reduce_scatter": True}
    if layout.offload and layout.zero_stage >= 1:
        zero["offload_optimizer"] = {"device": "cpu", "pin_memory": True}
    if layout.zero_stage == 3:
        zero["stage3_gather_16bit_weights_on_model_save"] = True
    found: dict[str, Any] = {
        "train_batch_size": job.batch_samples,
        "train_micro_batch_size_per_gpu": layout.micro_batch,
        "gradient_accumulation_steps": layout.micro_batches,
        "zero_optimization": zero,
        "bf16": {"enabled": job.precision not in {"fp16", "fp32", "tf32"}},
        "fp16": {"enabled": job.precision == "fp16"},
        "wall_clock_breakdown": False,
    }
    if layout.tensor_parallel > 1:
        found["tensor_parallel"] = {"autotp_size": layout.tensor_parallel}
    return found
