"""The tab Access: which mode fits, when to apply, what is offered today, and every rule with its source."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget

from app.plan.project import OfferInput
from app.present import access as present
from app.present.access_chart import DoorSeries, series
from app.window.access_detail import AccessDetail
from app.window.access_table import AccessTable
from app.window.chart_slot import SeriesSlot
from app.window.parts.badge import Badge
from app.window.parts.buttons import IconButton
from app.window.parts.card import Surface, column, hairline, row
from app.window.parts.drawing import begin, box
from app.window.parts.text import IconLabel, Run, RunLines, Text
from app.window.theme.fonts import WIDE_FROM_PX
from app.window.theme.manager import inks
from app.words import text
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.requests.results import Request
from estimators.words import Name, Said, say

Change = Callable[[dict[str, Any], Said], str]
DETAIL_FROM_PX = 860
"""Width from which one mode stands in full beside the table."""
AXES_PX, LEAST_BAR_PX, MOST_BAR_PX = 64.0, 13.5, 30.0
"""Pixels of the chart beside its bars, and of one bar's row."""


class DoorSlot(SeriesSlot):
    """The chart without its title row, whose buttons go to the panel's head."""

    def __init__(self, head: QBoxLayout) -> None:
        super().__init__(say("Modes against the request"))
        self._head = head

    def fill(self, view: Any) -> None:
        """Put the chart in."""
        super().fill(view)
        view.header.hide()
        for button in (view.header.copy, view.header.download):
            self._head.addWidget(button)
            button.show()

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def show_series(self, series: DoorSeries) -> None:
        """Draw a series; every mode keeps room for its name."""
        self.setMinimumHeight(round(AXES_PX + LEAST_BAR_PX * max(4, len(series.bars))))
        self.setMaximumHeight(round(AXES_PX + MOST_BAR_PX * max(4, len(series.bars))))
        super().show_series(series)


