"""What a dossier is written from: the plan, its request, and the comparison of the main run."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from app.plan.files import plan_content
from app.plan.schema import Plan
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.results import JobType, Request


@dataclass(frozen=True, eq=False)
class Material:
    """Everything that the sections read.

    Attributes:
        comparison: The main run on every machine.
    """

    request: Request
    comparison: Comparison
    plan: Plan
    catalogue: Catalogue

    @property
    def campaign(self) -> Campaign:
        """The runs on the machine asked for."""
        return self.request.campaign

    @property
    def main(self) -> RunLine:
        """The main run."""
        return self.campaign.main

    @property
    def main_job(self) -> JobType | None:
        """The job of the main run; None where it does not fit."""
        return next((job for job in self.request.jobs if job.run_id == self.main.run.id), None)

    @property
    def devices(self) -> str:
        """What a device is called where a GPU holds more than one."""
        campaign = self.campaign
        return "GPUs" if campaign.devices_per_node == campaign.gpus_per_node else "GCDs"

    @property
    def date(self) -> datetime.date:
        """Day for which the request was computed."""
        return self.request.doors.catalogue_date + datetime.timedelta(
            days=self.request.doors.catalogue_age_days
        )

    @cached_property
    def scenario(self) -> str:
        """Fingerprint of the plan's inputs: "7F3A-19C2"."""
        content = plan_content(self.plan)
        content.pop("answer_when_saved", None)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8].upper()
        return f"{digest[:4]}-{digest[4:]}"
