"""How the project runs: job types, memory, storage, use by month and the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.dossier.codes import code_of
from app.dossier.document import Block, Bullets, Cell, Paragraph, Table, column, row, toned, words
from app.dossier.figures import calendar
from app.dossier.material import Material
from app.dossier.sections.opening import code_column
from app.dossier.text import whole
from app.present import numbers as n
from app.present.milestones import MILESTONE_HEADS, fraction_words
from app.present.usage import usage_table
from app.words import text
from estimators.planning.records import LayoutUsed
from estimators.requests.results import JobType, StorageItem
from estimators.words import NOTHING, Amount, Cased, Listed, Name, Said, say, say_in, say_many, together

MOST_NAMED_MONTHS = 6
DOES_NOT_FIT = say("does not fit")
RECOMPUTATION = {
    "none": say("no recomputation"),
    "selective": say("selective recomputation"),
    "full": say("full recomputation"),
}
PLACES = {"scratch": "SCRATCH", "work": "WORK", "home": "HOME", "archive": "ARCHIVE"}


def jobs(material: Material) -> tuple[Block, ...]:
    """One row for each kind of job."""
    codes = {job.run_id: code_of(material, job.run_id) for job in material.request.jobs}
    columns = (
        column(say("Job"), share=1.0),
        code_column(codes.values()),
        column(say("Queue")),
        column(say("Nodes"), "right"),
        column(say("GPUs"), "right"),
        column(say("Longest"), "right"),
        column(say("Chained"), "right"),
        column(say("At once"), "right"),
        column(say("Checkpoint every"), "right"),
    )
    rows = tuple(_job_row(job, codes[job.run_id]) for job in material.request.jobs)
    lost = [line for line in material.campaign.lines if line.wall_hours is None]
    note = ""
    if lost:
        runs = Listed(tuple(Name(line.run.name) for line in lost))
        note = text(say("Without {runs}: {reason}.", runs=runs, reason=lost[0].reason or DOES_NOT_FIT))
    blocks: list[Block] = [Table(columns, rows, note=note)] if rows else [Paragraph(words(note))]
    blocks.append(Paragraph(words(_most_at_once(material))))
    return tuple(blocks)


def _job_row(job: JobType, code: str) -> tuple[Cell, ...]:
    longest = (
        text(n.UNKNOWN) if math.isinf(job.walltime_hours) else n.with_unit(n.short(job.walltime_hours), "h")
    )
    every = (
        text(say_in("of checkpoints", "none"))
        if job.checkpoint_minutes is None
        else n.duration(job.checkpoint_minutes * 60.0)
    )
    return row(
        job.name,
        code,
        job.queue or text(n.UNKNOWN),
        fraction_words(job.nodes),
        n.exact(job.gpus),
        longest,
        n.exact(job.jobs),
        n.exact(job.simultaneous),
        every,
    )


def _most_at_once(material: Material) -> Said:
    """The most jobs and nodes that run side by side."""
    running = [job for job in material.request.jobs if job.simultaneous > 1]
    if not running:
        return say("One job runs at a time in every phase.")
    most = max(running, key=lambda job: job.simultaneous * job.nodes)
    nodes = most.simultaneous * most.nodes
    return say_many(
        "Side by side: up to {jobs} jobs of {name}, {nodes} node together.",
        "Side by side: up to {jobs} jobs of {name}, {nodes} nodes together.",
        1 if nodes <= 1 else 2,
        jobs=whole(most.simultaneous),
        name=Name(most.name),
        nodes=Amount(nodes, form="fraction"),
    )


# ---------------------------------------------------------------- memory


def memory(material: Material) -> tuple[Block, ...]:
    """Bytes on the fullest GPU of every run against what it offers."""
    columns = (
        column(say("Run"), share=1.0),
        column(say("Weights"), "right"),
        column(say("Gradients"), "right"),
        column(say("Optimiser"), "right"),
        column(say("Activations"), "right"),
        column(say("Other"), "right"),
        column(say("Reserved of limit, GiB"), "right"),
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
        return (Paragraph(words(say("No run fits, so no memory is stated."))),)
    card = say("GiB on the fullest device, a card of {size}.", size=Amount(capacity, form="memory"))
    note = text(together(card, say("The limit is what it offers to programs, less a margin.")))
    return (Table(columns, tuple(rows), note=note), Paragraph(words(_layout(material))))


def _layout(material: Material) -> Said:
    """The parallel layout of the main run."""
    layout = material.main.answer.layout
    if layout is None:
        return NOTHING
    parts = Listed(tuple(_layout_parts(layout)), "")
    precision = (material.main.answer.precision or "").upper()
    if not precision:
        return say("The main run uses {layout}.", layout=parts)
    return say("The main run uses {layout}, in {precision}.", layout=parts, precision=Name(precision))


def _layout_parts(layout: LayoutUsed) -> Iterator[Said]:
    yield say("data parallel {n}", n=whole(layout.data_parallel))
    if layout.zero_stage:
        yield say("ZeRO stage {n}", n=whole(layout.zero_stage))
    if layout.tensor_parallel > 1:
        yield say("tensor parallel {n}", n=whole(layout.tensor_parallel))
    if layout.pipeline_parallel > 1:
        yield say("pipeline parallel {n}", n=whole(layout.pipeline_parallel))
    if layout.context_parallel > 1:
        yield say("context parallel {n}", n=whole(layout.context_parallel))
    if layout.expert_parallel > 1:
        yield say("expert parallel {n}", n=whole(layout.expert_parallel))
    yield say(
        "micro-batch {size} × {count}", size=whole(layout.micro_batch), count=whole(layout.micro_batches)
    )
    if layout.recompute in RECOMPUTATION:
        yield RECOMPUTATION[layout.recompute]


# ---------------------------------------------------------------- storage


def storage(number_of_bytes: float) -> str:
    """Bytes as people say them, in decimal units: "1.9 TB", "640 GB"."""
    return text(Amount(number_of_bytes, form="bytes"))


def storage_needs(material: Material) -> tuple[Block, ...]:
    """What lies on the site's disks at one time, against the quota."""
    columns = (
        column(say("Place")),
        column(say("What lies there"), share=1.0),
        column(say("Needed"), "right"),
        column(say("Files"), "right"),
        column(say("Quota"), "right"),
        column(say("Files allowed"), "right"),
    )
    rows = tuple(_storage_row(item) for item in material.request.storage if item.bytes)
    if not rows:
        return (Paragraph(words(say("No storage is derived for this project."))),)
    sums = [item.bytes for item in material.request.storage]
    return (Table(columns, rows, row(say("All"), "", storage(sum(sums)), "", "", "")),)


