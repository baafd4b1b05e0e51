"""Right: the tabs. Only the one on the screen is kept up with the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.window.machines_tab import MachinesTab
from app.window.parts.buttons import TabButton
from app.window.parts.card import Band, Surface, column, row
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison

TABS = ("Machines", "Charts", "Explanation", "Evidence")


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
        self.machines.machine_selected.connect(self.machine_selected)
        self._pages: dict[str, Any] = {"Machines": self.machines}
        self._answer: tuple[Comparison, Catalogue] | None = None
        self._stale: set[str] = set()
        self._buttons: dict[str, TabButton] = {}
        self.stack = _Stack()
        layout = column(self)
        layout.addWidget(self._tab_row())
        layout.addWidget(self.stack, 1)
        self.stack.addWidget(self.machines)
        self.show_tab("Machines")

    def _tab_row(self) -> QWidget:
        strip = Band("bottom")
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
        page = self.page(name)
        self.stack.setCurrentWidget(page)
        if name in self._stale and self._answer is not None:
            page.show_comparison(*self._answer)
            self._stale.discard(name)
        self.tab_shown.emit(name)

    def page(self, name: str) -> Any:
        """The page of a tab; made when it is first wanted."""
        if name not in self._pages:
            makers = {"Charts": self._make_charts, "Evidence": _make_evidence}
            page = makers.get(name, _make_explanation)()
            self._pages[name] = page
            self.stack.addWidget(page)
        return self._pages[name]

    def _make_charts(self) -> QWidget:
        from app.window.charts_tab import ChartsTab

        page = ChartsTab()
        page.machine_selected.connect(self.machine_selected)
        return page

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another result in the front tab; the others follow when they are opened."""
        self._answer = (comparison, catalogue)
        self._stale = set(TABS) - {self.tab}
        self._pages[self.tab].show_comparison(comparison, catalogue)

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.machines.set_wide(wide)


def _make_explanation() -> QWidget:
    from app.window.explanation_tab import ExplanationTab

    return ExplanationTab()


def _make_evidence() -> QWidget:
    from app.window.evidence_tab import EvidenceTab

    return EvidenceTab()
