"""What the charts of machines say in words: subtitle, card at the pointer, summary and data table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.present.chart_series import ChartSeries, MachineSeries, SeriesPoint
from app.present.numbers import duration, duration_span, exact, memory_on_card, plain, sig3, span

NO_BREAK = "\u00a0"

_FAMILY_NAMES = {
    "ampere": "Ampere machines",
    "hopper": "Hopper machines",
    "cdna": "AMD machines",
    "blackwell": "Blackwell machines",
}
# A cost ratio is put into words only where it lies within this factor of the word.
_SHARES = ((1 / 2, "half"), (1 / 3, "a third of"), (1 / 4, "a quarter of"), (1 / 5, "a fifth of"))
_SHARE_TOLERANCE = 1.15


@dataclass(frozen=True, slots=True)
class CardText:
    """What the card at the pointer says."""

    head: str
    body: str
    limit: str


def gpu_count(series: MachineSeries, point: SeriesPoint) -> str:
    """A GPU count as the machine's users say it: "128 GPUs", "384 GCD" on LUMI-G."""
    if series.devices_per_gpu > 1:
        return f"{exact(point.devices)}{NO_BREAK}GCD"
    return f"{exact(point.gpus)}{NO_BREAK}{'GPU' if round(point.gpus) == 1 else 'GPUs'}"


def time_limit(seconds: float) -> str:
    """A deadline in the words in which people set one: "2 weeks"."""
    weeks = seconds / (7 * 86400.0)
    if 1.0 <= weeks < 9.0 and abs(weeks - round(weeks)) < 1e-6:
        return f"{round(weeks)}{NO_BREAK}{'week' if round(weeks) == 1 else 'weeks'}"
    return duration(seconds)


def own_text(own: MachineSeries) -> str:
    """What the user's hardware would take: "Your 4 × RTX 4090: 3.1 years"."""
    if own.point is None:
        return f"{own.label}: does not fit"
    return f"{own.label}: {duration(own.point.seconds.p50)}"


def card_text(
    series: MachineSeries, point: SeriesPoint, is_answer: bool, deadline_seconds: float | None
) -> CardText:
    """The card of one point: value, range and the limit that binds."""
    seconds, hours = point.seconds, point.gpu_hours
    body = (
        f"{duration(seconds.p50, 3)} ({duration_span(seconds.p10, seconds.p90)})\n"
        f"{sig3(hours.p50)} GPU-hours ({span(hours.p10, hours.p90)})"
    )
    head = series.label if series.is_own else f"{series.label}, {gpu_count(series, point)}"
    if not series.in_service and not series.is_own:
        head = f"{head} (coming)"
    return CardText(head, body, _limit_text(series, point, is_answer, deadline_seconds))


def _limit_text(
    series: MachineSeries, point: SeriesPoint, is_answer: bool, deadline_seconds: float | None
) -> str:
    if deadline_seconds is not None and point.seconds.p80 > deadline_seconds:
        return f"Misses the deadline: plan for {duration(point.seconds.p80)}"
    limit = series.queue_limit_gpus
    if limit is not None and series.curve and point == series.curve[-1] and series.ends_at_limit:
        return f"The queue allows {exact(limit)} GPUs a job"
    used, offered, card = series.memory_bytes, series.memory_limit_bytes, series.memory_capacity_bytes
    if is_answer and used is not None and offered is not None and card is not None:
        return f"Memory {memory_on_card(used, offered, card)}"
    return ""


# ---------------------------------------------------------------- subtitles


def hours_subtitle(series: ChartSeries) -> str:
    """What GPU-hours against days shows, or "" where no rule is sure.

    Sure means: every machine of the cheaper family costs less than every machine of the other, and
    the ratio is close to one that has a word.
    """
    chosen = series.chosen
    costs = _costs_by_family(series)
    if chosen is None or chosen.point is None or chosen.mark.family not in costs:
        return ""
    dearest_first = sorted(costs, key=lambda family: median(costs[family]))
    best, own_family = dearest_first[0], chosen.mark.family
    if best != own_family and max(costs[best]) < min(costs[own_family]):
        words = _share_words(median(costs[best]) / median(costs[own_family]))
        if not words and max(costs[best]) < 0.5 * min(costs[own_family]):
            words = "less than half"
        name = _FAMILY_NAMES.get(best, "") if len(costs[best]) > 1 else _only(series, best)
        if words and name:
            verb = "need" if len(costs[best]) > 1 else "needs"
            return f"{name} {verb} {words} the hours"
    cheapest = sorted(cost for family in costs.values() for cost in family)
    if len(cheapest) > 1 and chosen.point.gpu_hours.p50 == cheapest[0] < 0.9 * cheapest[1]:
        return f"No machine needs fewer hours than {chosen.label}"
    return ""


