"""Sheets "Request" and "Milestones": live sums from the runs to the request in every unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.dossier.excel_formulas import cell_formula
from app.dossier.workbook_runs import RunCells
from app.dossier.workbook_style import WHOLE, Formats, address, cell, fit_row, page_setup, put_heads, put_text
from app.present.machines import machine_name
from app.present.palette import LIGHT
from app.words import text
from estimators.planning.formulas import Formula
from estimators.requests.campaign_results import Milestone
from estimators.requests.formulas import (
    CONTINGENCY,
    FAILED_NODE_HOURS,
    NEED,
    PACKAGE_REST,
    REQUEST,
    REQUEST_GPU_HOURS,
    REQUEST_SITE_UNITS,
)
from estimators.requests.milestones import RATIO_DECIMALS
from estimators.requests.quantiles import quantile
from estimators.requests.results import Request
from estimators.words import Amount

REQUEST_SHEET, MILESTONES = "Request", "Milestones"
NAMES = {
    name: name
    for name in (
        "request_node_hours",
        "needed_node_hours",
        "package_node_hours",
        "rows_node_hours",
        "base_node_hours",
        "request_ratio",
        "failed_share",
        "gpus_per_node",
        "devices_per_gpu",
        "request_gpu_hours",
        "units_numerator",
        "units_denominator",
    )
}
"""Defined names of the workbook, as the formulas call them."""
HEAD_ROW = 3
_HEADS = (
    ("Run type", 40.0, False),
    ("Runs", 8.0, True),
    ("Nodes", 9.0, True),
    ("Steps a run", 12.0, True),
    ("Seconds a step, all in", 14.0, True),
    ("Node-hours", 13.0, True),
    ("Node-hours, exact", 15.0, True),
    ("From the columns", 15.0, True),
)
_WIDTHS = (42.0, 20.0, 16.0, 92.0)
"""Of the columns of the first sheet, in characters."""
LINE_LETTERS = 120
"""Of a title that fits in one line above them."""
HOURS = 5
"""Column of the whole node-hours."""


@dataclass(frozen=True, slots=True)
class MilestoneCells:
    """Address of the node-hours of every milestone, in order."""

    rows: tuple[str, ...]


def write_request(book: Any, request: Request, title: str, formats: Formats) -> None:
    """Writes the first sheet: the request in every unit and its inputs; milestones stand on their own."""
    sheet = book.get_worksheet_by_name(REQUEST_SHEET)
    campaign, chosen = request.campaign, request.doors.chosen
    _write_title(sheet, title, formats)
    start, end = (text(Amount(day, form="long_day")) for day in (campaign.start, campaign.end))
    when = f"{start} to {end}"
    parts = [*((chosen.mode.name,) if chosen is not None else ()), machine_name(campaign.machine), when]
    put_text(sheet, 1, 0, " · ".join(parts), formats.quiet())
    put_heads(
        sheet,
        HEAD_ROW,
        list(zip(("Figure", "Value", "Unit", "How"), _WIDTHS, (False, True, False, False), strict=True)),
        formats,
    )
    _write_totals(book, sheet, request, formats)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_title(sheet: Any, title: str, formats: Formats) -> None:
    """In one line, or as text over the columns of the table."""
    if len(title) <= LINE_LETTERS:
        put_text(sheet, 0, 0, title, formats.title())
        return
    across = len(_WIDTHS) - 1
    sheet.merge_range(0, 0, 0, across, "", formats.text())
    put_text(sheet, 0, 0, title, formats.text())
    fit_row(sheet, 0, [(title, sum(_WIDTHS))])


def _write_totals(book: Any, sheet: Any, request: Request, formats: Formats) -> None:
    campaign = request.campaign
    units = campaign.units
    row = HEAD_ROW + 1

    def line(name: str, unit: str, how: str, called: str = "") -> int:
        nonlocal row
        put_text(sheet, row, 0, name, formats.text(bold=not row - HEAD_ROW - 1))
        put_text(sheet, row, 2, unit, formats.get(font_color=LIGHT.text3, indent=1))
        put_text(sheet, row, 3, how, formats.text(font_color=LIGHT.text3))
        if called:
            book.define_name(called, f"={address(REQUEST_SHEET, row, 1)}")
        row += 1
        return row - 1

    def live(at: int, formula: str, value: float, number: str = WHOLE) -> None:
        sheet.write_formula(at, 1, formula, formats.live(number), value)

    at = line("Request", "node-hours", REQUEST.words, "request_node_hours")
    live(at, cell_formula(REQUEST.expression, NAMES), units.node_hours)
    at = line("Request", "GPU-hours", REQUEST_GPU_HOURS.words, "request_gpu_hours")
    live(at, cell_formula(REQUEST_GPU_HOURS.expression, NAMES), units.gpu_hours)
    if units.device_hours != units.gpu_hours:
        at = line("Request", "device-hours", "GPU-hours × devices of a GPU", "request_device_hours")
        live(at, "=request_gpu_hours*devices_per_gpu", units.device_hours)
    if units.site_units is not None:
        at = line("Request", units.site_unit, REQUEST_SITE_UNITS.words, "request_site_units")
        value = float(units.site_units)
        number = WHOLE if units.site_units.denominator == 1 else "#,##0.######"
        live(at, cell_formula(REQUEST_SITE_UNITS.expression, NAMES), value, number)
    at = line(NEED.name, NEED.unit, NEED.words, NEED.key)
    live(at, cell_formula(NEED.expression, NAMES), campaign.needed_node_hours)
    row += 1
    _write_inputs(sheet, request, formats, line)
    row += 1
    at = line("Sum of the milestones = request", "", "checked with every change")
    sheet.write_formula(
        at,
        1,
        '=IF(milestones_total=request_node_hours,"yes","no")',
        formats.live(align="right"),
        "yes",
    )
    at = line("Sum of the months = request", "", "checked with every change")
    sheet.write_formula(
        at, 1, '=IF(months_total=request_node_hours,"yes","no")', formats.live(align="right"), "yes"
    )


def _write_inputs(sheet: Any, request: Request, formats: Formats, line: Any) -> None:
    campaign, spec = request.campaign, request.campaign.spec
    rate = Fraction(campaign.units.rate.value) if campaign.units.rate and campaign.units.rate.value else None
    package = campaign.package
    inputs: list[tuple[str, str, str, str, float, str]] = [
        (
            "Package of the access mode",
            "node-hours",
            f"fixed package of {package.mode_name}" if package is not None else "the mode fixes none",
            "package_node_hours",
            float(package.node_hours) if package is not None else 0.0,
            WHOLE,
        ),
        (
            f"Ratio of P{spec.request_percentile}",
            "ratio",
            "quantile of the sum by Monte-Carlo over the hours of the runs",
            "request_ratio",
            float(campaign.request_ratio),
            "0.000000",
        ),
        (
            "Failed and repeated runs",
            "share",
            "of the hours of the runs",
            "failed_share",
            failed_share(request),
            "0.000000",
        ),
        ("GPUs of a node", "GPUs", "as access modes count", "gpus_per_node", campaign.gpus_per_node, WHOLE),
        (
            "Devices of a GPU",
            "devices",
            "as software sees them",
            "devices_per_gpu",
            campaign.devices_per_node // campaign.gpus_per_node,
            WHOLE,
        ),
    ]
    if rate is not None:
        how = "units for one GPU-hour, as a fraction"
        inputs.append(
            (f"{campaign.units.site_unit}, above", "", how, "units_numerator", rate.numerator, WHOLE)
        )
        inputs.append(
            (f"{campaign.units.site_unit}, below", "", how, "units_denominator", rate.denominator, WHOLE)
        )
    for name, unit, how, called, value, number in inputs:
        at = line(name, unit, how, called)
        sheet.write_number(at, 1, value, formats.input(number))


def failed_share(request: Request) -> float:
    """Share of failed runs at the plan's quantile, with the decimals that the milestone has."""
    spec = request.campaign.spec
    return round(quantile(spec.overhead.failed_share, spec.plan_percentile), RATIO_DECIMALS)


