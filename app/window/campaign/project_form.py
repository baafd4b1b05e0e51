"""The project around the runs: dates, quantiles, what is added, who asks and through which door."""

from __future__ import annotations

from functools import partial

from app.plan.amounts import format_count, parse_count
from app.plan.project import APPLICANTS
from app.plan.project_amounts import (
    format_date,
    format_percentile,
    format_share,
    parse_country,
    parse_date,
    parse_percentile,
)
from app.present import inputs
from app.window.campaign.form import FIELD_PX, Form, amount_row, named, share_row
from app.window.document import Document
from app.window.questions.rows import AmountRow, ChoiceRow
from estimators.requests.campaign_results import Campaign
from estimators.requests.overheads import overheads
from estimators.requests.records import DEFAULT_FAILED, DEFAULT_QUEUE_SLACK

APPLICANT_WORDS = {
    "start-up": "Start-up",
    "sme": "Small company",
    "large-company": "Large company",
    "university": "University",
    "public-body": "Public body",
}
ROWS = "Failed runs and contingency"


class ProjectForm(Form):
    """All inputs of the plan's campaign that are no run."""

    def __init__(self, document: Document) -> None:
        super().__init__("Project")
        self._document = document
        self._make_calendar()
        self._make_margins()
        self._make_applicant()
        self.arrange(
            (
                (self.start, self.months),
                (self.plan_at, self.request_at),
                (self.failed, self.slack),
                self.overhead,
                (self.applicant, self.country),
                (self.mode, self.fallback),
            )
        )
        document.changed.connect(self._show)
        self._show()

    def _make_calendar(self) -> None:
        document = self._document
        self.start = amount_row(
            "Start", "First day", document, "target.start_date", parse_date, format_date,
            default="Earliest", steps=False,
        )  # fmt: skip
        self.months = amount_row(
            "Length", "Length in months", document, "campaign.months",
            partial(parse_count, noun="months"), format_count, "months", "Shortest",
        )  # fmt: skip
        self.slack = share_row(
            "Waiting", "Time in queues, beside running", document, "campaign.queue_slack",
            "in queues", format_share(DEFAULT_QUEUE_SLACK),
        )  # fmt: skip

    def _make_margins(self) -> None:
        document = self._document
        self.plan_at = self._quantile("Plan at", "Quantile of the milestones", "campaign.plan_percentile")
        self.request_at = self._quantile(
            "Request at", "Quantile of the request", "campaign.request_percentile"
        )
        published = overheads(document.catalogue).values()
        factors: list[inputs.Choice] = [(ROWS, None), *((one.name, one.id) for one in published)]
        self.overhead = ChoiceRow("Added", document, "campaign.overhead.factor", factors, height=FIELD_PX)
        named(self.overhead, self.overhead.select, "What is added to the runs")
        self.failed = share_row(
            "Failed", "Share of failed and repeated runs", document, "campaign.overhead.failed_share",
            "of the runs", format_share(DEFAULT_FAILED.p50),
        )  # fmt: skip

    def _make_applicant(self) -> None:
        document, catalogue = self._document, self._document.catalogue
        applicants: list[inputs.Choice] = [("Not said", None)]
        applicants += [(APPLICANT_WORDS[one], one) for one in APPLICANTS]
        self.applicant = ChoiceRow("Applicant", document, "campaign.applicant", applicants, height=FIELD_PX)
        self.country = amount_row(
            "Country", "Country of the applicant", document, "campaign.country", parse_country, str,
            "two letters", "Not said", steps=False,
        )  # fmt: skip
        modes: list[inputs.Choice] = [("Smallest that serves", None)]
        modes += [(mode.short_name or mode.name, mode.id) for mode in catalogue.access_modes.values()]
        self.mode = ChoiceRow("Mode", document, "campaign.mode", modes, height=FIELD_PX)
        named(self.mode, self.mode.select, "Access mode")
        machines = [(words, one) for words, one in inputs.machine_choices(catalogue, None) if one is not None]
        self.fallback = ChoiceRow(
            "Fallback", document, "campaign.fallback", [("None named", None), *machines], height=FIELD_PX
        )

    def _quantile(self, label: str, name: str, path: str) -> AmountRow:
        return amount_row(label, name, self._document, path, parse_percentile, format_percentile, steps=False)

    def show_campaign(self, campaign: Campaign) -> None:
        """Say what follows where the plan leaves it open."""
        if self._document.plan.target.start_date is None:
            self.start.set_default(format_date(campaign.start), "")
        if self._document.plan.campaign.months is None:
            self.months.set_default(format_count(len(campaign.months)), "months")

    def _show(self, _plan: object = None) -> None:
        campaign = self._document.plan.campaign
        named_factor = campaign.overhead.factor is not None
        self.failed.field.setEnabled(not named_factor)
        self.overhead.set_help("The published factor stands for failed runs too" if named_factor else "")
        low = campaign.request_percentile < campaign.plan_percentile
        self.request_at.set_help("Below the plan, so nothing is kept free" if low else "")
