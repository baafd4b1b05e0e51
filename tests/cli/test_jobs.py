"""`nodewise jobs` writes a folder that a person can go on with, and keeps what they filled in."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_folder_is_filled_and_never_written_over(nodewise: Run, examples: Path, tmp_path: Path) -> None:
    plan, folder = examples / "nordic-9b.nodewise.json", tmp_path / "deep" / "jobs"
    done = nodewise("jobs", plan, "-o", folder)
    assert done.returncode == 0, done.stderr
    written = sorted(path.name for path in folder.iterdir())
    assert written == sorted(Path(line).name for line in done.stdout.splitlines())
    assert {"README.md", "submit.sh", "megatron.sbatch", "nodewise_torchtitan.py"} <= set(written)

    (folder / "megatron.sbatch").write_text("filled in")
    again = nodewise("jobs", plan, "-o", folder)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (folder / "megatron.sbatch").read_text() == "filled in"
    assert nodewise("jobs", plan, "-o", folder, "--force").returncode == 0
    assert (folder / "megatron.sbatch").read_text() != "filled in"


def test_what_cannot_be_written_ends_in_a_sentence(nodewise: Run, examples: Path, tmp_path: Path) -> None:
    plan = examples / "nordic-9b.nodewise.json"
    (tmp_path / "file").touch()
    for arguments, words in (
        ((plan, "--run", "other", "-o", tmp_path / "jobs"), 'no run "other"'),
        ((plan, "-o", tmp_path / "file" / "jobs"), "cannot be written"),
        ((plan,), "-o"),
    ):
        done = nodewise("jobs", *arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "jobs").exists()