# ---------------------------------------------------------------- milestones


def write_milestones(
    book: Any, request: Request, runs: tuple[RunCells, ...], formats: Formats
) -> MilestoneCells:
    """Writes the milestone table, its sum last."""
    sheet = book.get_worksheet_by_name(MILESTONES)
    campaign = request.campaign
    sheet.write_string(0, 0, "Milestones", formats.title())
    rule = "runs × nodes × steps × seconds ÷ 3,600 = node-hours, rounded up"
    sheet.write_string(1, 0, rule, formats.quiet())
    put_heads(sheet, HEAD_ROW, _HEADS, formats)
    by_run = {one.run.line.run.id: one for one in runs}
    first = HEAD_ROW + 1
    places: list[str] = []
    for place, milestone in enumerate(campaign.milestones):
        at = first + place
        put_text(sheet, at, 0, text(milestone.name), formats.text())
        if milestone.run_id is not None:
            _write_run_row(sheet, at, milestone, by_run[milestone.run_id], formats)
        else:
            formula, value = _other_row(milestone), milestone.node_hours
            sheet.write_formula(at, HOURS, formula, formats.live(WHOLE), value)
        places.append(address(MILESTONES, at, HOURS))
    _write_sums(book, sheet, request, runs, formats, first)
    page_setup(sheet, HEAD_ROW)
    return MilestoneCells(tuple(places))


