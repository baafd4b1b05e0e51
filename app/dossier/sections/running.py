"""How the project runs: job types, memory, storage, use by month and the calendar."""

from __future__ import annotations

import math

from app.dossier.codes import code_of
from app.dossier.document import Block, Bullets, Cell, Column, Paragraph, Table, row, words
from app.dossier.figures import calendar
from app.dossier.material import Material
from app.dossier.sections.opening import code_column
from app.dossier.text import capital, joined, short_date, storage
from app.present import numbers as n
from app.present.milestones import MILESTONE_HEADS, fraction_words
from app.present.usage import usage_table
from estimators.requests.results import JobType, StorageItem

MOST_NAMED_MONTHS = 6
PLACES = {"scratch": "SCRATCH", "work": "WORK", "home": "HOME", "archive": "ARCHIVE"}


def jobs(material: Material) -> tuple[Block, ...]:
    """One row for each kind of job."""
    codes = {job.run_id: code_of(material, job.run_id) for job in material.request.jobs}
    columns = (
        Column("Job", share=1.0),
        code_column(codes.values()),
        Column("Queue"),
        Column("Nodes", "right"),
        Column("GPUs", "right"),
        Column("Longest", "right"),
        Column("Chained", "right"),
        Column("At once", "right"),
        Column("Checkpoint every", "right"),
    )
    rows = tuple(_job_row(job, codes[job.run_id]) for job in material.request.jobs)
    lost = [line for line in material.campaign.lines if line.wall_hours is None]
    note = ""
    if lost:
        note = f"Without {joined([line.run.name for line in lost])}: {lost[0].reason or 'does not fit'}."
    blocks: list[Block] = [Table(columns, rows, note=note)] if rows else [Paragraph(words(note))]
    at_once = _most_at_once(material)
    if at_once:
        blocks.append(Paragraph(words(at_once)))
    return tuple(blocks)


def _job_row(job: JobType, code: str) -> tuple[Cell, ...]:
    longest = n.UNKNOWN if math.isinf(job.walltime_hours) else n.with_unit(n.short(job.walltime_hours), "h")
    every = "none" if job.checkpoint_minutes is None else n.duration(job.checkpoint_minutes * 60.0)
    return row(
        job.name,
        code,
        job.queue or n.UNKNOWN,
        fraction_words(job.nodes),
        n.exact(job.gpus),
        longest,
        n.exact(job.jobs),
        n.exact(job.simultaneous),
        every,
    )


def _most_at_once(material: Material) -> str:
    """The most jobs and nodes that run side by side."""
    running = [job for job in material.request.jobs if job.simultaneous > 1]
    if not running:
        return "One job runs at a time in every phase."
    most = max(running, key=lambda job: job.simultaneous * job.nodes)
    together = most.simultaneous * most.nodes
    nodes = f"{fraction_words(together)} {'node' if together <= 1 else 'nodes'}"
    return f"Side by side: up to {n.exact(most.simultaneous)} jobs of {most.name}, {nodes} together."


# ---------------------------------------------------------------- memory


def memory(material: Material) -> tuple[Block, ...]:
    """Bytes on the fullest GPU of every run against what it offers."""
    columns = (
        Column("Run", share=1.0),
        Column("Weights", "right"),
        Column("Gradients", "right"),
        Column("Optimiser", "right"),
        Column("Activations", "right"),
        Column("Other", "right"),
        Column("Reserved of limit, GiB", "right"),
    )
    rows, capacity = [], 0.0
    for line in material.campaign.lines:
        parts = line.answer.memory
        if parts is None or line.wall_hours is None:
            continue
        other = parts.logits + parts.buffers + parts.context + parts.fragmentation
        capacity = parts.capacity
        shown = (parts.weights, parts.gradients, parts.optimiser, parts.activations, other)
        of_limit = n.memory_of(parts.reserved, parts.limit)
        rows.append(row(line.run.name, *(n.gib(part) for part in shown), of_limit))
    if not rows:
        return (Paragraph(words("No run fits, so no memory is stated.")),)
    note = (
        f"GiB on the fullest device, a card of {n.gib(capacity)}. "
        "The limit is what it offers to programs, less a margin."
    )
    return (Table(columns, tuple(rows), note=note), Paragraph(words(_layout(material))))


