"""Packages, offers and limits against tables worked by hand, and the list of changes of 26 November 2026."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from estimators.catalogue import load_catalogue
from estimators.catalogue.check import facts_of
from estimators.catalogue.read import RECORD_BY_SECTION
from estimators.requests.doors.sizes import size_of
from estimators.requests.units import gpus_of_node

CATALOGUE = load_catalogue()
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "facts-2026-11-26.md"

L, M, G, J = "leonardo-booster", "marenostrum5-acc", "lumi-g", "jupiter-booster"
X, K, V, D, P, A = (
    "meluxina-gpu", "karolina-gpu", "vega-gpu", "deucalion-gpu", "discoverer-plus", "arrhenius-gpu",
)  # fmt: skip

# Copy of the call pages of 20 June 2025; JUPITER: one award, 1,008,000 core-hours at 288 for a node-hour.
NODE_HOURS = {
    "benchmark": {M: 2000, L: 3500, G: 2500, X: 400, K: 400, V: 400, D: 200, P: 200},
    "development": {M: 3500, L: 4500, G: 4500, X: 4000, K: 800, V: 800, D: 400, P: 450, J: 3500},
}
# 5,000 GPU-hours by the GPUs of a node: 5000 / 4 and 5000 / 8. Letters from Leonardo print 1,250.
PLAYGROUND = {L: 1250, M: 1250, G: 1250, J: 1250, A: 1250, X: 1250, V: 1250, D: 1250, P: 625, K: 625}
# Smallest, largest and, where a call states nothing else, all node-hours of the call; same page.
RANGES = {
    "ai_science": dict.fromkeys((M, L, G, X), (20_000, 90_000, None)),
    "regular": {
        M: (20_000, 100_000, 100_000), L: (25_000, 220_000, 342_092), G: (20_000, 150_000, 309_181),
        X: (25_000, None, 149_729), K: (25_000, None, 93_500), V: (25_000, None, 48_060),
        D: (25_000, None, 37_840),
    },
    "extreme": {
        J: (245_000, None, 3_120_000), M: (160_000, None, 580_608), L: (245_000, None, 2_052_549),
        G: (160_000, None, 1_855_084),
    },
}  # fmt: skip
# L listed, A award seen, F chosen in a form or proposal, x marked unavailable, - neither listed nor awarded.
# Columns: Playground, Fast Lane, Large Scale of 29 September 2026, AI for Science, Benchmark, Development,
# Regular, Extreme Scale. An award or a mark is younger than the list and stands for both.
MODES = (
    "aif_playground", "aif_fastlane", "aif_large", "ai_science", "benchmark", "development", "regular",
    "extreme",
)  # fmt: skip
OFFERS = {
    L: "AAAxLALA", G: "A--ALALA", M: "AA-AALLA", J: "AA-F-AFA", X: "L--xLLL-",
    K: "----LLL-", V: "----LAL-", D: "----AAL-", P: "A---AA--", A: "A-----A-",
}  # fmt: skip
WORDS = {"A": "awarded", "L": "listed", "F": "selectable", "x": "unavailable", "-": "not listed"}
# Hours, nodes, jobs that run, jobs that run and wait, devices at once: from the guides and user notes of each
# site, as the table of limits in the sheet on machines holds them. None: nothing found.
QUEUES: dict[str, dict[str, tuple[float | None, ...]]] = {
    G: {
        "standard-g": (48, 1024, 200, 210, None),
        "small-g": (72, 4, 200, 210, None),
        "dev-g": (3, 32, 1, 2, None),
    },
    L: {
        "boost_usr_prod (normal)": (24, 64, None, None, None),
        "boost_qos_bprod": (24, 256, None, None, None),
        "boost_qos_lprod": (96, 8, None, None, 32),
        "boost_qos_dbg": (0.5, 8, 2, None, 32),
    },
    M: {"acc_ehpc": (72, 100, None, None, None), "acc_debug": (2, 8, None, None, None)},
    J: {"booster": (12, None, None, None, None)},
    X: {
        "default": (48, 50, None, 100, None),
        "long": (144, 10, 1, 100, None),
        "dev": (6, 1, 1, 100, None),
        "test": (0.5, 10, 1, 100, None),
    },
    K: {"qgpu": (48, 16, None, None, None), "qgpu_exp": (None, 8, 1, 6, None)},
    V: {"gpu": (48, None, None, None, None), "dev": (0.5, None, None, None, None)},
    D: {"normal-a100": (48, 4, None, None, None), "dev-a100": (4, 1, None, None, None)},
    P: {"common (Playground project)": (4, 2, 4, None, None)},
    A: {"gpu": (72, None, None, None, None)},
}


def test_that_fixed_packages_are_those_of_the_calls() -> None:
    for mode_id, packages in NODE_HOURS.items():
        table = CATALOGUE.access_modes[mode_id].node_hours_by_machine
        assert {machine: fact.value["fixed"] for machine, fact in table.items()} == packages


def test_that_bounds_of_the_calls_are_those_of_the_tables() -> None:
    for mode_id, rows in RANGES.items():
        table = CATALOGUE.access_modes[mode_id].node_hours_by_machine
        found = {m: tuple(f.value.get(key) for key in ("min", "max", "total")) for m, f in table.items()}
        assert found == rows


def test_that_a_playground_package_is_divided_by_the_gpus_of_a_node() -> None:
    mode = CATALOGUE.access_modes["aif_playground"]
    found = {}
    for machine in CATALOGUE.machines_in_service():
        gpus = gpus_of_node(machine, CATALOGUE)
        size = size_of(mode, machine, gpus)
        assert size is not None
        assert size.fixed
        found[machine.id] = size.gpu_hours[1] / gpus
    assert found == PLAYGROUND
    names = {"Leonardo Booster": L, "LUMI-G": G, "MN5 ACC": M, "JUPITER Booster": J, "Arrhenius GPU": A,
             "MeluXina GPU": X, "Discoverer GPU": P}  # fmt: skip
    table = CATALOGUE.guidance["resource-tables"].facts["playground_2026"].value
    assert {names[name]: hours for name, hours in table.items()} == {m: PLAYGROUND[m] for m in names.values()}


@pytest.mark.parametrize("machine", OFFERS)
def test_that_offers_are_those_that_were_seen(machine: str) -> None:
    found = {mode: CATALOGUE.access_modes[mode].offers[machine].value for mode in MODES}
    assert found == {mode: WORDS[letter] for mode, letter in zip(MODES, OFFERS[machine], strict=True)}


def test_that_a_machine_that_is_not_listed_has_the_date_of_the_list() -> None:
    lists = {"aif_playground": "2026-10-06", "aif_fastlane": "2026-10", "aif_large": "2026-09-29"}
    for mode in MODES:
        for fact in CATALOGUE.access_modes[mode].offers.values():
            if fact.value == "not listed":
                assert fact.as_of == lists.get(mode, "2025-06-20")


@pytest.mark.parametrize("machine", QUEUES)
def test_that_limits_of_queues_are_those_of_the_sites(machine: str) -> None:
    found = {queue.name: queue for queue in CATALOGUE.machine(machine).queues}
    for name, expected in QUEUES[machine].items():
        queue = found[name]
        facts = (queue.max_walltime, queue.max_nodes, queue.max_jobs, queue.max_submitted, queue.max_devices)
        values = tuple(None if fact is None else fact.value for fact in facts)
        assert values == expected, name


def test_that_the_cap_on_long_jobs_of_leonardo_is_one_of_the_project() -> None:
    caps = {queue.name: queue.max_devices_of for queue in CATALOGUE.machine(L).queues if queue.max_devices}
    assert caps == {"boost_qos_lprod": "project", "boost_qos_dbg": "job"}


def test_that_months_of_a_budget_are_lost_at_juelich_and_not_at_bologna() -> None:
    budgets = {machine.id: machine.monthly_budget for machine in CATALOGUE.machines_in_service()}
    known = {key: (b.ahead.value, b.kept.value, b.forfeits.value) for key, b in budgets.items() if b}
    assert known == {L: (0, None, False), J: (1, 1, True)}


# ---------------------------------------------------------------- the list of changes

ROW = re.compile(r"^\| (\S+) \| (.+?) \| (.+?) \| `(\S+) (\S+) ?(.*)` \|$", re.MULTILINE)


def _entries(name: str) -> dict[str, Any]:
    """The records of one file by their id."""
    text = (ROOT / "resources" / "catalogue" / name).read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in json.loads(text)}


def _at(entry: dict[str, Any], path: str) -> Any:
    """What stands at a dotted place; names of facts may hold no dot."""
    found: Any = entry
    for part in path.split("."):
        found = found[part]
    return found


def test_that_every_change_has_its_place_in_the_catalogue() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    files = {name: _entries(name) for name in {row[3] for row in rows}}
    counts: dict[str, int] = {}
    for facts, *_ in rows:
        counts[facts] = counts.get(facts, 0) + 1
    assert counts == {"machines": 105, "access": 33, "reliability": 4, "carbon": 11, "datasets": 1}
    for _, entry, field, name, identity, path in rows:
        held = files[name][identity]
        if path:
            held = _at(held, path)
        assert held not in (None, "", {}), (entry, field)
        if isinstance(held, dict) and "value" in held:
            assert held["source"]
            assert held["confidence"]
            assert held["as_of"]


@pytest.mark.parametrize("section", RECORD_BY_SECTION)
def test_that_general_knowledge_stays_unverified(section: str) -> None:
    for record in getattr(CATALOGUE, section).values():
        for field, fact in facts_of(record):
            if fact.source.startswith("general knowledge"):
                assert fact.confidence == "unverified", f"{record.id} {field}"
