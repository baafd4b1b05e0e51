"""Scripts ask each site as its own guide does, and say in one list what is not known of it."""

from __future__ import annotations

import pytest

from app.dossier.jobs import job_files
from app.plan.campaign import campaign_spec
from app.plan.files import parse_plan
from estimators.requests.plan import plan_request
from tests.dossier.job_cases import SCRIPTS, campaign_on, catalogue, sbatch

LUMI_PLAN = """{
 "format": "nodewise-plan", "version": 1, "name": "lumi-job",
 "runs": [{"id": "main", "name": "Main run",
           "workload": {"model": "Llama-3.1-8B", "method": "full-finetuning", "sequence_tokens": 4096,
                        "precision": "bf16"},
           "data": {"tokens": 20000000000}, "gpus": 64}],
 "target": {"machine": "lumi-g"}
}"""


def files_on(machine: str, **changes: object) -> dict[str, str]:
    return job_files(campaign_on(machine, **changes), "main", "plan", catalogue())


def test_that_a_job_on_lumi_asks_for_its_cores_and_memory() -> None:
    """Eight of nine public training scripts for LUMI ask 32 to 56 cores, all ask memory."""
    import datetime

    spec = campaign_spec(parse_plan(LUMI_PLAN, catalogue()), catalogue())
    now = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
    files = job_files(plan_request(spec, catalogue(), now).campaign, "main", "plan", catalogue())
    for name in SCRIPTS:
        asked = sbatch(files[name])
        assert (asked["nodes"], asked["gpus-per-node"]) == ("8", "8")
        assert (asked["cpus-per-task"], asked["mem"]) == ("56", "480G")
    text = files["torchtitan.sbatch"]
    assert "torchrun \\\n  --numa-binding=exclusive \\\n" in text
    assert "CONTAINER=${CONTAINER:-/appl/local/laifs/containers/" in text
    assert 'srun --ntasks-per-node=1 mkdir -p "$MIOPEN_DIR"' in text
    assert "NCCL_SOCKET_IFNAME=" not in text, "the image of the site sets the network by itself"


@pytest.mark.parametrize(
    ("machine", "asked"),
    [
        ("vega-gpu", "--gres=gpu:4"),
        ("marenostrum5-acc", "--gres=gpu:4"),
        ("leonardo-booster", "--gpus-per-node=4"),
        ("lumi-g", "--gpus-per-node=8"),
    ],
)
def test_that_gpus_are_asked_for_in_the_form_of_the_site(machine: str, asked: str) -> None:
    assert f"#SBATCH {asked}\n" in files_on(machine, gpus=32)["megatron.sbatch"]


def test_that_no_job_asks_for_more_time_than_its_queue_has() -> None:
    """A run of weeks on Vega, whose queue takes 48 hours, once asked 2 158 hours in one job."""
    files = files_on("vega-gpu", tokens=3e11)
    assert sbatch(files["megatron.sbatch"])["time"] == "48:00:00"


def test_that_a_login_shell_is_used_where_the_site_wants_it() -> None:
    assert files_on("deucalion-gpu", gpus=4)["megatron.sbatch"].startswith("#!/bin/bash -l\n")
    assert files_on("leonardo-booster")["megatron.sbatch"].startswith("#!/bin/bash\n")


@pytest.mark.parametrize("machine", ["vega-gpu", "leonardo-booster", "jupiter-booster"])
def test_that_what_the_catalogue_lacks_stands_in_one_list_with_its_page(machine: str) -> None:
    files = files_on(machine)
    _, _, unknown = files["README.md"].partition("## What the catalogue does not know of")
    unknown, _, asking = unknown.partition("## Ask the site when it would start")
    assert "https://" in unknown
    marked = {
        row.partition("# CHECK: ")[2]
        for name, text in files.items()
        for row in text.splitlines()
        if "# CHECK: " in row and "not published in the catalogue" in row and name != "README.md"
    }
    assert marked
    assert unknown.count("- [ ] ") == len(marked)
    assert files["README.md"].count("not published in the catalogue") == len(marked)
    assert all(f"sbatch --test-only {name}" in asking for name in SCRIPTS)


def test_that_jobs_beyond_what_may_wait_are_named() -> None:
    """MeluXina takes a hundred jobs of one account."""
    files = files_on("meluxina-gpu", tokens=5e12, gpus=8)
    assert "the site takes 100: submit the rest later" in files["submit.sh"]
    assert "; the site takes 100." in files_on("meluxina-gpu", tokens=2e11, gpus=8)["submit.sh"]


def test_that_every_machine_in_service_names_where_to_look() -> None:
    from app.dossier.jobs.sites import pages_of

    for machine in catalogue().machines.values():
        if machine.status == "in service" and machine.gpu:
            assert pages_of(machine), machine.id
            assert all(page.startswith("https://") for page in pages_of(machine))
