"""Job files say what the estimate says, invent nothing, and let no user text reach a shell."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import yaml

from app.dossier.jobs import NoJobError, job_files
from app.dossier.jobs.sites import text_of, words_of
from estimators.quantity import Range
from estimators.requests.asked import site_of
from estimators.words import say
from tests.dossier.job_cases import (
    SCRIPTS,
    campaign_on,
    catalogue,
    layout,
    megatron_options,
    sbatch,
    with_layout,
)

IN_SERVICE = sorted(machine.id for machine in catalogue().machines_in_service())
GPU_REQUESTS = {
    "arrhenius-gpu": "--gpus={of_job}",
    "deucalion-gpu": "--gpus={of_job}",
    "discoverer-plus": "--gres=gpu:{of_node}",
    "jupiter-booster": "--gres=gpu:{of_node}",
    "karolina-gpu": "--gpus={of_job}",
    "leonardo-booster": "--gpus-per-node={of_node}",
    "lumi-g": "--gpus-per-node={of_node}",
    "marenostrum5-acc": "--gres=gpu:{of_node}",
    "meluxina-gpu": "--gpus-per-task={of_node}",
    "vega-gpu": "--gres=gpu:{of_node}",
}
"""As guides of the sites and scripts that ran ask for GPUs; one task on a node where it is by task."""
CPUS_PER_DEVICE = {
    "arrhenius-gpu": 72, "deucalion-gpu": 32, "discoverer-plus": 26, "jupiter-booster": 72,
    "karolina-gpu": 16, "leonardo-booster": 8, "lumi-g": 7, "marenostrum5-acc": 20, "meluxina-gpu": 32,
    "vega-gpu": 64,
}  # fmt: skip
"""As Slurm counts them: threads on Discoverer+, MeluXina and Vega, cores elsewhere; of a GCD on LUMI."""


@pytest.mark.parametrize("machine", IN_SERVICE)
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
    compile(files["nodewise_torchtitan.py"], "nodewise_torchtitan.py", "exec")
    json.loads(files["deepspeed.json"])
    yaml.safe_load(files["accelerate.yaml"])
    assert set(SCRIPTS) <= set(files)


@pytest.mark.parametrize("machine", IN_SERVICE)
def test_nodes_and_gpus_of_the_script_are_those_of_the_layout(machine: str) -> None:
    campaign = campaign_on(machine)
    used = campaign.main.answer.layout
    assert used is not None
    for name in SCRIPTS:
        text = job_files(campaign, "main", "plan", catalogue())[name]
        options = sbatch(text)
        nodes = int(options["nodes"])
        of_node, rest = divmod(used.gpus, nodes)
        assert rest == 0
        assert of_node <= campaign.devices_per_node
        asked = GPU_REQUESTS[machine].format(of_node=of_node, of_job=used.gpus)
        assert f"#SBATCH {asked}\n" in text
        tasks = int(options["ntasks-per-node"])
        assert int(options["cpus-per-task"]) * tasks == CPUS_PER_DEVICE[machine] * of_node
    product = used.tensor_parallel * used.pipeline_parallel * used.context_parallel * used.data_parallel
    assert product == used.gpus


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
    campaign = campaign_on("lumi-g", tokens=2e9, gpus=32)
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


@pytest.mark.parametrize("machine", IN_SERVICE)
def test_no_word_of_a_site_is_invented(machine: str) -> None:
    record = catalogue().machine(machine)
    site = site_of(record)
    rules = [charge.rule for charge in record.charges]
    known = msgspec.json.encode([record.more, rules, [queue.name for queue in record.queues]]).decode()
    plain = [site.partition, site.account_suffix, site.module_folder, site.images, site.image]
    words = [
        *(text_of(fact) for fact in (*plain, *site.qos.values(), *site.cpu_bind.values())),
        *words_of(site.modules), *words_of(site.unversioned_modules), *site.qos, *site.partitions,
        *(setting.name for setting in site.settings), *(text_of(setting.value) for setting in site.settings),
    ]  # fmt: skip
    for word in filter(None, words):
        assert word in known, word
    for partition in site.partitions.values():
        assert (partition.value or "").removesuffix("-40") in known
    option = (text_of(site.gpu_request) or "").partition("=")[0]
    assert option in str(record.more["gpu_request"].value)
    assert ("srun only" in known) == (site.srun_only is not None)


def test_a_job_on_lumi_gets_the_cores_that_go_with_its_gcds() -> None:
    text = job_files(campaign_on("lumi-g"), "main", "plan", catalogue())["megatron.sbatch"]
    options = sbatch(text)
    assert int(options["cpus-per-task"]) == 7 * int(options["gpus-per-node"])
    assert 'MIOPEN_CUSTOM_CACHE_DIR="$MIOPEN_DIR/cache"' in text
    assert "NCCL_SOCKET_IFNAME=" not in text, "for images of one's own"


def test_what_must_be_asked_of_a_site_first_is_said() -> None:
    text = job_files(campaign_on("karolina-gpu"), "main", "plan", catalogue())["megatron.sbatch"]
    assert "# CHECK: The principal investigator must ask support for the right to use qgpu" in text


@pytest.mark.parametrize("machine", IN_SERVICE)
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
    model = replace(campaign.main.run.spec.model, name=HOSTILE)
    run = replace(campaign.main.run, spec=replace(campaign.main.run.spec, model=model))
    machine = msgspec.structs.replace(campaign.machine, name=HOSTILE)
    campaign = replace(campaign, machine=machine, lines=(replace(campaign.main, run=run),))
    files = job_files(campaign, "main", HOSTILE, catalogue())
    for name, text in files.items():
        assert "theirs" not in sbatch(text).get("account", ""), name
        for line in text.splitlines():
            code = line.partition("#")[0]
            assert "touch" not in code or "touch-pwned" in line or name == "README.md", (name, line)
        assert not re.search("[\u2028\u202e\r]", text), name
    compile(files["nodewise_torchtitan.py"], "nodewise_torchtitan.py", "exec")
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
        "SLURM_JOB_NODELIST": "node[1-2]", "SLURM_JOB_NUM_NODES": "2", "DATA": "/data",
        "MEGATRON": "/megatron", "TRAIN": "train.py", "MODEL_ASSETS": "/assets",
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
    text = job_files(campaign_on("lumi-g", gpus=32), "main", "plan", catalogue())["megatron.sbatch"]
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
    line = replace(campaign.main, wall_hours=None, reason=say("Needs more memory"))
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


def test_an_evaluation_is_not_passed_off_as_training() -> None:
    campaign = campaign_on("leonardo-booster")
    run = replace(campaign.main.run, role="evaluation")
    campaign = replace(campaign, lines=(replace(campaign.main, run=run),))
    files = job_files(campaign, "main", "plan", catalogue())
    assert all("an evaluation runs a program of its own" in files[name] for name in SCRIPTS)
