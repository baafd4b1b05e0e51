"""The code says its sentences so that translators get every one of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tools.sentences import Speaking, faults, sentences, speaking_parts

ROOT = Path(__file__).parents[2]


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
