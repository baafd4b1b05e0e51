"""The whole request: campaign, access modes, jobs, storage, scaling, footprint, findings and form."""

from __future__ import annotations

import datetime

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.requests.access import plan_access
from estimators.requests.access_results import Access
from estimators.requests.findings import find
from estimators.requests.footprint import footprint
from estimators.requests.form import form_values
from estimators.requests.jobs import job_types
from estimators.requests.records import CampaignSpec
from estimators.requests.results import Request
from estimators.requests.scaling import scaling_report
from estimators.requests.storage import storage_needs
from estimators.requests.usage import burn_down


def plan_request(
    spec: CampaignSpec, catalogue: Catalogue, now: datetime.datetime, calibration: Calibration | None = None
) -> Request:
    """Everything that a form, a dossier or a panel shows of a project.

    Args:
        now: The present, with its time zone; dates and cut-offs follow from it.

    Raises:
        RunError: A run cannot be estimated at all, or a measurement cannot be used; the text is a sentence.
        CatalogueError: The catalogue lacks a machine or card that the plan names.
    """
    return _joined(plan_access(spec, catalogue, now, calibration), catalogue, now)


def _joined(access: Access, catalogue: Catalogue, now: datetime.datetime) -> Request:
    campaign, doors = access.campaign, access.doors
    jobs = job_types(campaign, catalogue)
    storage = storage_needs(campaign, catalogue)
    scaling = scaling_report(campaign, catalogue)
    foot = footprint(campaign, catalogue)
    form = form_values(campaign, doors, storage, jobs, scaling, foot, catalogue)
    findings = find(campaign, doors, storage, jobs, scaling, foot, form, catalogue, now)
    return Request(
        campaign=campaign,
        doors=doors,
        storage=storage,
        jobs=jobs,
        scaling=scaling,
        footprint=foot,
        findings=findings,
        form=form,
        burn_down=burn_down(campaign, now.date()),
    )
