"""Findings as a card, and the list of rules that passed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy

from app.present import numbers as n
from app.present.finding_groups import FindingGroup
from app.window.parts.badge import TONE_ICONS
from app.window.parts.buttons import Button, Kind, LinkText
from app.window.parts.card import Card, column, row
from app.window.parts.drawing import begin
from app.window.parts.text import ElidedText, IconLabel, Text
from app.window.theme.manager import inks
from app.words import text
from estimators.requests.results import Finding
from estimators.words import say, say_many

EDGE_PX = 3
FEW = 6
TONES = {"fail": "fail", "warn": "warn", "info": "info", "pass": "ok"}


class FindingCard(Card):
    """Title with the numbers that clash, why, source, and the fix where there is one."""

    def __init__(self, group: FindingGroup, fix: Callable[[FindingGroup], object], is_first: bool) -> None:
        super().__init__()
        self.group = group
        tone = TONES[group.severity]
        self.setAccessibleName(group.spoken)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = row(self, (14, 10, 12, 10), 12)
        icon = IconLabel(TONE_ICONS[tone], 20, "accent" if tone == "info" else tone)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(gap=1)
        for shown, role, ink in (
            (group.title, "body-600", "text"),
            (group.runs_words, "label", "text"),
            (group.why, "label", "text2"),
            (group.source, "help", "text3"),
        ):
            if shown:
                words.addWidget(Text(shown, role, ink, wrap=True))
        layout.addLayout(words, 1)
        self.button: Button | None = None
        if group.fix_label:
            kind: Kind = "primary" if is_first and group.severity == "fail" else "secondary"
            label = text(group.fix_label)
            self.button = Button(label, "wrench", kind, lambda: fix(group), height=30)
            self.button.setAccessibleName(f"{label}: {group.title}")
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = begin(self)
        shape = QPainterPath()
        shape.addRoundedRect(self.rect().toRectF(), 8, 8)
        painter.setClipPath(shape)
        colour = inks().tone(TONES[self.group.severity])[0]
        painter.fillRect(QRectF(0, 0, EDGE_PX, self.height()), QColor(colour))


class PassedCard(Card):
    """The rules that hold, each with what the plan has; the first few until all are wanted."""

    def __init__(self, findings: tuple[Finding, ...], show_all: bool, toggle: Callable[[], object]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = column(self, (15, 9, 15, 10), 4)
        head = row(gap=9)
        head.addWidget(Text(text(say("Passed")), "panel"))
        head.addWidget(
            Text(
                text(say_many("{n} rule", "{n} rules", len(findings), n=n.counts(len(findings)))),
                "label",
                "text2",
            ),
            1,
        )
        if len(findings) > FEW:
            head.addWidget(LinkText(text(say("Show fewer")) if show_all else text(say("Show all")), toggle))
        layout.addLayout(head)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(2, 1)
        for place, finding in enumerate(findings if show_all else findings[:FEW]):
            self._add(grid, place, finding)
        layout.addLayout(grid)

    def _add(self, grid: QGridLayout, place: int, finding: Finding) -> None:
        grid.addWidget(IconLabel("circle-check", 14, "ok"), place, 0)
        name = Text(text(finding.title), "label-500")
        figure = ElidedText(passed_words(finding), "label", "text2")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name.setToolTip(" ".join(text(part) for part in (finding.why, finding.source) if part))
        grid.addWidget(name, place, 1)
        grid.addWidget(figure, place, 2)


def passed_words(finding: Finding) -> str:
    """What the plan has, and what the rule allows."""
    if not finding.limit or text(finding.limit) in text(finding.figure):
        return text(finding.figure or finding.why)
    if not finding.figure:
        return text(finding.limit)
    return text(say("{figure} of {limit}", figure=finding.figure, limit=finding.limit))
