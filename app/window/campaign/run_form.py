"""The run on the screen as a line of the campaign: how often, when, after what, on how many GPUs."""

from __future__ import annotations

from functools import partial

from app.plan.amounts import format_count, format_number, parse_count, parse_number
from app.plan.project_amounts import parse_name
from app.plan.schema import ROLES
from app.present import inputs
from app.present.machines import count_note
from app.present.runs import ROLE_NAMES
from app.window.campaign.form import FIELD_PX, Form, ManyField, amount_row, named, share_row
from app.window.document import Document
from app.window.parts.menu import Entry
from app.window.questions.rows import AmountRow, ChoiceRow, Row
from app.window.run_deeds import RunDeeds
from app.window.run_scope import RunScope
from app.words import text
from estimators.requests.campaign_results import Campaign
from estimators.words import say

KEEPS = [(say("Yes"), True), (say("No"), False)]


class RunForm(Form):
    """All inputs of a run that the three questions do not ask for."""

    def __init__(self, document: Document, deeds: RunDeeds, run_id: str) -> None:
        super().__init__(text(say("Run")))
        self._document, self._deeds = document, deeds
        self.scope = RunScope(document, run_id)
        self.scope.setParent(self)
        run, scope = f"runs.{self.scope.place}", self.scope
        self.name = amount_row(
            text(say("Name")),
            text(say("Name of the run")),
            scope,
            f"{run}.name",
            parse_name,
            str,
            steps=False,
        )
        roles: list[inputs.Choice] = [(ROLE_NAMES[role], role) for role in ROLES]
        self.role = ChoiceRow(text(say("Purpose")), scope, f"{run}.role", roles, height=FIELD_PX)
        self.count = self._count(
            text(say("Runs")), text(say("How often it is run")), f"{run}.count", "runs", "repeats"
        )
        self.at_once = self._count(
            text(say("At once")),
            text(say("Runs side by side")),
            f"{run}.at_once",
            "runs",
            text(say("side by side")),
        )
        self.gpus = self._count(
            text(say("GPUs")),
            text(say("GPUs of one run")),
            f"{run}.gpus",
            "gpus",
            text(say("as you fixed")),
            text(say("Best")),
        )
        self.share = share_row(
            text(say("Part")),
            text(say("Part of the data that one run sees")),
            scope,
            f"{run}.share",
            text(say("of the data")),
        )
        self.hours = amount_row(
            text(say("Hours")), text(say("Hours of one run, where you know them")), scope,
            f"{run}.fixed_hours", partial(parse_number, noun="hours"), format_number,
            text(say("each")), text(say("Estimated")),
        )  # fmt: skip
        month = f"{run}.earliest_month"
        self.month = self._count(
            text(say("From")), text(say("First month of the run")), month, "months", "month", text(say("Any"))
        )
        self.checkpoints = ChoiceRow(
            text(say("Restarts")), scope, f"{run}.checkpoints", list(KEEPS), height=FIELD_PX
        )
        named(self.checkpoints, self.checkpoints.select, text(say("Goes on from a checkpoint")))
        self.after_field = ManyField(text(say("After")), self._entries)
        self.after = Row(text(say("After")), self.after_field)
        self.arrange(
            (
                self.name,
                (self.role, self.share),
                (self.count, self.at_once),
                (self.gpus, self.hours),
                (self.month, self.checkpoints),
                self.after,
            )
        )
        scope.changed.connect(self._show)
        self._show()

    def _count(self, label: str, name: str, path: str, noun: str, echo: str, default: str = "") -> AmountRow:
        read = partial(parse_count, noun=noun)
        return amount_row(label, name, self.scope, path, read, format_count, echo, default)

    def show_campaign(self, campaign: Campaign) -> None:
        """Say what the estimate chose where the plan leaves it open."""
        line = next((line for line in campaign.lines if line.run.id == self.scope.run_id), None)
        if line is None:
            return
        self.gpus.set_help(count_note(line.answer))
        if line.answer.gpus is not None:
            self.gpus.set_default(format_count(line.answer.gpus), "best")
        if line.wall_hours is not None and line.run.fixed_hours is None:
            self.hours.set_default(format_number(float(f"{line.wall_hours.p50:.3g}")), "estimated")

    def _show(self, _plan: object = None) -> None:
        plan = self._document.plan
        run = plan.run(self.scope.run_id)
        self.after_field.show_words(
            ", ".join(plan.run(one).name for one in run.after) or text(say("Nothing"))
        )
        self.after.set_error("")
        self.at_once.set_help(
            text(say("More than there are runs; all run at once")) if run.at_once > run.count else ""
        )

    def _entries(self) -> tuple[Entry, ...]:
        plan = self._document.plan
        after = plan.run(self.scope.run_id).after
        return tuple(
            Entry(run.name, partial(self._toggle, run.id), checked=run.id in after)
            for run in plan.runs
            if run.id != self.scope.run_id
        ) or (Entry(text(say("No other run in the plan")), enabled=False),)

    def _toggle(self, run_id: str) -> None:
        plan = self._document.plan
        after = plan.run(self.scope.run_id).after
        kept = tuple(one for one in after if one != run_id) if run_id in after else (*after, run_id)
        self.after.set_error(self._deeds.set_after(kept))