def _write_run_row(sheet: Any, at: int, row: Milestone, one: RunCells, formats: Formats) -> None:
    assert row.nodes is not None
    assert row.seconds_per_step is not None
    runs, nodes, steps, seconds, exact = (cell(at, column) for column in (1, 2, 3, 4, 6))
    nodes_format = "0" if row.nodes.denominator == 1 else "# ?/??"
    sheet.write_formula(at, 1, f"={one.cells['runs']}", formats.live(WHOLE), row.runs)
    sheet.write_formula(at, 2, f"={one.cells['nodes']}", formats.live(nodes_format), float(row.nodes))
    if one.run.is_computed:
        whole_steps = f"=MAX(1,ROUNDUP({one.cells['steps']},0))"
        sheet.write_formula(at, 3, whole_steps, formats.live(WHOLE), row.steps)
    else:
        sheet.write_number(at, 3, row.steps or 1, formats.input(WHOLE))
    base = one.run.line.base_node_hours
    rounding, decimals = _rounding(row, base)
    spread = f"={rounding}({exact}*3600/({runs}*{nodes}*{steps}),{decimals})"
    number = f"#,##0.{'0' * decimals}"
    sheet.write_formula(at, 4, spread, formats.live(number), float(row.seconds_per_step))
    whole = f"={one.cells['line_node_hours']}"
    sheet.write_formula(at, HOURS, whole, formats.live(WHOLE), row.node_hours)
    sheet.write_formula(at, 6, f"={one.cells['line_node_hours_exact']}", formats.live("#,##0.000000"), base)
    check = f"=ROUNDUP(ROUND({runs}*{nodes}*{steps}*{seconds}/3600,6),0)"
    sheet.write_formula(at, 7, check, formats.live(WHOLE, font_color=LIGHT.text3), row.node_hours)


def _rounding(row: Milestone, base: float) -> tuple[str, int]:
    """The function and decimals that give the shown seconds of a step."""
    assert row.runs is not None
    assert row.nodes is not None
    assert row.steps is not None
    assert row.seconds_per_step is not None
    decimals = -int(row.seconds_per_step.as_tuple().exponent)
    factor = row.runs * row.nodes * row.steps
    exact = Decimal(base) * 3600 * factor.denominator / factor.numerator
    nearest = exact.quantize(Decimal(1).scaleb(-decimals))
    return ("ROUND" if nearest == row.seconds_per_step else "ROUNDDOWN"), decimals


_FORMULAS: dict[str, Formula] = {"failed": FAILED_NODE_HOURS, "package": PACKAGE_REST}


def _other_row(row: Milestone) -> str:
    formula = _FORMULAS.get(row.kind, CONTINGENCY)
    return cell_formula(formula.expression, NAMES)


def _write_sums(
    book: Any, sheet: Any, request: Request, runs: tuple[RunCells, ...], formats: Formats, first: int
) -> None:
    """The total, and the two sums that the request is computed from."""
    campaign, spec = request.campaign, request.campaign.spec
    milestones = campaign.milestones
    total = first + len(milestones)
    for column in range(len(_HEADS)):
        sheet.write_blank(total, column, None, formats.total())
    sheet.write_string(total, 0, "Total = request", formats.total())
    hours = [cell(first + place, HOURS) for place in range(len(milestones))]
    summed = f"=SUM({hours[0]}:{hours[-1]})" if hours else "=0"
    sheet.write_formula(total, HOURS, summed, formats.total(), campaign.request_node_hours)
    book.define_name("milestones_total", f"={address(MILESTONES, total, HOURS)}")

    rows = [
        (hours[place], milestone.node_hours)
        for place, milestone in enumerate(milestones)
        if milestone.kind in ("run", "failed")
    ]
    at = total + 2
    put_text(sheet, at, 0, "Sum of the rows before the last", formats.text())
    _write_sum(
        sheet, at, HOURS, [at_hours for at_hours, _ in rows], sum(value for _, value in rows), formats, WHOLE
    )
    book.define_name("rows_node_hours", f"={address(MILESTONES, at, HOURS)}")
    counted = [one for one in runs if spec.overhead.factor is None or one.run.line.run.role == "main"]
    at += 1
    what = "Hours of the runs, exact" if spec.overhead.factor is None else "Hours of the main runs, exact"
    put_text(sheet, at, 0, what, formats.text())
    exact = [one.cells["line_node_hours_exact"] for one in counted]
    _write_sum(sheet, at, HOURS, exact, campaign.base_node_hours, formats, "#,##0.000000")
    book.define_name("base_node_hours", f"={address(MILESTONES, at, HOURS)}")


def _write_sum(
    sheet: Any, row: int, column: int, cells: list[str], value: float, formats: Formats, number: str
) -> None:
    """A sum of named cells; zero where there are none."""
    words = "=" + ("+".join(cells) or "0")
    sheet.write_formula(row, column, words, formats.live(number), value)
