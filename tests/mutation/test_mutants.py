"""Which faults are put into code, how they are named, and what a run says about them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.accepted import accepted, judged
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.plant import plant, plant_values
from tests.mutation.targets import GROUPS, files_of
from tests.mutation.trial import Outcome

ROOT = Path(__file__).parents[2]
DIFFERENCE = "k = a - b → k = a + b"
TEXT = """
SHARE = 0.5
DOUBLE = 2 * SHARE

class Box:
    @property
    def part(self):
        return 10 * SHARE
"""


def changes(folder: Path, text: str) -> list[str]:
    (folder / "it.py").write_text(text, encoding="utf-8")
    return [one.change for one in mutants(folder, "it.py")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RATIO = 0.5\n", ["0.5 → 0.65"]),
        ("MOST = 10\n", ["10 → 13"]),
        ("def f(a, b):\n    return a + b\n", ["a + b → a - b"]),
        ("def f(a, b):\n    return a * b\n", ["a * b → a / b", "a * b → a"]),
        ("def f(a, b):\n    return a < b\n", ["a < b → a >= b"]),
        ("def f(a, b):\n    return a and not b\n", ["a and (not b) → a or not b", "not b → b"]),
        ("def f(a, b):\n    return min(a, b)\n", ["min(a, b) → max(a, b)"]),
        ("def f(a):\n    return a.p80\n", ["a.p80 → a.p50"]),
        ("F = Formula('k', '', '', '', 'a - b')\n", ["k = a - b → k = (a - b) * 1.3", DIFFERENCE]),
        ("class P:\n    x: float\n    y: str\ndef f(v):\n    return P(v, v)\n", ["P(v, v) → P(v * 1.3, v)"]),
        ('def f(a):\n    """At most 3."""\n    raise ValueError(f"{a + 1}")\n', []),
        ("def f(a):\n    return a[0]\n", []),
        ("class W:\n    def paintEvent(self):\n        return 7\n", []),
    ],
)
def test_that_each_expression_has_the_faults_of_its_kind(tmp_path: Path, text: str, wanted: list[str]):
    assert changes(tmp_path, text) == wanted


def test_that_faults_alike_in_one_function_have_names_of_their_own(tmp_path: Path) -> None:
    found = changes(tmp_path, "def f(a, b):\n    g(a + b)\n    g(a + b)\n")
    assert found == ["a + b → a - b", "a + b → a - b #2"]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of the file `it.py`, as if it had been imported."""
    (tmp_path / "it.py").write_text(TEXT, encoding="utf-8")
    made = ModuleType("it")
    exec(TEXT, made.__dict__)
    monkeypatch.setitem(sys.modules, "it", made)
    return made


def test_that_a_fault_is_planted_into_a_function_or_a_value(tmp_path: Path, module: ModuleType) -> None:
    found = {one.change: one for one in mutants(tmp_path, "it.py")}
    plant(found["10 * SHARE → 10 / SHARE"], tmp_path)
    assert module.Box().part == 20
    plant_values(found["0.5 → 0.65"], tmp_path)
    assert (module.SHARE, module.DOUBLE) == (0.65, 1.3)


def test_that_only_an_unexplained_or_outdated_fault_fails_a_run() -> None:
    def outcome(change: str, by: str) -> Outcome:
        return Outcome(Mutant("a.py", "f", change, 1, True, ""), by, 3)

    noticed, missed = outcome("x", "tests/test_a.py::test"), outcome("y", "")
    assert judged([noticed, missed], {("a.py", "f", "y"): "harmless"}, ["a.py"])[1] == 0
    assert judged([noticed, missed], {}, ["a.py"])[1] == 1
    said, status = judged([noticed], {("a.py", "f", "x"): "harmless"}, ["a.py"])
    assert status == 1
    assert "noticed or gone" in said[0]
    assert judged([noticed], {("b.py", "f", "x"): "of another file"}, ["a.py"])[1] == 0


def test_that_every_accepted_fault_is_one_that_can_be_planted() -> None:
    reasons = accepted(ROOT)
    assert all(len(why) > 20 for why in reasons.values())
    for file in {file for file, _where, _change in reasons}:
        known = {one.key for one in mutants(ROOT, file)}
        assert [key for key in reasons if key[0] == file and key not in known] == []


def test_that_every_group_names_files_that_are_there() -> None:
    for group in GROUPS:
        assert files_of(ROOT, [group])
    with pytest.raises(ValueError, match="Nothing to mutate is called nowhere"):
        files_of(ROOT, ["nowhere"])
