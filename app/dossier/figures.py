"""The charts of a dossier, drawn when a writer asks for them; always in the light theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from app.dossier.document import FigureBlock, PictureFormat
from app.dossier.material import Material
from app.dossier.text import BAND, sentence
from app.present.access import mode_id
from app.present.calendar import gantt_series, gantt_summary, month_series, months_summary
from app.present.chart_series import ChartSeries, chart_series, with_plans_mode
from app.present.palette import LIGHT
from app.present.scaling import scaling_series, series_summary
from app.present.step_series import step_series, step_summary
from app.words import speaking, spoken, text
from estimators.words import Amount, Name, Said, say

PAGE_WIDTH_MM = 174.0
PIXELS_PER_MM = 96.0 / 25.4
SHRINK = 1.22
"""Charts are drawn this much larger than printed: chart text of 9 points stands at 7.4 on paper."""
BESIDE_HEIGHT_MM = 61.0
GANTT_HEAD_MM, GANTT_ROW_MM = 10.0, 5.4
MOST_GANTT_ROWS = 60
"""The chart draws no more."""

Drawer = Callable[[Any, Any], object]


def hours_against_days(material: Material, width: float) -> FigureBlock | None:
    """What speed costs on the machine asked for; None where the run does not fit there."""
    series = _machines(material)
    if series is None or series.chosen is None:
        return None
    alone = replace(series, machines=(series.chosen,), own=None, front=(), modes=(), gaps=())
    machine = Name(series.chosen.label)
    alt = text(
        say(
            "GPU-hours of the main run against wall-clock days on {machine}, for every number of GPUs.",
            machine=machine,
        )
    )
    caption = say("GPU-hours against days on {machine}. Band: {share}.", machine=machine, share=BAND)
    draw = partial(_draw_machines, alone)
    return _figure("gpu-hours-against-days", caption, alt, draw, width, BESIDE_HEIGHT_MM)


def all_machines(material: Material) -> FigureBlock | None:
    """The same on each machine, with the bounds of access modes; None where nothing fits."""
    series = _machines(material)
    if series is None or series.chosen is None:
        return None
    alt = text(
        say(
            "GPU-hours of the main run against wall-clock days for {n} machines; {machine} is emphasised.",
            n=Amount(len(series.machines), form="fixed"),
            machine=Name(series.chosen.label),
        )
    )
    caption = say("GPU-hours against days. Band: {share}. Dotted: access modes.", share=BAND)
    return _figure("all-machines", caption, alt, partial(_draw_machines, series), 0.8, 74.0)


def _machines(material: Material) -> ChartSeries | None:
    """The main run on every machine; None where it fits on none, or not on the one asked for."""
    if material.comparison.headline is None:
        return None
    catalogue = material.catalogue
    series = chart_series(
        material.comparison, material.campaign.machine.id, catalogue.access_modes.values(), catalogue.gpus
    )
    series = with_plans_mode(series, mode_id(material.request))
    return series if series.chosen is not None and series.chosen.point is not None else None


def _draw_machines(series: ChartSeries, figure: Any, look: Any) -> object:
    from app.charts import gpu_hours_against_days

    return gpu_hours_against_days.draw(figure, series, look)


def months(material: Material, width: float) -> FigureBlock | None:
    """Node-hours of every month; None where nothing is asked for."""
    series = month_series(material.campaign)
    if not material.campaign.request_node_hours:
        return None

    def draw(figure: Any, look: Any) -> object:
        from app.charts import months

        return months.draw(figure, series, look)

    caption = say("Use by month, node-hours.")
    return _figure("use-by-month", caption, months_summary(series), draw, width, BESIDE_HEIGHT_MM)


def calendar(material: Material) -> FigureBlock | None:
    """The Gantt chart; None where no run fits."""
    series = gantt_series(material.campaign)
    if not any(row.start_day is not None for row in series.rows):
        return None

    def draw(figure: Any, look: Any) -> object:
        from app.charts import gantt

        return gantt.draw(figure, series, look)

    height = GANTT_HEAD_MM + GANTT_ROW_MM * min(len(series.rows), MOST_GANTT_ROWS)
    return _figure("calendar", Name(series.subtitle), gantt_summary(series), draw, 1.0, height)


def scaling(material: Material) -> FigureBlock | None:
    """Efficiency of the main run against its size; a line needs two sizes."""
    series = scaling_series(material.request.scaling, material.campaign, material.catalogue)
    if series is None or all(len(line.points) < 2 for line in series.lines):
        return None
    on_paper = replace(series, names_reviewers=False)  # a reviewer need not be told what reviewers ask

    def draw(figure: Any, look: Any) -> object:
        from app.charts import scaling

        return scaling.draw(figure, on_paper, look)

    measured = Name(sentence(series.subtitle))
    caption = say("Efficiency of the main run against its size. {measured}", measured=measured)
    return _figure("scaling", caption, series_summary(series), draw, 0.7, 46.0)


def step_time(material: Material) -> FigureBlock | None:
    """Where the time of one step of the main run goes."""
    series = step_series(material.comparison, material.campaign.machine.id)
    if series is None:
        return None

    def draw(figure: Any, look: Any) -> object:
        from app.charts import step_parts

        return step_parts.draw(figure, series, look)

    caption = say("Where the time of one step of the main run goes. Hatched: network behind computation.")
    return _figure("step-time", caption, step_summary(series), draw, 0.8, 52.0)


def _figure(
    key: str, caption: Said | Name, alt: str, draw: Drawer, width: float, height_mm: float
) -> FigureBlock:
    """A figure whose picture speaks as the dossier around it, whenever it is drawn."""
    language = spoken()
    across = PAGE_WIDTH_MM * width * PIXELS_PER_MM * SHRINK
    upright = height_mm * PIXELS_PER_MM * SHRINK

    @cache
    def picture(format_name: PictureFormat) -> bytes:
        from app.charts import export

        with speaking(language):
            return export.picture(draw, format_name, LIGHT, across, upright)

    return FigureBlock(key, text(caption), alt, picture, width, upright / across)
