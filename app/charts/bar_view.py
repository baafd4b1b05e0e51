"""Bar charts of one result as widgets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping

from matplotlib.backend_bases import Event
from matplotlib.figure import Figure
from PySide6.QtWidgets import QWidget

from app.charts import device_memory, step_parts
from app.charts.style import Look
from app.charts.view import ChartView
from app.present import step_series as bars
from app.words import text
from estimators.catalogue.records import AccessMode, Gpu
from estimators.planning.records import Comparison
from estimators.words import say

SMALLEST_DRAWN = 40


class BarChartView(ChartView):
    """A chart that is drawn anew for every final result, and rests while values are dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas.mpl_connect("resize_event", self._after_resize)
        self.draw_anew()

    @abstractmethod
    def take(self, comparison: Comparison, chosen: str | None, gpus: Mapping[str, Gpu] | None) -> None:
        """Keep what the chart shows of a result."""

    @abstractmethod
    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> None:
        """Draw what was kept."""

    def show_comparison(
        self,
        comparison: Comparison,
        chosen_machine_id: str | None,
        modes: Iterable[AccessMode] = (),
        gpus: Mapping[str, Gpu] | None = None,
    ) -> None:
        """Show a result.

        Args:
            comparison: The run on every machine.
            chosen_machine_id: The machine to emphasise; None takes that of the headline.
            modes: Not used; every chart takes the same arguments.
            gpus: GPU entries of the catalogue by id.
        """
        if not comparison.final:
            return
        self.take(comparison, chosen_machine_id, gpus)
        self.describe()
        self.draw_anew()

    def set_refining(self, refining: bool) -> None:
        """Nothing moves while values are dragged."""

    def draw_anew(self) -> None:
        """Draw everything from nothing."""
        figure = self.canvas.figure
        figure.clear()
        figure.set_facecolor(self.palette_of_theme.surface)
        if min(self.canvas.width(), self.canvas.height()) > SMALLEST_DRAWN:
            self.draw_on(figure, self.look(), None)
        self.canvas.draw_idle()

    def draw_with_heading(self, figure: Figure, look: Look) -> None:
        """Draw the same chart for a file."""
        figure.set_facecolor(look.palette.surface)
        self.draw_on(figure, look, (text(self.title), self.subtitle()))

    def _after_resize(self, _: Event) -> None:
        self.draw_anew()


class StepTime(BarChartView):
    """Where the time of a step goes on the chosen machine."""

    title = step_parts.TITLE
    _series: bars.StepSeries | None = None

    def take(self, comparison: Comparison, chosen: str | None, gpus: Mapping[str, Gpu] | None) -> None:
        """Keep the step of the chosen machine."""
        self._series = bars.step_series(comparison, chosen)

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> None:
        """Draw the bars, or nothing where the machine has no step."""
        if self._series is not None:
            step_parts.draw(figure, self._series, look, heading)

    def subtitle(self) -> str:
        """How much computes and how much waits."""
        return bars.step_subtitle(self._series) if self._series is not None else ""

    def summary(self) -> str:
        """All parts of the step."""
        return bars.step_summary(self._series) if self._series is not None else text(say("No result yet"))

    def data(self) -> str:
        """The parts of the step in seconds."""
        return bars.step_table(self._series) if self._series is not None else ""


class DeviceMemory(BarChartView):
    """Memory on each device of every machine, against the limit."""

    title = device_memory.TITLE
    _rows: tuple[bars.MemoryRow, ...] = ()

    def take(self, comparison: Comparison, chosen: str | None, gpus: Mapping[str, Gpu] | None) -> None:
        """Keep one row for each machine."""
        self._rows = bars.memory_rows(comparison, chosen, gpus)

    def draw_on(self, figure: Figure, look: Look, heading: tuple[str, str] | None) -> None:
        """Draw the rows."""
        if self._rows:
            device_memory.draw(figure, self._rows, look, heading)

    def subtitle(self) -> str:
        """On how many machines the run fits."""
        return bars.memory_subtitle(self._rows)

    def summary(self) -> str:
        """Memory of every machine."""
        return bars.memory_summary(self._rows) if self._rows else text(say("No result yet"))

    def data(self) -> str:
        """The parts of every machine in bytes."""
        return bars.memory_table(self._rows) if self._rows else ""
