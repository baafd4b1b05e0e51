"""Bars under the top bar: what happened and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from app.window.parts.bar import Action, MessageBar
from app.words import text
from estimators.words import Name, say


class Messages:
    """The bars of one window, newest on top."""

    def __init__(self, layout: QVBoxLayout, place: int) -> None:
        self._layout, self._place = layout, place
        self.bars: list[MessageBar] = []
        self._refused: MessageBar | None = None
        self._doubt: MessageBar | None = None

    def tell(self, tone: str, sentence: str, actions: tuple[Action, ...] = ()) -> MessageBar:
        """Show a bar; a sentence that shows already is not repeated."""
        for shown in self.bars:
            if shown.sentence == sentence:
                return shown
        bar = MessageBar(tone, sentence, actions)
        bar.closed.connect(self._forget)
        self.bars.append(bar)
        self._layout.insertWidget(self._place, bar)
        return bar

    def _forget(self, bar: MessageBar) -> None:
        if bar in self.bars:
            self.bars.remove(bar)

    def show_refused(self, sentence: str) -> None:
        """Say why the plan of the moment has no answer, in place of what was said before."""
        self.hide_refused()
        words = text(
            say(
                "{upper}{sentence} The last good answer stays.",
                upper=Name(sentence[:1].upper()),
                sentence=Name(sentence[1:]),
            )
        )
        self._refused = self.tell("fail", words)

    def hide_refused(self) -> None:
        """The plan has an answer again."""
        if self._refused is not None and self._refused in self.bars:
            self._refused.close_bar()
        self._refused = None

    def show_doubt(self, sentence: str, confirm: Callable[[], object]) -> None:
        """Ask whether a measurement is right, in place of what was asked before."""
        self.hide_doubt()
        self._doubt = self.tell("warn", sentence, ((text(say("It is right: take it")), confirm),))

    def hide_doubt(self) -> None:
        """Nothing is asked any more."""
        if self._doubt is not None and self._doubt in self.bars:
            self._doubt.close_bar()
        self._doubt = None
