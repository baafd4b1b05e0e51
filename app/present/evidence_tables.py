"""How far off the held-out predictions are: errors by producer, coverage of intervals, and the words."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.present import numbers as n
from app.present.evidence import (
    FAMILY_NAMES,
    EvidencePoint,
    EvidenceSeries,
    NearestRow,
    PlanMark,
    card_name,
    error_words,
    evidence_mark,
    run_name,
    signed_percent,
)
from app.present.palette import Mark
from estimators.calibration import LAYOUTS
from estimators.evidence.coverage import class_coverage
from estimators.evidence.published import PublishedRun, published_runs
from estimators.evidence.reliability import (
    STATED,
    Coverage,
    Flags,
    HeldError,
    coverage,
    inside_by_level,
    summary_of,
)
from estimators.workloads.families import EVIDENCE

Grouping = Literal["class", "coverage", "producer", "gpu", "whole"]
GROUPINGS: tuple[tuple[str, Grouping], ...] = (
    ("Errors by producer", "producer"),
    ("Errors by card", "gpu"),
    ("Coverage by class", "class"),
    ("Coverage by level", "coverage"),
    ("Whole runs beside a constant MFU", "whole"),
)
ERROR_HEADS = ("n", "Median", "P90", f"In 80{n.THIN_SPACE}%")
CLASS_HEADS = ("Class", "n", "Inside", "Range", "Width")
_WORDS = tuple(one.word for _, one in EVIDENCE.values())
CLASS_NAMES = {
    **{f"{word}, {kind}": f"{word.capitalize()}, {kind.split()[-1]}" for word in _WORDS for kind in LAYOUTS},
    "hidden size up to 2 048": f"Hidden to 2{n.THIN_SPACE}048",
    "whole runs, GPU-hours": "Whole runs",
    "published as time or tokens": "As time, tokens/s",
    "published as TFLOP/s or MFU": "As TFLOP/s, MFU",
    "all": "All shown",
}
WHOLE_HEADS = ("Run", "Nodewise", "MFU", f"In 80{n.THIN_SPACE}%")
COVERAGE_HEADS = ("Interval", "Inside", *(word.capitalize() for word in _WORDS))
METHOD = (
    f"At 80{n.THIN_SPACE}% the stated intervals; at other levels scaled by the empirical quantiles of the "
    "errors of the other producers in the same class (family, layout published or searched, whole run)."
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in words; the first column names, all others are numbers.

    Attributes:
        plain: The same cells in the C locale, for the clipboard.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Tab-separated, for the clipboard."""
        lines = [self.heads, *self.plain]
        return "\n".join("\t".join(line) for line in lines).replace(n.THIN_SPACE, " ") + "\n"


@dataclass(frozen=True, slots=True)
class ReliabilitySeries:
    """What the reliability diagram shows; no levels where no run is shown."""

    levels: tuple[Coverage, ...]

    @property
    def stated(self) -> Coverage | None:
        """The level that the screen states everywhere."""
        return next((level for level in self.levels if math.isclose(level.nominal, STATED)), None)


# ---------------------------------------------------------------- coverage


def held_error(run: PublishedRun) -> HeldError:
    """What the reliability of a run is judged by."""
    return HeldError(
        producer=run.producer,
        series=f"{run.model} on {run.gpu}",
        kind=run.kind,
        log_ratio=math.log(run.time_ratio),
        half_width=run.half_width,
        quantity=run.quantity,
        hidden=run.hidden,
    )


@lru_cache(maxsize=1)
def _inside() -> tuple[dict[str, int], Flags]:
    """For every published run the row of flags, one for each level."""
    runs = published_runs()
    places = {run.id: place for place, run in enumerate(runs)}
    return places, inside_by_level([held_error(run) for run in runs])


def coverage_of(runs: Sequence[PublishedRun]) -> tuple[Coverage, ...]:
    """The reliability of the intervals on some published runs."""
    places, inside = _inside()
    return coverage(inside[[places[run.id] for run in runs]], [run.producer for run in runs])


def reliability_series(runs: Sequence[PublishedRun]) -> ReliabilitySeries:
    """The reliability diagram of the runs shown."""
    return ReliabilitySeries(coverage_of(runs))


def reliability_subtitle(series: ReliabilitySeries) -> str:
    """How many runs the stated intervals hold."""
    stated = series.stated
    if stated is None:
        return ""
    words = f"The 80{n.THIN_SPACE}% intervals hold {n.percent(stated.inside)} of {n.exact(stated.rows)} runs"
    if stated.low is None or stated.high is None:
        return words
    return f"{words}; {_span(stated)} for other producers"


