"""The plan's runs as the left panel lists them, and what the status bar says about the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.plan.schema import Plan, RunInput
from app.present import numbers as n
from app.present.machines import device_noun
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer
from estimators.words import Amount, Name, say, say_many

if TYPE_CHECKING:  # the first paint has no request yet
    from estimators.requests.results import Request

ROLE_ICONS = {
    "test": "flask-conical",
    "ablation": "git-branch",
    "sweep": "sliders-horizontal",
    "main": "play",
    "tuning": "message-square",
    "evaluation": "gauge",
    "other": "layers",
}
ROLE_NAMES = {
    "test": say("Test"),
    "ablation": say("Ablation"),
    "sweep": say("Sweep"),
    "main": say("Main run"),
    "tuning": say("Tuning"),
    "evaluation": say("Evaluation"),
    "other": say("Other"),
}


NARROW_FROM = 100_000
"""GPU-hours from which the name of the contingency has no room for its quantile."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the list.

    Attributes:
        words: How often, and on how many GPUs.
        hours: GPU-hours of all repeats; a dash where they are not known.
        fits: Whether the machine can run it, None where that is not known yet.
    """

    run_id: str
    name: str
    words: str
    hours: str
    is_chosen: bool
    icon: str = "play"
    fits: bool | None = None

    @property
    def spoken(self) -> str:
        """The line for assistive tools."""
        if self.fits is False:
            return text(say("{run}, {words}, does not fit", run=Name(self.name), words=Name(self.words)))
        hours = text(n.hours_named(self.hours))
        return f"{self.name}, {self.words}, {hours}"


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line of the box below the runs."""

    name: str
    hours: str
    is_sum: bool = False
    rough: str = ""
    """The same while the plan is counted anew."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What stands beside the runs, and the request, in GPU-hours."""

    lines: tuple[TotalLine, ...]
    unit: str


def run_lines(
    plan: Plan,
    run_id: str,
    request: Request | None,
    comparison: Comparison | None,
    catalogue: Catalogue,
) -> tuple[RunLine, ...]:
    """All runs of the plan; until the request is counted, the one on the screen alone has figures."""
    lines = []
    for run in plan.runs:
        answer, hours = _figures(run, request, catalogue)
        if hours == n.EMPTY and run.id == run_id and comparison is not None and request is None:
            answer = comparison.headline
            hours = _of_one(run, answer)
        fits = None if answer is None else answer.fits
        words = _words(run, answer, catalogue)
        lines.append(RunLine(run.id, run.name, words, hours, run.id == run_id, ROLE_ICONS[run.role], fits))
    return tuple(lines)


def _figures(
    run: RunInput, request: Request | None, catalogue: Catalogue
) -> tuple[MachineAnswer | None, str]:
    """The run's estimate and its GPU-hours in the request; a run that is newer than the request has none."""
    if request is None:
        return None, n.EMPTY
    campaign = request.campaign
    line = next((line for line in campaign.lines if line.run.id == run.id), None)
    if line is None:
        return None, n.EMPTY
    row = next((row for row in campaign.milestones if row.run_id == run.id), None)
    return line.answer, n.EMPTY if row is None else n.exact(row.node_hours * campaign.gpus_per_node)


def _of_one(run: RunInput, answer: MachineAnswer | None) -> str:
    if answer is None or answer.gpu_hours is None:
        return n.EMPTY
    return n.whole_up(answer.gpu_hours.p50 * run.count)


def _words(run: RunInput, answer: MachineAnswer | None, catalogue: Catalogue) -> str:
    count = text(say_many("{n} run", "{n} runs", run.count, n=n.counts(run.count)))
    if answer is None or answer.gpus is None:
        return count
    noun = device_noun(answer.machine, catalogue) or ("GPU" if answer.gpus == 1 else "GPUs")
    return f"{count}, {n.exact(answer.gpus)} {noun}"


def totals(request: Request | None) -> Totals:
    """Failed runs, contingency, rest of a package and the request, in GPU-hours."""
    if request is None:
        return Totals((TotalLine(text(say("Request")), n.EMPTY, True),), text(say("GPU-hours")))
    campaign = request.campaign
    beside = [row for row in campaign.milestones if row.run_id is None]
    total = campaign.units.gpu_hours
    short = {
        "failed": text(say("Failed runs")),
        "overhead": text(say("Overhead")),
        "package": text(say("Rest of the package")),
    }
    if total >= NARROW_FROM:
        short["contingency"] = text(say("Contingency"))
    lines = [
        _line(short.get(row.kind) or text(row.name), row.node_hours * campaign.gpus_per_node)
        for row in beside
    ]
    lines.append(_line(text(say("Request")), total, is_sum=True))
    many = len(campaign.milestones)
    noun = say("GPU-hour") if total == 1 else say("GPU-hours")
    unit = say_many("{hours}, {n} line", "{hours}, {n} lines", many, hours=noun, n=n.counts(many))
    return Totals(tuple(lines), text(unit))


def _line(name: str, gpu_hours: int, is_sum: bool = False) -> TotalLine:
    return TotalLine(name, n.exact(gpu_hours), is_sum, f"≈ {n.short(gpu_hours)}")


def rough(totals: Totals) -> Totals:
    """The same while the plan is counted anew: two digits, marked as not final."""
    lines = tuple(replace(line, hours=line.rough) if line.rough else line for line in totals.lines)
    return Totals(lines, totals.unit)


def whole_plan(request: Request | None) -> tuple[str, str, str]:
    """The status line in three parts; the middle one is bold."""
    if request is None:
        return text(say("Whole plan: counting the request")), "", ""
    from app.present.milestones import site_unit_amount

    campaign = request.campaign
    if not campaign.units.node_hours:
        return text(say("Nothing fits yet")), "", ""
    whole = campaign.units.node_hours
    more = f" = {text(say_many('{n} node-hour', '{n} node-hours', whole, n=n.counts(whole)))}"
    site = site_unit_amount(campaign)
    if site:
        more += f" = {site}"
    if not campaign.complete:
        lost = sum(line.wall_hours is None for line in campaign.lines)
        without = say_many(
            "without {n} run that does not fit", "without {n} runs that do not fit", lost, n=n.counts(lost)
        )
        more += f", {text(without)}"
    total = Amount(campaign.units.gpu_hours, form="fixed")
    lead = text(say("Whole plan: request"))
    return f"{lead} ", text(n.hours_said(total)), more


def access_words(request: Request | None) -> tuple[str, str]:
    """Tone and name of the access mode that would pay for the request."""
    if request is None or request.campaign.machine.status != "in service":
        return "ok", ""
    from app.present.access import badge

    return badge(request)
