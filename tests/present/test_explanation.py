"""Every formula on the screen computes to the value beside it."""

import ast
import math
import re
from collections.abc import Callable

import pytest

from app.present import explanation as present
from app.present import numbers as n
from estimators import Comparison, Figure, Origin

AnswerTo = Callable[..., Comparison]
NAMES = {"max": max, "min": min, "ceil": math.ceil, "sqrt": math.sqrt, "log": math.log}


def root(comparison: Comparison) -> Figure:
    assert comparison.explanation is not None
    return comparison.explanation


def read_back(text: str) -> float:
    """The number in a shown value."""
    plain = text.replace(n.THIN_SPACE, "").replace(n.MINUS, "-")
    power = re.match(r"(-?[\d.]+) × 10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", plain)
    if power:
        exponent = power[2].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        return float(power[1]) * 10.0 ** int(exponent)
    number = re.match(r"-?[\d.]+", plain)
    assert number is not None, text
    scale = {"T": 1e12, "B": 1e9, "M": 1e6}.get(plain[number.end() : number.end() + 1], 1.0)
    return float(number[0]) * scale


@pytest.mark.parametrize("machine", ["leonardo-booster", "lumi-g", "jupiter-booster"])
def test_that_shown_formulas_compute_to_shown_values(answer_to: AnswerTo, machine: str) -> None:
    checked = 0
    for figure in root(answer_to(machine=machine)).walk():
        if not figure.expression:
            continue
        shown = {
            part.key: read_back(present.value_text(part, present.VALUE_DIGITS)) for part in figure.inputs
        }
        value = eval(compile(ast.parse(figure.expression, mode="eval"), "", "eval"), NAMES, shown)
        result = read_back(present.value_text(figure, present.VALUE_DIGITS))
        assert value == pytest.approx(result, rel=2e-4, abs=1e-6), figure.name
        checked += 1
    assert checked > 10


def test_that_every_leaf_says_where_it_comes_from(answer_to: AnswerTo) -> None:
    for figure in root(answer_to()).walk():
        badge = present.badge_of(figure)
        assert badge.word
        assert badge.icon
        if figure.origin is Origin.FACT and figure.fact is not None:
            assert badge.word.lower() == figure.fact.confidence


def test_that_formulas_are_written_as_people_write_them() -> None:
    inputs = tuple(
        Figure(key, key, value, "", Origin.USER) for key, value in (("a", 2.0), ("b", 3.0), ("c", 4.0))
    )
    cases = {
        "a * (b + c)": "2 × (3 + 4)",
        "a / (b * c)": "2 ÷ (3 × 4)",
        "a - (b - c)": "2 − (3 − 4)",
        "a ** b": "2^3",
        "max(ceil(a / b), 1)": "larger of(round up(2 ÷ 3); 1)",
    }
    for expression, expected in cases.items():
        figure = Figure("x", "x", 0.0, "", Origin.CALCULATED, "", expression, inputs)
        assert present.formula_with_values(figure) == expected


def test_that_inputs_stand_in_the_order_of_the_formula() -> None:
    parts = tuple(Figure(key, key, 1.0, "", Origin.USER) for key in ("c", "b", "a"))
    figure = Figure("x", "x", 3.0, "", Origin.CALCULATED, "", "a + b + c", parts)
    assert [part.key for part in present.parts_of(figure)] == ["a", "b", "c"]


def test_that_sources_with_an_address_become_links() -> None:
    assert present.link_of("see https://docs.it4i.cz/x, page 3") == "https://docs.it4i.cz/x"
    assert (
        present.link_of("LEONARDO paper, arXiv 2307.16885 (Turisini)") == "https://arxiv.org/abs/2307.16885"
    )
    assert present.link_of("general knowledge, unverified") == ""


def test_that_a_recurring_branch_is_written_out_once(answer_to: AnswerTo) -> None:
    text = present.explanation_text(root(answer_to()), "Leonardo, 32 GPUs.")
    assert text.startswith("GPU-hours = ")
    assert text.count("Dense peak, bf16 =") < 4
    assert "(as above)" in text
