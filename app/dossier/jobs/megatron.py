"""Megatron-LM: degrees, batch, recomputation, sharding and precision.

Options: https://github.com/NVIDIA/Megatron-LM, megatron/training/arguments.py (groups "training", "mixed
precision", "distributed", "checkpointing", "Transformer-Engine", "moe") and, for ZeRO 2 and 3,
docs/user-guide/features/megatron_fsdp.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.dossier.jobs import bridge
from app.dossier.jobs.bridge import SHARDING, counts_ends_as_layers
from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import Launcher
from app.dossier.jobs.words import check, comment, lines
from app.words import text
from estimators.catalogue.architectures import Decoder, RoutedExperts

ARGUMENTS = "megatron_args.sh"

Options = dict[str, "str | int | None"]
"""Option without its hyphens; None for a switch without a value."""

AUXILIARY_LOSS = "1e-2"
"""Weight of the loss that keeps experts evenly used (Switch Transformer, arXiv 2101.03961, section 2.2).
Without a value Megatron takes 0.0, so that nothing balances them."""

_CONTEXT: Mapping[str | None, str] = {"ring": "p2p", "all-gather": "allgather", "ulysses": "a2a"}
_FP8_RECIPES = {"delayed": "delayed", "current": "tensorwise", "block-wise": "blockwise", "mxfp8": "mxfp8"}


def launcher(job: Job) -> Launcher:
    """Megatron's part of the job."""
    return Launcher(
        id="megatron",
        title="Megatron-LM",
        files={ARGUMENTS: _arguments(job), bridge.OVERRIDES: bridge.overrides(job)},
        starter="torchrun",
        prepare=_prepare(job),
        program=(f'"$MEGATRON/{job.support("megatron").program}"', '"${MEGATRON_ARGS[@]}"'),
        finished='[ "$(cat "$OUTPUT/latest_checkpointed_iteration.txt" 2>/dev/null)" = "$STEPS" ]',
        objections=_objections(job),
    )


def _prepare(job: Job) -> tuple[str, ...]:
    found = [
        check("your copy of Megatron-LM; data and tokenizer stand in megatron_args.sh."),
        'MEGATRON=${MEGATRON:?"set MEGATRON to your copy of Megatron-LM"}',
        f"source {ARGUMENTS}",
    ]
    layout = job.layout
    if layout.zero_stage < 2 and max(layout.tensor_parallel, layout.context_parallel) > 1:
        found.append(
            "export CUDA_DEVICE_MAX_CONNECTIONS=1 # so that communication starts before the products"
        )
    return tuple(found)


def parallel_options(job: Job) -> Options:
    """Degrees, batch and the length of the run."""
    layout = job.layout
    found: Options = {
        "tensor-model-parallel-size": layout.tensor_parallel,
        "pipeline-model-parallel-size": layout.pipeline_parallel,
        "context-parallel-size": layout.context_parallel,
    }
    if layout.interleave > 1:
        found["num-virtual-stages-per-pipeline-rank"] = layout.interleave
    if counts_ends_as_layers(job):
        found |= {"account-for-embedding-in-pipeline-split": None, "account-for-loss-in-pipeline-split": None}
    if layout.context_parallel > 1 and layout.context_kind in _CONTEXT:
        found["cp-comm-type"] = _CONTEXT[layout.context_kind]
    if layout.tensor_parallel > 1:
        found["sequence-parallel"] = None
    if job.has_experts:
        found["expert-model-parallel-size"] = layout.expert_parallel
        if layout.tensor_parallel > 1:
            found["expert-tensor-parallel-size"] = 1  # whole experts, as the estimate lays them out
        found["moe-token-dispatcher-type"] = "alltoall"
    found |= {"micro-batch-size": layout.micro_batch, "global-batch-size": job.batch_samples}
    # no evaluation during training: its steps are not in the estimate
    return found | {"train-iters": job.steps, "eval-iters": 0}


