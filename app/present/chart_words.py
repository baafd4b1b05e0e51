"""What the charts of machines say in words: subtitle, card at the pointer, summary and data table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.present.chart_series import ChartSeries, MachineSeries, SeriesPoint
from app.present.numbers import THIN_SPACE, duration, exact, memory_on_card, plain
from app.words import text
from estimators.words import NOTHING, Amount, Listed, Name, Said, Span, say

NO_BREAK = "\u00a0"
YES = say("yes")

_FAMILY_NAMES = {
    "ampere": say("Ampere machines"),
    "hopper": say("Hopper machines"),
    "cdna": say("AMD machines"),
    "blackwell": say("Blackwell machines"),
}
# A cost ratio is put into words only where it lies within this factor of the word.
_SHARES: tuple[tuple[float, Said], ...] = (
    (1 / 2, say("half")),
    (1 / 3, say("a third of")),
    (1 / 4, say("a quarter of")),
    (1 / 5, say("a fifth of")),
)
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
        return text(Amount(round(weeks), "weeks", "fixed")).replace(THIN_SPACE, NO_BREAK)
    return duration(seconds)


def own_text(own: MachineSeries) -> str:
    """What the user's hardware would take: "Your 4 × RTX 4090: 3.1 years"."""
    if own.point is None:
        return text(say("{own}: does not fit", own=Name(own.label)))
    return f"{own.label}: {duration(own.point.seconds.p50)}"


def card_text(
    series: MachineSeries, point: SeriesPoint, is_answer: bool, deadline_seconds: float | None
) -> CardText:
    """The card of one point: value, range and the limit that binds."""
    seconds, hours = point.seconds, point.gpu_hours
    body = text(
        say(
            "{time} ({time_span})\n{hours} GPU-hours ({hours_span})",
            time=Amount(seconds.p50, form="duration", digits=3),
            time_span=Span(seconds.p10, seconds.p90, form="duration"),
            hours=Amount(hours.p50, form="three"),
            hours_span=Span(hours.p10, hours.p90),
        )
    )
    head = series.label if series.is_own else f"{series.label}, {gpu_count(series, point)}"
    if not series.in_service and not series.is_own:
        head = text(say("{head} (coming)", head=Name(head)))
    return CardText(head, body, _limit_text(series, point, is_answer, deadline_seconds))


def _limit_text(
    series: MachineSeries, point: SeriesPoint, is_answer: bool, deadline_seconds: float | None
) -> str:
    if deadline_seconds is not None and point.seconds.p80 > deadline_seconds:
        return text(say("Misses the deadline: plan for {seconds}", seconds=Name(duration(point.seconds.p80))))
    limit = series.queue_limit_gpus
    if limit is not None and series.curve and point == series.curve[-1] and series.ends_at_limit:
        return text(say("The queue allows {limit} GPUs a job", limit=Name(exact(limit))))
    used, offered, card = series.memory_bytes, series.memory_limit_bytes, series.memory_capacity_bytes
    if is_answer and used is not None and offered is not None and card is not None:
        return text(say("Memory {used}", used=Name(memory_on_card(used, offered, card))))
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
            words = say("less than half")
        if words and len(costs[best]) > 1 and best in _FAMILY_NAMES:
            return text(say("{machines} need {share} the hours", machines=_FAMILY_NAMES[best], share=words))
        if words and len(costs[best]) == 1:
            return text(
                say("{machine} needs {share} the hours", machine=Name(_only(series, best)), share=words)
            )
    cheapest = sorted(cost for family in costs.values() for cost in family)
    if len(cheapest) > 1 and chosen.point.gpu_hours.p50 == cheapest[0] < 0.9 * cheapest[1]:
        return text(say("No machine needs fewer hours than {chosen}", chosen=Name(chosen.label)))
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
            return text(
                say(
                    "Beyond {gpus} {machine} gets no faster",
                    gpus=Name(gpu_count(chosen, chosen.curve[fastest])),
                    machine=Name(chosen.label),
                )
            )
        return ""
    if any(later >= earlier for earlier, later in pairwise(seconds)):
        return ""
    if chosen.ends_at_limit:
        return text(say("More GPUs shorten the run until the queue limit"))
    return text(say("More GPUs shorten the run"))


def _costs_by_family(series: ChartSeries) -> dict[str, list[float]]:
    costs: dict[str, list[float]] = {}
    for one in series.machines:
        if one.in_service and one.point is not None and not one.far_from_evidence:
            costs.setdefault(one.mark.family, []).append(one.point.gpu_hours.p50)
    return costs


def _only(series: ChartSeries, family: str) -> str:
    return next((one.label for one in series.machines if one.mark.family == family and one.in_service), "")


def _share_words(ratio: float) -> Said:
    """Words for a share of the cost, nothing where none is close."""
    for share, words in _SHARES:
        if abs(math.log(ratio / share)) < math.log(_SHARE_TOLERANCE):
            return words
    return NOTHING


# ---------------------------------------------------------------- for screen readers and the clipboard


def summary(series: ChartSeries) -> str:
    """The chart in sentences, for screen readers: the chosen machine first, then by cost."""
    lines = []
    if series.deadline_seconds is not None:
        lines.append(text(say("Deadline {time}.", time=Name(time_limit(series.deadline_seconds)))))
    for one in series.machines:
        if one.point is not None and one.in_service:
            lines.append(_machine_sentence(one, one.point))
    if series.own is not None:
        lines.append(f"{own_text(series.own)}.")
    missing = [one.label for one in series.machines if one.in_service and one.point is None]
    if missing:
        lines.append(
            text(say("Without a value: {machines}.", machines=Listed(tuple(map(Name, missing)), "")))
        )
    return " ".join(lines)


def _machine_sentence(one: MachineSeries, point: SeriesPoint) -> str:
    sentence = say(
        "{machine}: {hours} GPU-hours and {time} on {gpus}",
        machine=Name(one.label),
        hours=Amount(point.gpu_hours.p50, form="three"),
        time=Amount(point.seconds.p50, form="duration"),
        gpus=Name(gpu_count(one, point)),
    )
    if one.meets_deadline is False:
        return text(say("{sentence}, misses the deadline.", sentence=sentence))
    return text(say("{sentence}.", sentence=sentence))


TABLE_HEAD = (
    say("machine"), say("GPUs"), say("devices"), say("days P10"), say("days P50"), say("days P90"),
    say("GPU-hours P10"), say("GPU-hours P50"), say("GPU-hours P90"), say("is answer"),
)  # fmt: skip


def data_table(series: ChartSeries) -> str:
    """Every point of the chart as tab-separated text in the C locale."""
    everyone = series.machines if series.own is None else (*series.machines, series.own)
    rows = ["\t".join(map(text, TABLE_HEAD))]
    for one in everyone:
        points = one.curve or ((one.point,) if one.point is not None else ())
        rows.extend(_row(one, point) for point in points)
    return "\n".join(rows) + "\n"


def _row(one: MachineSeries, point: SeriesPoint) -> str:
    days = [value / 86400.0 for value in (point.seconds.p10, point.seconds.p50, point.seconds.p90)]
    hours = (point.gpu_hours.p10, point.gpu_hours.p50, point.gpu_hours.p90)
    is_answer = one.point is not None and point.devices == one.point.devices
    numbers = [plain(value) for value in (point.gpus, point.devices, *days, *hours)]
    return "\t".join([one.label, *numbers, text(YES) if is_answer else ""])
