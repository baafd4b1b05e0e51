"""`nodewise models`: the models of the catalogue."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.words import text
from estimators.words import Amount, Name, say

if TYPE_CHECKING:
    from estimators.catalogue.records import ModelCard


_UNKNOWN = say("not published")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--search", metavar="WORD", help="only models whose name or family has the word")
    parser.add_argument("--json", action="store_true", help="print JSON, every value with its source")


def run(arguments: argparse.Namespace) -> int:
    """Prints the list by family and size."""
    import msgspec

    from app.cli.output import table, write_json, write_lines
    from estimators.catalogue import load_catalogue

    catalogue = load_catalogue()
    word = (arguments.search or "").lower()
    listed = sorted((card for card in catalogue.models.values() if _has(card, word)), key=_order)
    if arguments.json:
        content = [msgspec.to_builtins(card) for card in listed]
        write_json({"models": content, "catalogue_date": catalogue.date})
        return 0
    if not listed:
        write_lines(text(say('No model has "{word}" in its name or family.', word=Name(arguments.search))))
        return 0
    heads = (
        say("id"),
        say("family"),
        say("kind"),
        say("parameters"),
        say("sequence"),
        say("can be estimated"),
    )
    write_lines(*table(list(map(text, heads)), [_row(card) for card in listed]))
    write_lines(
        "",
        text(
            say(
                "{n} models, catalogue of {date}.",
                n=Amount(len(listed), form="fixed"),
                date=Name(catalogue.date),
            )
        ),
    )
    return 0


def _has(card: ModelCard, word: str) -> bool:
    return word in f"{card.id} {card.name} {card.family} {card.kind}".lower()


def _order(card: ModelCard) -> tuple[str, str, float]:
    return card.kind, card.family.lower(), card.parameters.value or 0.0


def _row(card: ModelCard) -> list[str]:
    from app.present.inputs import is_computable
    from app.present.numbers import large

    parameters = card.parameters.value
    return [
        card.id,
        card.family,
        card.kind,
        large(parameters) if parameters is not None else text(_UNKNOWN),
        str(card.sequence_tokens) if card.sequence_tokens is not None else "",
        text(say("yes") if is_computable(card) else say("not yet")),
    ]
