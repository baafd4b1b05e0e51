"""Every function, class, method and constant of the product has a caller, or waits for a subject."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.tools.imports import Imports
from tests.tools.reach import Names, Reach

ROOT = Path(__file__).parent.parent
FOR_OTHERS = ("estimators",)
"""Packages whose public names a reader of the README may use."""
STARTED = ("app/", "estimators/", "tests/benchmarks/")
"""Where programs stand; those of the tests themselves give nothing a use."""
CHARTS = "app.charts"
"""Its views are asked for by the title that a place for them names."""

WAITING = {
    "charts tab": (
        "app.charts.bar_view:DeviceMemory",
        "app.charts.bar_view:StepTime",
        "app.charts.energy:TITLE",
        "app.charts.energy:draw",
        "app.charts.energy:natural_height",
        "app.charts.scaling:TITLE",
        "app.present.footprint:embodied_words",
        "app.present.footprint:energy_series",
        "app.present.footprint:energy_subtitle",
        "app.present.footprint:energy_summary",
        "app.present.footprint:energy_text",
        "app.present.footprint:energy_words",
        "app.present.footprint:footprint_table",
        "app.present.footprint:value_words",
        "app.present.scaling:series_text",
    ),
    "amount of data in bytes": (
        "app.words.reading.amounts:is_size",
        "app.words.reading.amounts:parse_bytes",
        "estimators.catalogue.load:Catalogue.datasets",
        "estimators.catalogue.load:Catalogue.tokenizers",
    ),
    "own models and machines": ("estimators.catalogue.load:load_catalogue(overlay)",),
    "languages of the window": (
        "app.window.language:language_for",
        "app.window.language:offered",
        "app.window.language:speak_in",
        "app.window.language:system_languages",
    ),
    "months in fields": ("app.words.reading.fields:parse_amount", "app.words.reading.times:parse_month"),
}
"""Built, tested and used by nobody yet: the subject that will use it, and what it will call.

`module:name`, `module:Class.method`, or `module:function(argument)` for an argument that nobody gives. What
only these use need not be listed. Whoever gives one a caller takes it off the list.
"""


@pytest.fixture(scope="module")
def graph() -> Imports:
    return Imports(ROOT)


@pytest.fixture(scope="module")
def names(graph: Imports) -> Names:
    return Names(graph, CHARTS)


@pytest.fixture(scope="module")
def live(graph: Imports, names: Names) -> Reach:
    return Reach(names, programs(graph), FOR_OTHERS)


def programs(graph: Imports) -> list[str]:
    """What is started: `python -m ...`, the scripts of packaging, benchmarks; no test, no tool of tests."""
    return [
        module
        for module, path in graph.modules.items()
        if path.startswith(STARTED) and "__main__" in started(graph, path)
    ] + [module for module in graph.modules if module.startswith("packaging")]


def started(graph: Imports, path: str) -> set[str]:
    """ "__main__" where a file asks whether it is the program."""
    conditions = [node.test for node in graph.tree(path).body if isinstance(node, ast.If)]
    return {one.value for test in conditions for one in ast.walk(test) if isinstance(one, ast.Constant)}


def waiting() -> list[str]:
    return [key for keys in WAITING.values() for key in keys]


def test_that_the_entry_points_are_found(graph: Imports) -> None:
    found = set(programs(graph))
    assert {"app.__main__", "estimators.evidence.page", "packaging.launch"} <= found
    assert {"tests.benchmarks.charts", "app.plan.published_schema"} <= found
    assert not [one for one in found if one.startswith("tests") and "benchmarks" not in one]


def test_that_what_no_entry_point_reaches_waits_for_a_subject(graph: Imports, names: Names) -> None:
    reach = Reach(names, programs(graph), FOR_OTHERS, waiting())
    assert reach.unreached() == []


@pytest.mark.parametrize("entry", waiting())
def test_that_what_waits_is_there_and_has_no_caller(entry: str, live: Reach, names: Names) -> None:
    found = re.fullmatch(r"(.+?)(?:\((\w+)\))?", entry)
    assert found is not None
    key, argument = found.groups()
    assert key in names.known, "it is gone: take it off the list"
    is_used = live.is_given(key, argument) if argument else key in live.reached
    assert not is_used, "it has a caller now: take it off the list"
