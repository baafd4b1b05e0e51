"""Why the main run takes these hours: formulas that compute to what they show, charts, and the derivation."""

from __future__ import annotations

from dataclasses import replace

from app.dossier.document import (
    Block,
    FigureRow,
    FormulaBlock,
    FormulaLine,
    Paragraph,
    Table,
    Value,
    column,
    row,
    words,
)
from app.dossier.figures import hours_against_days, months, step_time
from app.dossier.formula_tree import block_text, terms_of
from app.dossier.material import Material
from app.dossier.text import capital, sentence
from app.present.explanation import formula_with_values, name_of, value_text
from app.present.step_series import step_series, step_subtitle
from app.words import text
from estimators.planning.formulas import RUN_FORMULAS, evaluate
from estimators.quantity import Figure
from estimators.words import Amount, say

LEAST_DIGITS, MOST_DIGITS = 3, 9


def reasons(material: Material) -> tuple[Block, ...]:
    """The main run's hours as formulas with values, and the two charts."""
    blocks: list[Block] = []
    tree = material.main.explanation
    if tree is not None and material.main.run.fixed_hours is None:
        blocks.append(formulas(tree))
    elif material.main.run.fixed_hours is not None:
        hours = Amount(material.main.run.fixed_hours, "h", digits=4)
        said = say("The applicant names the wall-clock time of the main run: {hours}.", hours=hours)
        blocks.append(Paragraph(words(said)))
    beside = [hours_against_days(material, 0.59), months(material, 0.41)]
    figures = tuple(figure for figure in beside if figure is not None)
    if figures:
        blocks.append(FigureRow(figures))
    return tuple(blocks)


def formulas(tree: Figure) -> FormulaBlock:
    """GPU-hours and wall-clock time of the main run, each computing to its shown value."""
    by_key = {part.key: part for part in tree.walk()}
    wall, compute = by_key["wall_hours"], by_key["compute_hours"]
    first = _line(
        _without_ones(tree), {"gpus": "GPUs", "wall_hours": "wall-clock", "devices_per_gpu": "GCDs of a GPU"}
    )
    expression = wall.expression.replace("compute_hours", f"({compute.expression})")
    inputs = {part.key: part for part in (*compute.inputs, *wall.inputs)}
    texts, result = _values(expression, inputs, wall)
    labels = {
        "evaluation_hours": "evaluation",
        "checkpoint_hours": "checkpoints",
        "restart_hours": "restarts",
        "start_hours": "job starts",
    }
    second = FormulaLine("wall-clock", (terms_of(expression, texts, labels), Value(result)))
    block = FormulaBlock((first, second), "")
    return FormulaBlock(block.lines, block_text(block))


def _line(figure: Figure, names: dict[str, str]) -> FormulaLine:
    """A figure as its formula in words, with values, and its value."""
    texts, result = _values(figure.expression, {part.key: part for part in figure.inputs}, figure)
    return FormulaLine(
        text(figure.name),
        (terms_of(figure.expression, names), terms_of(figure.expression, texts), Value(result)),
    )


def _values(expression: str, inputs: dict[str, Figure], figure: Figure) -> tuple[dict[str, str], str]:
    """Texts of the inputs with as few digits as give the shown result, and that result."""
    result = value_text(figure, 4)
    for digits in range(LEAST_DIGITS, MOST_DIGITS + 1):
        rounded = {key: _rounded(part, digits) for key, part in inputs.items()}
        found = float(evaluate(expression, rounded))
        if value_text(_with_value(figure, found), 4) == result:
            break
    texts = {key: value_text(_with_value(part, rounded[key]), digits) for key, part in inputs.items()}
    return texts, result


def _rounded(part: Figure, digits: int) -> float:
    """The value as shown: whole for counts, else with so many digits."""
    if part.unit == "steps" or float(part.value).is_integer():
        return float(round(part.value))
    return float(f"{part.value:.{digits}g}")


def _without_ones(figure: Figure) -> Figure:
    """The GPU-hours without a division by one."""
    devices = next((part for part in figure.inputs if part.key == "devices_per_gpu"), None)
    if devices is None or devices.value != 1.0:
        return figure
    return replace(figure, expression=figure.expression.replace(" / devices_per_gpu", ""))


def _with_value(figure: Figure, value: float) -> Figure:
    return replace(figure, value=value, inputs=())


def derivation(material: Material) -> tuple[Block, ...]:
    """Every formula of the main run with its values, as a table."""
    tree = material.main.explanation
    if tree is None or material.main.run.fixed_hours is not None:
        return (Paragraph(words(say("The applicant names the hours of the main run: nothing is derived."))),)
    found = {part.key: part for part in tree.walk() if part.expression}
    shown = [found[formula.key] for formula in RUN_FORMULAS if formula.key in found]
    rows = [
        row(name_of(part), capital(part.words), formula_with_values(part), value_text(part)) for part in shown
    ]
    columns = (
        column(say("Figure"), share=0.9),
        column(say("Formula"), share=1.5),
        column(say("With values"), share=1.6),
        column(say("Result"), "right"),
    )
    blocks: list[Block] = [Table(columns, tuple(rows), compact=True)]
    figure = step_time(material)
    series = step_series(material.comparison, material.campaign.machine.id)
    if figure is not None and series is not None:
        said = step_subtitle(series)
        blocks += [Paragraph(words(sentence(said)))] if said else []
        blocks.append(figure)
    return tuple(blocks)
