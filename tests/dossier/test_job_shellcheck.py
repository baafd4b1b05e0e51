"""Every script of every machine is clean for shellcheck, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.dossier.jobs import job_files
from tests.dossier.job_cases import LAYOUTS, campaign_on, catalogue, with_layout

HAS_SHELLCHECK = shutil.which("shellcheck") is not None
IN_SERVICE = sorted(machine.id for machine in catalogue().machines_in_service())
IS_NEEDED = os.environ.get("NODEWISE_NEEDS_SLURM") == "1"

pytestmark = pytest.mark.skipif(not HAS_SHELLCHECK and not IS_NEEDED, reason="no shellcheck")


def scripts_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".sbatch", ".sh"))


def test_that_shellcheck_finds_nothing_in_any_script(tmp_path: Path) -> None:
    campaigns = [campaign_on(machine) for machine in IN_SERVICE]
    campaigns += [with_layout(used) for used in LAYOUTS]
    for number, campaign in enumerate(campaigns):
        if campaign.main.wall_hours is None:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in job_files(campaign, "main", "plan", catalogue()).items():
            (folder / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["shellcheck", "--external-sources", *scripts_of(folder)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, ""), campaign.machine.id
