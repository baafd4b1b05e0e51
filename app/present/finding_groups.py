"""What stands on one card: findings of one rule that several runs share, with one fix for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.present import numbers as n
from app.present.findings import fix_changes
from app.words import text
from estimators.words import NOTHING, Cased, Listed, Name, Said, Value, say, say_many

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.requests.results import Finding

SAID = {"fail": say("Fails"), "warn": say("Warning"), "info": say("Note"), "pass": say("Passed")}
RANKS = {"fail": 0, "warn": 1, "info": 2, "pass": 3}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that say the same of different runs.

    Attributes:
        title: Without the run's name where there are several.
        runs: Names of the runs, empty where the finding is about the whole plan or one run.
        fix_label: Names the effect of the fix, nothing where there is none.
    """

    findings: tuple[Finding, ...]
    title: str
    runs: tuple[str, ...]
    fix_label: Said

    @property
    def severity(self) -> str:
        """Of all of them."""
        return self.findings[0].severity

    @property
    def why(self) -> str:
        """The arithmetic and the remedy."""
        return text(self.findings[0].why)

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return text(self.findings[0].source)

    @property
    def runs_words(self) -> str:
        """Which runs, in words; "" for one."""
        if not self.runs:
            return ""
        names = Listed(tuple(Name(run) for run in self.runs), "")
        many = len(self.runs)
        return text(say_many("{n} run: {runs}.", "{n} runs: {runs}.", many, n=n.counts(many), runs=names))

    @property
    def spoken(self) -> str:
        """All of it in one breath."""
        parts = (f"{text(SAID[self.severity])}: {self.title}", self.runs_words, self.why)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def changes(self, plan: Plan) -> dict[str, Any]:
        """The inputs that the fix changes, for every run; one step of undo.

        Raises:
            ValueError: The plan has no such input.
        """
        found: dict[str, Any] = {}
        for finding in self.findings:
            if finding.fix is not None:
                found |= fix_changes(finding.fix, plan)
        return found


def open_groups(findings: Sequence[Finding], plan: Plan) -> tuple[FindingGroup, ...]:
    """What does not pass, the worst first, one group for each rule and remedy."""
    by_key: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: RANKS[one.severity]):
        if finding.severity != "pass":
            by_key.setdefault(_key(finding), []).append(finding)
    names = {run.id: run.name for run in plan.runs}
    return tuple(_group(tuple(found), names) for found in by_key.values())


def _key(finding: Finding) -> tuple[Any, ...]:
    """Findings with equal keys share a card; those about the whole plan stand alone."""
    if finding.run_id is None:
        return (finding.rule, finding.title)
    fix = finding.fix
    remedy = None if fix is None else (fix.label, fix.field, str(fix.value))
    return (finding.severity, finding.rule, finding.why, finding.source, remedy)


def _group(findings: tuple[Finding, ...], names: dict[str, str]) -> FindingGroup:
    first = findings[0]
    label = first.fix.label if first.fix is not None else NOTHING
    if len(findings) == 1:
        return FindingGroup(findings, text(first.title), (), label)
    runs = tuple(names.get(finding.run_id or "", finding.run_id or "") for finding in findings)
    return FindingGroup(findings, text(Cased(without_run(first.title), "capital")), runs, label)


def without_run(title: Value) -> Value:
    """A title without the name of its run in front, where others say the same of theirs."""
    if not isinstance(title, Said):
        return title
    parts = dict(title.parts)
    return parts.get("reason", title) if set(parts) == {"run", "reason"} else title