def reliability_summary(series: ReliabilitySeries) -> str:
    """The diagram in sentences, for screen readers."""
    parts = [f"{n.percent(level.nominal)}: {n.percent(level.inside)}" for level in series.levels]
    return f"Share of runs inside, by level of the interval: {', '.join(parts)}." if parts else "No run"


def reliability_text(series: ReliabilitySeries) -> str:
    """The diagram's numbers, tab-separated in the C locale."""
    lines = ["nominal\tinside\tlow\thigh\truns"]
    for level in series.levels:
        ends = [n.plain(end) if end is not None else "" for end in (level.low, level.high)]
        lines.append("\t".join([n.plain(level.nominal), n.plain(level.inside), *ends, str(level.rows)]))
    return "\n".join(lines) + "\n" if series.levels else ""


def level_words(level: Coverage) -> tuple[str, str, str]:
    """The card at one point of the diagram."""
    head = f"{n.percent(level.nominal)} intervals"
    body = f"hold {n.percent(level.inside)} of {n.exact(level.rows)} runs"
    return head, body, f"{_span(level)} when producers change" if level.low is not None else ""


def _span(level: Coverage) -> str:
    low, high = (f"{100.0 * (end or 0.0):.0f}" for end in (level.low, level.high))
    return f"{low} to {n.with_unit(high, '%')}"


# ---------------------------------------------------------------- tables


def table_of(grouping: Grouping, runs: Sequence[PublishedRun]) -> TextTable:
    """One of the tables about the runs shown."""
    title = next(words for words, key in GROUPINGS if key == grouping)
    if grouping == "coverage":
        return _coverage_table(title, runs)
    if grouping == "class":
        return _class_table(title, runs)
    if grouping == "whole":
        return _whole_table(title, runs)
    if grouping == "gpu":
        return _error_table(title, "Card", runs, [card_name(run.gpu) for run in runs])
    return _error_table(title, "Producer", runs, [run.producer for run in runs])


def _error_table(title: str, head: str, runs: Sequence[PublishedRun], names: Sequence[str]) -> TextTable:
    groups: dict[str, list[PublishedRun]] = {}
    for name, run in zip(names, runs, strict=True):
        groups.setdefault(name, []).append(run)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    listed = [("All shown", list(runs)), *ordered] if runs else []
    made = [_error_row(name, members) for name, members in listed]
    shown, plain = tuple(row for row, _ in made), tuple(row for _, row in made)
    return TextTable(title, (head, *ERROR_HEADS), shown, plain)


