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
from estimators.requests.doors.words import CONFIDENCE, as_of
from estimators.requests.records import CampaignRun
from estimators.requests.results import (
    Finding,
    Footprint,
    FormValue,
    JobType,
    RuleId,
    ScalingReport,
    StorageItem,
)
from estimators.words import NOTHING, Amount, Name, Said, Value, cased, say, say_many

ARITHMETIC = say("Arithmetic of the plan")
REVIEWERS = say("Reviewer sheets 2025 to 2026, secondary")
YOUR_INPUT = say("Your input")
UNPUBLISHED = say("not published")
NOT_IN_CATALOGUE = say("Not found in the catalogue")
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

    words: Value
    figure: Value = NOTHING
    limit: Value = NOTHING
    fact: Fact[Any] | None = None
    source: Value = NOTHING


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the technical check.

    Attributes:
        id: Stable; findings carry it.
        label: Name in the list of passed rules.
        check: Findings of the rule, none where it holds.
        passed: What to say where it holds; None where it does not apply.
    """

    id: RuleId
    label: Said
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
    source = source_words(passed.fact, case.catalogue) if passed.source == NOTHING else passed.source
    return (
        Finding(
            rule=rule.id,
            severity="pass",
            title=rule.label,
            why=passed.words,
            figure=passed.words if passed.figure == NOTHING else passed.figure,
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


def grouped(value: float, decimals: int = 0) -> Value:
    """A number with every digit of its whole part."""
    return Amount(value, form="fixed", digits=decimals) if math.isfinite(value) else UNPUBLISHED


def short(value: float, digits: int = 2, unit: str = "") -> Value:
    """Significant digits, none after the point where they are zero."""
    return Amount(value, unit, "kept", digits) if math.isfinite(value) else UNPUBLISHED


def hours_words(hours: float) -> Value:
    """A time: "30 min", "24 h", "11 days" from four days on."""
    if not math.isfinite(hours):
        return UNPUBLISHED
    if hours < 1.0:
        return short(hours * 60.0, unit="min")
    return short(hours, 3, "h") if hours < 96.5 else short(hours / 24.0, 3, "days")


def size_words(number_of_bytes: float) -> Value:
    """Bytes in TB, GB or MB: "1.9 TB"."""
    for size, unit in _SIZES:
        if number_of_bytes >= 0.9995 * size:
            return short(number_of_bytes / size, 3, unit)
    return short(number_of_bytes / 1e6, 2, "MB") if number_of_bytes else short(0.0, unit="GB")


def percent_words(share: float) -> Value:
    """A share of one: "78 %"."""
    return short(100.0 * share, unit="%")


def count(number: float) -> Value:
    """A count, parts of nodes included, in front of what is counted."""
    return Amount(number, form="short", digits=4) if number < 10 else grouped(number)


def months_words(months: int) -> Said:
    """Months of a project."""
    return say_many("{n} month", "{n} months", months, n=count(months))


def gpus_words(gpus: int) -> Said:
    """GPUs as programs count them."""
    return say_many("{n} GPU", "{n} GPUs", gpus, n=count(gpus))


def nodes_words(nodes: Fraction | float) -> Said:
    """Nodes of a job: "128 nodes", "a quarter" never: parts stand as decimals."""
    return say_many("{n} node", "{n} nodes", float(nodes), n=count(float(nodes)))


def gpu_hours_words(gpu_hours: float) -> Said:
    """A request as the access modes count it."""
    return say("{n} GPU-hours", n=grouped(gpu_hours))


def source_words(fact: Fact[Any] | None, catalogue: Catalogue | None = None) -> Value:
    """Where a limit comes from, with confidence and date; keys of sources by the name of the first one."""
    if fact is None or not fact.source:
        return ARITHMETIC
    if fact.source == "your input":
        return YOUR_INPUT
    behind = catalogue.sources_behind(fact) if catalogue is not None else ()
    place = _CLAUSE.split(behind[0].name)[0] if behind else _place(fact.source)
    is_address = "." in place.partition(" ")[0].rstrip(".,")
    named: Value = Name(place if is_address else cased(place, "capital"))
    if len(behind) > 1:
        named = say("{source} and {n} more", source=named, n=count(len(behind) - 1))
    return _with_date(named, fact, says_confidence=fact.confidence in place)


def _with_date(source: Value, fact: Fact[Any], says_confidence: bool) -> Value:
    """A source with how sure it is, unless it says so itself, and its date, where there is one."""
    confidence, date = CONFIDENCE[fact.confidence], as_of(fact.as_of)
    if says_confidence:
        return say("{source}, {date}", source=source, date=date) if fact.as_of else source
    if not fact.as_of:
        return say("{source}, {confidence}", source=source, confidence=confidence)
    return say("{source}, {confidence}, {date}", source=source, confidence=confidence, date=date)


def _place(source: str) -> str:
    """The first clause of a source; an address without its scheme, nor its path where that is long."""
    first = _CLAUSE.split(source)[0].strip()
    if first.startswith("http"):
        address = first.partition("://")[2]
        return address if len(address) <= LONGEST_ADDRESS else address.partition("/")[0]
    return first


def host_words(case: Case) -> Value:
    """Whom to ask."""
    host = case.machine.host.value
    return Name(host) if host else say("the site")


def uncertain(fact: Fact[Any] | None) -> bool:
    """Whether nobody confirmed a value."""
    return fact is not None and fact.confidence in ("unverified", "inferred")