def time_subtitle(series: ChartSeries) -> str:
    """What time against GPUs shows for the chosen machine, or "" where no rule is sure."""
    chosen = series.chosen
    if chosen is None or len(chosen.curve) < 3:
        return ""
    seconds = [point.seconds.p50 for point in chosen.curve]
    fastest = seconds.index(min(seconds))
    if fastest < len(seconds) - 1:
        if seconds[-1] > 1.02 * seconds[fastest]:
            return f"Beyond {gpu_count(chosen, chosen.curve[fastest])} {chosen.label} gets no faster"
        return ""
    if any(later >= earlier for earlier, later in pairwise(seconds)):
        return ""
    if chosen.ends_at_limit:
        return "More GPUs shorten the run until the queue limit"
    return "More GPUs shorten the run"


def _costs_by_family(series: ChartSeries) -> dict[str, list[float]]:
    costs: dict[str, list[float]] = {}
    for one in series.machines:
        if one.in_service and one.point is not None and not one.far_from_evidence:
            costs.setdefault(one.mark.family, []).append(one.point.gpu_hours.p50)
    return costs


def _only(series: ChartSeries, family: str) -> str:
    return next((one.label for one in series.machines if one.mark.family == family and one.in_service), "")


def _share_words(ratio: float) -> str:
    """Words for a share of the cost, "" where none is close."""
    for share, words in _SHARES:
        if abs(math.log(ratio / share)) < math.log(_SHARE_TOLERANCE):
            return words
    return ""


# ---------------------------------------------------------------- for screen readers and the clipboard


def summary(series: ChartSeries) -> str:
    """The chart in sentences, for screen readers: the chosen machine first, then by cost."""
    lines = []
    if series.deadline_seconds is not None:
        lines.append(f"Deadline {time_limit(series.deadline_seconds)}.")
    for one in series.machines:
        if one.point is not None and one.in_service:
            lines.append(_machine_sentence(one, one.point))
    if series.own is not None:
        lines.append(f"{own_text(series.own)}.")
    missing = [one.label for one in series.machines if one.in_service and one.point is None]
    if missing:
        lines.append(f"Without a value: {', '.join(missing)}.")
    return " ".join(lines)


def _machine_sentence(one: MachineSeries, point: SeriesPoint) -> str:
    sentence = (
        f"{one.label}: {sig3(point.gpu_hours.p50)} GPU-hours and {duration(point.seconds.p50)} "
        f"on {gpu_count(one, point)}"
    )
    return f"{sentence}, misses the deadline." if one.meets_deadline is False else f"{sentence}."


TABLE_HEAD = (
    "machine", "GPUs", "devices", "days P10", "days P50", "days P90",
    "GPU-hours P10", "GPU-hours P50", "GPU-hours P90", "is answer",
)  # fmt: skip


def data_table(series: ChartSeries) -> str:
    """Every point of the chart as tab-separated text in the C locale."""
    everyone = series.machines if series.own is None else (*series.machines, series.own)
    rows = ["\t".join(TABLE_HEAD)]
    for one in everyone:
        points = one.curve or ((one.point,) if one.point is not None else ())
        rows.extend(_row(one, point) for point in points)
    return "\n".join(rows) + "\n"


def _row(one: MachineSeries, point: SeriesPoint) -> str:
    days = [value / 86400.0 for value in (point.seconds.p10, point.seconds.p50, point.seconds.p90)]
    hours = (point.gpu_hours.p10, point.gpu_hours.p50, point.gpu_hours.p90)
    is_answer = one.point is not None and point.devices == one.point.devices
    numbers = [plain(value) for value in (point.gpus, point.devices, *days, *hours)]
    return "\t".join([one.label, *numbers, "yes" if is_answer else ""])
