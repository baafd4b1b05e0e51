"""torchtitan 0.3.0: its configuration as a function of Python.

The release reads no TOML: `--module` names a module, `--config` a function in it that returns the settings.
Names: the wheel torchtitan 0.3.0 of 2026-09-03, torchtitan/config/manager.py and configs.py, trainer.py,
components/checkpoint.py, distributed/activation_checkpoint.py, models/*/config_registry.py. Later versions
replace local_batch_size and seq_len (https://github.com/pytorch/torchtitan, commit b5bcd76 of 2026-08-21).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import NO_PREDICTION, Launcher
from app.dossier.jobs.words import check, comment, lines
from app.words import text
from estimators.planning.records import LayoutUsed

VERSION = "0.3.0"
MODULE = "nodewise_torchtitan"
CONFIG = f"{MODULE}.py"

PUBLISHED: Mapping[str, tuple[str, str, str]] = {
    "Llama-3.1-8B": ("llama3", "llama3_8b", "8B"),
    "Llama-3.1-70B": ("llama3", "llama3_70b", "70B"),
    "Llama-3.1-405B": ("llama3", "llama3_405b", "405B"),
    "Qwen3-0.6B-Base": ("qwen3", "qwen3_0_6b", "0.6B"),
    "Qwen3-1.7B-Base": ("qwen3", "qwen3_1_7b", "1.7B"),
    "Qwen3-14B-Base": ("qwen3", "qwen3_14b", "14B"),
    "Qwen3-32B": ("qwen3", "qwen3_32b", "32B"),
    "Qwen3-30B-A3B-Base": ("qwen3", "qwen3_30b_a3b", "30B-A3B"),
    "DeepSeek-V3-671B": ("deepseek_v3", "deepseek_v3_671b", "671B"),
    "gpt-oss-20b": ("gpt_oss", "gpt_oss_20b", "20b"),
    "gpt-oss-120b": ("gpt_oss", "gpt_oss_120b", "120b"),
}
"""Package, function and flavor under which torchtitan has a model of the catalogue."""

_SCHEDULES = {"1f1b": "1F1B", "interleaved": "Interleaved1F1B"}
_RESHARD = {2: "never", 3: "always"}
_RECOMPUTE = {"none": "None", "selective": "SelectiveAC.Config()", "full": "FullAC.Config()"}
_CONVERTERS = {
    "row-wise": 'Float8LinearConverter.Config(recipe_name="rowwise", filter_fqns=["output"])',
    "mxfp8": "MXFP8LinearConverter.Config()",
    "nvfp4": 'NVFP4LinearConverter.Config(fqns=["layers"])',
}


def launcher(job: Job) -> Launcher:
    """Give what torchtitan adds to the job."""
    return Launcher(
        id="torchtitan",
        title="torchtitan",
        files={CONFIG: _config(job)},
        starter="torchrun",
        prepare=(
            check(f"torchtitan=={VERSION} must be installed in the environment above; it reads {CONFIG}."),
            check("set MODEL_ASSETS to a folder with tokenizer and config.json of the model."),
            'export MODEL_ASSETS=${MODEL_ASSETS:?"set MODEL_ASSETS to the folder of the tokenizer"}',
            'export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"',
            f"export DATA OUTPUT SEED{' WEIGHTS' if job.starts_from_weights else ''}",
        ),
        program=("-m torchtitan.train", f"--module {MODULE} --config run"),
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
    if job.predicted_ahead:
        found.append(NO_PREDICTION)
    if job.support("torchtitan").objection:
        found.append(text(job.support("torchtitan").objection))
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
    if layout.recipe is not None and layout.recipe not in _CONVERTERS:
        found.append(f"{layout.recipe} scaling of the estimate is no recipe of torchtitan {VERSION}.")
    if layout.offload:
        found.append(
            "offloading takes weights and gradients along in torchtitan, which the estimate leaves out."
        )
    return tuple(found)


def _config(job: Job) -> str:
    return lines(
        comment(f'torchtitan {VERSION} for "{job.run}": torchrun ... --module {MODULE} --config run'),
        "import os",
        "",
        *_imports(job),
        "",
        "",
        *_published(job),
        "def run():",
        [f"    {row}" if row else "" for row in _settings(job)],
        "    return config",
    )


def _imports(job: Job) -> list[str]:
    found = ["from torchtitan.components.checkpoint import CheckpointManager"]
    if _converter(job) is not None:
        name = _CONVERTERS[job.layout.recipe or ""].partition(".")[0]
        found.append(f"from torchtitan.components.quantization import {name}")
    recompute = _RECOMPUTE[job.layout.recompute]
    if recompute != "None":
        name = recompute.partition(".")[0]
        found.append(f"from torchtitan.distributed.activation_checkpoint import {name}")
    found.append("from torchtitan.hf_datasets.text_datasets import HuggingFaceTextDataLoader")
    if job.model.id in PUBLISHED:
        package, function, _ = PUBLISHED[job.model.id]
        if _converter(job) is not None:
            found.append(f"from torchtitan.models.{package} import model_registry")
        found.append(f"from torchtitan.models.{package}.config_registry import {function} as published")
    return found


def _published(job: Job) -> list[str]:
    """A place for the user's model where torchtitan has none; it stops the job at once."""
    if job.model.id in PUBLISHED:
        return []
    return [
        check(f"return the settings of {job.model.name}, as torchtitan/models/*/config_registry.py do."),
        "def published():",
        f'    raise SystemExit("{CONFIG}: name the configuration of your model in published()")',
        "",
        "",
    ]


