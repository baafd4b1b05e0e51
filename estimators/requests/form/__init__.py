"""The portal's form: what to paste into each field, and what only the applicant can say."""

from __future__ import annotations

from estimators.catalogue.load import Catalogue
from estimators.catalogue.reference import FormField
from estimators.requests.access_results import DoorReport
from estimators.requests.campaign_results import Campaign
from estimators.requests.form import data, jobs, project, speed
from estimators.requests.form.inputs import ONLY_YOU, Fill, Filled, FormInputs
from estimators.requests.results import (
    Footprint,
    FormValue,
    JobType,
    ScalingReport,
    StorageItem,
)
from estimators.words import NOTHING, Name, say, together

FILLS: dict[str, Fill] = {**project.FILLS, **jobs.FILLS, **data.FILLS, **speed.FILLS}
"""Fields that the plan fills, by id."""

HINTS = {
    "project-personal-data-handled": say(
        "If yes, sign the processing agreement with the site before any upload."
    ),
    "project-civilian-purpose": say("All access modes ask for it."),
    "team-contact-person-team-members-all-in-eligible-countries": say("Each member's organisation counts."),
    "code-output-model-method-software-open-source": say("Name the licence of model and code."),
    "support-need-for-an-application-support-team-epicure": say(
        "Worth a yes where scaling is not measured yet."
    ),
}
"""What to think of in fields that the plan cannot fill."""


def form_values(
    campaign: Campaign,
    doors: DoorReport,
    storage: tuple[StorageItem, ...],
    jobs: tuple[JobType, ...],
    scaling: ScalingReport,
    footprint: Footprint,
    catalogue: Catalogue,
) -> tuple[FormValue, ...]:
    """Every field of the form in its order, filled where the plan gives the value."""
    inputs = FormInputs(campaign, doors, storage, jobs, scaling, footprint, catalogue)
    return tuple(_value(field, inputs) for field in catalogue.form_fields.values())


def _value(field: FormField, inputs: FormInputs) -> FormValue:
    fill = FILLS.get(field.id)
    filled = fill(inputs) if fill is not None else Filled("", hint=HINTS.get(field.id, ONLY_YOU))
    limit = say("Limit: {limit}.", limit=Name(field.limit)) if field.limit else NOTHING
    return FormValue(
        id=field.id,
        section=field.section,
        name=field.name,
        value=filled.value,
        unit=filled.unit,
        filled=bool(filled.value),
        hint=together(filled.hint, limit),
        source=field.source,
        confidence=field.confidence,
    )
