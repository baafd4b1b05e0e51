"""Sheets "Inputs" and "Run": from the inputs of each run to its whole node-hours, one column for each run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.dossier.excel_formulas import cell_formula
from app.dossier.run_values import RUN_KEYS, Input, RunValues
from app.dossier.workbook_style import (
    NO_LIMIT_FORMAT,
    Formats,
    address,
    fit_row,
    number_or_words,
    page_setup,
    put_heads,
    put_text,
)
from app.present.numbers import UNKNOWN
from app.present.palette import LIGHT
from app.words import text
from estimators.planning.formulas import BY_KEY, RUN_FORMULAS, Formula, whole_up
from estimators.requests.campaign_results import Campaign
from estimators.requests.formulas import LINE_BASE, LINE_NODE_HOURS

Cite = Callable[[Input], str]
"""What is said of where an input comes from."""

INPUTS, RUN = "Inputs", "Run"
SMALL_PRINT = 1.25
"""Letters of small print in the width of a usual one."""
HEAD_ROW = 3
FIRST_RUN = 3
"""Column of the first run; name, unit and formula or source stand before it."""
SOURCE_WIDTH, FORMULA_WIDTH = 44.0, 66.0
RUNS = Input("Runs", "runs")
PLAN_RATIO = Input("Plan's quantile over the middle", "ratio", note="1 for P50")
PLAN_WALL = Formula(
    "plan_wall_hours",
    "Wall-clock to plan with",
    "h",
    "wall-clock × ratio of the plan's quantile",
    "wall_hours * plan_ratio",
)
COLUMN_FORMULAS = (*RUN_FORMULAS, PLAN_WALL, LINE_BASE, LINE_NODE_HOURS)
_WHOLE = {"steps", "jobs", "line_node_hours", "checkpoint_bytes", "carbon_kg"}


@dataclass(frozen=True, slots=True)
class RunCells:
    """Where the figures of one run stand, by key, with their values."""

    run: RunValues
    cells: dict[str, str]
    values: dict[str, float]


def write_runs(
    book: Any,
    campaign: Campaign,
    runs: tuple[RunValues, ...],
    names: dict[str, Input],
    formats: Formats,
    cite: Cite,
) -> tuple[RunCells, ...]:
    """Writes both sheets.

    Args:
        book: The workbook.
        campaign: The whole project.
        runs: With their values.
        names: Of the inputs, by key.
        formats: Looks of cells.
        cite: What to say of where an input comes from.

    Returns:
        The cells of each run, in order.
    """
    sheet = book.get_worksheet_by_name(INPUTS)
    sheet.write_string(0, 0, "Inputs", formats.title())
    sheet.write_string(1, 0, "Blue cells are inputs: change one and everything follows.", formats.quiet())
    heads = [("Input", 34.0, False), ("Unit", 13.0, False), ("Source", SOURCE_WIDTH, False)]
    run_heads = [(one.line.run.name, 15.0, True) for one in runs]
    put_heads(sheet, HEAD_ROW, [*heads, *run_heads], formats)
    placed = [_column_values(one) for one in runs]
    row = HEAD_ROW + 1
    keys = [("runs", RUNS), *((key, names.get(key, Input(key, ""))) for key in RUN_KEYS)]
    for key, named in (*keys, ("plan_ratio", PLAN_RATIO)):
        _write_input_row(sheet, row, key, named, cite(named), placed, formats)
        row += 1
    page_setup(sheet, HEAD_ROW)
    _write_run_sheet(
        book, campaign, placed, formats, [*heads[:2], ("Formula", FORMULA_WIDTH, False), *run_heads]
    )
    return tuple(placed)


def _column_values(run: RunValues) -> RunCells:
    """Values of a run's column: inputs and results."""
    values = {**run.values, "runs": float(run.line.run.count), "plan_ratio": run.plan_ratio}
    values["plan_wall_hours"] = PLAN_WALL(values)
    values["line_node_hours_exact"] = run.line.base_node_hours
    values["line_node_hours"] = float(whole_up(run.line.base_node_hours))
    return RunCells(run, {}, values)


def _write_input_row(
    sheet: Any, row: int, key: str, named: Input, source: str, placed: list[RunCells], formats: Formats
) -> None:
    put_text(sheet, row, 0, named.name, formats.text())
    put_text(sheet, row, 1, named.unit, formats.quiet())
    fit_row(sheet, row, [(source, SOURCE_WIDTH * SMALL_PRINT)])
    put_text(sheet, row, 2, source, formats.text(font_color=LIGHT.text3, font_size=8))
    for place, one in enumerate(placed):
        if key not in one.values:
            continue
        value = number_or_words(one.values[key])
        column = FIRST_RUN + place
        one.cells[key] = address(INPUTS, row, column)
        if isinstance(value, str):
            sheet.write_string(row, column, value, formats.input())
        else:
            sheet.write_number(row, column, value, formats.input(_number_format(key, value)))


def _write_run_sheet(
    book: Any,
    campaign: Campaign,
    placed: list[RunCells],
    formats: Formats,
    heads: list[tuple[str, float, bool]],
) -> None:
    sheet = book.get_worksheet_by_name(RUN)
    sheet.write_string(0, 0, "From one step to whole node-hours", formats.title())
    percentile = campaign.spec.plan_percentile
    sheet.write_string(
        1, 0, f"Every figure is a live formula over the inputs; the plan is P{percentile}.", formats.quiet()
    )
    put_heads(sheet, HEAD_ROW, heads, formats)
    for place, formula in enumerate(COLUMN_FORMULAS):
        row = HEAD_ROW + 1 + place
        put_text(sheet, row, 0, formula.name, formats.text())
        put_text(sheet, row, 1, formula.unit, formats.quiet())
        put_text(sheet, row, 2, formula.words, formats.text(font_color=LIGHT.text3, font_size=8))
        for number, one in enumerate(placed):
            _write_result(sheet, row, FIRST_RUN + number, formula, one, formats)
    page_setup(sheet, HEAD_ROW)


def _write_result(
    sheet: Any, row: int, column: int, formula: Formula, one: RunCells, formats: Formats
) -> None:
    """A live formula; the hours of a run as an input where the user named them."""
    cell = address(RUN, row, column)
    if not one.run.is_computed and formula.key in BY_KEY:
        if formula.key == "wall_hours":
            sheet.write_number(row, column, one.values["wall_hours"], formats.input("#,##0.00"))
            one.cells[formula.key] = cell
        return
    cached = number_or_words(one.values[formula.key])
    formula_text = cell_formula(formula.expression, one.cells)
    if isinstance(cached, str):
        formula_text = f'=IFERROR({formula_text[1:]},"{text(UNKNOWN)}")'
    number_format = _number_format(formula.key, 0.0 if isinstance(cached, str) else cached)
    sheet.write_formula(row, column, formula_text, formats.live(number_format), cached)
    one.cells[formula.key] = cell


def _number_format(key: str, value: float) -> str:
    if key == "walltime_hours":
        return NO_LIMIT_FORMAT
    if key in _WHOLE or float(value).is_integer():
        return "#,##0"
    return "#,##0.000" if abs(value) < 100.0 else "#,##0.0"
