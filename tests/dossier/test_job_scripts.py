"""Job files say what the estimate says, invent nothing, and let no user text reach a shell."""

from __future__ import annotations

import datetime
import json
import re
import shlex
import subprocess
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from app.dossier.jobs import NoJobError, job_files
from app.dossier.jobs.files import launcher_order
from app.dossier.jobs.sites import SITES
from estimators import Catalogue, load_catalogue
from estimators.planning.records import LayoutUsed, RunSpec
from estimators.quantity import Range
from estimators.requests.campaign import build_campaign, lines_of
from estimators.requests.milestones import totals_of
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.results import Campaign

SCRIPTS = ("megatron.sbatch", "torchtitan.sbatch", "accelerate.sbatch", "deepspeed.sbatch")
SEQUENCE = 4096


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def campaign_on(
    machine: str,
    model: str = "Llama-3.1-8B",
    software: str = "megatron",
    tokens: float = 20e9,
    **changes: Any,
) -> Campaign:
    spec = RunSpec(
        card=catalogue().model(model),
        method=changes.pop("method", "pretraining"),
        samples=tokens / SEQUENCE,
        sample_tokens=SEQUENCE,
        global_batch_samples=512,
        software=software,
    )
    run = CampaignRun("main", changes.pop("name", "Main run"), "main", spec, **changes)
    whole = CampaignSpec(name="plan", title="", runs=(run,), machine=machine, months=3)
    found = catalogue().machine(machine)
    lines = lines_of(whole, found, catalogue())
    totals = totals_of(whole, lines)
    return build_campaign(whole, found, lines, totals, catalogue(), datetime.date(2026, 12, 1), True)


def with_layout(layout: LayoutUsed, machine: str = "leonardo-booster", **changes: Any) -> Campaign:
    """A campaign whose main run has this layout."""
    campaign = campaign_on(machine)
    line = campaign.main
    answer = replace(line.answer, layout=layout, gpus=layout.gpus, **changes)
    return replace(campaign, lines=(replace(line, answer=answer),))


def layout(tensor: int = 1, pipeline: int = 1, context: int = 1, data: int = 8, **changes: Any) -> LayoutUsed:
    values: dict[str, Any] = {
        "gpus": tensor * pipeline * context * data,
        "data_parallel": data,
        "zero_stage": 1,
        "tensor_parallel": tensor,
        "pipeline_parallel": pipeline,
        "interleave": 1,
        "context_parallel": context,
        "expert_parallel": 1,
        "micro_batch": 2,
        "micro_batches": 3,
        "recompute": "none",
        "shard_group": data * context,
    }
    return LayoutUsed(**{**values, **changes})


LAYOUTS = [
    layout(),
    layout(tensor=4, pipeline=2, data=2, interleave=2, schedule="interleaved"),
    layout(tensor=2, context=4, data=4, context_kind="ring", recompute="selective"),
    layout(data=32, zero_stage=3, shard_group=8, recompute="full"),
    layout(data=16, zero_stage=2, shard_group=16, offload=True),
    layout(data=8, zero_stage=0, shard_group=1),
    layout(tensor=2, data=8, recipe="current", layers_16=2),
    layout(context=2, data=8, zero_stage=3, shard_group=4, context_kind="all-gather"),
]


def sbatch(text: str) -> dict[str, str]:
    """Options of a batch script."""
    pairs = [
        line.removeprefix("#SBATCH --").partition("=") for line in text.splitlines() if "#SBATCH" in line
    ]
    return {name: value for name, _, value in pairs}


def megatron_options(text: str) -> dict[str, str]:
    """Options of Megatron as the shell reads them."""
    words = shlex.split(text.partition("MEGATRON_ARGS=(")[2].rpartition(")")[0], comments=True)
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        if word.startswith("--"):
            following = words[index + 1] if index + 1 < len(words) else "--"
            found[word] = "" if following.startswith("--") else following
    return found


