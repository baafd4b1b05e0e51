"""Fields about the project: who, how long, which resources, by which months."""

from __future__ import annotations

from estimators.requests.calendar import add_months
from estimators.requests.form.inputs import ONLY_YOU, Fill, Filled, FormInputs, plain
from estimators.words import NOTHING, Amount, Name, Said, Value, say, together
from estimators.words import plain as in_english

SOFTWARE_WORDS: dict[str, Value] = {
    "megatron": say("Megatron-LM class training program"),
    "fsdp": say("PyTorch FSDP or DeepSpeed"),
    "trainer": say("Hugging Face Trainer class program"),
}
CONTRACT_MONTHS = 3
"""Months after the project's end that the leader's contract must outlast, as the form asks."""


def _title(inputs: FormInputs) -> Filled:
    return Filled(inputs.campaign.spec.title or inputs.campaign.spec.name)


def _summary(inputs: FormInputs) -> Filled:
    text = inputs.campaign.spec.summary
    return Filled(text, hint=NOTHING if text else ONLY_YOU)


def _organisation(inputs: FormInputs) -> Filled:
    name = inputs.campaign.spec.applicant_name
    return Filled(name, hint=say("The name; the rest only you can say.") if name else ONLY_YOU)


def _duration(inputs: FormInputs) -> Filled:
    campaign = inputs.campaign
    assumed = say("Start assumed from the access mode's decision time.")
    hint = assumed if campaign.start_is_assumed else NOTHING
    return Filled(f"{len(campaign.months)} months, from {campaign.start.isoformat()}", hint=hint)


def _contract(inputs: FormInputs) -> Filled:
    until = add_months(inputs.campaign.end, CONTRACT_MONTHS)
    day = Amount(until, form="plain")
    return Filled("", hint=say("The contract has to run until {day} or longer.", day=day))


def _partition(inputs: FormInputs) -> Filled:
    machine = inputs.campaign.machine
    return Filled(f"{machine.name}, {machine.partition}" if machine.partition else machine.name)


def _node_hours(inputs: FormInputs) -> Filled:
    units = inputs.campaign.units
    return Filled(
        str(inputs.campaign.request_node_hours),
        "node-hours",
        together(
            say(
                "{gpus} × as many GPU-hours: {hours}.",
                gpus=Amount(inputs.campaign.gpus_per_node, form="fixed"),
                hours=Amount(units.gpu_hours, form="general", digits=15),
            ),
            _package(inputs),
        ),
    )


def _package(inputs: FormInputs) -> Said:
    """That the mode gives one package and what the plan needs of it, nothing where it gives none."""
    campaign = inputs.campaign
    if campaign.package is None:
        return NOTHING
    return say(
        "{mode} gives one package; the plan needs {hours} node-hours of it.",
        mode=Name(campaign.package.mode_name),
        hours=Amount(campaign.needed_node_hours, form="general", digits=15),
    )


def _codes(inputs: FormInputs) -> Filled:
    campaign = inputs.campaign
    release, main = campaign.spec.software_release, campaign.main.run.spec.software
    classes = dict.fromkeys(line.run.spec.software for line in campaign.lines)
    names = {name: in_english(SOFTWARE_WORDS.get(name, Name(name))) for name in classes}
    words = [f"{shown}, {release}" if release and name == main else shown for name, shown in names.items()]
    told = len(classes) == 1 and release
    return Filled("; ".join(words), hint=NOTHING if told else say("Add names and versions of your programs."))


def _months(inputs: FormInputs) -> Filled:
    rows = (
        f"Month {month.number} ({month.start.isoformat()} to {month.end.isoformat()}): {month.node_hours}"
        for month in inputs.campaign.months
    )
    return Filled("; ".join(rows), "node-hours")


def _energy(inputs: FormInputs) -> Filled:
    energy, carbon = inputs.footprint.energy_kwh, inputs.footprint.carbon_kg
    if energy is None:
        return Filled("", hint=say("Energy cannot be stated: PUE or grid is not published."))
    words = f"Energy {plain(energy.p50)} kWh ({plain(energy.p10)} to {plain(energy.p90)})"
    if carbon is not None:
        words += f"; {plain(carbon.p50)} kg CO2e ({plain(carbon.p10)} to {plain(carbon.p90)}), location-based"
    return Filled(words, hint=say("Only the part on environment; the rest only you can say."))


def _checklist(inputs: FormInputs) -> Filled:
    total = sum(row.node_hours for row in inputs.campaign.milestones)
    same = "equal to" if total == inputs.campaign.request_node_hours else "which differs from"
    return Filled(
        f"Milestones sum to {total} node-hours, {same} the request of {inputs.campaign.request_node_hours}",
        hint=say("Upload the CV, use the right template, keep the page limit."),
    )


FILLS: dict[str, Fill] = {
    "project-title": _title,
    "project-summary-abstract": _summary,
    "organisation-name-type-enterprise-sme-start-up-university-va": _organisation,
    "submission-project-duration-preferred-start": _duration,
    "pi-employment-contract-valid-more-than-3-months-after-the-en": _contract,
    "partition-partition-name": _partition,
    "partition-requested-resources-node-hours": _node_hours,
    "partition-codes-used": _codes,
    "code-month-by-month-plan-of-cpu-gpu-use": _months,
    "ethics-self-assessment-human-agency-privacy-and-data-governa": _energy,
    "checklist-pi-cv-uploaded-right-template-page-limit-kept-10-p": _checklist,
}
"""What the plan says of the project, by id of the field."""
