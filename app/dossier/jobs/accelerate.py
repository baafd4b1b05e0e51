"""Accelerate: the file of `accelerate launch` as YAML, over FSDP, DeepSpeed or plain data parallelism.

Keys: https://huggingface.co/docs/accelerate/usage_guides/fsdp, and beside it concept_guides/fsdp1_vs_fsdp2
(fsdp_version 2, fsdp_reshard_after_forward), usage_guides/deepspeed (deepspeed_config_file),
concept_guides/context_parallelism (parallelism_config_...), package_reference/cli (accelerate launch).
Several nodes: https://github.com/huggingface/accelerate @16cb6eb, examples/slurm/submit_multinode.sh: one
task on each node, num_processes over all nodes, rdzv_backend c10d, which needs no rank of a machine.
Arguments of the program: https://huggingface.co/docs/transformers/main_classes/trainer (TrainingArguments).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.dossier.jobs import deepspeed
from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import NO_PREDICTION, Launcher
from app.dossier.jobs.torchtitan import data_degrees
from app.dossier.jobs.words import check, comment, lines

CONFIG = "accelerate.yaml"

Settings = Mapping[str, "str | int | bool | Mapping[str, str | int | bool]"]


def launcher(job: Job) -> Launcher:
    """Accelerate's part of the job."""
    layout = job.layout
    saves = job.chain.checkpoint_steps
    return Launcher(
        id="accelerate",
        title="Accelerate",
        files={CONFIG: _config(job)},
        starter="accelerate",
        prepare=(
            check("your own training program; the arguments below are those of the Trainer of Transformers."),
            'TRAIN=${TRAIN:?"set TRAIN to your training program"}',
            check("the program must resume from $OUTPUT and create $OUTPUT/finished after its last step."),
        ),
        program=(
            f'--config_file {CONFIG} "$TRAIN"',
            '--output_dir "$OUTPUT"',
            '--seed "$SEED"',
            '--max_steps "$STEPS"',
            f"--per_device_train_batch_size {layout.micro_batch}",
            f"--gradient_accumulation_steps {layout.micro_batches}",
            *((f"--save_strategy steps --save_steps {saves} --save_total_limit 3",) if saves else ()),
            *(("--gradient_checkpointing true",) if _program_recomputes(job) else ()),
        ),
        finished='[ -e "$OUTPUT/finished" ]',
        objections=_objections(job),
    )


def backend(job: Job) -> str:
    """What shards the model: FSDP, DeepSpeed where only it has the stage, or nothing."""
    if job.layout.zero_stage == 0:
        return "MULTI_GPU" if job.layout.gpus > 1 else "NO"
    if job.layout.zero_stage == 1:
        return "DEEPSPEED"
    return "FSDP"


def _program_recomputes(job: Job) -> bool:
    """Whether recomputation is the program's: FSDP has a setting of its own."""
    return job.layout.recompute != "none" and backend(job) != "FSDP"


def _objections(job: Job) -> tuple[str, ...]:
    layout = job.layout
    if backend(job) == "DEEPSPEED":
        return deepspeed.objections(job)
    found = []
    if job.predicted_ahead:
        found.append(NO_PREDICTION)
    if layout.pipeline_parallel > 1:
        found.append(
            f"pipeline parallel {layout.pipeline_parallel}: Accelerate has no pipelines; this cannot start."
        )
    if layout.expert_parallel > 1:
        found.append(f"expert parallel {layout.expert_parallel}: a matter of the model's code.")
    if layout.recipe is not None:
        found.append(f"{layout.recipe} scaling in low precision is set in the program (fp8_config).")
    if layout.recompute == "selective":
        found.append("recomputation is of whole layers here; the estimate recomputes less (selective).")
    return tuple(found)


def _config(job: Job) -> str:
    layout = job.layout
    kind = backend(job)
    settings: dict[str, str | int | bool | Mapping[str, str | int | bool]] = {
        "compute_environment": "LOCAL_MACHINE",
        "debug": False,
        "distributed_type": kind,
        "main_training_function": "main",
        "num_machines": job.nodes,
        "num_processes": layout.gpus,
        "rdzv_backend": "c10d",
        "same_network": True,
        "use_cpu": False,
    }
    if kind == "DEEPSPEED":
        settings["deepspeed_config"] = {
            "deepspeed_config_file": deepspeed.CONFIG,
            "deepspeed_multinode_launcher": "standard",
            "zero3_init_flag": layout.zero_stage == 3,
        }
    else:
        settings["mixed_precision"] = _mixed_precision(job.precision)
    if kind == "FSDP":
        settings["fsdp_config"] = _fsdp(job)
    if kind == "FSDP" or max(layout.tensor_parallel, layout.context_parallel) > 1:
        settings["parallelism_config"] = _parallelism(job)
    return lines(
        comment(f'accelerate launch for "{job.run}"; the batch script gives the first host.'),
        check("fsdp_transformer_layer_cls_to_wrap, where your model does not name its layer class itself."),
        _yaml(settings),
    )


def _mixed_precision(precision: str) -> str:
    if precision in {"fp32", "tf32"}:
        return "no"
    return "fp16" if precision == "fp16" else "bf16"


def _fsdp(job: Job) -> Mapping[str, str | int | bool]:
    return {
        "fsdp_version": 2,
        "fsdp_reshard_after_forward": job.layout.zero_stage == 3,
        "fsdp_auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "fsdp_state_dict_type": "SHARDED_STATE_DICT",
        "fsdp_offload_params": job.layout.offload,
        "fsdp_cpu_ram_efficient_loading": True,
        "fsdp_activation_checkpointing": job.layout.recompute != "none",
    }


def _parallelism(job: Job) -> Mapping[str, str | int | bool]:
    replicate, shard = data_degrees(job)
    return {
        "parallelism_config_dp_replicate_size": replicate,
        "parallelism_config_dp_shard_size": shard,
        "parallelism_config_tp_size": job.layout.tensor_parallel,
        "parallelism_config_cp_size": job.layout.context_parallel,
    }


def _yaml(settings: Settings, indent: str = "") -> list[str]:
    """Settings as YAML: words, numbers and one level below."""
    found = []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            found += [f"{indent}{key}:", *_yaml(value, indent + "  ")]
        elif isinstance(value, bool):
            found.append(f"{indent}{key}: {str(value).lower()}")
        else:
            found.append(f"{indent}{key}: {value!r}")
    return found