@pytest.mark.parametrize("machine", sorted(SITES))
@pytest.mark.parametrize("software", ["megatron", "fsdp", "trainer"])
def test_every_machine_gets_files_that_parse(machine: str, software: str) -> None:
    campaign = campaign_on(machine, software=software)
    if campaign.main.wall_hours is None:
        pytest.skip("does not fit")
    files = job_files(campaign, "main", "plan", catalogue())
    for name, text in files.items():
        if name.endswith((".sbatch", ".sh")):
            done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), name
    tomllib.loads(files["torchtitan.toml"])
    json.loads(files["deepspeed.json"])
    yaml.safe_load(files["accelerate.yaml"])
    assert set(SCRIPTS) <= set(files)


@pytest.mark.parametrize("machine", sorted(SITES))
def test_nodes_and_gpus_of_the_script_are_those_of_the_layout(machine: str) -> None:
    campaign = campaign_on(machine)
    used = campaign.main.answer.layout
    assert used is not None
    for name in SCRIPTS:
        options = sbatch(job_files(campaign, "main", "plan", catalogue())[name])
        per_node = int(options["gpus-per-node"])
        assert int(options["nodes"]) * per_node == used.gpus
        assert per_node <= campaign.devices_per_node
    product = used.tensor_parallel * used.pipeline_parallel * used.context_parallel * used.data_parallel
    assert product == used.gpus


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
    config = tomllib.loads(files["torchtitan.toml"])
    degrees, training = config["parallelism"], config["training"]
    replicate, shard = degrees["data_parallel_replicate_degree"], degrees["data_parallel_shard_degree"]
    data = replicate * shard
    product = data * degrees["tensor_parallel_degree"] * degrees["pipeline_parallel_degree"]
    assert product * degrees["context_parallel_degree"] == used.gpus
    local = training["local_batch_size"]
    accumulated, rest = divmod(training["global_batch_size"], local * data)
    assert rest == 0
    micro_batches = local // degrees.get("pipeline_parallel_microbatch_size", local)
    assert accumulated * micro_batches == used.micro_batches
    if used.zero_stage:
        assert shard * used.context_parallel == used.shard_group
    else:
        assert shard == 1
    assert config["activation_checkpoint"]["mode"] == used.recompute


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
    assert all(len(set(launcher_order(name))) == 4 for name in ("megatron", "fsdp", "trainer", "other"))
    files = job_files(campaign_on("leonardo-booster", software="fsdp"), "main", "plan", catalogue())
    assert next(name for name in files if name.endswith(".sbatch")) == "torchtitan.sbatch"