def _settings(job: Job) -> list[str]:
    layout = job.layout
    return [
        "config = published()",
        'config.dump_folder = os.environ["OUTPUT"]',
        'config.hf_assets_path = os.environ["MODEL_ASSETS"]',
        'config.debug.seed = int(os.environ["SEED"])',
        *_converted(job),
        "",
        check("learning rate, its schedule and the other choices of the recipe are those of torchtitan."),
        f"config.training.local_batch_size = {local_batch(job)}",
        f"config.training.global_batch_size = {job.batch_samples}",
        f"config.training.seq_len = {job.positions}",
        f"config.training.steps = {job.steps}",
        f"config.training.mixed_precision_param = {_literal(_precision(job))}",
        f"config.training.enable_cpu_offload = {layout.offload}",
        *_graphs(layout),
        check("your data: register it in DATASETS of torchtitan/hf_datasets/text_datasets.py."),
        'config.dataloader = HuggingFaceTextDataLoader.Config(dataset="c4", dataset_path=os.environ["DATA"])',
        "config.validator.enable = False  # no evaluation during training; its steps are not in the estimate",
        "",
        *_parallelism(job),
        "",
        f"config.activation_checkpoint = {_RECOMPUTE[layout.recompute]}",
        *_checkpoint(job),
    ]


def _graphs(layout: LayoutUsed) -> list[str]:
    """CUDA graphs, which torchtitan takes by itself, know no pipelines and no plain exchange of experts."""
    if layout.pipeline_parallel == 1 and layout.expert_parallel == 1:
        return []
    return [
        "config.training.disable_cuda_graphs = True  # they know no pipeline and no plain expert exchange"
    ]


def _converter(job: Job) -> str | None:
    """How torchtitan converts a published model to the layout's recipe of low precision."""
    return _CONVERTERS.get(job.layout.recipe or "") if job.model.id in PUBLISHED else None


def _converted(job: Job) -> list[str]:
    converter = _converter(job)
    if converter is not None:
        flavor = PUBLISHED[job.model.id][2]
        return [
            f'config.model_spec = model_registry("{flavor}", converters=[{converter}])',
            check("low precision is fast only in a compiled model, which needs torchao too."),
            "config.compile.enable = True",
        ]
    if job.layout.recipe in _CONVERTERS:
        return [check(f"convert your model: {_CONVERTERS[job.layout.recipe]}.")]
    return []


def _parallelism(job: Job) -> list[str]:
    layout = job.layout
    replicate, shard = data_degrees(job)
    found: dict[str, str | int] = {
        "data_parallel_replicate_degree": replicate,
        "data_parallel_shard_degree": shard,
        "fsdp_reshard_after_forward": _RESHARD.get(layout.zero_stage, "default"),
        "tensor_parallel_degree": layout.tensor_parallel,
        "pipeline_parallel_degree": layout.pipeline_parallel,
        "context_parallel_degree": layout.context_parallel,
    }
    if layout.pipeline_parallel > 1:
        found["pipeline_parallel_microbatch_size"] = layout.micro_batch
        found["pipeline_parallel_schedule"] = _SCHEDULES.get(layout.schedule or "1f1b", "1F1B")
        layers = job.layers
        if layout.interleave > 1 and layers % (layout.pipeline_parallel * layout.interleave) == 0:
            stages = layout.pipeline_parallel * layout.interleave
            found["pipeline_parallel_layers_per_stage"] = layers // stages
    if job.has_experts:
        found["expert_parallel_degree"] = layout.expert_parallel
    return [f"config.parallelism.{name} = {_literal(value)}" for name, value in found.items()]


def _checkpoint(job: Job) -> list[str]:
    if job.chain.checkpoint_steps is None:
        return ["config.checkpoint = CheckpointManager.Config(enable=False)"]
    first = []
    if job.starts_from_weights:
        first = [
            check("weights are safetensors of Hugging Face here; else take initial_load_in_hf out."),
            'config.checkpoint.initial_load_path = os.path.abspath(os.environ["WEIGHTS"])',
            "config.checkpoint.initial_load_in_hf = True",
        ]
    return [
        "config.checkpoint = CheckpointManager.Config(",
        "    enable=True,",
        '    folder="checkpoint",',
        f"    interval={job.chain.checkpoint_steps},",
        "    keep_latest_k=3,",
        "    last_save_model_only=False,",
        ")",
        *first,
    ]


def _precision(job: Job) -> str:
    return "float32" if job.precision in {"fp32", "tf32"} else "bfloat16"


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
