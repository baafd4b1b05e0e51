"""Hours used against the monthly plan, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from app.present import numbers as n
from app.words import text
from estimators.requests.results import BurnDown
from estimators.words import say

HEADS = (say("Month"), say("Planned"), say("Used"), say("Planned so far"), say("Used so far"))


@dataclass(frozen=True, slots=True)
class UsageTable:
    """Node-hours by month with their running sums."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Tab-separated for the clipboard, in the C locale."""
        return "\n".join("\t".join(line) for line in (self.heads, *self.plain)) + "\n"


def usage_table(burn: BurnDown) -> UsageTable:
    """Every month of the project."""
    numbers = [month for month, _, _ in burn.months]
    planned = [hours for _, hours, _ in burn.months]
    used = [hours for _, _, hours in burn.months]
    sums = zip(accumulate(planned), accumulate(used), strict=True)
    lines = [
        (month, float(plan), use, float(plan_sum), use_sum)
        for month, plan, use, (plan_sum, use_sum) in zip(numbers, planned, used, sums, strict=True)
    ]
    return UsageTable(
        tuple(map(text, HEADS)),
        tuple((str(month), *map(n.exact, values)) for month, *values in lines),
        tuple((str(month), *map(n.plain, values)) for month, *values in lines),
    )
