"""`nodewise scaling`: scaling tables of a plan's main run, and the tests that would prove the request."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.measured import add_flag, with_confirmed
from app.cli.projects import Project, project, text_of
from app.words import text
from estimators.words import Name, say

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from app.present.scaling import ScalingTable
    from estimators.catalogue.load import Catalogue
    from estimators.requests.results import ScalingReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument(
        "--import",
        dest="measured",
        metavar="FILE.csv",
        type=Path,
        help="measured points: gpus, step_seconds, batch_samples, kind; also machine, run_id",
    )
    add_flag(parser)
    parser.add_argument("--save", action="store_true", help="keep the imported points in the plan file")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints the tables.

    Raises:
        UsageError: The file cannot be read, or there is nothing to save.
        PlanError: The plan or a point cannot be used.
    """
    from app.cli.faults import UsageError
    from app.cli.output import write_json, write_lines

    if arguments.save and arguments.measured is None:
        raise UsageError(say("--save keeps imported points; name their file with --import."))

    def changed(plan: Plan, catalogue: Catalogue) -> Plan:
        plan = plan if arguments.measured is None else _with_points(plan, arguments.measured)
        return with_confirmed(plan, None) if arguments.measured_anyway else plan

    found = project(arguments.plan, changed, has_flag=True)
    if arguments.save:
        from app.plan.files import write_plan

        write_plan(arguments.plan, found.plan, found.seen)
    if arguments.json:
        write_json(scaling_record(found.request.scaling))
    else:
        write_lines(*_lines(found))
    return 0


def _with_points(plan: Plan, path: Path) -> Plan:
    from app.plan.edits import change
    from app.plan.errors import PlanError
    from app.plan.scaling_import import read_scaling_csv, with_measured

    try:
        points = read_scaling_csv(text_of(path), plan.target.machine)
    except PlanError as error:
        raise PlanError(say("{file}: {problem}", file=Name(str(path)), problem=error.said)) from None
    return change(plan, "campaign.scaling", with_measured(plan.campaign.scaling, points)).apply(plan)


def _lines(found: Project) -> list[str]:
    from app.present.scaling import (
        count_noun,
        elsewhere_table,
        plan_table,
        plan_words,
        scaling_table,
        verdict_words,
    )

    report, campaign = found.request.scaling, found.request.campaign
    noun = count_noun(campaign, found.catalogue)
    lines = [words for words in (verdict_words(report, campaign, noun), text(report.fit)) if words]
    lines += _titled(text(say("Strong scaling, one global batch")), scaling_table(report.strong, noun))
    lines += _titled(
        text(say("Weak scaling, one batch for each of the {devices}", devices=Name(noun))),
        scaling_table(report.weak, noun),
    )
    elsewhere = elsewhere_table(report, found.catalogue)
    if elsewhere is not None:
        lines += _titled(text(say("Measured elsewhere, no evidence for this machine")), elsewhere)
    lines += _titled(text(say("Tests that would prove the request")), plan_table(report.plan, noun))
    return [*lines, plan_words(report)]


def _titled(title: str, shown: ScalingTable) -> list[str]:
    from app.cli.output import table

    return ["", title, *table(shown.heads, shown.rows)] if shown.rows else []


def scaling_record(report: ScalingReport) -> dict[str, Any]:
    """What `nodewise scaling --json` prints; numbers in seconds, samples and node-hours."""
    import dataclasses

    def row(item: Any) -> dict[str, Any]:
        fields = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
        return {**fields, "nodes": float(item.nodes)}

    return {
        **{name: getattr(report, name) for name in ("measured_here", "efficiency_at_job", "best_gpus")},
        "most_gpus": report.most_gpus,
        "strong": [row(item) for item in report.strong],
        "weak": [row(item) for item in report.weak],
        "elsewhere": [{"machine": machine, **row(item)} for machine, item in report.elsewhere],
        "fit": report.fit,
        "plan": [row(item) for item in report.plan],
        "plan_node_hours": report.plan_node_hours,
        "paid_by": report.paid_by,
    }