def test_a_run_longer_than_its_queue_is_chained() -> None:
    campaign = campaign_on("jupiter-booster", tokens=2e12)
    line = campaign.main
    assert line.wall_hours is not None
    files = job_files(campaign, "main", "plan", catalogue())
    assert sbatch(files["megatron.sbatch"])["time"] == "12:00:00"
    jobs = int(re.search(r"^jobs=(\d+)$", files["submit.sh"], re.M).group(1))  # type: ignore[union-attr]
    assert jobs == -(-line.wall_hours.p50 // 12)
    options = megatron_options(files["megatron_args.sh"])
    assert 0 < int(options["--exit-duration-in-mins"]) < 720
    assert line.answer.step is not None
    assert int(options["--save-interval"]) * line.answer.step.total <= 6 * 3600


def test_a_short_run_asks_for_its_own_length_only() -> None:
    campaign = campaign_on("lumi-g", tokens=2e9)
    line = campaign.main
    assert line.wall_hours is not None
    hours, minutes, _ = sbatch(job_files(campaign, "main", "plan", catalogue())["megatron.sbatch"])[
        "time"
    ].split(":")
    asked = int(hours) + int(minutes) / 60
    assert line.wall_hours.p80 <= asked <= line.wall_hours.p80 + 0.25


def test_submitting_chains_every_repeat_in_its_lane(tmp_path: Path) -> None:
    campaign = campaign_on("jupiter-booster", tokens=4e11, count=3, at_once=2)
    files = job_files(campaign, "main", "plan", catalogue())
    (tmp_path / "submit.sh").write_text(files["submit.sh"])
    (tmp_path / "sbatch").write_text(
        '#!/bin/bash\necho "$@" >>calls\necho $(($(wc -l <calls) + 100))\n', encoding="utf-8"
    )
    (tmp_path / "sbatch").chmod(0o755)
    subprocess.run(["bash", "submit.sh"], cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)
    calls = (tmp_path / "calls").read_text().splitlines()
    jobs = len(calls) // 3
    assert len(calls) == 3 * jobs > 3
    after = [re.search(r"afterany:(\d+)", call) for call in calls]
    assert [index for index, found in enumerate(after) if found is None] == [0, jobs]
    third_begins_after = after[2 * jobs]
    assert third_begins_after is not None
    assert int(third_begins_after.group(1)) == 100 + jobs, "the third run takes the lane of the first"
    assert [call.split("SEED=")[1].split()[0] for call in calls[::jobs]] == ["1", "2", "3"]


@pytest.mark.parametrize("machine", sorted(SITES))
def test_no_word_of_a_site_is_invented(machine: str) -> None:
    site = SITES[machine]
    known = msgspec.json.encode(catalogue().machine(machine)).decode()
    words = [
        site.partition, *site.partitions, *site.qos, *site.qos.values(), *site.modules, *site.unversioned,
        site.module_folder, site.images,
    ]  # fmt: skip
    for word in filter(None, words):
        assert word in known, word
    for partition in site.partitions.values():
        assert partition.removesuffix("-40") in known
    if site.account_suffix:
        assert f"suffix {site.account_suffix}" in known or f"<project>{site.account_suffix}" in known
    assert ("srun only" in known) == site.srun_only


@pytest.mark.parametrize("machine", sorted(SITES))
def test_the_queue_is_one_of_the_catalogue_that_admits_the_job(machine: str) -> None:
    campaign = campaign_on(machine)
    text = job_files(campaign, "main", "plan", catalogue())["megatron.sbatch"]
    options = sbatch(text)
    if not campaign.machine.queues:
        assert "# CHECK: queue and limits" in text
        return
    words = {options.get("partition"), options.get("qos")} - {None}
    names = " ".join(queue.name for queue in campaign.machine.queues)
    assert any(str(word).removesuffix("-40") in names for word in words)


def test_marked_lines_stand_in_the_list_of_what_to_check() -> None:
    files = job_files(campaign_on("vega-gpu"), "main", "plan", catalogue())
    marked = sum(text.count("# CHECK: ") for name, text in files.items() if name != "README.md")
    listed = files["README.md"].count("- [ ] ")
    assert 0 < listed <= marked
    assert "not published in the catalogue" in files["README.md"]


HOSTILE = (
    'x"; touch PWNED; $(touch PWNED) `touch PWNED`\n#SBATCH --account=theirs\u2028\r\ntouch PWNED #\u202e'
)


def test_words_of_a_plan_cannot_reach_the_shell(tmp_path: Path) -> None:
    campaign = campaign_on("leonardo-booster", name=HOSTILE)
    card = msgspec.structs.replace(campaign.main.run.spec.card, name=HOSTILE)
    run = replace(campaign.main.run, spec=replace(campaign.main.run.spec, card=card))
    machine = msgspec.structs.replace(campaign.machine, name=HOSTILE)
    campaign = replace(campaign, machine=machine, lines=(replace(campaign.main, run=run),))
    files = job_files(campaign, "main", HOSTILE, catalogue())
    for name, text in files.items():
        assert "theirs" not in sbatch(text).get("account", ""), name
        for line in text.splitlines():
            code = line.partition("#")[0]
            assert "touch" not in code or "touch-pwned" in line or name == "README.md", (name, line)
        assert not re.search("[\u2028\u202e\r]", text), name
    tomllib.loads(files["torchtitan.toml"])
    yaml.safe_load(files["accelerate.yaml"])
    (tmp_path / "job.sh").write_text(files["megatron_args.sh"])
    subprocess.run(["bash", "-c", "SEED=1 OUTPUT=o DATA=d; source job.sh"], cwd=tmp_path, check=True)
    assert not (tmp_path / "PWNED").exists()
    assert set(sbatch(files["megatron.sbatch"])["job-name"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_the_batch_script_runs_under_a_fake_slurm(tmp_path: Path) -> None:
    """The script itself, from its first line to srun, with Slurm's commands played by echo."""
    files = job_files(campaign_on("leonardo-booster"), "main", "plan", catalogue())
    for name in (*SCRIPTS, "megatron_args.sh"):
        (tmp_path / name).write_text(files[name])
    for name, body in {
        "module": ":",
        "scontrol": "echo node1; echo node2",
        "srun": 'printf "%s\\n" "$@"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{body}\n")
        (tmp_path / name).chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin", "SLURM_SUBMIT_DIR": str(tmp_path), "SLURM_JOB_ID": "7",
        "SLURM_JOB_NODELIST": "node[1-2]", "SLURM_JOB_NUM_NODES": "2", "DATA": "/data", "MEGATRON": "/megatron",
        "TRAIN": "train.py",
    }  # fmt: skip
    for name in SCRIPTS:
        done = subprocess.run(
            ["bash", name], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (name, done.stderr)
        said = done.stdout.splitlines()
        if name == "megatron.sbatch":
            assert "--rdzv-endpoint=node1:20007" in said
            assert "/megatron/pretrain_gpt.py" in said
            assert "--tensor-model-parallel-size" in said
        if name == "accelerate.sbatch":
            assert said[said.index("--main_process_ip") + 1] == "node1"


def test_a_finished_run_starts_no_further_job(tmp_path: Path) -> None:
    campaign = campaign_on("leonardo-booster")
    text = job_files(campaign, "main", "plan", catalogue())["accelerate.sbatch"]
    folder = tmp_path / "plan-main-run" / "seed-1"
    folder.mkdir(parents=True)
    (folder / "finished").touch()
    (tmp_path / "srun").write_text("#!/bin/bash\necho started\n")
    (tmp_path / "srun").chmod(0o755)
    (tmp_path / "module").symlink_to("/bin/true")
    (tmp_path / "scontrol").symlink_to("/bin/true")
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin", "SLURM_SUBMIT_DIR": str(tmp_path), "SLURM_JOB_ID": "7",
        "SLURM_JOB_NODELIST": "n", "DATA": "d", "TRAIN": "t",
    }  # fmt: skip
    (tmp_path / "job").write_text(text.replace("${hosts[0]}", "here"))
    done = subprocess.run(
        ["bash", "job"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert "started" not in done.stdout


def test_lumi_takes_eight_devices_a_node_and_says_how_a_grant_counts() -> None:
    text = job_files(campaign_on("lumi-g"), "main", "plan", catalogue())["megatron.sbatch"]
    assert sbatch(text)["gpus-per-node"] == "8"
    assert "8 on a node (a grant counts 4)" in text
    assert "singularity exec" in text


def test_jupiter_starts_processes_with_srun_alone_on_exclusive_nodes() -> None:
    text = job_files(campaign_on("jupiter-booster"), "main", "plan", catalogue())["megatron.sbatch"]
    assert "torchrun" not in text
    assert sbatch(text)["ntasks-per-node"] == "4"
    assert "exclusive" in sbatch(text)


def test_a_run_that_does_not_fit_has_no_job() -> None:
    campaign = campaign_on("leonardo-booster")
    line = replace(campaign.main, wall_hours=None, reason="Needs more memory")
    with pytest.raises(NoJobError, match=r"cannot run on Leonardo\. Needs more memory\."):
        job_files(replace(campaign, lines=(line,)), "main", "plan", catalogue())
    with pytest.raises(NoJobError, match="It has main"):
        job_files(campaign, "other", "plan", catalogue())


def test_odd_numbers_of_gpus_are_spread_evenly() -> None:
    files = job_files(with_layout(layout(data=6)), "main", "plan", catalogue())
    options = sbatch(files["megatron.sbatch"])
    assert (options["nodes"], options["gpus-per-node"]) == ("2", "3")


def test_hours_named_by_hand_are_marked() -> None:
    campaign = campaign_on("leonardo-booster", fixed_hours=10.0)
    assert campaign.main.wall_hours == Range(10.0, 10.0, 10.0, 10.0)
    text = job_files(campaign, "main", "plan", catalogue())["megatron.sbatch"]
    assert sbatch(text)["time"] == "10:00:00"
    assert "10 hours were named by hand" in text
