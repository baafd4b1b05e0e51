"""The tabs: their ids in order, and how they are called."""

from __future__ import annotations

from typing import Literal, get_args

from estimators.words import Said, say

TabId = Literal["machines", "charts", "campaign", "explanation", "findings", "access", "evidence"]

TABS: tuple[TabId, ...] = get_args(TabId)
TITLES: dict[TabId, Said] = {
    "machines": say("Machines"),
    "charts": say("Charts"),
    "campaign": say("Campaign"),
    "explanation": say("Explanation"),
    "findings": say("Findings"),
    "access": say("Access"),
    "evidence": say("Evidence"),
}
OF_REQUEST: frozenset[TabId] = frozenset({"campaign", "findings", "access"})
"""Tabs about the whole plan; the others are about the run on the screen."""
FOLDS_QUESTIONS = OF_REQUEST
TAKES_ONE_LINE: frozenset[TabId] = frozenset({"campaign"})
"""Wide tabs, and those that leave the answer one line."""
