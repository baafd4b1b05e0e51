"""What is asked for and who grants it: the records that an answer needs of a request, without its papers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.campaign_results import Campaign
from estimators.words import NOTHING, Said, together

DoorState = Literal["fits", "change", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Door:
    """One access mode for this project.

    Attributes:
        state: "fits", "change" (would fit after the changes named), "no", or "unknown" (a rule is not
            found).
        size: The mode's size on this machine in words ("10 000 to 50 000 GPU-hours").
        size_gpu_hours: Lower and upper bound in GPU-hours on this machine; infinity for no ceiling; None
            where the catalogue has no size for this machine.
        fixed: Whether the size is one fixed package.
        verdict: At most six words for the table ("Fits, 5 200 to spare", "9 × too small").
        changes: What would have to change, one sentence each.
        next_cutoff: With its clock time in Brussels (aware datetime); None for modes always open and where
            no date was found.
        cutoff_words: "Always open", "30 Nov 10:00", "not found".
        earliest_start: Decision time after the cut-off, then the site's start; None where it is not known.
        decision_working_days: As the catalogue states it.
        offered: What the user ticked for this machine, else what was last seen, else None.
        offered_words: Where that comes from, with its date.
        facts: Facts that the verdict rests on.
    """

    mode: AccessMode
    state: DoorState
    size: Said
    size_gpu_hours: tuple[float, float] | None
    fixed: bool
    verdict: Said
    changes: tuple[Said, ...]
    next_cutoff: datetime.datetime | None
    cutoff_words: Said
    earliest_start: datetime.date | None
    decision_words: Said
    offered: bool | None
    offered_words: Said
    facts: tuple[tuple[Said, Fact[Any]], ...] = ()


@dataclass(frozen=True, slots=True)
class DoorReport:
    """Every access mode, the smallest that serves, and what to do beside it.

    Attributes:
        chosen: The mode that the user named, else the smallest door that fits; None where none does.
        verdict: "Fits Fast Lane." or why none fits.
        beside: What is to be known of it: its offer here, the smallest that fits, what a change would open.
        start_sentence: "Apply by 1 Dec to start on 7 Dec: 4 working days for the decision (secondary)."
        split: The project split over modes where it is larger than one: mode name and what it pays for.
        fallback: Sentence on the fallback machine, nothing where none is named.
        stale: Banner sentence when the catalogue is older than 60 days.
    """

    doors: tuple[Door, ...]
    chosen: Door | None
    verdict: Said
    beside: Said
    start_sentence: Said
    split: tuple[tuple[str, Said], ...]
    fallback: Said
    stale: Said
    catalogue_date: datetime.date
    catalogue_age_days: int
    lifted: Said = NOTHING
    """That the runs alone would fit a smaller mode, and what lifts the request out of it."""

    @property
    def sentence(self) -> Said:
        """What stands of the verdict, and what is to be known beside it."""
        return together(self.verdict, self.beside)


@dataclass(frozen=True, slots=True)
class Access:
    """Campaign × machine × access mode: what is asked for, and who grants it."""

    campaign: Campaign
    doors: DoorReport