def memory_options(job: Job) -> Options:
    """Sharding of states, recomputation and offloading."""
    layout = job.layout
    found: Options = {}
    if layout.zero_stage >= 1:
        found["use-distributed-optimizer"] = None
    if layout.zero_stage >= 2:
        found["use-megatron-fsdp"] = None
        found["data-parallel-sharding-strategy"] = SHARDING[layout.zero_stage]
    elif layout.zero_stage == 1:
        found |= {"overlap-grad-reduce": None, "overlap-param-gather": None}
    replicas = layout.data_parallel * layout.context_parallel
    if layout.zero_stage and 1 < layout.shard_group < replicas and replicas % layout.shard_group == 0:
        found["num-distributed-optimizer-instances"] = replicas // layout.shard_group
    if layout.recompute == "selective":
        found["recompute-granularity"] = "selective"
    if layout.recompute == "full":
        found |= {"recompute-granularity": "full", "recompute-method": "uniform", "recompute-num-layers": 1}
    if layout.offload:
        found["optimizer-cpu-offload"] = None
    return found


def precision_options(job: Job) -> Options:
    """Number formats."""
    found: Options = {}
    if job.precision == "fp16":
        found["fp16"] = None
    elif job.precision not in {"fp32", "tf32"}:
        found["bf16"] = None
    recipe = job.layout.recipe
    if recipe == "nvfp4":
        found |= {"fp4-format": "e2m1", "fp4-recipe": "nvfp4"}
    elif recipe in _FP8_RECIPES:
        found |= {"fp8-format": "hybrid", "fp8-recipe": _FP8_RECIPES[recipe]}
    if recipe is not None and job.layout.layers_16:
        first = math.ceil(job.layout.layers_16 / 2) if recipe == "current" else 1
        found["first-last-layers-bf16"] = None
        found["num-layers-at-start-in-bf16"] = first
        found["num-layers-at-end-in-bf16"] = job.layout.layers_16 - first
    return found


def checkpoint_options(job: Job) -> Options:
    """When to save, and when a chained job stops by itself."""
    found: Options = {}
    if job.chain.checkpoint_steps is not None:
        found["save-interval"] = job.chain.checkpoint_steps
        found["ckpt-format"] = "fsdp_dtensor" if job.layout.zero_stage >= 2 else "torch_dist"
    if job.chain.stop_minutes is not None:
        found["exit-duration-in-mins"] = job.chain.stop_minutes
    return found


def model_options(job: Job) -> Options:
    """Shape of a model, as the catalogue knows it; nothing for other families than decoders."""
    shape = job.model.architecture
    return _decoder_options(job, shape) if isinstance(shape, Decoder) else {}


def _decoder_options(job: Job, shape: Decoder) -> Options:
    sizes = {
        "num-layers": shape.layers,
        "hidden-size": shape.hidden,
        "num-attention-heads": shape.heads,
        "kv-channels": shape.head_dim,
        "ffn-hidden-size": shape.ffn,
    }
    found: Options = {name: value for name, value in sizes.items() if value is not None}
    if shape.kv_heads is not None and shape.kv_heads != shape.heads:
        found |= {"group-query-attention": None, "num-query-groups": shape.kv_heads}
    found |= {"seq-length": job.positions, "max-position-embeddings": job.positions}
    if shape.ffn_gated:
        found["swiglu"] = None
    if shape.norm == "rmsnorm":
        found["normalization"] = "RMSNorm"
    if shape.tied_embeddings is False:
        found["untie-embeddings-and-output-weights"] = None
    if not shape.linear_bias:
        found["disable-bias-linear"] = None
    if not shape.learned_positions:
        found["position-embedding-type"] = "rope"
    found |= {"hidden-dropout": 0, "attention-dropout": 0}  # both are 0.1 where nothing is said
    if job.predicted_ahead:
        found["mtp-num-layers"] = job.predicted_ahead
    return found if shape.experts is None else found | _expert_options(shape.experts)


