"""`nodewise compare`: what a plan costs on every machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.plans import Answered, add_plan_arguments, answered

if TYPE_CHECKING:
    from app.present.machines import MachineRow


_VERDICTS = {"ok": "yes", "warn": "yes", "fail": "no", "unk": "unknown", "info": "coming"}
_COLUMNS = ("machine", "gpus", "days", "gpu_hours", "interval", "site_unit", "memory", "fits")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_plan_arguments(parser)
    parser.add_argument("--coming", action="store_true", help="show machines that are not in service yet")


def run(arguments: argparse.Namespace) -> int:
    """Prints the comparison."""
    from app.cli.output import write_json, write_lines

    result = answered(arguments)
    if arguments.json:
        from app.cli.records import comparison_record

        write_json(comparison_record(result))
    else:
        write_lines(*_lines(result, arguments.coming))
    return 0


def _lines(result: Answered, with_coming: bool) -> list[str]:
    from app.cli.output import table
    from app.present.access import answer_words
    from app.present.answer import answer_text
    from app.present.machines import heads, hidden_sentence, rows

    comparison, catalogue = result.comparison, result.catalogue
    titles = heads(comparison)
    shown = rows(comparison, catalogue, with_coming)
    cells = [[*(row.cells[name].text for name in _COLUMNS[:-1]), _verdict(row)] for row in shown]
    return [
        *answer_text(comparison, catalogue, answer_words(result.access)).splitlines(),
        "",
        *table([titles[name] for name in _COLUMNS], cells),
        "",
        hidden_sentence(comparison, with_coming),
    ]


def _verdict(row: MachineRow) -> str:
    """Whether it fits, and in few words what to know about it; in full where it does not."""
    from app.present.machines import count_note

    words = row.cells["fits"].text if row.verdict in ("ok", "info") else row.sentence
    words = words.removeprefix("Coming: ")
    count = count_note(row.answer)
    if row.verdict == "ok" and count not in words:
        words = f"{words}; {count}"  # a line of text has the room that a column lacks
    return f"{_VERDICTS[row.verdict]}: {words[:1].lower()}{words[1:]}".rstrip(".")
