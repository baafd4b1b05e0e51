"""The frame of the window: messages above one page. Through it, parts of the window ask and tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from app.window.messages import Messages
from app.window.parts.bar import Action, MessageBar
from app.window.parts.card import Ground, column
from app.window.timing import report

if TYPE_CHECKING:  # the first paint asks nothing
    from app.window.prompts import Prompts


class Frame(QMainWindow):
    """What every part of the window may know of it: whom to ask, where to tell, which page shows.

    `painted` says that a page stands on the screen.
    """

    painted = Signal()

    def __init__(self, prompts: Prompts | None = None) -> None:
        """Frame nothing yet.

        Args:
            prompts: Who answers questions; None for the real dialogs.
        """
        super().__init__()
        self._prompts = prompts
        self.ground = Ground()
        self._layout = column(self.ground)
        self.messages = Messages(self._layout, 1)
        self.setCentralWidget(self.ground)
        self.page: QWidget | None = None
        self._first_paint = True
        self._rest: Callable[[], object] | None = None

    def set_top(self, bar: QWidget) -> None:
        """Put a bar above messages and page."""
        self._layout.insertWidget(0, bar)

    def set_page(self, page: QWidget) -> None:
        """Show a page in place of the one that stood there."""
        if self.page is not None:
            self._layout.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = page
        self._layout.addWidget(page, 1)

    # ------------------------------------------------------------ asking and telling

    @property
    def prompts(self) -> Prompts:
        """Where questions to the person go."""
        if self._prompts is None:
            from app.window.prompts import Dialogs

            self._prompts = Dialogs()
        return self._prompts

    @property
    def bars(self) -> list[MessageBar]:
        """What shows under the top bar."""
        return self.messages.bars

    def tell(self, tone: str, sentence: str, actions: tuple[Action, ...] = ()) -> MessageBar:
        """Show a bar under the top bar; a sentence that shows already is not repeated."""
        return self.messages.tell(tone, sentence, actions)

    # ------------------------------------------------------------ after the first paint

    def after_paint(self, part: QWidget, rest: Callable[[], object]) -> None:
        """Do the slow rest once this part stands on the screen; at once where the window stands already."""
        self._rest = rest
        if self._first_paint:
            part.installEventFilter(self)
        else:
            self._do_rest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._first_paint and event.type() == QEvent.Type.Paint:
            self._first_paint = False
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._do_rest)
        return super().eventFilter(watched, event)

    def _do_rest(self) -> None:
        report("first paint")
        self.painted.emit()
        if self._rest is not None:
            self._rest()