def _storage_row(item: StorageItem) -> tuple[Cell, ...]:
    quota = text(n.UNKNOWN) if item.quota_bytes is None else storage(item.quota_bytes)
    files = text(n.UNKNOWN) if item.quota_files is None else n.exact(item.quota_files)
    over = item.quota_bytes is not None and item.bytes > item.quota_bytes
    size = Amount(item.bytes, form="bytes")
    parts = (
        say("{name} {size}", name=part.name, size=Amount(part.bytes, form="bytes")) for part in item.parts
    )
    what = Cased(Listed(tuple(parts), "", "; "), "capital")
    return row(
        PLACES.get(item.place, item.place.upper()),
        what,
        toned(say("{size}, above", size=size) if over else size, "fail" if over else ""),
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
        column(say("Milestone, by month") if is_wide else MILESTONE_HEADS[0], share=1.0),
        *(column(_month_name(month.number, is_wide), "right") for month in campaign.months),
        column(say("Sum"), "right"),
    )
    rows = [
        row(
            text(milestone.name),
            *(n.exact(month.by_milestone[place]) for month in campaign.months),
            n.exact(milestone.node_hours),
        )
        for place, milestone in enumerate(campaign.milestones)
    ]
    sums = [n.exact(month.node_hours) for month in campaign.months]
    total = row(say("All, node-hours"), *sums, n.exact(campaign.request_node_hours))
    first, last = campaign.months[0], campaign.months[-1]
    span = say(
        "Month 1 begins on {start}, the last ends on {end}.",
        start=Amount(first.start, form="day"),
        end=Amount(last.end, form="day"),
    )
    assumed = say("The first day is assumed: the earliest that the access mode allows.")
    note = text(together(span, assumed if campaign.start_is_assumed else NOTHING))
    blocks: list[Block] = [Table(columns, tuple(rows), total, note, compact=is_wide)]
    figure = calendar(material)
    return (*blocks, *((figure,) if figure is not None else ()))


def usage(material: Material) -> tuple[Block, ...]:
    """After the award: hours used against the plan, and what the final report asks for; else nothing."""
    burn = material.request.burn_down
    if burn is None:
        return ()
    shown = usage_table(burn)
    columns = (column(shown.heads[0], share=1.0), *(column(name, "right") for name in shown.heads[1:]))
    said = Bullets(tuple(words(one) for one in burn.sentences))
    return (Table(columns, tuple(row(*cells) for cells in shown.rows)), said)


def _month_name(number: int, is_wide: bool) -> str:
    return n.exact(number) if is_wide else text(say("Month\u00a0{n}", n=whole(number)))
