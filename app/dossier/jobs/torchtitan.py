"""torchtitan: its configuration as TOML.

Names: https://github.com/pytorch/torchtitan/blob/v0.2.0/torchtitan/config/job_config.py and
tests/integration_tests/base_config.toml beside it. Later versions build the same sections in Python
(https://github.com/pytorch/torchtitan/blob/main/torchtitan/config/README.md).
FP8: https://github.com/pytorch/torchtitan/blob/v0.2.0/docs/float8.md.
"""

from __future__ import annotations

from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import Launcher
from app.dossier.jobs.words import check, comment, lines

CONFIG = "torchtitan.toml"
_SCHEDULES = {"1f1b": "1F1B", "interleaved": "Interleaved1F1B"}
_ROTATE = {"all-gather": "allgather", "ring": "alltoall"}
_RESHARD = {2: "never", 3: "always"}


def launcher(job: Job) -> Launcher:
    """Give what torchtitan adds to the job."""
    return Launcher(
        id="torchtitan",
        title="torchtitan",
        files={CONFIG: _config(job)},
        starter="torchrun",
        prepare=(
            check("torchtitan must be installed in the environment above, at a version that reads TOML."),
        ),
        program=(
            "-m torchtitan.train",
            f"--job.config_file {CONFIG}",
            '--job.dump_folder "$OUTPUT"',
            '--training.seed "$SEED"',
            *(('--checkpoint.initial_load_path "$WEIGHTS"',) if job.starts_from_weights else ()),
        ),
        finished='[ -d "$OUTPUT/checkpoint/step-$STEPS" ]',
        objections=_objections(job),
    )


def data_degrees(job: Job) -> tuple[int, int]:
    """Replicas of the sharded model, and ranks that shard it (beside those of context parallelism)."""
    layout = job.layout
    if layout.zero_stage == 0:
        return layout.data_parallel, 1
    shard, left = divmod(layout.shard_group, layout.context_parallel)
    if left or not 0 < shard < layout.data_parallel or layout.data_parallel % shard:
        return 1, layout.data_parallel
    return layout.data_parallel // shard, shard


def local_batch(job: Job) -> int:
    """Samples that one replica takes in between two accumulations: all of them where a pipeline cuts them."""
    layout = job.layout
    return layout.micro_batch * (layout.micro_batches if layout.pipeline_parallel > 1 else 1)


def _objections(job: Job) -> tuple[str, ...]:
    layout = job.layout
    found = []
    if not job.is_language:
        found.append("torchtitan trains language models first; see whether it knows this one.")
    if layout.zero_stage == 1:
        found.append(
            "the layout of the estimate shards optimiser states only; torchtitan shards gradients too."
        )
    if layout.schedule in {"zero-bubble", "zero-bubble-2p"}:
        found.append(
            f"the {layout.schedule} schedule of the estimate has no exact name here; 1F1B stands for it."
        )
    if layout.context_kind == "ulysses":
        found.append("the estimate moves heads between GPUs (Ulysses); torchtitan moves keys and values.")
    if layout.recipe in {"delayed", "block-wise", "nvfp4"}:
        found.append(f"{layout.recipe} scaling of the estimate is no recipe of torchtitan.")
    if layout.offload:
        found.append(
            "offloading takes weights and gradients along in torchtitan, which the estimate leaves out."
        )
    return tuple(found)


def _config(job: Job) -> str:
    layout = job.layout
    return lines(
        comment(f'torchtitan for "{job.run}".'),
        "[job]",
        'dump_folder = "./outputs"  # the batch script puts its own in place of it',
        "",
        "[model]",
        check(f"name and flavor under which your torchtitan knows {job.card.name}; empty stops it at once."),
        'name = ""',
        'flavor = ""',
        check("folder with tokenizer and configuration of the model."),
        'hf_assets_path = ""',
        *_converters(job),
        "",
        check("learning rate, its schedule and the other choices of the recipe: none is set here."),
        "[training]",
        f"local_batch_size = {local_batch(job)}",
        f"global_batch_size = {job.batch_samples}",
        f"seq_len = {job.sample_tokens}",
        f"steps = {job.steps}",
        f'mixed_precision_param = "{"float32" if job.precision in {"fp32", "tf32"} else "bfloat16"}"',
        f"enable_cpu_offload = {str(layout.offload).lower()}",
        check("dataset: its name and path in torchtitan."),
        'dataset = ""',
        "",
        _parallelism(job),
        "",
        "[activation_checkpoint]",
        f'mode = "{layout.recompute}"',
        *(['selective_ac_option = "op"'] if layout.recompute == "selective" else []),
        "",
        _checkpoint(job),
    )


def _converters(job: Job) -> list[str]:
    """The model's conversion to FP8, where the layout has a recipe that torchtitan knows."""
    recipes = {"current": "tensorwise", "row-wise": "rowwise"}
    if job.layout.recipe in recipes:
        return [
            'converters = ["quantize.linear.float8"]',
            "",
            "[quantize.linear.float8]",
            f'recipe_name = "{recipes[job.layout.recipe]}"',
            'filter_fqns = ["output"]',
        ]
    if job.layout.recipe == "mxfp8":
        return [check("MXFP8 needs the converter quantize.linear.mx and torchao of the same time.")]
    return []


def _parallelism(job: Job) -> list[str]:
    layout = job.layout
    replicate, shard = data_degrees(job)
    found = [
        "[parallelism]",
        f"data_parallel_replicate_degree = {replicate}",
        f"data_parallel_shard_degree = {shard}",
        f'fsdp_reshard_after_forward = "{_RESHARD.get(layout.zero_stage, "default")}"',
        f"tensor_parallel_degree = {layout.tensor_parallel}",
        f"pipeline_parallel_degree = {layout.pipeline_parallel}",
        f"context_parallel_degree = {layout.context_parallel}",
    ]
    if layout.pipeline_parallel > 1:
        found.append(f"pipeline_parallel_microbatch_size = {layout.micro_batch}")
        found.append(f'pipeline_parallel_schedule = "{_SCHEDULES.get(layout.schedule or "1f1b", "1F1B")}"')
        layers = job.card.layers or 0
        if layout.interleave > 1 and layers % (layout.pipeline_parallel * layout.interleave) == 0:
            stages = layout.pipeline_parallel * layout.interleave
            found.append(f"pipeline_parallel_layers_per_stage = {layers // stages}")
    if layout.context_parallel > 1 and layout.context_kind in _ROTATE:
        found.append(f'context_parallel_rotate_method = "{_ROTATE[layout.context_kind]}"')
    if job.card.experts:
        found.append(f"expert_parallel_degree = {layout.expert_parallel}")
    return found


def _checkpoint(job: Job) -> list[str]:
    if job.chain.checkpoint_steps is None:
        return ["[checkpoint]", "enable = false"]
    return [
        "[checkpoint]",
        "enable = true",
        'folder = "checkpoint"',
        f"interval = {job.chain.checkpoint_steps}",
        "last_save_model_only = false",
        "keep_latest_k = 3",
    ]
