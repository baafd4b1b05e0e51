"""What pages and the hook of git tell people to run is there, and so is what the pages link to."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
SCRIPT = re.compile(r"\bbash (packaging/[\w-]+)")
MODULE = re.compile(r"\bpython\s+-m\s+([a-z_][\w.]*)")
LINK = re.compile(r"\]\(([^)#\s]+)")


def found(pattern: re.Pattern[str], page: str) -> set[str]:
    return set(pattern.findall((ROOT / page).read_text(encoding="utf-8")))


def test_that_the_hook_runs_a_command_that_is_there() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert hooks
    for hook in hooks:
        program, *arguments = shlex.split(hook["entry"])
        assert shutil.which(program), program
        assert [one for one in arguments if not (ROOT / one).is_file()] == []
        assert (hook["language"], hook["pass_filenames"]) == ("system", False)


@pytest.mark.parametrize("page", PAGES)
def test_that_commands_and_files_that_a_page_names_are_there(page: str) -> None:
    links = {link for link in found(LINK, page) if "://" not in link}
    missing = [name for name in found(SCRIPT, page) | links if not (ROOT / name).exists()]
    missing += [name for name in found(MODULE, page) if importlib.util.find_spec(name) is None]
    assert missing == []


def test_that_contributing_names_every_program_of_the_tests() -> None:
    """One that nobody is told of is not run."""
    scripts, modules = found(SCRIPT, "CONTRIBUTING.md"), found(MODULE, "CONTRIBUTING.md")
    assert {"packaging/check", "packaging/test"} <= scripts
    started = {path.parent.name for path in (ROOT / "tests").glob("*/__main__.py")}
    assert started
    assert {f"tests.{name}" for name in started} <= modules
