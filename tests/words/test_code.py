"""The code says its sentences so that translators get every one of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tools.sentences import Speaking, faults, sentences, speaking_parts
from tests.tools.written import own_numbers, taken_apart

ROOT = Path(__file__).parents[2]
WRITERS = ("app.words", "estimators.words")
"""They alone write numbers, days and sentences."""
TO_COME = ("app.dossier.formula_tree", "app.dossier.codes")
"""Formulas of the annex and notes of the form, which the ledger and the form's own texts will say."""


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """All modules of the product."""
    paths = [path for room in ("app", "estimators") for path in sorted((ROOT / room).rglob("*.py"))]
    names = {
        path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in paths
    }
    return {name: ast.parse(path.read_text("utf-8")) for path, name in names.items()}


@pytest.fixture(scope="module")
def speaking(trees: dict[str, ast.Module]) -> Speaking:
    return speaking_parts(trees)


def test_that_every_sentence_is_a_literal_with_its_values_by_name(
    trees: dict[str, ast.Module], speaking: Speaking
) -> None:
    assert [fault for name, tree in trees.items() for fault in faults(tree, name, speaking)] == []


def test_that_the_code_has_sentences_to_look_at(trees: dict[str, ast.Module], speaking: Speaking) -> None:
    assert len({one for tree in trees.values() for one in sentences(tree)}) > 50
    assert "app.words.reading.amounts:_count_echo" in speaking.functions
    assert "typed" in speaking.methods
    assert "said" in speaking.parts


def test_that_no_file_writes_numbers_and_months_by_itself(trees: dict[str, ast.Module]) -> None:
    looked = {name: tree for name, tree in trees.items() if not name.startswith((*WRITERS, *TO_COME))}
    assert len(looked) > 300
    assert [fault for name, tree in looked.items() for fault in own_numbers(tree, name)] == []


def test_that_no_sentence_is_taken_apart_again(trees: dict[str, ast.Module]) -> None:
    looked = {name: tree for name, tree in trees.items() if not name.startswith((*WRITERS, *TO_COME))}
    assert [fault for name, tree in looked.items() for fault in taken_apart(tree, name)] == []
