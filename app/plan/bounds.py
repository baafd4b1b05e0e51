"""Kinds of values that a plan holds, each within its bounds, and what all its records share."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

LARGEST_AMOUNT = 10**18
"""More samples than any data set holds; a larger number is a slip of the keyboard."""

Amount = Annotated[int, Meta(ge=1, le=LARGEST_AMOUNT)] | Annotated[float, Meta(ge=1.0, le=1e18)]
Positive = Annotated[int, Meta(gt=0, le=36_525)] | Annotated[float, Meta(gt=0.0, le=36_525.0)]
StepSeconds = Annotated[int, Meta(gt=0, le=86_400)] | Annotated[float, Meta(gt=0.0, le=86_400.0)]
Files = Annotated[int, Meta(ge=1, le=10**12)]
Kept = Annotated[int, Meta(ge=0, le=10**6)]
Repeats = Annotated[int, Meta(ge=1, le=10_000)]
Months = Annotated[int, Meta(ge=1, le=60)]
Percentile = Annotated[int, Meta(ge=10, le=95)]
Hours = Annotated[int, Meta(gt=0, le=10**6)] | Annotated[float, Meta(gt=0.0, le=1e6)]
Share = Annotated[int, Meta(ge=0, le=1)] | Annotated[float, Meta(ge=0.0, le=1.0)]
Part = Annotated[int, Meta(gt=0, le=1)] | Annotated[float, Meta(gt=0.0, le=1.0)]
Bytes = Annotated[int, Meta(ge=0, le=10**18)] | Annotated[float, Meta(ge=0.0, le=1e18)]
Stated = Annotated[int, Meta(ge=0, le=10**12)] | Annotated[float, Meta(ge=0.0, le=1e12)]
Devices = Annotated[int, Meta(ge=1, le=10**6)]
Group = Annotated[int, Meta(ge=0, le=10**6)]
Capacity = Annotated[int, Meta(gt=0, le=100)] | Annotated[float, Meta(gt=0.0, le=100.0)]

LINE_BREAKS = "\n\r\u2028\u2029"
_NO_TEXT = r"\ud800-\udfff\ufeff\ufffe\uffff"
LINES = rf"^(?![\s\S]*[\x00-\x09\x0b-\x1f\x7f-\x9f{_NO_TEXT}])"
"""Pattern, for Python's `re` and ECMA-262, of text without control characters but for the line feed, without
halves of characters, and without what XML or accessible PDF forbids: no file format holds them."""
ONE_LINE = rf"^(?![\s\S]*[\x00-\x1f\x7f-\x9f\u2028\u2029{_NO_TEXT}])"
"""The same for text of one line."""
NAME = rf"^(?=[\s\S]*\S){ONE_LINE[1:]}"
"""The same for a line that says something."""

Label = Annotated[str, Meta(min_length=1, max_length=120, pattern=NAME)]
Line = Annotated[str, Meta(max_length=200, pattern=ONE_LINE)]
Title = Annotated[str, Meta(max_length=5000, pattern=ONE_LINE)]
Prose = Annotated[str, Meta(max_length=5000, pattern=LINES)]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$", max_length=2)]
Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", max_length=2)]


class PlanRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a plan share: they never change, and a key that they lack is refused."""
