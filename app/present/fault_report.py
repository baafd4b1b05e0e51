"""A fault of our own as a report that a person may pass on: versions and places, nothing of theirs.

What an exception says can hold a path, a name or a value of the plan, so it is left out: its kind and the way
to it are what a repair needs.
"""

from __future__ import annotations

import linecache
import platform
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("app", "estimators", "resources")
LIBRARIES = ("PySide6", "numpy", "matplotlib", "msgspec")
MOST_CAUSES = 5
MOST_FRAMES = 30

_ROOT = Path(__file__).resolve().parents[2]
_ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault of our own.

    Attributes:
        kind: The exception's name.
        place: The last of our own lines that it came through, "" where there is none.
        text: The report.
    """

    kind: str
    place: str
    text: str

    @property
    def signature(self) -> tuple[str, str]:
        """The same for faults of one kind in one place."""
        return self.kind, self.place


def report_of(error: BaseException) -> FaultReport:
    """The report of an exception with its traceback."""
    own = [words for words, is_own in _frames(error) if is_own]
    lines = [f"{_name(error)}", *_versions(), ""]
    for cause in _chain(error):
        lines += [f"{_name(cause)}, most recent call last:", *_shortened(list(_lines(cause))), ""]
    return FaultReport(_name(error), own[-1] if own else "", "\n".join(lines))


def _name(error: BaseException) -> str:
    """The kind of an exception; one that was made up as the program ran may be named after anything."""
    module = sys.modules.get(type(error).__module__)
    known = getattr(module, type(error).__qualname__, None) is type(error)
    return type(error).__qualname__ if known else "an exception of its own kind"


def _versions() -> list[str]:
    """Of the program, the interpreter, the system and the libraries that are loaded."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("nodewise")
    except PackageNotFoundError:
        own = "not installed"
    modules = {name: sys.modules[name] for name in LIBRARIES if name in sys.modules}
    loaded = (f"{name} {getattr(module, '__version__', '?')}" for name, module in modules.items())
    python = ".".join(map(str, sys.version_info[:3]))
    return [f"Nodewise {own}, Python {python}, {platform.system()} {platform.machine()}", ", ".join(loaded)]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, the first cause first."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found and len(found) < MOST_CAUSES:
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    yield from reversed(found)


def _frames(error: BaseException) -> Iterator[tuple[str, bool]]:
    """The place of each frame, and whether it is in our own code."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file, is_own = shown_file(frame.f_code.co_filename)
        yield f"{file}, line {line}", is_own


def _lines(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        file, is_own = shown_file(code.co_filename)
        function = code.co_name if file != _ELSEWHERE else "?"
        yield f"  {file}, line {line}, in {function}"
        source = linecache.getline(code.co_filename, line).strip() if is_own else ""
        if source:
            yield f"    {source}"


def _shortened(lines: list[str]) -> list[str]:
    """Both ends of a long way, as recursion makes it."""
    if len(lines) <= 4 * MOST_FRAMES:
        return lines
    left_out = len(lines) - 2 * MOST_FRAMES
    return [*lines[:MOST_FRAMES], f"  ({left_out} lines left out)", *lines[-MOST_FRAMES:]]


def shown_file(name: str) -> tuple[str, bool]:
    """A file as the report names it, and whether it is ours.

    Ours stand relative to the package, those of libraries and of Python likewise; others are not named.
    """
    path = Path(name)
    if not path.is_absolute():
        return (path.as_posix(), True) if path.parts[:1] and path.parts[0] in ROOMS else (_ELSEWHERE, False)
    if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in ROOMS:
        return path.relative_to(_ROOT).as_posix(), True
    for folder in map(sysconfig.get_path, ("purelib", "platlib", "stdlib")):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix(), False
    return _ELSEWHERE, False
