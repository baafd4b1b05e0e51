"""`nodewise usage`: hours used after the award against the monthly plan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.projects import Project, project, text_of
from app.words import text
from estimators.words import Name, Said, say, together

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.catalogue.load import Catalogue
    from estimators.catalogue.records import Machine
    from estimators.requests.results import BurnDown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument(
        "--sacct",
        metavar="FILE",
        type=Path,
        help="output of `sacct --parsable2`; days in it replace known ones",
    )
    parser.add_argument("--save", action="store_true", help="keep the imported hours in the plan file")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints the burn-down.

    Raises:
        UsageError: The file cannot be read, or there are no hours to show or save.
        PlanError: The plan or the accounting cannot be used.
    """
    from app.cli.faults import UsageError
    from app.cli.output import write_json, write_lines

    if arguments.save and arguments.sacct is None:
        raise UsageError(say("--save keeps imported hours; name the site's accounting with --sacct."))
    remarks: list[Said] = []

    def changed(plan: Plan, catalogue: Catalogue) -> Plan:
        return plan if arguments.sacct is None else _with_hours(plan, catalogue, arguments.sacct, remarks)

    found = project(arguments.plan, changed)
    burn = found.request.burn_down
    if burn is None:
        raise UsageError(_nothing(arguments.plan, remarks))
    if arguments.save:
        from app.plan.files import write_plan

        write_plan(arguments.plan, found.plan, found.seen)
    if arguments.json:
        write_json(usage_record(burn, found, remarks))
    else:
        write_lines(*_lines(burn, found, remarks))
    return 0


def _nothing(path: Path, remarks: list[Said]) -> Said:
    from app.plan.sacct import COMMAND

    none = say("{file} holds no hours used yet.", file=Name(str(path)))
    how = say("Import them with --sacct FILE; ask the site with: {command}", command=COMMAND)
    return together(none, *remarks[:1], how)


def _with_hours(plan: Plan, catalogue: Catalogue, path: Path, remarks: list[Said]) -> Plan:
    """The plan with the days of a file; what the file holds beside them goes into `remarks`."""
    from app.plan.edits import change
    from app.plan.errors import PlanError
    from app.plan.sacct import read_sacct, with_imported

    machine = _machine(plan, catalogue)
    try:
        reading = read_sacct(text_of(path), machine)
    except PlanError as error:
        raise PlanError(say("{file}: {problem}", file=Name(str(path)), problem=error.said)) from None
    remarks += reading.remarks
    return change(plan, "campaign.used", with_imported(plan.campaign.used, reading)).apply(plan)


def _machine(plan: Plan, catalogue: Catalogue) -> Machine:
    """The machine that the hours were used on.

    Raises:
        UsageError: The plan names none.
    """
    from app.cli.faults import UsageError

    if plan.target.machine is None:
        raise UsageError(
            say("The plan names no machine; choose the one that was granted, then import its hours.")
        )
    return catalogue.machine(plan.target.machine)


def _lines(burn: BurnDown, found: Project, remarks: list[Said]) -> list[str]:
    from app.cli.output import table
    from app.present.usage import usage_table

    shown = usage_table(burn)
    lines = [
        text(say("Node-hours")),
        *table(shown.heads, shown.rows),
        "",
        *map(text, burn.sentences),
        *_counted(found),
    ]
    return (
        [*lines, "", text(say("Not counted")), *(f"  {text(remark)}" for remark in remarks)]
        if remarks
        else lines
    )


def _counted(found: Project) -> list[str]:
    """The site's rules of charging, with where they were read."""
    rules = dict.fromkeys(charge.rule for charge in found.request.campaign.machine.charges)
    return [
        text(
            say(
                "Counted as the site does: {rule} ({source}; {date}).",
                rule=Name(str(rule.value)),
                source=Name(rule.source),
                date=Name(rule.as_of),
            )
        )
        for rule in rules
    ]


def usage_record(burn: BurnDown, found: Project, remarks: list[Said]) -> dict[str, Any]:
    """What `nodewise usage --json` prints, in node-hours and kWh."""
    import msgspec

    from estimators.requests.units import site_units_of

    machine = found.request.campaign.machine
    unit = machine.site_unit.name.value if machine.site_unit is not None else None
    used = site_units_of(burn.used_node_hours, machine, found.catalogue)
    return {
        "granted_node_hours": found.request.campaign.request_node_hours,
        "used_node_hours": burn.used_node_hours,
        "used_site_units": None if used is None else {"value": used, "unit": unit},
        "forecast_node_hours": burn.forecast_node_hours,
        "energy_kwh": burn.energy_kwh,
        "failed_share": burn.failed_share,
        "months": [
            {"month": number, "first_day": start.isoformat(), "planned": planned, "used": hours}
            for (number, planned, hours), start in zip(burn.months, burn.starts, strict=True)
        ],
        "sentences": list(burn.sentences),
        "counted_by": [msgspec.to_builtins(charge.rule) for charge in machine.charges],
        "not_counted": remarks,
    }
