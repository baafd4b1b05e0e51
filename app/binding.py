"""Two habits of the Qt binding that the window has to live with.

PySide6 6.12 is built for all Python versions at once. From Python 3.12 on, None, True and False never
die, so the binding hands them out without counting; on an older Python every `painter.save()` or
`setVisible()` thus takes one reference from None that nobody gave. After some thousand calls none is
left and the interpreter aborts with "deallocating None". Giving them more references than a program
can use up makes them what they are in newer versions.

It also replaces Python's import function, to look in the source of every module for its `__feature__`
switch, which Nodewise does not use. That makes every later import slower, those of matplotlib most.
"""

from __future__ import annotations

import builtins
import sys

PLENTY = sys.maxsize >> 2
FIRST_IMMORTAL = (3, 12)


def keep_singletons() -> None:
    """Make the singletons immortal; needed once in a process, before Qt is used."""
    if sys.version_info >= FIRST_IMMORTAL or sys.implementation.name != "cpython":
        return
    if hasattr(sys, "gettotalrefcount"):
        return  # a debug build, whose objects begin with other fields
    import ctypes

    for single in (None, True, False, NotImplemented, ...):
        if sys.getrefcount(single) < PLENTY >> 1:
            # the count is the first field of an object
            ctypes.c_ssize_t.from_address(id(single)).value += PLENTY


def load_qt() -> None:
    """Load the binding and keep Python's own import function."""
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain
