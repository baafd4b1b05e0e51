"""The modes against the request: bars in GPU-hours on the machine asked for."""

from __future__ import annotations

from dataclasses import dataclass

from app.present import numbers as n
from app.present.access import AccessRow, rows
from app.present.machines import machine_name
from app.words import text
from estimators.requests.results import Request
from estimators.words import Amount, Listed, Name, say


@dataclass(frozen=True, slots=True)
class DoorBar:
    """One mode in the chart; `high` is infinite where no ceiling is known."""

    mode_id: str
    name: str
    low_gpu_hours: float
    high_gpu_hours: float
    fixed: bool
    label: str
    is_chosen: bool
    row: AccessRow


@dataclass(frozen=True, slots=True)
class DoorSeries:
    """The modes against the request, in GPU-hours on the machine asked for."""

    bars: tuple[DoorBar, ...]
    request: float
    p50: float
    p90: float
    axis: str
    subtitle: str


def series(request: Request) -> DoorSeries:
    """Bars of all modes with a size on the machine, and the request with its P50 to P90."""
    campaign = request.campaign
    gpus = campaign.gpus_per_node
    bars = tuple(_bar(row) for row in rows(request) if row.door.size_gpu_hours is not None)
    left_out = [row.name for row in rows(request) if row.door.size_gpu_hours is None]
    return DoorSeries(
        bars=bars,
        request=float(campaign.units.gpu_hours),
        p50=campaign.total.p50 * gpus,
        p90=campaign.total.p90 * gpus,
        axis=text(
            say(
                "GPU-hours on {machine} ({gpus} = 1 node-hour)",
                machine=Name(machine_name(campaign.machine)),
                gpus=Amount(gpus, form="fixed"),
            )
        ),
        subtitle=text(say("No size found here: {modes}", modes=Listed(tuple(map(Name, left_out)))))
        if left_out
        else "",
    )


def _bar(row: AccessRow) -> DoorBar:
    assert row.door.size_gpu_hours is not None, "the caller leaves modes without a size out"
    low, high = row.door.size_gpu_hours
    label = text(say("fixed {high}", high=Amount(high, form="fixed"))) if row.door.fixed else ""
    return DoorBar(row.mode_id, row.name, low, high, row.door.fixed, label, row.is_chosen, row)


def summary(shown: DoorSeries) -> str:
    """The chart in sentences."""
    words = [text(say("Request {request} GPU-hours.", request=Amount(shown.request, form="fixed")))]
    words += [
        text(
            say(
                "{mode}: {size}; {verdict}.",
                mode=Name(bar.name),
                size=bar.row.door.size,
                verdict=bar.row.door.verdict,
            )
        )
        for bar in shown.bars
    ]
    return " ".join(words)


def chart_text(shown: DoorSeries) -> str:
    """The chart's numbers in the C locale."""
    lines = ["mode\tlow GPU-hours\thigh GPU-hours\tfixed"]
    lines += [
        f"{bar.name}\t{n.plain(bar.low_gpu_hours)}\t{n.plain(bar.high_gpu_hours)}\t{int(bar.fixed)}"
        for bar in shown.bars
    ]
    lines.append(f"request\t{n.plain(shown.p50)}\t{n.plain(shown.p90)}\t{n.plain(shown.request)}")
    return "\n".join(lines) + "\n"