class AccessTab(Surface):
    """Modes against the request; ticks and choices change the plan as steps of undo.

    Args:
        change: Sets inputs of the plan together under a label. Returns why not, or "".
        catalogue: Names the sources of facts; None reads the shipped one when it is needed.
    """

    def __init__(self, change: Change, catalogue: Catalogue | None = None) -> None:
        super().__init__()
        self._change = change
        self._catalogue = catalogue
        self._request: Request | None = None
        self._offers: tuple[OfferInput, ...] = ()
        self._shown = ""
        self.badge = Badge()
        self.lead = Text("", "label", "text2", wrap=True)
        self._head = row(gap=8)
        self.chart = DoorSlot(self._head)
        self.charts = (self.chart,)
        self.table = AccessTable()
        self.table.mode_shown.connect(self.show_mode)
        self.table.tick_clicked.connect(self.click_tick)
        self.copy = IconButton("copy", text(say("Copy the table")), self.table.copy, size=14, box_px=24)
        self.start = Text("", "label", "text", wrap=True)
        self._clock = IconLabel("calendar-clock", 15)
        self.remarks = Note()
        self.stale = Note()
        self.detail = AccessDetail(self.ask_for)
        self._line = hairline(vertical=True)
        self._arrange()

    def _arrange(self) -> None:
        layout = column(self, (14, 9, 6, 8), 8)
        layout.addWidget(self.stale)
        body = row(gap=12)
        body.addWidget(self._panel(), 57)
        body.addWidget(self._line)
        body.addWidget(self.detail, 43)
        layout.addLayout(body, 1)
        self._line.hide()
        self.detail.hide()

    def _panel(self) -> QWidget:
        page = Surface()
        layout = column(page, (0, 0, 8, 0), 6)
        self._head.addWidget(Text(text(say("Which door fits?")), "title"))
        self._head.addStretch()
        self._head.addWidget(self.badge)
        layout.addLayout(self._head)
        layout.addWidget(self.lead)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.table)
        line = row(gap=7)
        line.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.start, 1)
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(line)
        layout.addWidget(self.remarks)
        layout.addStretch()
        return scrolled(page)

    # ------------------------------------------------------------ content

    def show_request(self, request: Request | None, now: datetime.datetime | None = None) -> None:
        """Show another request; None leaves what is there.

        Args:
            now: For the countdown; None takes the clock.
        """
        if request is None:
            return
        if self._catalogue is None:
            self._catalogue = load_catalogue()
        self._request = request
        self._offers = present.plan_offers(request)
        self.badge.show_state(*present.badge(request))
        self.lead.setText(present.lead(request))
        self.start.setText(present.start_words(request, now or _now()))
        self._clock.setVisible(bool(self.start.text()))
        self._show_remarks()
        self.stale.show_words(text(request.doors.stale))
        self.chart.show_series(series(request))
        self._show_rows(now)

    def _show_rows(self, now: datetime.datetime | None = None) -> None:
        if self._request is None:
            return
        rows = present.rows(self._request)
        if not rows:
            return
        chosen = next((row.mode_id for row in rows if row.is_chosen), rows[0].mode_id)
        shown = self._shown if any(row.mode_id == self._shown for row in rows) else chosen
        self.table.show_rows(rows, shown if self._detail_shows() else "")
        self.table.setFixedHeight(self.table.natural_height())
        if self._detail_shows() and self._catalogue is not None:
            one = next(row for row in rows if row.mode_id == shown)
            asked = self._request.campaign.spec.mode
            self.detail.show_row(one, asked, now or _now(), self._catalogue)

    def _show_remarks(self) -> None:
        """What the chosen mode asks for; the mode in full says its conditions itself."""
        if self._request is not None:
            shown = present.remarks(self._request, with_conditions=not self._detail_shows())
            self.remarks.show_words(" ".join(shown))

    def show_mode(self, mode_id: str) -> None:
        """Show one mode in full, or what would have to change where there is no room for all of it."""
        self._shown = mode_id
        self._show_rows()
        if self._request is not None and not self._detail_shows():
            rows = present.rows(self._request)
            self.remarks.show_words(present.changes_of(next(row for row in rows if row.mode_id == mode_id)))

    # ------------------------------------------------------------ deeds

    def click_tick(self, mode_id: str) -> None:
        """Go from what the catalogue saw to "offered today", "not offered today", and back."""
        if self._request is None:
            return
        rows = present.rows(self._request)
        clicked = next(row for row in rows if row.mode_id == mode_id)
        machine = self._request.campaign.machine.id
        offered = present.next_tick(clicked)
        self._offers = present.offers_after(
            self._offers, machine, mode_id, offered, datetime.datetime.now().date()
        )
        mode = Name(clicked.name)
        label = {
            True: say("{mode} is offered", mode=mode),
            False: say("{mode} is not offered", mode=mode),
            None: say("{mode} goes back to the catalogue", mode=mode),
        }[offered]
        self._set({"campaign.offers": self._offers}, label)

    def ask_for(self, mode_id: str) -> None:
        """Name the mode in the plan, or let the smallest that fits stand again."""
        if self._request is None:
            return
        named = self._request.campaign.spec.mode
        self._set({"campaign.mode": None if named == mode_id else mode_id}, say("Change the access mode"))

    def _set(self, values: dict[str, Any], label: Said) -> None:
        refused = self._change(values, label)
        if refused:
            self.remarks.show_words(refused)

    # ------------------------------------------------------------ sizes

    def _detail_shows(self) -> bool:
        return not self.detail.isHidden()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        shows = self.width() >= DETAIL_FROM_PX
        wide = self.window().width() >= WIDE_FROM_PX
        if shows == self.detail.isHidden() or wide != self.table.wide:
            self.detail.setVisible(shows)
            self._line.setVisible(shows)
            self.table.set_wide(wide)
            self._show_rows()
            self._show_remarks()


def scrolled(page: QWidget) -> QScrollArea:
    """A page that scrolls upright where it finds no room."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


class Note(QWidget):
    """A sentence on the ground of a warning; takes no room without words."""

    def __init__(self) -> None:
        super().__init__()
        layout = row(self, (10, 7, 10, 7), 8)
        layout.addWidget(IconLabel("triangle-alert", 15, "warn"), 0, Qt.AlignmentFlag.AlignTop)
        self.words = RunLines()
        layout.addWidget(self.words, 1)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say another thing."""
        self.words.set_runs((Run(words, "label"),) if words else ())
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        box(begin(self), self.rect().toRectF(), 6, QColor(inks().warn_s))


def _now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()
