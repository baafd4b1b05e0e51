"""Right: the tabs. Only the one on the screen is kept up with the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.present.held import held_mark
from app.window.machines_tab import MachinesTab
from app.window.parts.badge import TONE_ICONS, Badge, badge_width
from app.window.parts.buttons import TabButton
from app.window.parts.card import Band, Surface, column, row
from app.window.parts.drawing import begin
from app.window.parts.words import draw_words, text_width
from app.window.tabs import OF_REQUEST, TABS, TITLES, TabId
from app.window.theme.icons import draw_icon
from app.window.theme.manager import inks
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import Amount, say

if TYPE_CHECKING:
    from estimators.requests.results import Request

TAB_GAP_PX = 18


class _Stack(QStackedWidget):
    """Takes its least size from no page, so that the window may be small."""

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)


class CountedTab(TabButton):
    """A tab that counts what fails and what warns."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None) -> None:
        self._counts: tuple[tuple[str, int], ...] = ()
        super().__init__(text, clicked)

    def set_counts(self, fails: int, warnings: int) -> None:
        """Show counts that are not zero, each with its icon."""
        self._counts = tuple((tone, count) for tone, count in (("fail", fails), ("warn", warnings)) if count)
        said = [text(say("{fails} failing", fails=Amount(fails, form="fixed")))] * bool(fails) + [
            text(say("{warnings} warnings", warnings=Amount(warnings, form="fixed")))
        ] * bool(warnings)
        self.setAccessibleName(", ".join([self.words(), *said]))
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        return [22.0 + text_width(str(count), "badge") for _, count in self._counts]

    def words_area(self) -> QRectF:
        """Left of the counts."""
        return super().words_area().adjusted(0, 0, -sum(self._widths()), 0)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(round(sum(self._widths())), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = begin(self)
        x = self.width() - sum(self._widths())
        for (tone, count), width in zip(self._counts, self._widths(), strict=True):
            colour = inks().tone(tone)[0]
            draw_icon(painter, TONE_ICONS[tone], colour, QRectF(x + 5, -2, 13, self.height()), 13)
            painter.setPen(QColor(colour))
            draw_words(painter, QRectF(x + 21, -2, width, self.height()), str(count), "badge")
            x += width


class Workspace(Surface):
    """Tab row and pages."""

    machine_selected = Signal(str)
    tab_shown = Signal(str)
    """Carries the id of the tab."""

    def __init__(self, makers: Mapping[TabId, Callable[[], QWidget]]) -> None:
        super().__init__()
        self._makers = {"charts": self._make_charts, "evidence": _make_evidence, **makers}
        self.machines = MachinesTab()
        self.machines.machine_selected.connect(self.machine_selected)
        self._pages: dict[TabId, Any] = {"machines": self.machines}
        self._answer: tuple[Comparison, Catalogue] | None = None
        self._request: Request | None = None
        self._state: tuple[bool, str, str] = (False, "", "")
        self._stale: set[TabId] = set()
        self._held = ("", "")
        self.mark = Badge()
        self._buttons: dict[TabId, TabButton] = {}
        self.stack = _Stack()
        layout = column(self)
        layout.addWidget(self._tab_row())
        layout.addWidget(self.stack, 1)
        self.stack.addWidget(self.machines)
        self.show_tab("machines")

    def _tab_row(self) -> QWidget:
        strip = Band("bottom")
        tabs = row(strip, (4, 0, 12, 1), TAB_GAP_PX)
        for name in TABS:
            make = CountedTab if name == "findings" else TabButton
            button = make(text(TITLES[name]), self._opener(name))
            self._buttons[name] = button
            tabs.addWidget(button)
        tabs.addStretch()
        tabs.addWidget(self.mark)
        strip.setFixedHeight(37)
        return strip

    def _opener(self, name: TabId) -> Callable[[], None]:
        return lambda: self.show_tab(name)

    @property
    def tab(self) -> TabId:
        """The tab on the screen."""
        return next(name for name, button in self._buttons.items() if button.isChecked())

    def show_tab(self, name: TabId) -> None:
        """Bring a tab to the front."""
        self._buttons[name].setChecked(True)
        page = self.page(name)
        self.stack.setCurrentWidget(page)
        self._show_mark()
        self._bring_up(name, page)
        self.tab_shown.emit(name)

    def focus_tab(self) -> None:
        """Give the keyboard to the tab in front."""
        self._buttons[self.tab].setFocus()

    def page(self, name: TabId) -> Any:
        """The page of a tab; made when it is first wanted."""
        if name not in self._pages:
            page: Any = self._makers.get(name, _make_explanation)()
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
        self._stale |= set(TABS) - set(OF_REQUEST)
        self._bring_up(self.tab, self._pages[self.tab])

    def show_request(self, request: Request) -> None:
        """Show another request in the front tab, and what it finds on the tab of findings."""
        self._request = request
        self._stale |= set(OF_REQUEST)
        from app.present.access import mode_id  # not before the first paint, which has no request

        self.machines.show_mode(mode_id(request))
        counts = Counter(finding.severity for finding in request.findings)
        findings = self._buttons["findings"]
        assert isinstance(findings, CountedTab)
        findings.set_counts(counts["fail"], counts["warn"])
        self._bring_up(self.tab, self._pages[self.tab])

    def set_refining(self, refining: bool, run_id: str, problem: str) -> None:
        """Mark what shows of the request as that of an earlier plan; name the run on the screen."""
        self._state = (refining, run_id, problem)
        self._mark(self._pages[self.tab])

    def set_held(self, of_answer: str, of_request: str) -> None:
        """Say why what shows is not current: for the run's tabs, and for those about the whole plan."""
        self._held = (of_answer, of_request)
        self._show_mark()

    def _show_mark(self) -> None:
        words = self._held[self.tab in OF_REQUEST]
        tone, words_shown = held_mark()
        tabs = sum(button.sizeHint().width() + TAB_GAP_PX for button in self._buttons.values())
        has_room = tabs + badge_width(words_shown, tone) < self.width()
        self.mark.show_state(tone, words_shown if words and has_room else "")
        self.mark.setToolTip(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_mark()

    def _mark(self, page: Any) -> None:
        if hasattr(page, "set_refining"):
            page.set_refining(*self._state)

    def _bring_up(self, name: TabId, page: Any) -> None:
        """Give a page what came while it was not in front."""
        if name in self._stale:
            if name in OF_REQUEST and self._request is not None:
                self._stale.discard(name)
                page.show_request(self._request)
            elif name not in OF_REQUEST and self._answer is not None:
                self._stale.discard(name)
                page.show_comparison(*self._answer)
        self._mark(page)

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.machines.set_wide(wide)


def _make_explanation() -> QWidget:
    from app.window.explanation_tab import ExplanationTab

    return ExplanationTab()


def _make_evidence() -> QWidget:
    from app.window.evidence_tab import EvidenceTab

    return EvidenceTab()
