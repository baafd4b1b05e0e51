"""What the fields of the form are filled from, and what fills one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from estimators.catalogue.load import Catalogue
from estimators.requests.access_results import DoorReport
from estimators.requests.asked import Asked, asked_of
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import Footprint, JobType, ScalingReport, StorageItem
from estimators.words import NOTHING, Amount, Said, say

ONLY_YOU = say("Only you can say this.")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the plan gives for one field.

    Attributes:
        value: To paste into the portal, in the portal's language and notation.
        unit: As the portal expects it.
        hint: What the applicant has to think of, in the language of whoever reads the sheet.
    """

    value: str
    unit: str = ""
    hint: Said = NOTHING


@dataclass(frozen=True, slots=True)
class FormInputs:
    """Everything that the fields are filled from."""

    campaign: Campaign
    doors: DoorReport
    storage: tuple[StorageItem, ...]
    jobs: tuple[JobType, ...]
    scaling: ScalingReport
    footprint: Footprint
    catalogue: Catalogue

    def asked(self, run_id: str) -> Asked | None:
        """What the job of a run asks of the site; None where it does not fit."""
        gpus = self.campaign.line(run_id).answer.gpus
        return asked_of(self.campaign.machine, gpus, self.campaign.devices_per_node) if gpus else None

    @property
    def main_job(self) -> JobType | None:
        """The job of the main run, None where it does not fit."""
        return next((job for job in self.jobs if job.run_id == self.campaign.main.run.id), None)


Fill = Callable[[FormInputs], Filled]


def digits(value: float, significant: int = 3) -> Amount:
    """A number of the form inside a hint."""
    return Amount(float(plain(value, significant)), form="general", digits=15)


def plain(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, all digits of whole thousands, no separators."""
    if not math.isfinite(value):
        return "not published"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
