"""From the plan's words to a whole project: runs, length, margins and who asks, as a `CampaignSpec`."""

from __future__ import annotations

from app.plan.check import problems
from app.plan.errors import PlanError
from app.plan.project import CampaignInput
from app.plan.resolve import scaling_points, spec_of
from app.plan.schema import Plan, RunInput
from estimators.catalogue.load import Catalogue
from estimators.quantity import Range
from estimators.requests.overheads import overheads
from estimators.requests.records import (
    DEFAULT_QUEUE_SLACK,
    CampaignRun,
    CampaignSpec,
    Offer,
    Overhead,
    StorageNeeds,
    UsedHours,
)


def campaign_spec(plan: Plan, catalogue: Catalogue) -> CampaignSpec:
    """The project of a plan, ready for `estimators.requests.plan_request`.

    Raises:
        PlanError: An input cannot be used; the sentence names the field.
    """
    found = problems(plan, catalogue)
    if found:
        raise PlanError(found[0].located())
    asked = plan.campaign
    return CampaignSpec(
        name=plan.name,
        title=plan.about,
        summary=plan.dossier.summary.strip(),
        applicant_name=plan.dossier.applicant_name.strip(),
        software_release=plan.dossier.software_version.strip(),
        runs=tuple(_run(plan, run, catalogue) for run in plan.runs),
        machine=plan.target.machine,
        fallback=asked.fallback,
        start=plan.target.start_date,
        months=asked.months or 0,
        plan_percentile=asked.plan_percentile,
        request_percentile=asked.request_percentile,
        queue_slack=DEFAULT_QUEUE_SLACK if asked.queue_slack is None else float(asked.queue_slack),
        overhead=_overhead(asked, catalogue),
        storage=_storage(asked),
        applicant=asked.applicant,
        country=asked.country,
        mode=asked.mode,
        offers=tuple(Offer(o.machine, o.mode, o.offered, o.as_of) for o in asked.offers),
        scaling=scaling_points(plan),
        used=tuple(
            UsedHours(u.day, float(u.node_hours), u.jobs, u.failed_jobs, u.energy_kwh) for u in asked.used
        ),
        containers=asked.containers,
        stated_request=_number(asked.stated_request),
        stated_unit=asked.stated_unit,
    )


def _run(plan: Plan, run: RunInput, catalogue: Catalogue) -> CampaignRun:
    return CampaignRun(
        id=run.id,
        name=run.name,
        role=run.role,
        spec=spec_of(plan, run, catalogue),
        count=run.count,
        at_once=min(run.at_once, run.count),
        after=run.after,
        earliest_month=run.earliest_month,
        fixed_hours=None if run.fixed_hours is None else float(run.fixed_hours),
        restarts_from_checkpoint=run.checkpoints,
    )


def _overhead(asked: CampaignInput, catalogue: Catalogue) -> Overhead:
    """Failed runs as a row, or the published factor that the plan names."""
    given = asked.overhead
    if given.factor is not None:
        published = overheads(catalogue)[given.factor]
        return Overhead(factor=published.factor, factor_fact=published.fact)
    if given.failed_share is None:
        return Overhead()
    share = float(given.failed_share)
    return Overhead(failed_share=Range(share, share, share, share))


def _storage(asked: CampaignInput) -> StorageNeeds:
    given = asked.storage
    return StorageNeeds(
        data_bytes=_number(given.data_bytes),
        data_files=given.data_files,
        checkpoints_kept=given.checkpoints_kept,
        milestones_kept=given.milestones_kept,
        work_quota_bytes=_number(given.work_quota_bytes),
        transfer_bytes_per_second=_number(given.transfer_bytes_per_second),
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
