"""The fast check runs what a change can break, the nearest first, and names what it left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.tools.changed import RevisionError, changed_files, reached_tests, usual_base
from tests.tools.hurry import sentence
from tests.tools.imports import Imports

ROOT = Path(__file__).parents[2]

FILES = {
    "estimators/__init__.py": "from estimators.sums import total\nfrom estimators.units import unit\n",
    "estimators/sums.py": '"""Sums."""\ndef total(): ...\n',
    "estimators/units.py": "def unit(): ...\n",
    "estimators/shipped.py": "def facts(): return open(folder('catalogue'))\n",
    "app/__init__.py": "",
    "app/__main__.py": "def main():\n    from app.words import say\n",
    "app/words.py": "from estimators import total\n",
    "resources/catalogue/machines.json": "{}",
    "packaging/pruning.py": "",
    "tests/conftest.py": "",
    "tests/words/conftest.py": "import estimators.units\n",
    "tests/words/test_words.py": "import app.words\n",
    "tests/test_sums.py": "from estimators import total\n",
    "tests/test_program.py": "run(['-m', 'app'])\n",
    "tests/test_code.py": "CODE = 'import sys; import estimators.units'\n",
    "tests/test_facts.py": "from estimators.shipped import facts\n",
    "tests/test_bundle.py": "load(ROOT / 'packaging' / 'pruning.py')\n",
    "tests/helpers.py": "",
    "tests/test_helped.py": "from tests.helpers import help\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@b.eu", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-m", "one")
    return project


def names(tests: list[str]) -> list[str]:
    return [Path(path).stem.removeprefix("test_") for path in tests]


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ("app/words.py", ["words", "program"]),
        ("estimators/sums.py", ["sums", "words", "program"]),
        ("estimators/units.py", ["code", "words"]),
        ("resources/catalogue/machines.json", ["facts"]),
        ("packaging/pruning.py", ["bundle"]),
        ("tests/helpers.py", ["helped"]),
        ("tests/words/conftest.py", ["words"]),
        ("tests/test_code.py", ["code"]),
        ("README.md", []),
    ],
)
def test_that_a_change_reaches_the_tests_that_use_it_nearest_first(project, changed, reached):
    assert names(reached_tests([changed], project)) == reached


def test_that_a_package_reaches_those_who_take_a_name_through_it(project):
    assert set(names(reached_tests(["estimators/__init__.py"], project))) == {"sums", "words", "program"}


def test_that_words_in_a_docstring_are_no_use(project):
    (project / "tests/test_code.py").write_text('"""Like estimators.units."""\n', encoding="utf-8")
    assert "code" not in names(reached_tests(["estimators/units.py"], project))


def test_that_on_a_branch_everything_since_main_counts(repository):
    git(repository, "checkout", "-b", "mine")
    (repository / "app/words.py").write_text("x = 1\n", encoding="utf-8")
    git(repository, "commit", "-am", "two")
    (repository / "app/new.py").write_text("", encoding="utf-8")
    assert changed_files(usual_base(repository), repository) == ["app/new.py", "app/words.py"]


def test_that_on_main_what_is_not_committed_counts_or_else_the_last_commit(repository):
    (repository / "app/words.py").write_text("x = 1\n", encoding="utf-8")
    assert changed_files(usual_base(repository), repository) == ["app/words.py"]
    git(repository, "commit", "-am", "two")
    assert changed_files(usual_base(repository), repository) == ["app/words.py"]


def test_that_an_unknown_revision_is_refused_in_a_sentence(repository):
    with pytest.raises(RevisionError, match="nowhere"):
        changed_files("nowhere", repository)


def test_that_every_test_file_of_the_project_is_reached_by_something():
    """A test that no change of the product reaches would never run in the fast check."""
    graph = Imports(ROOT)
    product = [path for path in graph.files if path.startswith(("app/", "estimators/", "packaging/"))]
    reached = set(graph.distances([*product, "tests/tools/changed.py"]))
    tests = [path for path in graph.files if Path(path).name.startswith("test_")]
    assert [path for path in tests if path not in reached] == []


def test_that_no_test_starts_after_the_time_and_the_sentence_counts_them(tmp_path):
    code = "import pytest\ndef test_one(): pass\n@pytest.mark.slow\ndef test_two(): pass\n"
    (tmp_path / "test_it.py").write_text(code, encoding="utf-8")
    told = [run_hurried(tmp_path, end) for end in ("9e9", "0")]
    assert "1 tests were run, the nearest to the change first. packaging/test runs the 1 that were" in told[0]
    assert "0 tests were run, the nearest to the change first. packaging/test runs the 2 that were" in told[1]


def run_hurried(folder: Path, end: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.tools.hurry", "-q", "-c", os.devnull, str(folder)],
        cwd=ROOT, env={**os.environ, "NODEWISE_TESTS_END": end, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_that_the_sentence_names_a_few_files_and_counts_the_others():
    assert sentence(7, Counter()) == "All 7 tests that the change reaches were run."
    left = Counter({f"tests/test_{name}.py": 1 for name in "abcdef"})
    assert sentence(7, left).endswith("the 6 that were left out, of "
                                      "tests/test_a.py, tests/test_b.py, tests/test_c.py, tests/test_d.py"
                                      " and 2 more files.")  # fmt: skip
