"""Sheet "Months": node-hours of every milestone by month, shared by largest remainder, live."""

from __future__ import annotations

from typing import Any

from app.dossier.workbook_request import MilestoneCells
from app.dossier.workbook_style import (
    WHOLE,
    Formats,
    address,
    cell,
    column_letters,
    page_setup,
    put_heads,
    put_text,
    span,
)
from app.present.calendar import KIND_OF_ROLE
from app.present.campaign import date_words
from app.present.palette import LIGHT
from app.words import text
from estimators.requests.campaign_results import Campaign, Milestone

MONTHS = "Months"
HEAD_ROW = 3
GAP = 3
"""Rows between two blocks: an empty one, a title, the heads."""
CHART_ROWS = 18


def write_months(book: Any, campaign: Campaign, milestones: MilestoneCells, formats: Formats) -> None:
    """Writes whole node-hours first, then the shares and the exact values that they come from."""
    sheet = book.get_worksheet_by_name(MONTHS)
    sheet.write_string(0, 0, "Use by month, node-hours", formats.title())
    sheet.write_string(
        1, 0, "Whole node-hours by largest remainder: rows sum to the milestones.", formats.quiet()
    )
    rows, months = len(campaign.milestones), len(campaign.months)
    heads = [
        (f"Month {month.number}\nfrom {date_words(month.start)}", 14.0, True) for month in campaign.months
    ]
    put_heads(sheet, HEAD_ROW, [("Milestone", 40.0, False), *heads, ("Sum", 12.0, True)], formats)
    exact_head = HEAD_ROW + rows + 2 + GAP
    share_head = exact_head + rows + GAP
    _block_heads(sheet, exact_head, "Exact", campaign, formats)
    _block_heads(sheet, share_head, "Shares of the calendar (inputs)", campaign, formats)
    for place, row in enumerate(campaign.milestones):
        here, exact, share = (head + 1 + place for head in (HEAD_ROW, exact_head, share_head))
        for line in (here, exact, share):
            put_text(sheet, line, 0, text(row.name), formats.text())
        values = [month.by_milestone[place] for month in campaign.months]
        for number, value in enumerate(values):
            sheet.write_number(share, 1 + number, value, formats.input(WHOLE))
            formula = _exact_formula(milestones.rows[place], share, number, months)
            sheet.write_formula(exact, 1 + number, formula, formats.live("#,##0.000"), value)
            formula = _whole_formula(milestones.rows[place], exact, number, months)
            sheet.write_formula(here, 1 + number, formula, formats.live(WHOLE), value)
        _write_row_sum(sheet, here, months, sum(values), formats)
    _write_totals(book, sheet, campaign, formats)
    _add_chart(book, sheet, campaign, share_head + rows + GAP)
    page_setup(sheet, HEAD_ROW)


def _block_heads(sheet: Any, row: int, title: str, campaign: Campaign, formats: Formats) -> None:
    sheet.write_string(row, 0, title, formats.head())
    for month in campaign.months:
        sheet.write_string(row, month.number, f"Month {month.number}", formats.head(True))


def _months_of(row: int, first: int, last: int) -> str:
    """The months of one row: "$B$9:$D$9"."""
    return f"${column_letters(first)}${row + 1}:${column_letters(last)}${row + 1}"


def _exact_formula(total: str, share_row: int, month: int, months: int) -> str:
    """Milestone × share; without shares everything falls on the last month."""
    shares, own = _months_of(share_row, 1, months), cell(share_row, 1 + month)
    otherwise = total if month == months - 1 else "0"
    return f"=IF(SUM({shares})=0,{otherwise},ROUND({total}*{own}/SUM({shares}),9))"


def _whole_formula(total: str, exact_row: int, month: int, months: int) -> str:
    """Rounded down, plus one for the largest remainders; the earlier of equals gains."""
    row, own = _months_of(exact_row, 1, months), cell(exact_row, 1 + month)
    rest, own_rest = f"ROUND({row}-INT({row}),9)", f"ROUND({own}-INT({own}),9)"
    rank = f"SUMPRODUCT(--({rest}>{own_rest}))"
    if month:
        before = _months_of(exact_row, 1, month)
        rank += f"+SUMPRODUCT(--(ROUND({before}-INT({before}),9)={own_rest}))"
    left = f"ROUND({total},0)-SUMPRODUCT(INT({row}))"
    return f"=INT({own})+IF({rank}<{left},1,0)"


def _write_row_sum(sheet: Any, row: int, months: int, value: int, formats: Formats) -> None:
    words = f"=SUM({span(row, 1, row, months)})"
    sheet.write_formula(row, 1 + months, words, formats.live(WHOLE, bold=True), value)


def _write_totals(book: Any, sheet: Any, campaign: Campaign, formats: Formats) -> None:
    rows, months = len(campaign.milestones), len(campaign.months)
    total = HEAD_ROW + 1 + rows
    sheet.write_string(total, 0, "All", formats.total())
    values = [month.node_hours for month in campaign.months]
    for column, value in enumerate([*values, sum(values)], start=1):
        words = f"=SUM({span(HEAD_ROW + 1, column, total - 1, column)})"
        sheet.write_formula(total, column, words, formats.total(), value)
    book.define_name("months_total", f"={address(MONTHS, total, 1 + months)}")


def _look(row: Milestone, campaign: Campaign) -> dict[str, Any]:
    """Colour by kind of work, as in the dossier; contingency is hatched."""
    edge = {"color": LIGHT.surface, "width": 0.75}
    if row.run_id is None:
        hatched = {"pattern": "wide_upward_diagonal", "bg_color": LIGHT.surface}
        ink = LIGHT.ampere if row.is_reserve else LIGHT.context
        return {"pattern": {**hatched, "fg_color": ink}, "border": {"color": ink, "width": 0.75}}
    kind = KIND_OF_ROLE.get(campaign.line(row.run_id).run.role, "later")
    ink = {"prior": LIGHT.context, "main": LIGHT.ampere}.get(kind, LIGHT.part2)
    return {"fill": {"color": ink}, "border": edge}


def _add_chart(book: Any, sheet: Any, campaign: Campaign, at: int) -> None:
    """Stacked columns, one for each month."""
    rows, months = len(campaign.milestones), len(campaign.months)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for place in range(rows):
        row = HEAD_ROW + 1 + place
        chart.add_series(
            {
                **_look(campaign.milestones[place], campaign),
                "name": [MONTHS, row, 0],
                "categories": [MONTHS, HEAD_ROW, 1, HEAD_ROW, months],
                "values": [MONTHS, row, 1, row, months],
            }
        )
    chart.set_title({"name": "Use by month", "name_font": {"size": 12, "color": LIGHT.text}})
    chart.set_y_axis({"name": "Node-hours", "num_format": WHOLE, "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "right"})
    chart.set_size({"width": 720, "height": 20 * CHART_ROWS})
    sheet.insert_chart(at, 0, chart, {"description": "Node-hours by month and milestone"})
