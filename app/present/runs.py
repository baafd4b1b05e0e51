"""The plan's runs as the left panel lists them, and what the status bar says about the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.plan.schema import Plan, RunInput
from app.present import numbers as n
from app.present.machines import device_noun
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer

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
    "test": "Test",
    "ablation": "Ablation",
    "sweep": "Sweep",
    "main": "Main run",
    "tuning": "Tuning",
    "evaluation": "Evaluation",
    "other": "Other",
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
            return f"{self.name}, {self.words}, does not fit"
        return f"{self.name}, {self.words}, {n.of_gpu_hours(self.hours)}"


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line of the box below the runs."""

    name: str
    hours: str
    is_sum: bool = False


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
    count = n.counted(run.count, "run", "runs")
    if answer is None or answer.gpus is None:
        return count
    noun = device_noun(answer.machine, catalogue) or ("GPU" if answer.gpus == 1 else "GPUs")
    return f"{count}, {n.exact(answer.gpus)} {noun}"


def totals(request: Request | None) -> Totals:
    """Failed runs, contingency, rest of a package and the request, in GPU-hours."""
    if request is None:
        return Totals((TotalLine("Request", n.EMPTY, True),), "GPU-hours")
    campaign = request.campaign
    beside = [row for row in campaign.milestones if row.run_id is None]
    total = campaign.units.gpu_hours
    short = {"failed": "Failed runs", "overhead": "Overhead", "package": "Rest of the package"}
    if total >= NARROW_FROM:
        short["contingency"] = "Contingency"
    lines = [
        TotalLine(short.get(row.kind, row.name), n.exact(row.node_hours * campaign.gpus_per_node))
        for row in beside
    ]
    lines.append(TotalLine("Request", n.exact(total), True))
    noun = "GPU-hour" if total == 1 else "GPU-hours"
    return Totals(tuple(lines), f"{noun}, {n.counted(len(campaign.milestones), 'line', 'lines')}")


def rough(totals: Totals) -> Totals:
    """The same while the plan is counted anew: two digits, marked as not final."""
    lines = tuple(TotalLine(line.name, _rough(line.hours), line.is_sum) for line in totals.lines)
    return Totals(lines, totals.unit)


def _rough(hours: str) -> str:
    digits = hours.replace(n.THIN_SPACE, "")
    return f"≈ {n.short(float(digits))}" if digits.isdecimal() else hours


def whole_plan(request: Request | None) -> tuple[str, str, str]:
    """The status line in three parts; the middle one is bold."""
    if request is None:
        return "Whole plan: counting the request", "", ""
    from app.present.milestones import site_unit_amount

    campaign = request.campaign
    if not campaign.units.node_hours:
        return "Nothing fits yet", "", ""
    more = f" = {n.counted(campaign.units.node_hours, 'node-hour', 'node-hours')}"
    site = site_unit_amount(campaign)
    if site:
        more += f" = {site}"
    if not campaign.complete:
        lost = sum(line.wall_hours is None for line in campaign.lines)
        more += f", without {n.counted(lost, 'run that does', 'runs that do')} not fit"
    return "Whole plan: request ", n.of_gpu_hours(n.exact(campaign.units.gpu_hours)), more


def access_words(request: Request | None) -> tuple[str, str]:
    """Tone and name of the access mode that would pay for the request."""
    if request is None or request.campaign.machine.status != "in service":
        return "ok", ""
    from app.present.access import badge

    return badge(request)
