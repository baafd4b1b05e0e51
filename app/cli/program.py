"""The commands of `nodewise` and how arguments reach them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from app.cli.faults import UsageError
from app.plan.errors import did_you_mean

_WORDS = "From a model, a data set and a deadline to GPU-hours on every EuroHPC machine."
_AFTER = """Without a command the window opens; so does `nodewise PLAN.nodewise.json`.
A plan is a JSON file; examples lie in resources/examples.
Exit status: 0 done, 1 a rule of `check` fails, 2 bad input (with a sentence on standard error)."""


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
        parsed = _parser().parse_args(arguments)
    except SystemExit as ended:  # after --help and --version
        return int(ended.code or 0)
    command: Callable[[argparse.Namespace], int] = parsed.execute
    return command(parsed)


def _is_plan(argument: str) -> bool:
    """Whether a first argument is a plan to open rather than a command."""
    return not argument.startswith("-") and argument.endswith(".json")


def _commands() -> dict[str, Any]:
    """Modules of all commands; a window that opens a plan needs none of them."""
    from app.cli import (
        check,
        compare,
        estimate,
        evidence,
        jobs,
        machines,
        models,
        report,
        scaling,
        screenshot,
        usage,
        window,
    )

    return {
        "open": window,
        "estimate": estimate,
        "compare": compare,
        "check": check,
        "scaling": scaling,
        "report": report,
        "jobs": jobs,
        "usage": usage,
        "machines": machines,
        "models": models,
        "evidence": evidence,
        "screenshot": screenshot,
    }


def _parser() -> argparse.ArgumentParser:
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
    for name, module in _commands().items():
        words = module.WORDS
        command = commands.add_parser(
            name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
        )
        module.add_arguments(command)
        command.set_defaults(execute=module.run)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        unknown = message.partition("invalid choice: '")[2].partition("'")[0]
        if unknown and self.prog == "nodewise":
            hint = did_you_mean(unknown, _commands()) or "`nodewise --help` lists the commands."
            raise UsageError(f'There is no command "{unknown}". {hint}')
        raise UsageError(f"{self.prog}: {message}. `{self.prog} --help` explains the arguments.")


class _Version(argparse.Action):
    """Prints the version; the package's metadata is read only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            sys.stdout.write(f"nodewise {version('nodewise')}\n")
        except PackageNotFoundError:
            sys.stdout.write("nodewise, not installed\n")
        parser.exit()
