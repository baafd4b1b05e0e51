"""The commands of `nodewise` and how arguments reach them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

from app.cli.faults import UsageError
from app.words import Language, UnknownLanguageError, language, speak
from estimators.words import Name, say, together

_WORDS = "From a model, a data set and a deadline to GPU-hours on every EuroHPC machine."
_AFTER = """Without a command the window opens; so does `nodewise PLAN.nodewise.json`.
A plan is a JSON file; examples lie in resources/examples.
Exit status: 0 done, 1 a rule of `check` fails, 2 bad input (with a sentence on standard error)."""

_COMMANDS = {
    "open": ("app.cli.window", "open the window, with a plan if one is named"),
    "estimate": ("app.cli.estimate", "what a plan costs on its machine, and why"),
    "compare": ("app.cli.compare", "what a plan costs on every machine"),
    "check": ("app.cli.check", "what a technical reviewer would find; exit status 1 where a rule fails"),
    "scaling": (
        "app.cli.scaling",
        "scaling tables of the main run, and the tests that would prove the request",
    ),
    "report": ("app.cli.report", "write the justification of resources, the form sheet and the figures"),
    "jobs": ("app.cli.jobs", "write the batch scripts and launcher settings of a run"),
    "usage": ("app.cli.usage", "hours used after the award against the monthly plan"),
    "machines": ("app.cli.machines", "list the EuroHPC machines, in service and coming"),
    "models": ("app.cli.models", "list the models that a plan can name"),
    "evidence": (
        "app.cli.evidence",
        "predict published runs from their configuration, and compare with what was measured",
    ),
    "screenshot": ("app.cli.screenshot", "save a picture of the window with a plan's answer"),
}
"""Where each command stands, and what it does. Its module is loaded when somebody asks for it: no command
waits for what others need."""


def run(arguments: list[str]) -> int:
    """Does what the arguments ask for.

    Returns:
        The exit status.

    Raises:
        UsageError: The arguments cannot be used.
        PlanError: The plan cannot be used.
        CatalogueError: A name or a catalogue file is wrong.
    """
    if not arguments or _is_plan(arguments[0]):
        from app.cli.window import show

        return show(arguments)
    try:
        parsed = _parser(arguments[0]).parse_args(arguments)
    except SystemExit as ended:  # after --help and --version
        return int(ended.code or 0)
    if parsed.lang is not None:
        speak(_language(parsed.lang))
    command: Callable[[argparse.Namespace], int] = parsed.execute
    return command(parsed)


def _language(code: str) -> Language:
    try:
        return language(code)
    except UnknownLanguageError as error:
        raise UsageError(error.said) from None


def _is_plan(argument: str) -> bool:
    """Whether a first argument is a plan to open rather than a command."""
    return not argument.startswith("-") and argument.endswith(".json")


def _parser(asked: str) -> argparse.ArgumentParser:
    """Knows the command that is asked for, with its arguments; all by name where it is none of them."""
    parser = _Parser(
        prog="nodewise",
        description=_WORDS,
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True, parser_class=_Parser
    )
    for name in [asked] if asked in _COMMANDS else _COMMANDS:
        module, words = _COMMANDS[name]
        command = commands.add_parser(
            name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
        )
        if name == asked:
            loaded = import_module(module)
            loaded.add_arguments(command)
            command.add_argument("--lang", metavar="CODE", help="language: en, de, fr, es or it (default en)")
            command.set_defaults(execute=loaded.run)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        unknown = message.partition("invalid choice: '")[2].partition("'")[0]
        if unknown and self.prog == "nodewise":
            from app.plan.errors import did_you_mean

            hint = did_you_mean(unknown, _COMMANDS) or say("`nodewise --help` lists the commands.")
            raise UsageError(together(say('There is no command "{command}".', command=Name(unknown)), hint))
        program = Name(self.prog)
        wrong = say("{program}: {problem}.", program=program, problem=Name(message))
        raise UsageError(together(wrong, say("`{program} --help` explains the arguments.", program=program)))


class _Version(argparse.Action):
    """Prints the version; the package's metadata is read only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            sys.stdout.write(f"nodewise {version('nodewise')}\n")
        except PackageNotFoundError:
            sys.stdout.write("nodewise, not installed\n")
        parser.exit()
