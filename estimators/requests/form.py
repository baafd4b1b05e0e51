"""The portal's form: what to paste into each field, and what only the applicant can say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from estimators.catalogue.load import Catalogue
from estimators.catalogue.reference import FormField
from estimators.requests.access_results import DoorReport
from estimators.requests.asked import Asked, asked_of, in_site_image
from estimators.requests.calendar import add_months
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import Footprint, FormValue, JobType, ScalingReport, ScalingRow, StorageItem
from estimators.requests.storage import transfer_bytes, transfer_seconds

PLACES = ("scratch", "work", "home", "archive")
"""In the order of the form."""
SOFTWARE_WORDS = {
    "megatron": "Megatron-LM class training program",
    "fsdp": "PyTorch FSDP or DeepSpeed",
    "trainer": "Hugging Face Trainer class program",
}
ONLY_YOU = "Only you can say this."
CONTRACT_MONTHS = 3
"""Months after the project's end that the leader's contract must outlast, as the form asks."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the plan gives for one field."""

    value: str
    unit: str = ""
    hint: str = ""


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
    limit = f"Limit: {field.limit}." if field.limit else ""
    return FormValue(
        id=field.id,
        section=field.section,
        name=field.name,
        value=filled.value,
        unit=filled.unit,
        filled=bool(filled.value),
        hint=" ".join(part for part in (filled.hint, limit) if part),
        source=field.source,
        confidence=field.confidence,
    )