def _error_row(name: str, runs: list[PublishedRun]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = summary_of(held_error(run) for run in runs)
    shares = (found.median, found.p90, found.inside)
    shown = (name, n.exact(found.rows), *(n.percent(share) for share in shares))
    return shown, (name, str(found.rows), *(n.plain(share) for share in shares))


def _coverage_table(title: str, runs: Sequence[PublishedRun]) -> TextTable:
    families = [[run for run in runs if run.family == family] for family in EVIDENCE]
    columns = [coverage_of(members) for members in (runs, *families)]
    shown, plain = [], []
    for place, level in enumerate(columns[0]):
        shares = [column[place].inside if column else math.nan for column in columns]
        shown.append((n.percent(level.nominal), *(_share(share) for share in shares)))
        plain.append((n.plain(level.nominal), *(n.plain(share) for share in shares)))
    return TextTable(title, COVERAGE_HEADS, tuple(shown), tuple(plain))


def _class_table(title: str, runs: Sequence[PublishedRun]) -> TextTable:
    """How many runs the stated intervals hold, by what was known of them."""
    found = class_coverage([held_error(run) for run in runs])
    shown, plain = [], []
    for item in found:
        name = CLASS_NAMES.get(item.name, item.name)
        ends = f"{100.0 * item.low:.0f} to {n.with_unit(f'{100.0 * item.high:.0f}', '%')}"
        shares = (n.percent(item.inside), ends, n.plain(round(item.width, 2)))
        shown.append((name, n.exact(item.rows), *shares))
        written = (n.plain(item.inside), f"{n.plain(item.low)} to {n.plain(item.high)}", n.plain(item.width))
        plain.append((item.name, str(item.rows), *written))
    return TextTable(title, CLASS_HEADS, tuple(shown), tuple(plain))


def _whole_table(title: str, runs: Sequence[PublishedRun]) -> TextTable:
    """GPU-hours of whole runs, predicted and by the constant MFU of the other producers."""
    whole = [(run, run.constant_mfu_ratio) for run in runs if run.constant_mfu_ratio is not None]
    if not whole:
        return TextTable(title, WHOLE_HEADS, (), ())
    ours, constant = [_off(run.time_ratio) for run, _ in whole], [_off(ratio) for _, ratio in whole]
    middle = [statistics.median(errors) for errors in (ours, constant)]
    inside = sum(run.inside for run, _ in whole)
    held = (f"{inside} of {len(whole)}", f"{inside} of {len(whole)}")
    shown = [(f"Median error of {len(whole)}", *(n.percent(error) for error in middle), held[0])]
    plain = [(f"Median error of {len(whole)}", *(n.plain(error) for error in middle), held[1])]
    for run, ratio in whole:
        yes = "yes" if run.inside else "no"
        shown.append((run.model, signed_percent(run.time_ratio), signed_percent(ratio), yes))
        plain.append((run.model, n.plain(run.time_ratio - 1.0), n.plain(ratio - 1.0), yes))
    return TextTable(title, WHOLE_HEADS, tuple(shown), tuple(plain))


def _off(ratio: float) -> float:
    """How far off a ratio is, whichever way."""
    return math.exp(abs(math.log(ratio))) - 1.0


def _share(share: float) -> str:
    return n.percent(share) if math.isfinite(share) else n.EMPTY


def nearest_text(rows: Sequence[NearestRow]) -> str:
    """The nearest runs for the clipboard, tab-separated in the C locale."""
    heads = ("model", "GPUs", "card", "software", "measured", "predicted", "unit")
    lines = ["\t".join((*heads, "time error", f"inside 80{n.THIN_SPACE}% interval", "source", "address"))]
    for row in rows:
        run = row.run
        numbers = (n.plain(run.measured), n.plain(run.predicted), run.unit, n.plain(run.time_ratio - 1.0))
        start = (row.model, n.plain(run.gpus), row.card, row.software)
        lines.append("\t".join((*start, *numbers, "yes" if row.inside else "no", run.source, row.link)))
    return "\n".join(lines).replace(n.THIN_SPACE, " ") + "\n"


# ---------------------------------------------------------------- words of the ratio chart


def evidence_subtitle(series: EvidenceSeries) -> str:
    """Median error and coverage of the runs shown."""
    if not series.points:
        return "No published run of this kind"
    found = summary_of(held_error(point.run) for point in series.points)
    runs = n.counted(found.rows, "held-out run", "held-out runs")
    return f"{runs}, median error {n.percent(found.median)}"


def evidence_summary(series: EvidenceSeries) -> str:
    """The ratio chart in sentences, for screen readers."""
    if not series.points:
        return "No published run is shown."
    near = "; ".join(f"{run_name(point.run)} {signed_percent(point.ratio)}" for point in series.named)
    shown = f"{n.counted(len(series.points), 'published run', 'published runs')}."
    return f"{shown} Nearest to this plan: {near}." if near else shown


def evidence_text(series: EvidenceSeries) -> str:
    """Every point of the ratio chart, tab-separated in the C locale."""
    if not series.points:
        return ""
    lines = ["id\tproducer\tmodel\tcard\tGPUs\tpredicted time / measured time\thalf width\tnearest\tsource"]
    for point in series.points:
        run = point.run
        numbers = (n.plain(run.gpus), n.plain(point.ratio), n.plain(run.half_width), str(point.rank or ""))
        lines.append("\t".join((run.id, run.producer, run.model, run.gpu, *numbers, run.source)))
    return "\n".join(lines) + "\n"


def point_words(point: EvidencePoint) -> tuple[str, str, str]:
    """The card at one run."""
    run = point.run
    head = f"{run.model} on {n.exact(run.gpus)} {card_name(run.gpu)}"
    words = error_words(run)
    return head, f"{words[:1].upper()}{words[1:]}", run.producer


def plan_words(plan: PlanMark) -> tuple[str, str, str]:
    """The card at the plan itself."""
    low, high = signed_percent(plan.low), signed_percent(plan.high)
    return plan.label, f"Its own 80{n.THIN_SPACE}% interval: {low} to {high}", "Not measured yet"


def shown_families(series: EvidenceSeries) -> tuple[tuple[str, Mark], ...]:
    """Name and mark of every GPU family shown, most runs first."""
    counts: dict[str, int] = {}
    for point in series.points:
        counts[point.run.gpu_family] = counts.get(point.run.gpu_family, 0) + 1
    ordered = sorted(counts, key=lambda family: (-counts[family], family))
    return tuple((FAMILY_NAMES.get(family, family), evidence_mark(family)) for family in ordered)
