"""Right: the tabs. Only the one on the screen is kept up with the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget

from app.window.charts_tab import ChartsTab
from app.window.explanation_tab import ExplanationTab
from app.window.machines_tab import MachinesTab
from app.window.parts.buttons import TabButton
from app.window.parts.card import Surface, column, row
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison

TABS = ("Machines", "Charts", "Explanation")


class Tab(Protocol):
    """What every tab can do."""

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another result."""


class _Stack(QStackedWidget):
    """Takes its least size from no page, so that the window may be small."""

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)


class Workspace(Surface):
    """Tab row and pages."""

    machine_selected = Signal(str)
    tab_shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.machines = MachinesTab()
        self.charts = ChartsTab()
        self.explanation = ExplanationTab()
        self.machines.machine_selected.connect(self.machine_selected)
        self.charts.machine_selected.connect(self.machine_selected)
        self._pages: dict[str, Tab] = dict(
            zip(TABS, (self.machines, self.charts, self.explanation), strict=True)
        )
        self._answer: tuple[Comparison, Catalogue] | None = None
        self._stale: set[str] = set()
        self._buttons: dict[str, TabButton] = {}
        self.stack = _Stack()
        layout = column(self)
        layout.addWidget(self._tab_row())
        layout.addWidget(self.stack, 1)
        for page in (self.machines, self.charts, self.explanation):
            self.stack.addWidget(page)
        self.show_tab("Machines")

    def _tab_row(self) -> QFrame:
        strip = QFrame()
        strip.setObjectName("top")
        tabs = row(strip, (4, 0, 12, 1), 18)
        for name in TABS:
            button = TabButton(name, self._opener(name))
            self._buttons[name] = button
            tabs.addWidget(button)
        tabs.addStretch()
        strip.setFixedHeight(37)
        return strip

    def _opener(self, name: str) -> Callable[[], None]:
        return lambda: self.show_tab(name)

    @property
    def tab(self) -> str:
        """The tab on the screen."""
        return next(name for name, button in self._buttons.items() if button.isChecked())

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front.

        Raises:
            ValueError: There is no such tab.
        """
        if name not in self._buttons:
            raise ValueError(f"There is no tab {name!r}. Use one of {', '.join(TABS)}.")
        self._buttons[name].setChecked(True)
        self.stack.setCurrentIndex(TABS.index(name))
        if name in self._stale and self._answer is not None:
            self._pages[name].show_comparison(*self._answer)
            self._stale.discard(name)
        self.tab_shown.emit(name)

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another result in the front tab; the others follow when they are opened."""
        self._answer = (comparison, catalogue)
        self._stale = set(TABS) - {self.tab}
        self._pages[self.tab].show_comparison(comparison, catalogue)

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.machines.set_wide(wide)