def _expert_options(experts: RoutedExperts) -> Options:
    found: Options = {
        "num-experts": experts.count,
        "moe-grouped-gemm": None,
        "moe-router-topk": experts.per_token,
    }
    if experts.ffn is not None:
        found["moe-ffn-hidden-size"] = experts.ffn
    return found | {"moe-router-load-balancing-type": "aux_loss", "moe-aux-loss-coeff": AUXILIARY_LOSS}


def _objections(job: Job) -> tuple[str, ...]:
    layout = job.layout
    found = []
    if job.support("megatron").objection:
        found.append(text(job.support("megatron").objection))
    if layout.recipe == "row-wise":
        found.append("Megatron-LM has no recipe with a scale for each row, which the estimate assumes.")
    if layout.schedule in {"zero-bubble", "zero-bubble-2p"}:
        found.append(f"the {layout.schedule} schedule of the estimate is no option of Megatron-LM itself.")
    chunks = layout.pipeline_parallel * layout.interleave
    if job.layers % chunks and not counts_ends_as_layers(job):
        found.append("the stages have unequal numbers of layers: set --pipeline-model-parallel-layout.")
    if layout.zero_stage >= 2 and layout.pipeline_parallel > 1:
        found.append("Megatron-FSDP with a pipeline: see its documentation on what it combines with.")
    return tuple(found)


def _arguments(job: Job) -> str:
    """The arguments as an array of the shell, in groups."""
    groups = (
        ("Layout and batch of the estimate", parallel_options(job)),
        ("Memory", memory_options(job)),
        ("Precision", precision_options(job)),
        ("Model, as the catalogue knows its shape", model_options(job)),
        ("Checkpoints", checkpoint_options(job)),
    )
    body: list[str] = []
    for title, options in groups:
        if options:
            body += [f"  {comment(title + '.')}", *(f"  {_argument(*pair)}" for pair in options.items())]
    return lines(
        comment(f'Arguments of Megatron-LM for "{job.run}"; the batch script reads this file.'),
        "# shellcheck shell=bash disable=SC2034 # the batch script uses the array",
        "MEGATRON_ARGS=(",
        body,
        f"  {check(_more_of_the_model(job))}",
        *_data(job),
        f"  {check('learning rate, its schedule and the other choices of the recipe: none is set here.')}",
        '  --seed "$SEED"',
        '  --save "$OUTPUT" --load "$OUTPUT"',
        *_first_weights(job),
        ")",
    )


def _more_of_the_model(job: Job) -> str:
    more = ["rotary base and further settings of the model, as its config.json has them"]
    shape = job.model.architecture
    experts = shape.experts if isinstance(shape, Decoder) else None
    if experts is not None and experts.shared:
        more.append("shared experts (--moe-shared-expert-intermediate-size)")
    if experts is not None and experts.first_dense_layers:
        more.append("layers without experts (--moe-layer-freq)")
    if experts is not None:
        more.append(f"the weight of the balancing loss (--moe-aux-loss-coeff), {AUXILIARY_LOSS} here")
    return "; ".join(more) + "."


def _data(job: Job) -> list[str]:
    if not job.reads_text:
        return [f"  {check('data and its split.')}", '  --data-path "$DATA"']
    return [
        f"  {check('data, its split, and the tokenizer of your model; the vocabulary follows from it.')}",
        '  --data-path "$DATA/text_document"',
        "  --tokenizer-type HuggingFaceTokenizer",
        '  --tokenizer-model "$DATA/tokenizer"',
    ]


def _first_weights(job: Job) -> list[str]:
    if not job.starts_from_weights:
        return []
    return [
        f"  {check('weights to begin with, converted for Megatron.')}",
        '  --pretrained-checkpoint "$WEIGHTS"',
    ]


def _argument(name: str, value: str | int | None) -> str:
    return f"--{name}" if value is None else f"--{name} {value}"
