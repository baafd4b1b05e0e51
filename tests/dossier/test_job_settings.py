"""Settings of every launcher multiply to the layout's GPUs and batch."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from app.dossier.jobs import job_files
from app.dossier.jobs.files import launcher_order
from estimators.planning.records import LayoutUsed
from tests.dossier.job_cases import (
    LAYOUTS,
    campaign_on,
    catalogue,
    megatron_options,
    torchtitan_settings,
    with_layout,
)


@pytest.mark.parametrize("used", LAYOUTS)
def test_megatron_has_the_degrees_and_the_batch_of_the_layout(used: LayoutUsed) -> None:
    files = job_files(with_layout(used), "main", "plan", catalogue())
    options = megatron_options(files["megatron_args.sh"])
    tensor = int(options["--tensor-model-parallel-size"])
    pipeline = int(options["--pipeline-model-parallel-size"])
    context = int(options["--context-parallel-size"])
    data = used.gpus // (tensor * pipeline * context)
    assert data == used.data_parallel
    batch = int(options["--global-batch-size"])
    assert batch == int(options["--micro-batch-size"]) * used.micro_batches * data
    assert ("--use-distributed-optimizer" in options) == (used.zero_stage > 0)
    assert ("--use-megatron-fsdp" in options) == (used.zero_stage > 1)
    assert ("--sequence-parallel" in options) == (tensor > 1)
    assert options.get("--recompute-granularity", "none") == used.recompute
    assert int(options.get("--num-virtual-stages-per-pipeline-rank", 1)) == used.interleave
    bridge = dict(line.split("=") for line in files["megatron_bridge.txt"].splitlines() if line[0] != "#")
    assert int(bridge["model.tensor_model_parallel_size"]) == tensor
    assert int(bridge["train.global_batch_size"]) == batch


@pytest.mark.parametrize("used", LAYOUTS)
def test_torchtitan_has_the_degrees_and_the_batch_of_the_layout(used: LayoutUsed) -> None:
    files = job_files(with_layout(used), "main", "plan", catalogue())
    found = torchtitan_settings(files["nodewise_torchtitan.py"])
    degree = {
        name: found[f"parallelism.{name}_degree"]
        for name in ("data_parallel_replicate", "data_parallel_shard", "tensor_parallel", "pipeline_parallel")
    }
    shard = degree["data_parallel_shard"]
    data = degree["data_parallel_replicate"] * shard
    product = data * degree["tensor_parallel"] * degree["pipeline_parallel"]
    assert product * found["parallelism.context_parallel_degree"] == used.gpus
    local = found["training.local_batch_size"]
    accumulated, rest = divmod(found["training.global_batch_size"], local * data)
    assert rest == 0
    micro_batches = local // found.get("parallelism.pipeline_parallel_microbatch_size", local)
    assert accumulated * micro_batches == used.micro_batches
    if used.zero_stage:
        assert shard * used.context_parallel == used.shard_group
    else:
        assert shard == 1
    recompute = {"None": "none", "SelectiveAC.Config()": "selective", "FullAC.Config()": "full"}
    assert recompute[str(found["activation_checkpoint"])] == used.recompute


@pytest.mark.parametrize("used", LAYOUTS)
def test_deepspeed_and_accelerate_have_the_batch_of_the_layout(used: LayoutUsed) -> None:
    files = job_files(with_layout(used), "main", "plan", catalogue())
    config = json.loads(files["deepspeed.json"])
    tensor = config.get("tensor_parallel", {}).get("autotp_size", 1)
    data = used.gpus // (tensor * used.pipeline_parallel * used.context_parallel)
    per_gpu, accumulated = config["train_micro_batch_size_per_gpu"], config["gradient_accumulation_steps"]
    assert config["train_batch_size"] == per_gpu * accumulated * data
    assert config["zero_optimization"]["stage"] == used.zero_stage
    settings = yaml.safe_load(files["accelerate.yaml"])
    assert settings["num_processes"] == used.gpus
    assert f"--per_device_train_batch_size {used.micro_batch}" in files["accelerate.sbatch"]
    assert f"--gradient_accumulation_steps {used.micro_batches}" in files["accelerate.sbatch"]
    if "parallelism_config" in settings and used.pipeline_parallel == 1:
        sizes = settings["parallelism_config"].values()
        product = 1
        for size in sizes:
            product *= size
        assert product == used.gpus


def test_the_launcher_of_the_software_class_comes_first() -> None:
    assert launcher_order("megatron")[0] == "megatron"
    assert launcher_order("fsdp")[:2] == ["torchtitan", "accelerate"]
    assert launcher_order("trainer")[:2] == ["accelerate", "deepspeed"]
    assert all(len(set(launcher_order(name))) == 4 for name in ("megatron", "fsdp", "trainer"))
    files = job_files(campaign_on("leonardo-booster", software="fsdp"), "main", "plan", catalogue())
    assert next(name for name in files if name.endswith(".sbatch")) == "torchtitan.sbatch"


def test_that_a_token_prediction_block_is_asked_of_the_program() -> None:
    campaign = with_layout(LAYOUTS[0])
    line = campaign.main
    ahead = replace(line.run, spec=replace(line.run.spec, predicted_ahead=1))
    files = job_files(replace(campaign, lines=(replace(line, run=ahead),)), "main", "plan", catalogue())
    assert megatron_options(files["megatron_args.sh"])["--mtp-num-layers"] == "1"
    assert "model.mtp_num_layers=1" in files["megatron_bridge.txt"]
    for name in ("torchtitan.sbatch", "accelerate.sbatch", "deepspeed.sbatch"):
        assert "CHECK: the token-prediction block" in files[name]
    without = job_files(campaign, "main", "plan", catalogue())
    assert "mtp" not in without["megatron_args.sh"]
