from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dossier.document import FormulaLine
from app.dossier.excel_formulas import cell_formula
from app.dossier.formula_tree import line_text, terms_of
from estimators.planning.formulas import RUN_FORMULAS, Formula, evaluate
from estimators.requests import formulas
from tests.dossier.sheets import Book, Cell

REQUEST_FORMULAS = [one for one in vars(formulas).values() if isinstance(one, Formula)]
KEYS = ("alpha", "beta", "gamma")
NUMBERS = st.floats(0.5, 1e5).map(lambda value: float(f"{value:.5g}"))


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(KEYS) | st.integers(1, 5000).map(str)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
            st.tuples(st.sampled_from(("min", "max")), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
            inner.map(lambda one: f"sqrt(max({one}, 1))"),
            inner.map(lambda one: f"ceil({one})") | inner.map(lambda one: f"whole_up({one})"),
        ),
        max_leaves=8,
    )


def computed(expression: str, values: dict[str, float]) -> float:
    cells = {f"B{place}": Cell(value) for place, value in enumerate(values.values(), start=1)}
    addresses = {key: f"B{place}" for place, key in enumerate(values, start=1)}
    formula = cell_formula(expression, addresses).removeprefix("=")
    return float(Book({"S": {**cells, "A1": Cell(0.0, formula)}}, {}).value("S", "A1"))


@given(expressions(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_that_a_cell_gives_what_the_estimator_gives(
    expression: str, numbers: tuple[float, float, float]
) -> None:
    values = dict(zip(KEYS, numbers, strict=True))
    try:
        wanted = float(evaluate(expression, values))
    except ZeroDivisionError:
        return
    if not math.isfinite(wanted) or abs(wanted) > 1e12:
        return
    steps = expression.count("ceil") + expression.count("whole_up")
    try:
        found = computed(expression, values)
    except ZeroDivisionError:
        return
    if steps and abs(found - wanted) > 1e-6 * max(1.0, abs(wanted)):
        return  # a value that lies on a whole number to the last bit: both answers are right
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("formula", [*RUN_FORMULAS, *REQUEST_FORMULAS], ids=lambda formula: formula.key)
def test_that_every_formula_of_the_request_has_a_cell(formula: Formula) -> None:
    values = {key: 2.5 + place for place, key in enumerate(formula.inputs)}
    assert computed(formula.expression, values) == pytest.approx(float(formula(values)), rel=1e-12)


def test_that_only_arithmetic_becomes_a_formula() -> None:
    for expression in ("__import__('os')", "alpha ** 2", "[1]", "'=1'", "alpha if beta else 1"):
        with pytest.raises((ValueError, KeyError)):
            cell_formula(expression, {"alpha": "A1", "beta": "B1"})


@given(expressions(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_that_a_shown_formula_keeps_its_brackets(
    expression: str, numbers: tuple[float, float, float]
) -> None:
    values = dict(zip(KEYS, numbers, strict=True))
    text = line_text(FormulaLine("x", (terms_of(expression, {key: repr(v) for key, v in values.items()}),)))
    shown = text.removeprefix("x = ").replace("\u202f", "").replace(";", ",")
    for sign, name in (("×", "*"), ("÷", "/"), ("−", "-"), ("√", "sqrt"), ("round up", "up")):
        shown = shown.replace(sign, name)
    shown = shown.replace("smaller of", "min").replace("larger of", "max")
    try:
        wanted = float(evaluate(expression.replace("whole_up", "ceil"), values))
        found = float(
            eval(shown, {"sqrt": lambda v: max(v, 0.0) ** 0.5, "up": math.ceil, "min": min, "max": max})
        )
    except (ZeroDivisionError, OverflowError, ValueError):
        return
    if math.isfinite(wanted):
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)
