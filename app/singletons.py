"""Keeps None, True and False alive under PySide6 on Python 3.10 and 3.11.

PySide6 6.12 is built for all Python versions at once. From Python 3.12 on, None, True and False never
die, so the binding hands them out without counting; on an older Python every `painter.save()` or
`setVisible()` thus takes one reference from None that nobody gave. After some thousand calls none is
left and the interpreter aborts with "deallocating None". Giving them more references than a program
can use up makes them what they are in newer versions.
"""

from __future__ import annotations

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