def plain(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, all digits of whole thousands, no separators."""
    if not math.isfinite(value):
        return "not published"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def simultaneous_jobs(campaign: Campaign) -> int:
    """Most jobs on the calendar at the same time."""
    at_once = {line.run.id: min(line.run.at_once, line.run.count) for line in campaign.lines}
    return max(
        (
            sum(at_once[o.run_id] for o in campaign.bars if o.start_day <= bar.start_day < o.end_day)
            for bar in campaign.bars
        ),
        default=0,
    )


def _title(inputs: FormInputs) -> Filled:
    return Filled(inputs.campaign.spec.title or inputs.campaign.spec.name)


def _summary(inputs: FormInputs) -> Filled:
    text = inputs.campaign.spec.summary
    return Filled(text, hint="" if text else ONLY_YOU)


def _organisation(inputs: FormInputs) -> Filled:
    name = inputs.campaign.spec.applicant_name
    return Filled(name, hint="The name; the rest only you can say." if name else ONLY_YOU)


def _duration(inputs: FormInputs) -> Filled:
    campaign = inputs.campaign
    hint = "Start assumed from the access mode's decision time." if campaign.start_is_assumed else ""
    return Filled(f"{len(campaign.months)} months, from {campaign.start.isoformat()}", hint=hint)


def _contract(inputs: FormInputs) -> Filled:
    until = add_months(inputs.campaign.end, CONTRACT_MONTHS)
    return Filled("", hint=f"The contract has to run until {until.isoformat()} or longer.")


def _partition(inputs: FormInputs) -> Filled:
    machine = inputs.campaign.machine
    return Filled(f"{machine.name}, {machine.partition}" if machine.partition else machine.name)


def _node_hours(inputs: FormInputs) -> Filled:
    units = inputs.campaign.units
    return Filled(
        str(inputs.campaign.request_node_hours),
        "node-hours",
        f"{inputs.campaign.gpus_per_node} × as many GPU-hours: {units.gpu_hours}.{_package_words(inputs)}",
    )


def _package_words(inputs: FormInputs) -> str:
    """That the mode gives one package and what the plan needs of it, "" where it gives none."""
    campaign = inputs.campaign
    if campaign.package is None:
        return ""
    name = campaign.package.mode_name
    return f" {name} gives one package; the plan needs {campaign.needed_node_hours} node-hours of it."


def _codes(inputs: FormInputs) -> Filled:
    campaign = inputs.campaign
    release, main = campaign.spec.software_release, campaign.main.run.spec.software
    classes = dict.fromkeys(line.run.spec.software for line in campaign.lines)
    words = [
        f"{SOFTWARE_WORDS.get(name, name)}{f', {release}' if release and name == main else ''}"
        for name in classes
    ]
    told = len(classes) == 1 and release
    return Filled("; ".join(words), hint="" if told else "Add names and versions of your programs.")


def _at_once(inputs: FormInputs) -> Filled:
    return Filled(str(simultaneous_jobs(inputs.campaign)), "jobs")


def _wall_clock(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    wall = inputs.campaign.main.wall_hours
    if job is None or wall is None:
        return Filled("", "h", inputs.campaign.main.reason or "")
    hours = min(job.walltime_hours, wall.p50)
    where = f" in queue {job.queue}" if job.queue else "; the queue's limit is not published"
    return Filled(plain(hours), "h", f"{job.jobs} jobs in a chain{where}.")


def _checkpoints(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    if job is None:
        return Filled("", hint=inputs.campaign.main.reason or "")
    if job.checkpoint_minutes is None:
        return Filled("no", hint="Reviewers ask for checkpoints.")
    most = f"{plain(job.walltime_hours)} h" if math.isfinite(job.walltime_hours) else "not published"
    desired = plain(job.checkpoint_minutes / 60.0)
    size = plain((job.checkpoint_bytes or 0.0) / 1e9)
    return Filled(f"yes; maximum {most}; desired {desired} h", hint=f"A checkpoint has {size} GB.")


def _gpus(inputs: FormInputs) -> Filled:
    if not inputs.jobs:
        return Filled("", hint=inputs.campaign.main.reason or "No run fits.")
    runs = {line.run.id: line.run.count for line in inputs.campaign.lines}
    counted = sum(runs[job.run_id] for job in inputs.jobs)
    mean = sum(job.gpus * runs[job.run_id] for job in inputs.jobs) / counted
    most = max(job.gpus for job in inputs.jobs)
    words = (
        f"GPUs per job: average {plain(mean)}, maximum {most}; GPUs per node: "
        f"{inputs.campaign.gpus_per_node}; simultaneous jobs: {simultaneous_jobs(inputs.campaign)}"
    )
    asked = [(inputs.asked(job.run_id), runs[job.run_id]) for job in inputs.jobs]
    cpus = [(found.cpus, count) for found, count in asked if found is not None and found.cpus is not None]
    if len(cpus) == len(inputs.jobs):
        average = sum(number * count for number, count in cpus) / counted
        return Filled(f"{words}; CPU cores per job: average {plain(average)}, maximum {max(cpus)[0]}")
    cpu = inputs.campaign.machine.more.get("cpu")
    cores = f"CPU of a node: {cpu.value}." if cpu is not None and cpu.value else "CPU not published."
    return Filled(words, hint=f"The site publishes no CPU cores for a GPU; its default holds. {cores}")


def _memory(inputs: FormInputs) -> Filled:
    held = [job.device_memory_bytes / 1e9 for job in inputs.jobs if math.isfinite(job.device_memory_bytes)]
    if not held:
        return Filled("", "GB")
    mean = sum(held) / len(held)
    return Filled(
        f"minimum {plain(min(held))}; average {plain(mean)}; maximum {plain(max(held))}",
        "GB",
        f"GPU memory over all nodes. {_host_memory(inputs)}",
    )


def _host_memory(inputs: FormInputs) -> str:
    """Host memory that the main job's script asks for."""
    asked = inputs.asked(inputs.campaign.main.run.id)
    if asked is None or asked.memory_bytes is None:
        return "Host memory: the site's default, which the job asks for nothing beyond."
    return f"Host memory asked for by the main job: {plain(asked.memory_bytes / 1e9)} GB."


def _processes(inputs: FormInputs) -> Filled:
    devices = inputs.campaign.main.answer.gpus
    job = inputs.main_job
    if job is None or not devices or not math.isfinite(job.device_memory_bytes):
        return Filled("", "MB")
    each = plain(job.device_memory_bytes / devices / 1e6)
    return Filled(f"{devices} processes, one for each device; {each} MB", hint="GPU memory of a process.")


def _tb(inputs: FormInputs) -> Filled:
    items = {item.place: item for item in inputs.storage}
    words = "; ".join(f"{place.upper()} {plain(items[place].bytes / 1e12)}" for place in PLACES)
    return Filled(words, "TB")


def _thousand_files(inputs: FormInputs) -> Filled:
    items = {item.place: item for item in inputs.storage}
    words = "; ".join(f"{place.upper()} {plain((items[place].files or 0) / 1e3)}" for place in PLACES)
    return Filled(words, "thousand files")


def _total_gb(inputs: FormInputs) -> Filled:
    return Filled(plain(sum(item.bytes for item in inputs.storage) / 1e9), "GB")


def _transfer(inputs: FormInputs) -> Filled:
    into, out = transfer_bytes(inputs.campaign, inputs.catalogue)
    seconds = transfer_seconds(inputs.campaign, inputs.catalogue)
    time = "Rate to the site not known" if seconds is None else f"In takes {plain(seconds / 3600.0)} h"
    return Filled(
        f"{plain(into / 1e12)} in (training data), {plain(out / 1e12)} out (weights)", "TB", f"{time}."
    )


def _io(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    if job is None or job.checkpoint_minutes is None or not job.checkpoint_bytes:
        return Filled("Training data are read once per pass in packed files.", hint="Add checkpoint habits.")
    each_hour = 60.0 / job.checkpoint_minutes
    files = ((inputs.campaign.main.answer.gpus or 0) + 1) * each_hour
    return Filled(
        f"Training data in packed files; a sharded checkpoint of {plain(job.checkpoint_bytes / 1e9)} GB "
        f"every {plain(job.checkpoint_minutes)} minutes: {plain(job.checkpoint_bytes * each_hour / 1e9)} GB "
        f"and {plain(files)} files an hour",
        hint="Name your I/O library.",
    )


def _workflow(inputs: FormInputs) -> Filled:
    names = ", ".join(line.run.name for line in inputs.campaign.lines)
    job = inputs.main_job
    chain = f"; the main run is a chain of {job.jobs} batch jobs" if job is not None and job.jobs > 1 else ""
    return Filled(f"In order: {names}{chain}", hint="A draft; say how jobs are submitted.")


def _containers(inputs: FormInputs) -> Filled:
    if in_site_image(inputs.campaign.machine):
        own = "and your own" if inputs.campaign.spec.containers else "of the site"
        return Filled("yes", hint=f"The jobs run in container images {own}.")
    return Filled("yes" if inputs.campaign.spec.containers else "no")


def _months(inputs: FormInputs) -> Filled:
    rows = (
        f"Month {month.number} ({month.start.isoformat()} to {month.end.isoformat()}): {month.node_hours}"
        for month in inputs.campaign.months
    )
    return Filled("; ".join(rows), "node-hours")


def _scalability(inputs: FormInputs) -> Filled:
    rows = inputs.scaling.strong or inputs.scaling.weak
    if not rows:
        return Filled("", hint="Measure at least three job sizes on this machine.")
    measured = sum(row.measured for row in rows)
    hint = "" if measured else "All points are modelled; reviewers ask for measured ones."
    return Filled("; ".join(_scaling_row(row) for row in rows), hint=hint)


def _scaling_row(row: ScalingRow) -> str:
    kind = "measured" if row.measured else "modelled"
    return (
        f"{row.gpus} GPUs: {plain(row.step_seconds)} s a step, batch {row.batch_samples}, "
        f"speed-up {plain(row.speed_up)}, efficiency {plain(100.0 * row.efficiency)} % ({kind})"
    )


def _bottleneck(inputs: FormInputs) -> Filled:
    step = inputs.campaign.main.answer.step
    if step is None or step.total <= 0:
        return Filled("", hint=ONLY_YOU)
    name, seconds = max(step.shown(), key=lambda part: part[1])
    return Filled("", hint=f"Largest part of a step: {name}, {plain(100.0 * seconds / step.total, 2)} %.")


def _energy(inputs: FormInputs) -> Filled:
    energy, carbon = inputs.footprint.energy_kwh, inputs.footprint.carbon_kg
    if energy is None:
        return Filled("", hint="Energy cannot be stated: PUE or grid is not published.")
    words = f"Energy {plain(energy.p50)} kWh ({plain(energy.p10)} to {plain(energy.p90)})"
    if carbon is not None:
        words += f"; {plain(carbon.p50)} kg CO2e ({plain(carbon.p10)} to {plain(carbon.p90)}), location-based"
    return Filled(words, hint="Only the part on environment; the rest only you can say.")


def _checklist(inputs: FormInputs) -> Filled:
    total = sum(row.node_hours for row in inputs.campaign.milestones)
    same = "equal to" if total == inputs.campaign.request_node_hours else "which differs from"
    return Filled(
        f"Milestones sum to {total} node-hours, {same} the request of {inputs.campaign.request_node_hours}",
        hint="Upload the CV, use the right template, keep the page limit.",
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
    "jobs-jobs-running-at-the-same-time": _at_once,
    "jobs-wall-clock-of-a-typical-job-h": _wall_clock,
    "checkpoints-able-to-checkpoint-maximum-and-desirable-time-be": _checkpoints,
    "cores-nodes-gpus-per-job-average-and-maximum-gpus-per-node-c": _gpus,
    "memory-job-memory-minimum-average-maximum-over-all-nodes-gb": _memory,
    "memory-average-processes-threads-memory-per-process-mb": _processes,
    "storage-scratch-work-home-archive-needed-at-one-time-tb": _tb,
    "storage-number-of-files-on-scratch-work-home-archive-thousan": _thousand_files,
    "storage-total-storage-required-gb": _total_gb,
    "transfer-total-data-to-move-in-out-tb-and-justification-outs": _transfer,
    "i-o-i-o-strategy-traffic-per-hour-files-made-per-hour-i-o-bo": _io,
    "code-workflows-used": _workflow,
    "code-containers-used": _containers,
    "code-month-by-month-plan-of-cpu-gpu-use": _months,
    "code-scalability-and-performance-of-the-application": _scalability,
    "code-bottlenecks-in-the-ai-solution-type": _bottleneck,
    "ethics-self-assessment-human-agency-privacy-and-data-governa": _energy,
    "checklist-pi-cv-uploaded-right-template-page-limit-kept-10-p": _checklist,
}
"""Fields that the plan fills, by id."""

HINTS = {
    "project-personal-data-handled": "If yes, sign the processing agreement with the site before any upload.",
    "project-civilian-purpose": "All access modes ask for it.",
    "team-contact-person-team-members-all-in-eligible-countries": "Each member's organisation counts.",
    "code-output-model-method-software-open-source": "Name the licence of model and code.",
    "support-need-for-an-application-support-team-epicure": "Worth a yes where scaling is not measured yet.",
}
"""What to think of in fields that the plan cannot fill."""
