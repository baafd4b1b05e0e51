"""Numbers, sources and facts as findings write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.quantity import Fact
from estimators.requests.findings.case import Case, hours_words, nodes_words, size_words, source_words
from estimators.requests.results import Finding
from estimators.words import Value
from tests.requests.builders import FOOTPRINT, campaign_run, case_of, findings_of, line_of, open_of, project

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")


def case(footprint: Any = FOOTPRINT, machine: Any = LEONARDO, lost: bool = False) -> Case:
    run = campaign_run(CATALOGUE)
    line = line_of(run, machine)
    lines = (replace(line, wall_hours=None, base_node_hours=0.0),) if lost else (line,)
    return case_of(project(run), CATALOGUE, machine, lines, footprint=footprint)


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


def passed(of: Case, rule: str) -> Finding:
    (found,) = (one for one in findings_of(of) if (one.rule, one.severity) == (rule, "pass"))
    return found


def fact(source: str = "a hand", confidence: Any = "official", value: Any = 1.0) -> Fact[Any]:
    return Fact(value=value, unit="count", source=source, confidence=confidence, as_of="2026-11-01")


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.5, "30 min"),
        (0.99, "59 min"),
        (1.0, "1 h"),
        (1.2, "1.2 h"),
        (23.456, "23.5 h"),
        (96.0, "96 h"),
        (97.0, "4.04 days"),
        (float("inf"), "not published"),
    ],
)
def test_that_hours_are_said_in_the_unit_that_people_use(hours: float, words: str) -> None:
    assert plain(hours_words(hours)) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1.946e12, "1.95 TB"),
        (0.9996e12, "1 TB"),
        (999.4e9, "999 GB"),
        (2e6, "2 MB"),
        (123_456.0, "0.12 MB"),
        (0.0, "0 GB"),
    ],
)
def test_that_bytes_are_said_in_the_unit_that_people_use(size: float, words: str) -> None:
    assert plain(size_words(size)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 node"),
        (0.5, "0.5 nodes"),
        (1 / 3, "0.3333 nodes"),
        (9.75, "9.75 nodes"),
        (12.4, "12 nodes"),
        (1250, "1 250 nodes"),
    ],
)
def test_that_parts_of_a_few_are_said_and_of_many_not(number: float, words: str) -> None:
    assert plain(nodes_words(number)) == words


# ---------------------------------------------------------------- sources


def test_that_an_address_is_cut_to_its_host_where_it_is_long() -> None:
    short = "docs.site.example/" + "a" * 42  # sixty characters
    assert text(source_words(fact(f"https://{short}"))) == f"{short}, official, 1 Nov 2026"
    assert text(source_words(fact(f"https://{short}a"))) == "docs.site.example, official, 1 Nov 2026"


def test_that_a_finding_names_its_sources_and_not_their_keys() -> None:
    keys = [key for key in CATALOGUE.sources if CATALOGUE.sources_behind(fact(key))][:2]
    first = CATALOGUE.sources[keys[0]].name
    power = msgspec.structs.replace(LEONARDO, pue=fact(", ".join(keys), "inferred", 1.1))
    (found,) = open_of(case(machine=power), "pue")
    assert found.fact == power.pue
    assert text(found.source).lower().startswith(first[:5].lower())
    assert "and 1 more" in text(found.source)
    other = msgspec.structs.replace(LEONARDO, pue=fact("A note of the site", "inferred", 1.1))
    (found,) = open_of(case(machine=other), "pue")
    assert text(found.source) == "A note of the site, inferred, 1 Nov 2026"


# ---------------------------------------------------------------- energy


def test_that_energy_is_said_with_its_range_and_carbon_in_tonnes() -> None:
    # 900, 1,000 and 1,200 kWh; 100 kg
    found = passed(case(), "energy")
    assert plain(text(found.why)) == "1 MWh (900 kWh to 1.2 MWh), 0.1 t CO₂e"
    assert found.fact == LEONARDO.pue
    dark = passed(case(footprint=replace(FOOTPRINT, carbon_kg=None)), "energy")
    assert plain(text(dark.why)) == "1 MWh (900 kWh to 1.2 MWh)"


def test_that_energy_which_cannot_be_stated_names_what_is_missing_and_whom_to_ask() -> None:
    unknown = replace(FOOTPRINT, energy_kwh=None, carbon_kg=None)
    (found,) = open_of(case(footprint=unknown), "energy")
    assert text(found.title).endswith("cannot be stated: a figure behind it is not published")
    assert f"Ask {LEONARDO.host.value} for its PUE." in text(found.why)
    bare = msgspec.structs.replace(LEONARDO, pue=None, host=fact(value=None))
    (found,) = open_of(case(footprint=unknown, machine=bare), "energy")
    assert text(found.title).endswith("cannot be stated: the PUE is not published")
    assert "Ask the site for its PUE." in text(found.why)
    # what runs nowhere needs no energy, and nothing is said where it is known
    assert [one.rule for one in findings_of(case(footprint=unknown, lost=True)) if one.rule == "energy"] == []
    assert open_of(case(), "energy") == ()


def test_that_an_unconfirmed_pue_is_held_against_those_of_other_sites() -> None:
    # 1,000 kWh at a PUE of 1.25 are 840 at 1.05 and 960 at 1.20
    machine = msgspec.structs.replace(LEONARDO, pue=fact("a talk", "unverified", 1.25))
    (found,) = open_of(case(machine=machine), "pue")
    assert plain(text(found.why)) == (
        f"1 MWh would be 840 kWh to 960 kWh with a PUE from 1.05 to 1.20. Ask {machine.host.value}."
    )
    bare = msgspec.structs.replace(machine, host=fact(value=None))
    assert text(open_of(case(machine=bare), "pue")[0].why).endswith("Ask the site.")


# ---------------------------------------------------------------- doubtful facts


def doubtful(count: int) -> Case:
    """A case whose footprint rests on so many facts that nobody confirmed, and on nothing else doubtful."""
    facts = tuple((f"figure {i}", fact(confidence="inferred")) for i in range(count))
    sure = {"quota": fact(), "files": None, "purge": None}
    areas = tuple(msgspec.structs.replace(area, **sure) for area in LEONARDO.storage)
    queues = tuple(
        msgspec.structs.replace(queue, max_nodes=fact(value=256.0), max_walltime=fact(value=24.0))
        for queue in LEONARDO.queues
    )
    machine = msgspec.structs.replace(
        LEONARDO, storage=areas, queues=queues, pue=fact(value=1.1), network_per_node=fact(), site_unit=None
    )
    made = case(footprint=replace(FOOTPRINT, facts=facts), machine=machine)
    return replace(made, doors=replace(made.doors, chosen=None))


def test_that_the_first_five_doubtful_facts_are_named_and_the_rest_counted() -> None:
    assert open_of(doubtful(0), "uncertain-facts") == ()
    (five,) = open_of(doubtful(5), "uncertain-facts")
    assert text(five.title) == "5 facts are unverified or inferred"
    assert (
        text(five.why)
        == "figure 0; figure 1; figure 2; figure 3; figure 4. Confirm them with the site before you file."
    )
    (seven,) = open_of(doubtful(7), "uncertain-facts")
    assert "figure 4 and 2 more. Confirm" in text(seven.why)
    assert (text(seven.figure), text(open_of(doubtful(1), "uncertain-facts")[0].figure)) == (
        "7 facts",
        "1 fact",
    )


def test_that_limits_of_the_disks_are_among_the_facts_of_a_request() -> None:
    made = doubtful(0)
    area = msgspec.structs.replace(made.machine.storage[0], quota=fact(confidence="inferred"))
    machine = msgspec.structs.replace(made.machine, storage=(area,))
    changed = replace(made, campaign=replace(made.campaign, machine=machine))
    (found,) = open_of(changed, "uncertain-facts")
    assert text(found.why).startswith(f"quota of {area.name}. ")
