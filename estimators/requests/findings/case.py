"""What every rule sees, and the words that rules share."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, Machine
from estimators.quantity import Fact
from estimators.requests.access_results import Door, DoorReport
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.doors.words import as_of_words
from estimators.requests.records import CampaignRun
from estimators.requests.results import Finding, Footprint, FormValue, JobType, ScalingReport, StorageItem

SPACE = "\u202f"
"""Stands between thousands and before units on the screen."""
ARITHMETIC = "Arithmetic of the plan"
REVIEWERS = "Reviewer sheets 2025 to 2026, secondary"
LONGEST_ADDRESS = 60
_CLAUSE = re.compile(r"; | \(| @|, (?=values|checked|read)")
_SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"))


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a rule may look at; nothing else."""

    campaign: Campaign
    doors: DoorReport
    storage: tuple[StorageItem, ...]
    jobs: tuple[JobType, ...]
    scaling: ScalingReport
    footprint: Footprint
    form: tuple[FormValue, ...]
    catalogue: Catalogue
    now: datetime.datetime

    @property
    def machine(self) -> Machine:
        """The machine asked for."""
        return self.campaign.machine

    @property
    def machine_name(self) -> str:
        """As people say it: "LUMI", "Leonardo"."""
        return self.machine.name

    @property
    def gpu(self) -> Gpu:
        """The card to plan with: no campaign is built for a machine whose card is not known."""
        return self.catalogue.gpu_of(self.machine)

    @property
    def fitting(self) -> tuple[RunLine, ...]:
        """Runs that the machine can do."""
        return tuple(line for line in self.campaign.lines if line.wall_hours is not None)

    @property
    def door(self) -> Door | None:
        """The mode asked for, else the smallest that serves."""
        return self.doors.chosen

    def wanted_devices(self, run: CampaignRun) -> int | None:
        """Devices that the user named for a run, else those of its estimate."""
        return run.spec.gpus if run.spec.gpus is not None else self.campaign.line(run.id).answer.gpus

    def wanted_nodes(self, run: CampaignRun) -> Fraction | None:
        """Nodes that those devices fill, part nodes included."""
        devices = self.wanted_devices(run)
        return None if devices is None else Fraction(devices, self.campaign.devices_per_node)


@dataclass(frozen=True, slots=True)
class Passed:
    """What a rule says when it finds nothing.

    Attributes:
        words: One line for the list of passed rules.
        fact: The fact behind the limit.
        source: Where the limit comes from where there is no fact.
    """

    words: str
    figure: str = ""
    limit: str = ""
    fact: Fact[Any] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the technical check.

    Attributes:
        id: Stable; findings carry it.
        label: Name in the list of passed rules.
        check: Findings of the rule, none where it holds.
        passed: What to say where it holds; None where it does not apply.
    """

    id: str
    label: str
    check: Callable[[Case], Iterable[Finding]]
    passed: Callable[[Case], Passed | None]


def outcome(rule: Rule, case: Case) -> tuple[Finding, ...]:
    """The findings of a rule, or the one that says that it passed."""
    found = tuple(rule.check(case))
    if found:
        return tuple(_named(finding, case.catalogue) for finding in found)
    passed = rule.passed(case)
    if passed is None:
        return ()
    source = passed.source or source_words(passed.fact, case.catalogue)
    return (
        Finding(
            rule=rule.id,
            severity="pass",
            title=rule.label,
            why=passed.words,
            figure=passed.figure or passed.words,
            limit=passed.limit,
            source=source,
            fact=passed.fact,
        ),
    )


def _named(finding: Finding, catalogue: Catalogue) -> Finding:
    """The finding with the names of its sources in place of their keys."""
    if finding.fact is None or not catalogue.sources_behind(finding.fact):
        return finding
    return replace(finding, source=source_words(finding.fact, catalogue))


def never(_: Case) -> None:
    """For rules that have nothing to say where they hold."""
    return


def grouped(value: float, decimals: int = 0) -> str:
    """A number with thin spaces between thousands."""
    if not math.isfinite(value):
        return "not published"
    return f"{value:,.{decimals}f}".replace(",", SPACE)


def short(value: float, digits: int = 2) -> str:
    """Significant digits, none after the point where they are zero."""
    if not math.isfinite(value):
        return "not published"
    if value == 0.0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = grouped(round(value, decimals), decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def hours_words(hours: float) -> str:
    """A time: "30 min", "24 h", "11 days" from three days on."""
    if not math.isfinite(hours):
        return "not published"
    if hours < 1.0:
        return f"{short(hours * 60.0)}{SPACE}min"
    if hours < 96.5:
        return f"{short(hours, 3)}{SPACE}h"
    return f"{short(hours / 24.0, 3)}{SPACE}days"


def size_words(number_of_bytes: float) -> str:
    """Bytes in TB, GB or MB: "1.9 TB"."""
    for size, unit in _SIZES:
        if number_of_bytes >= 0.9995 * size:
            return f"{short(number_of_bytes / size, 3)}{SPACE}{unit}"
    return f"{short(number_of_bytes / 1e6, 2)}{SPACE}MB" if number_of_bytes else f"0{SPACE}GB"


def percent_words(share: float) -> str:
    """A share of one: "78 %"."""
    return f"{short(100.0 * share)}{SPACE}%"


def counted(number: float, one: str, many: str) -> str:
    """A count with its noun."""
    text = short(number, 4) if number < 10 else grouped(number)
    return f"{text} {one if number == 1 else many}"


def nodes_words(nodes: Fraction | float) -> str:
    """Nodes of a job: "128 nodes", "a quarter" never: parts stand as decimals."""
    return counted(float(nodes), "node", "nodes")


def source_words(fact: Fact[Any] | None, catalogue: Catalogue | None = None) -> str:
    """Where a limit comes from, with confidence and date; keys of sources by the name of the first one."""
    if fact is None or not fact.source:
        return ARITHMETIC
    if fact.source == "your input":
        return "Your input"
    behind = catalogue.sources_behind(fact) if catalogue is not None else ()
    place = _place(fact.source)
    if behind:
        more = f" and {len(behind) - 1} more" if len(behind) > 1 else ""
        place = f"{_CLAUSE.split(behind[0].name)[0]}{more}"
    certain = fact.confidence if fact.confidence not in place else ""
    words = ", ".join(part for part in (place, certain, as_of_words(fact.as_of)) if part)
    is_address = "." in words.partition(" ")[0].rstrip(".,")
    return words if is_address else f"{words[:1].upper()}{words[1:]}"


def _place(source: str) -> str:
    """The first clause of a source; an address without its scheme, nor its path where that is long."""
    first = _CLAUSE.split(source)[0].strip()
    if first.startswith("http"):
        address = first.partition("://")[2]
        return address if len(address) <= LONGEST_ADDRESS else address.partition("/")[0]
    return first


def uncertain(fact: Fact[Any] | None) -> bool:
    """Whether nobody confirmed a value."""
    return fact is not None and fact.confidence in ("unverified", "inferred")
