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
from app.words import text
from estimators.requests.campaign_results import Campaign
from estimators.requests.overheads import overheads
from estimators.requests.records import DEFAULT_FAILED, DEFAULT_QUEUE_SLACK
from estimators.words import Name, say

APPLICANT_WORDS = {
    "start-up": say("Start-up"),
    "sme": say("Small company"),
    "large-company": say("Large company"),
    "university": say("University"),
    "public-body": say("Public body"),
}
ROWS = say("Failed runs and contingency")


class ProjectForm(Form):
    """All inputs of the plan's campaign that are no run."""

    def __init__(self, document: Document) -> None:
        super().__init__(text(say("Project")))
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
            text(say("Start")), text(say("First day")), document, "target.start_date",
            parse_date, format_date, default=text(say("Earliest")), steps=False,
        )  # fmt: skip
        self.months = amount_row(
            text(say("Length")), text(say("Length in months")), document, "campaign.months",
            partial(parse_count, noun="months"), format_count, "months", text(say("Shortest")),
        )  # fmt: skip
        self.slack = share_row(
            text(say("Waiting")), text(say("Time in queues, beside running")), document,
            "campaign.queue_slack", text(say("in queues")), format_share(DEFAULT_QUEUE_SLACK),
        )  # fmt: skip

    def _make_margins(self) -> None:
        document = self._document
        self.plan_at = self._quantile(
            text(say("Plan at")), text(say("Quantile of the milestones")), "campaign.plan_percentile"
        )
        self.request_at = self._quantile(
            text(say("Request at")), text(say("Quantile of the request")), "campaign.request_percentile"
        )
        published = overheads(document.catalogue).values()
        factors: list[inputs.Choice] = [(ROWS, None), *((Name(one.name), one.id) for one in published)]
        self.overhead = ChoiceRow(
            text(say("Added")), document, "campaign.overhead.factor", factors, height=FIELD_PX
        )
        named(self.overhead, self.overhead.select, text(say("What is added to the runs")))
        self.failed = share_row(
            text(say("Failed")), text(say("Share of failed and repeated runs")), document,
            "campaign.overhead.failed_share", text(say("of the runs")), format_share(DEFAULT_FAILED.p50),
        )  # fmt: skip

    def _make_applicant(self) -> None:
        document, catalogue = self._document, self._document.catalogue
        applicants: list[inputs.Choice] = [(say("Not said"), None)]
        applicants += [(APPLICANT_WORDS[one], one) for one in APPLICANTS]
        self.applicant = ChoiceRow(
            text(say("Applicant")), document, "campaign.applicant", applicants, height=FIELD_PX
        )
        self.country = amount_row(
            text(say("Country")), text(say("Country of the applicant")), document, "campaign.country",
            parse_country, str, text(say("two letters")), text(say("Not said")), steps=False,
        )  # fmt: skip
        modes: list[inputs.Choice] = [(say("Smallest that serves"), None)]
        modes += [(Name(mode.short_name or mode.name), mode.id) for mode in catalogue.access_modes.values()]
        self.mode = ChoiceRow(text(say("Mode")), document, "campaign.mode", modes, height=FIELD_PX)
        named(self.mode, self.mode.select, text(say("Access mode")))
        machines = [(words, one) for words, one in inputs.machine_choices(catalogue, None) if one is not None]
        self.fallback = ChoiceRow(
            text(say("Fallback")),
            document,
            "campaign.fallback",
            [(say("None named"), None), *machines],
            height=FIELD_PX,
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
        self.overhead.set_help(
            text(say("The published factor stands for failed runs too")) if named_factor else ""
        )
        low = campaign.request_percentile < campaign.plan_percentile
        self.request_at.set_help(text(say("Below the plan, so nothing is kept free")) if low else "")
