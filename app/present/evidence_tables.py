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
    card_name,
    signed_percent,
)
from app.words import text
from estimators.calibration import KNOWN, LAYOUTS, SEARCHED
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
from estimators.words import (
    Amount,
    Cased,
    Name,
    Said,
    Span,
    Value,
    plain,
    say,
)
from estimators.workloads.families import EVIDENCE

Grouping = Literal["class", "coverage", "producer", "gpu", "whole"]
GROUPINGS: tuple[tuple[Said, Grouping], ...] = (
    (say("Errors by producer"), "producer"),
    (say("Errors by card"), "gpu"),
    (say("Coverage by class"), "class"),
    (say("Coverage by level"), "coverage"),
    (say("Whole runs beside a constant MFU"), "whole"),
)
SHARE = Amount(80, "%", "fixed")
INSIDE = say("In {share}", share=SHARE)
ERROR_HEADS: tuple[Value, ...] = (Name("n"), say("Median"), Name("P90"), INSIDE)
CLASS_HEADS: tuple[Value, ...] = (say("Class"), Name("n"), say("Inside"), say("Range"), say("Width"))
_LAYOUTS: dict[str, Said] = {KNOWN: say("known"), SEARCHED: say("searched")}
_WORDS = tuple(one.word for _, one in EVIDENCE.values())
CLASS_NAMES = {
    **{
        f"{plain(word)}, {kind}": say(
            "{family}, {layout}", family=Cased(word, "capital"), layout=_LAYOUTS[kind]
        )
        for word in _WORDS
        for kind in LAYOUTS
    },
    "hidden size up to 2 048": say("Hidden to {n}", n=Amount(2048, form="fixed")),
    "whole runs, GPU-hours": say("Whole runs"),
    "published as time or tokens": say("As time, tokens/s"),
    "published as TFLOP/s or MFU": say("As TFLOP/s, MFU"),
    "all": say("All shown"),
}
WHOLE_HEADS: tuple[Value, ...] = (
    say("Run"),
    say("Nodewise"),
    say("MFU"),
    INSIDE,
)
COVERAGE_HEADS: tuple[Value, ...] = (
    say("Interval"),
    say("Inside"),
    *(Cased(word, "capital") for word in _WORDS),
)
METHOD = say(
    "At {share} the stated intervals; at other levels scaled by the empirical "
    "quantiles of the errors of the other producers in the same class (family, layout "
    "published or searched, whole run).",
    share=SHARE,
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
    words = say(
        "The {share} intervals hold {inside} of {n} runs",
        share=SHARE,
        inside=Amount(stated.inside, form="percent"),
        n=Amount(stated.rows, form="fixed"),
    )
    if stated.low is None or stated.high is None:
        return text(words)
    return text(say("{held}; {span} for other producers", held=words, span=_span(stated)))


def reliability_summary(series: ReliabilitySeries) -> str:
    """The diagram in sentences, for screen readers."""
    parts = [f"{n.percent(level.nominal)}: {n.percent(level.inside)}" for level in series.levels]
    return (
        text(say("Share of runs inside, by level of the interval: {parts}.", parts=Name(", ".join(parts))))
        if parts
        else text(say("No run"))
    )


def reliability_text(series: ReliabilitySeries) -> str:
    """The diagram's numbers, tab-separated in the C locale."""
    lines = ["nominal\tinside\tlow\thigh\truns"]
    for level in series.levels:
        ends = [n.plain(end) if end is not None else "" for end in (level.low, level.high)]
        lines.append("\t".join([n.plain(level.nominal), n.plain(level.inside), *ends, str(level.rows)]))
    return "\n".join(lines) + "\n" if series.levels else ""


def level_words(level: Coverage) -> tuple[str, str, str]:
    """The card at one point of the diagram."""
    head = text(say("{nominal} intervals", nominal=Amount(level.nominal, form="percent")))
    body = text(
        say(
            "hold {inside} of {n} runs",
            inside=Amount(level.inside, form="percent"),
            n=Amount(level.rows, form="fixed"),
        )
    )
    return (
        head,
        body,
        text(say("{span} when producers change", span=_span(level))) if level.low is not None else "",
    )


def _span(level: Coverage) -> Span:
    low, high = (100.0 * (end or 0.0) for end in (level.low, level.high))
    return Span(low, high, "%", "fixed")


# ---------------------------------------------------------------- tables


def table_of(grouping: Grouping, runs: Sequence[PublishedRun]) -> TextTable:
    """One of the tables about the runs shown."""
    title = text(next(words for words, key in GROUPINGS if key == grouping))
    if grouping == "coverage":
        return _coverage_table(title, runs)
    if grouping == "class":
        return _class_table(title, runs)
    if grouping == "whole":
        return _whole_table(title, runs)
    if grouping == "gpu":
        return _error_table(title, text(say("Card")), runs, [card_name(run.gpu) for run in runs])
    return _error_table(title, text(say("Producer")), runs, [run.producer for run in runs])


def _error_table(title: str, head: str, runs: Sequence[PublishedRun], names: Sequence[str]) -> TextTable:
    groups: dict[str, list[PublishedRun]] = {}
    for name, run in zip(names, runs, strict=True):
        groups.setdefault(name, []).append(run)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    listed = [(text(say("All shown")), list(runs)), *ordered] if runs else []
    made = [_error_row(name, members) for name, members in listed]
    shown, plain = tuple(row for row, _ in made), tuple(row for _, row in made)
    return TextTable(title, (head, *map(text, ERROR_HEADS)), shown, plain)


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
    return TextTable(title, tuple(map(text, COVERAGE_HEADS)), tuple(shown), tuple(plain))


def _class_table(title: str, runs: Sequence[PublishedRun]) -> TextTable:
    """How many runs the stated intervals hold, by what was known of them."""
    found = class_coverage([held_error(run) for run in runs])
    shown, plain = [], []
    for item in found:
        name = text(CLASS_NAMES.get(item.name, item.name))
        ends = text(Span(100.0 * item.low, 100.0 * item.high, "%", "fixed"))
        shares = (n.percent(item.inside), ends, n.plain(round(item.width, 2)))
        shown.append((name, n.exact(item.rows), *shares))
        written = (
            n.plain(item.inside),
            text(Span(item.low, item.high, form="plain")),
            n.plain(item.width),
        )
        plain.append((item.name, str(item.rows), *written))
    return TextTable(title, tuple(map(text, CLASS_HEADS)), tuple(shown), tuple(plain))


def _whole_table(title: str, runs: Sequence[PublishedRun]) -> TextTable:
    """GPU-hours of whole runs, predicted and by the constant MFU of the other producers."""
    whole = [(run, run.constant_mfu_ratio) for run in runs if run.constant_mfu_ratio is not None]
    if not whole:
        return TextTable(title, tuple(map(text, WHOLE_HEADS)), (), ())
    ours, constant = [_off(run.time_ratio) for run, _ in whole], [_off(ratio) for _, ratio in whole]
    middle = [statistics.median(errors) for errors in (ours, constant)]
    inside = sum(run.inside for run, _ in whole)
    held = (
        text(
            say(
                "{inside} of {whole}",
                inside=Amount(inside, form="fixed"),
                whole=Amount(len(whole), form="fixed"),
            )
        ),
        text(
            say(
                "{inside} of {whole}",
                inside=Amount(inside, form="fixed"),
                whole=Amount(len(whole), form="fixed"),
            )
        ),
    )
    shown = [
        (
            text(say("Median error of {whole}", whole=Amount(len(whole), form="fixed"))),
            *(n.percent(error) for error in middle),
            held[0],
        )
    ]
    plain = [
        (
            text(say("Median error of {whole}", whole=Amount(len(whole), form="fixed"))),
            *(n.plain(error) for error in middle),
            held[1],
        )
    ]
    for run, ratio in whole:
        yes = _yes(run.inside)
        shown.append((run.model, signed_percent(run.time_ratio), signed_percent(ratio), yes))
        plain.append((run.model, n.plain(run.time_ratio - 1.0), n.plain(ratio - 1.0), yes))
    return TextTable(title, tuple(map(text, WHOLE_HEADS)), tuple(shown), tuple(plain))


def _off(ratio: float) -> float:
    """How far off a ratio is, whichever way."""
    return math.exp(abs(math.log(ratio))) - 1.0


def _share(share: float) -> str:
    return n.percent(share) if math.isfinite(share) else n.EMPTY


# ---------------------------------------------------------------- words of the ratio chart


def _yes(is_so: bool) -> str:
    return text(say("yes") if is_so else say("no"))
