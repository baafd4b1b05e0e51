"""The tab Explanation: the tree left, one figure taken apart right."""

from __future__ import annotations

from app.present.answer import conditions
from app.present.evidence import NearestRow, nearest_rows
from app.present.explanation import explanation_text
from app.window.explanation_detail import ExplanationDetail
from app.window.explanation_tree import ExplanationTree
from app.window.held import copy_text
from app.window.parts.card import Band, Surface, column, row
from app.window.parts.text import Text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.quantity import Figure

TREE_PX = 251


class ExplanationTab(Surface):
    """Shows where the headline's GPU-hours come from; drawn only while it is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: Figure | None = None
        self._conditions = ""
        self._shown: Figure | None = None
        self._nearest: tuple[NearestRow, ...] = ()
        self.tree = ExplanationTree()
        self.detail = ExplanationDetail(self.copy_text, self.tree.go_to)
        self.tree.figure_chosen.connect(self.detail.show_figure)
        self.empty = Text("Nothing fits, so there is no number to explain.", "body", "text2")
        layout = row(self)
        left = Band("right")
        left.setMinimumWidth(TREE_PX)
        side = column(left, (10, 9, 9, 8), 3)
        side.addWidget(Text("From the answer down to facts", "head", "text2"))
        side.addWidget(self.tree, 1)
        layout.addWidget(left, 31)
        layout.addWidget(self.detail, 69)
        layout.addWidget(self.empty, 1)
        self.empty.hide()

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Explain another result."""
        if comparison.final or comparison.explanation is None:
            self._figure = comparison.explanation
            self._conditions = conditions(comparison, catalogue)
            self._nearest = nearest_rows(comparison, catalogue)
        if self.isVisible():
            self._show()

    def show_other(self, figure: Figure, conditions: str) -> None:
        """Explain another figure than the headline's, until the next result; say what it holds for."""
        self._figure, self._conditions = figure, conditions
        self._show()

    def copy_text(self) -> None:
        """Put the whole tree as text on the clipboard."""
        if self._figure is not None:
            copy_text(self, explanation_text(self._figure, self._conditions))

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._show()

    def _show(self) -> None:
        if self._figure is self._shown and self._figure is not None:
            return
        self._shown = self._figure
        has_figure = self._figure is not None
        self.empty.setVisible(not has_figure)
        self.detail.setVisible(has_figure)
        self.tree.show_figure(self._figure)
        self.detail.nearest.show_rows(self._nearest)
