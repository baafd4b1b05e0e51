"""`nodewise compare`: what a plan costs on every machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.plans import Answered, add_plan_arguments, answered
from app.words import text
from estimators.words import Cased, Heading, Name, Said, Value, say

if TYPE_CHECKING:
    from app.present.machines import MachineRow


_VERDICTS: dict[str, Said] = {
    "ok": say("yes"),
    "warn": say("yes"),
    "fail": say("no"),
    "unk": say("unknown"),
    "info": say("coming"),
}
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
    from app.present.access import answer_said
    from app.present.answer import answer_text
    from app.present.machines import heads, hidden_sentence, rows

    comparison, catalogue = result.comparison, result.catalogue
    titles = heads(comparison)
    shown = rows(comparison, catalogue, with_coming)
    cells = [[*(row.cells[name].text for name in _COLUMNS[:-1]), _verdict(row)] for row in shown]
    return [
        *answer_text(comparison, catalogue, answer_said(result.access)).splitlines(),
        "",
        *table([titles[name] for name in _COLUMNS], cells),
        "",
        hidden_sentence(comparison, with_coming),
    ]


def _verdict(row: MachineRow) -> str:
    """Whether it fits, and in few words what to know about it; in full where it does not."""
    from app.present.machines import coming_said, count_note

    words: Value = Name(row.cells["fits"].text if row.verdict == "ok" else row.sentence)
    if row.verdict == "info":
        words = coming_said(row.answer.machine)
    count = count_note(row.answer)
    if row.verdict == "ok" and count not in row.cells["fits"].text:
        words = Name(f"{row.cells['fits'].text}; {count}")  # a line of text has the room that a column lacks
    verdict = say("{verdict}: {words}", verdict=_VERDICTS[row.verdict], words=Heading(Cased(words)))
    return text(verdict)