def _layout(material: Material) -> str:
    """The parallel layout of the main run."""
    layout = material.main.answer.layout
    if layout is None:
        return ""
    parts = [
        f"data parallel {layout.data_parallel}",
        f"ZeRO stage {layout.zero_stage}" if layout.zero_stage else "",
        f"tensor parallel {layout.tensor_parallel}" if layout.tensor_parallel > 1 else "",
        f"pipeline parallel {layout.pipeline_parallel}" if layout.pipeline_parallel > 1 else "",
        f"context parallel {layout.context_parallel}" if layout.context_parallel > 1 else "",
        f"expert parallel {layout.expert_parallel}" if layout.expert_parallel > 1 else "",
        f"micro-batch {layout.micro_batch} × {layout.micro_batches}",
        "no recomputation" if layout.recompute == "none" else f"{layout.recompute} recomputation",
    ]
    precision = (material.main.answer.precision or "").upper()
    said = ", ".join(part for part in parts if part)
    return f"The main run uses {said}{f', in {precision}' if precision else ''}."


# ---------------------------------------------------------------- storage


def storage_needs(material: Material) -> tuple[Block, ...]:
    """What lies on the site's disks at one time, against the quota."""
    columns = (
        Column("Place"),
        Column("What lies there", share=1.0),
        Column("Needed", "right"),
        Column("Files", "right"),
        Column("Quota", "right"),
        Column("Files allowed", "right"),
    )
    rows = tuple(_storage_row(item) for item in material.request.storage if item.bytes)
    if not rows:
        return (Paragraph(words("No storage is derived for this project.")),)
    sums = [item.bytes for item in material.request.storage]
    return (Table(columns, rows, row("All", "", storage(sum(sums)), "", "", "")),)


def _storage_row(item: StorageItem) -> tuple[Cell, ...]:
    quota = n.UNKNOWN if item.quota_bytes is None else storage(item.quota_bytes)
    files = n.UNKNOWN if item.quota_files is None else n.exact(item.quota_files)
    over = item.quota_bytes is not None and item.bytes > item.quota_bytes
    what = "; ".join(f"{name} {storage(size)}" for name, size in item.parts)
    return row(
        PLACES.get(item.place, item.place.upper()),
        capital(what),
        Cell(f"{storage(item.bytes)}, above" if over else storage(item.bytes), "fail" if over else ""),
        "" if item.files is None else n.exact(item.files),
        Cell(quota, "unk" if item.quota_bytes is None else ""),
        Cell(files, "unk" if item.quota_files is None else ""),
    )


# ---------------------------------------------------------------- months


def monthly_use(material: Material) -> tuple[Block, ...]:
    """Node-hours of every milestone by month, and the calendar."""
    campaign = material.campaign
    is_wide = len(campaign.months) > MOST_NAMED_MONTHS
    columns = (
        Column(f"{MILESTONE_HEADS[0]}, by month" if is_wide else MILESTONE_HEADS[0], share=1.0),
        *(Column(_month_name(month.number, is_wide), "right") for month in campaign.months),
        Column("Sum", "right"),
    )
    rows = [
        row(
            milestone.name,
            *(n.exact(month.by_milestone[place]) for month in campaign.months),
            n.exact(milestone.node_hours),
        )
        for place, milestone in enumerate(campaign.milestones)
    ]
    sums = [n.exact(month.node_hours) for month in campaign.months]
    total = row("All, node-hours", *sums, n.exact(campaign.request_node_hours))
    first, last = campaign.months[0], campaign.months[-1]
    note = f"Month 1 begins on {short_date(first.start)}, the last ends on {short_date(last.end)}."
    if campaign.start_is_assumed:
        note += " The first day is assumed: the earliest that the access mode allows."
    blocks: list[Block] = [Table(columns, tuple(rows), total, note, compact=is_wide)]
    figure = calendar(material)
    return (*blocks, *((figure,) if figure is not None else ()))


def usage(material: Material) -> tuple[Block, ...]:
    """After the award: hours used against the plan, and what the final report asks for; else nothing."""
    burn = material.request.burn_down
    if burn is None:
        return ()
    shown = usage_table(burn)
    columns = (Column(shown.heads[0], share=1.0), *(Column(name, "right") for name in shown.heads[1:]))
    said = Bullets(tuple(words(one) for one in burn.sentences))
    return (Table(columns, tuple(row(*cells) for cells in shown.rows)), said)


def _month_name(number: int, is_wide: bool) -> str:
    return n.exact(number) if is_wide else f"Month\u00a0{number}"
