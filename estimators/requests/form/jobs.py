"""Fields about jobs: how many at once, how long, on how many devices, with which memory."""

from __future__ import annotations

import math

from estimators.requests.asked import in_site_image
from estimators.requests.campaign_results import Campaign
from estimators.requests.form.inputs import Fill, Filled, FormInputs, digits, plain
from estimators.words import NOTHING, Amount, Name, Said, say, together


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


def _at_once(inputs: FormInputs) -> Filled:
    return Filled(str(simultaneous_jobs(inputs.campaign)), "jobs")


def _wall_clock(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    wall = inputs.campaign.main.wall_hours
    if job is None or wall is None:
        return Filled("", "h", inputs.campaign.main.reason or NOTHING)
    hours = min(job.walltime_hours, wall.p50)
    jobs = Amount(job.jobs, form="fixed")
    hint = say("{n} jobs in a chain; the queue's limit is not published.", n=jobs)
    if job.queue:
        hint = say("{n} jobs in a chain in queue {queue}.", n=jobs, queue=Name(job.queue))
    return Filled(plain(hours), "h", hint)


def _checkpoints(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    if job is None:
        return Filled("", hint=inputs.campaign.main.reason or NOTHING)
    if job.checkpoint_minutes is None:
        return Filled("no", hint=say("Reviewers ask for checkpoints."))
    most = f"{plain(job.walltime_hours)} h" if math.isfinite(job.walltime_hours) else "not published"
    desired = plain(job.checkpoint_minutes / 60.0)
    size = digits((job.checkpoint_bytes or 0.0) / 1e9)
    hint = say("A checkpoint has {size} GB.", size=size)
    return Filled(f"yes; maximum {most}; desired {desired} h", hint=hint)


def _gpus(inputs: FormInputs) -> Filled:
    if not inputs.jobs:
        return Filled("", hint=inputs.campaign.main.reason or say("No run fits."))
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
    cores = say("CPU not published.")
    if cpu is not None and cpu.value:
        cores = say("CPU of a node: {cpu}.", cpu=Name(str(cpu.value)))
    default = say("The site publishes no CPU cores for a GPU; its default holds.")
    return Filled(words, hint=together(default, cores))


def _memory(inputs: FormInputs) -> Filled:
    held = [job.device_memory_bytes / 1e9 for job in inputs.jobs if math.isfinite(job.device_memory_bytes)]
    if not held:
        return Filled("", "GB")
    mean = sum(held) / len(held)
    return Filled(
        f"minimum {plain(min(held))}; average {plain(mean)}; maximum {plain(max(held))}",
        "GB",
        together(say("GPU memory over all nodes."), _host_memory(inputs)),
    )


def _host_memory(inputs: FormInputs) -> Said:
    """Host memory that the main job's script asks for."""
    asked = inputs.asked(inputs.campaign.main.run.id)
    if asked is None or asked.memory_bytes is None:
        return say("Host memory: the site's default, which the job asks for nothing beyond.")
    return say("Host memory asked for by the main job: {size} GB.", size=digits(asked.memory_bytes / 1e9))


def _processes(inputs: FormInputs) -> Filled:
    devices = inputs.campaign.main.answer.gpus
    job = inputs.main_job
    if job is None or not devices or not math.isfinite(job.device_memory_bytes):
        return Filled("", "MB")
    each = plain(job.device_memory_bytes / devices / 1e6)
    return Filled(
        f"{devices} processes, one for each device; {each} MB", hint=say("GPU memory of a process.")
    )


def _workflow(inputs: FormInputs) -> Filled:
    names = ", ".join(line.run.name for line in inputs.campaign.lines)
    job = inputs.main_job
    chain = f"; the main run is a chain of {job.jobs} batch jobs" if job is not None and job.jobs > 1 else ""
    return Filled(f"In order: {names}{chain}", hint=say("A draft; say how jobs are submitted."))


def _containers(inputs: FormInputs) -> Filled:
    if in_site_image(inputs.campaign.machine):
        hint = say("The jobs run in container images of the site.")
        if inputs.campaign.spec.containers:
            hint = say("The jobs run in container images and your own.")
        return Filled("yes", hint=hint)
    return Filled("yes" if inputs.campaign.spec.containers else "no")


FILLS: dict[str, Fill] = {
    "jobs-jobs-running-at-the-same-time": _at_once,
    "jobs-wall-clock-of-a-typical-job-h": _wall_clock,
    "checkpoints-able-to-checkpoint-maximum-and-desirable-time-be": _checkpoints,
    "cores-nodes-gpus-per-job-average-and-maximum-gpus-per-node-c": _gpus,
    "memory-job-memory-minimum-average-maximum-over-all-nodes-gb": _memory,
    "memory-average-processes-threads-memory-per-process-mb": _processes,
    "code-workflows-used": _workflow,
    "code-containers-used": _containers,
}
"""What the plan says of its jobs, by id of the field."""
