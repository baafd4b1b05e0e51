"""Names are followed as Python would: what nothing live names is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.imports import Imports
from tests.tools.reach import Names, Reach

MAIN = "from app.{module} import {name}\n{name}()\n"


@pytest.fixture
def unreached(tmp_path: Path):
    """Keys of a module `app.one` that nothing reaches, with a program that calls its `start`."""

    def of(text: str, main: str = MAIN.format(module="one", name="start"), **others: str) -> list[str]:
        for name, content in {"__init__": "", "__main__": main, "one": text, **others}.items():
            path = tmp_path / "app" / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        found = Reach(Names(Imports(tmp_path), "app"), ["app.__main__"]).unreached()
        return sorted(key.removeprefix("app.one:") for key in found)

    return of


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("def start(): pass\ndef other(): start()\n", ["other"]),
        ("def start(): helper()\ndef helper(): LIMIT\nLIMIT = 3\nOTHER = 4\n", ["OTHER"]),
        ("def start(): pass\ndef one(): two()\ndef two(): one()\n", ["one", "two"]),
        ("def start(row): row\ndef row(): pass\n", ["row"]),
        ("class Box:\n    def a(self): ...\n    def b(self): ...\ndef start(): Box().a()\n", ["Box.b"]),
        ("class Box:\n    def used(self): ...\ndef start(thing): thing.used()\n", ["Box"]),
        ("class Box:\n    def __len__(self): ...\n    def sizeHint(self): ...\ndef start(): Box()\n", []),
        ("class Box:\n    def a(self): ...\ndef start(): getattr(Box(), 'a')\n", []),
        ("class Box:\n    def a(self): ...\ndef start(): Box(), 'a'\n", ["Box.a"]),
        ("def start(): return {'a': one}\ndef one(): pass\n", []),
        ("class View:\n    title = TITLE\nTITLE = 'Hours'\ndef start(): place('Hours')\n", []),
        ("class View:\n    title = TITLE\nTITLE = 'Hours'\ndef start(): place('Days')\n", ["TITLE", "View"]),
        ("@mark\ndef start(): pass\ndef mark(function): return function\n", []),
    ],
)
def test_that_only_what_nothing_live_names_is_dead(unreached, text: str, dead: list[str]) -> None:
    assert unreached(text) == dead


def test_that_parts_of_modules_and_modules_as_values_are_followed(unreached) -> None:
    text = "def a(): ...\ndef b(): ...\ndef c(): ...\n"
    assert unreached(text, "from app import one\none.a()\n") == ["b", "c"]
    assert unreached(text, "from app import one\nfor each in (one,):\n    each.b()\n") == ["a", "c"]
    assert unreached(text, "import app.one as it\nit.c()\n") == ["a", "b"]
    assert unreached(text, "from app.two import a\na()\n", two="from app.one import a\n") == ["b", "c"]
    by_name = "from importlib import import_module\nimport_module({'one': 'app.one'}['one']).b()\n"
    assert unreached(text, by_name) == ["a", "c"]
    assert unreached(text, "print('app.one'.b())\n") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("start(1)", False),
        ("start(1, 2)", True),
        ("start(1, extra=2)", True),
        ("start(**everything)", True),
        ("start(*everything)", True),
        ("partial(start, 1, 2)", True),
        ("partial(start, 1)", False),
    ],
)
def test_that_an_argument_counts_as_given_where_it_may_be(tmp_path: Path, call: str, given: bool) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "one.py").write_text("def start(first, extra=None): ...\n", encoding="utf-8")
    (tmp_path / "app" / "main.py").write_text(f"from app.one import start\n{call}\n", encoding="utf-8")
    reach = Reach(Names(Imports(tmp_path)), ["app.main"])
    assert reach.is_given("app.one:start", "extra") == given
