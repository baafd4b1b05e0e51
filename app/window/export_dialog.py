"""Export: for whom, which kinds of files, into which folder; the writing goes on beside the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QSizePolicy, QWidget
from shiboken6 import isValid

from app.plan.files import name_for_files
from app.plan.writing import FilesExistError, WritingError
from app.present import numbers as n
from app.present.answer import plain
from app.present.campaign import sentence
from app.window.document import Document
from app.window.dossier_form import DossierForm, EditionChoice
from app.window.export_work import KINDS, USUAL, write_kinds
from app.window.folders import settings
from app.window.frame import Frame
from app.window.page_preview import PagePreview
from app.window.parts.bar import MessageBar
from app.window.parts.buttons import Button
from app.window.parts.card import column, row
from app.window.parts.field import AmountField
from app.window.parts.text import ElidedText, Text
from app.window.tasks import run_task
from app.window.theme.fonts import font
from app.words import text
from estimators.requests.results import Request
from estimators.words import Name, say, say_many

FORM_PX = 600
PAGE_PX = 388
"""Width of the first page beside the questions, where the window has room for it."""
LEAST_WIDE_PX = 1120
FOLDER_KEY, KINDS_KEY = "export/folder", "export/kinds"


class ExportDialog(QDialog):
    """Asks, then writes; what came of it stands in a bar of the window.

    The request is that of the moment in which the dialog opened. The applicant's own words and the edition
    are edited here and exported as they then are.
    """

    writing = Signal(bool)

    def __init__(self, window: Frame, document: Document, request: Request, state_folder: Path) -> None:
        super().__init__(window)
        self._tell = window.tell
        self._bar: MessageBar | None = None
        self._document, self._catalogue = document, document.catalogue
        self._plan_file = document.path
        self._request, self._prompts = request, window.prompts
        self._settings = settings(state_folder)
        self.is_writing = False
        self.setWindowTitle(text(say("Export the dossier")))
        self.form = DossierForm(document)
        self.is_wide = window.width() >= LEAST_WIDE_PX
        self.editions = EditionChoice(document, with_lists=self.is_wide)
        self.page = PagePreview(request, document, PAGE_PX if self.is_wide else 0)
        kept = str(self._settings.value(KINDS_KEY, ",".join(USUAL))).split(",")
        self.kinds = {kind.id: QCheckBox(kind.words) for kind in KINDS}
        for kind in KINDS:
            box = self.kinds[kind.id]
            box.setFont(font("body-500"))
            box.setChecked(kind.id in kept)
            box.setAccessibleDescription(kind.hint)
            box.toggled.connect(self._check)
        field = AmountField(text(say("Folder to export into")), steps=False)
        self.folder = field.edit
        self.folder.setText(str(self._first_folder(document.path)))
        self.folder.textChanged.connect(self._check)
        self._field = field
        self.browse = Button(text(say("Choose")), "folder-open", "secondary", self._browse, height=30)
        self.browse.setAccessibleName(text(say("Choose a folder")))
        self.problem = Text("", "help", "fail", wrap=True)
        self.cancel = Button(text(say("Cancel")), kind="secondary", clicked=self.reject, height=32)
        self.write = Button(text(say("Export")), "file-output", "primary", self.start, height=32)
        self._arrange()
        self.form.judged.connect(self._check)
        document.changed.connect(self._check)
        self._check()

    def _first_folder(self, path: Path | None) -> Path:
        """Beside the plan's file, else where the last export went, else among the documents."""
        if path is not None:
            return path.parent / f"{name_for_files(self._document.plan)}-dossier"
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kept = str(self._settings.value(FOLDER_KEY, documents))
        return Path(kept) / f"{name_for_files(self._document.plan)}-dossier"

    def _arrange(self) -> None:
        layout = column(self, (20, 16, 20, 14), 10)
        head = row(gap=12)
        head.addWidget(Text(text(say("Export the dossier")), "title"))
        head.addWidget(ElidedText(plain(sentence(self._request)), "label", "text2"), 1)
        layout.addLayout(head)
        body = row(gap=24)
        layout.addLayout(body, 1)
        questions = QWidget()
        questions.setMinimumWidth(FORM_PX)
        lines = column(questions, gap=10)
        lines.addWidget(self.form)
        lines.addWidget(Text(text(say("Edition")), "body-600"))
        lines.addWidget(self.editions)
        lines.addWidget(Text(text(say("Files")), "body-600"))
        lines.addLayout(self._files())
        line = row(gap=8)
        line.addWidget(Text(text(say("Folder")), "label", "text2"))
        line.addWidget(self._field, 1)
        line.addWidget(self.browse)
        lines.addLayout(line)
        body.addWidget(questions, 1)
        if self.is_wide:
            body.addWidget(self.page)
        else:
            lines.addWidget(self.page)
        lines.addStretch()
        self.problem.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        end = row(gap=10)
        end.addWidget(self.problem, 3)
        end.addStretch(1)
        end.addWidget(self.cancel)
        end.addWidget(self.write)
        layout.addLayout(end)

    def _files(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for place, kind in enumerate(KINDS):
            cell = QWidget()
            lines = column(cell, gap=0)
            lines.addWidget(self.kinds[kind.id])
            hint = Text(kind.hint, "help", "text3")
            hint.setContentsMargins(24, 0, 0, 0)
            lines.addWidget(hint)
            grid.addWidget(cell, place // 4, place % 4)
        return grid

    # ------------------------------------------------------------ deeds

    def chosen(self) -> tuple[str, ...]:
        """Kinds that are ticked and go with the edition."""
        is_for_team = self.editions.edition == "team"
        return tuple(
            kind.id
            for kind in KINDS
            if self.kinds[kind.id].isChecked() and (is_for_team or not kind.is_for_team)
        )

    def _check(self, _value: object = None) -> None:
        """Say what is missing, beside the button that waits for it."""
        for kind in KINDS:
            self.kinds[kind.id].setEnabled(not kind.is_for_team or self.editions.edition == "team")
        problem = ""
        if self.form.error:
            problem = text(say("Correct the field above."))
        elif not self.chosen():
            problem = text(say("Tick at least one kind of file."))
        elif not self.folder.text().strip():
            problem = text(say("Name a folder."))
        elif Path(self.folder.text()).expanduser().is_file():
            problem = text(say("This is a file. Name a folder."))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.write.setEnabled(not problem)

    def _browse(self) -> None:
        folder = self._prompts.folder_to_fill(self, self.folder.text())
        if folder is not None:
            self.folder.setText(str(folder))

    def start(self) -> None:
        """Close, and write beside the window."""
        kinds, folder = self.chosen(), Path(self.folder.text().strip()).expanduser()
        ticked = [kind.id for kind in KINDS if self.kinds[kind.id].isChecked()]
        self._settings.setValue(KINDS_KEY, ",".join(ticked))
        self._settings.setValue(FOLDER_KEY, str(folder.parent))
        self.accept()
        self._write(kinds, folder, force=False)

    def _write(self, kinds: tuple[str, ...], folder: Path, force: bool) -> None:
        self._set_writing(True)
        self._bar = self._tell(
            "info", text(say("Writing to {folder}. You can go on working.", folder=Name(str(folder))))
        )
        plan = self._document.plan
        work = partial(
            write_kinds, kinds, self._request, plan, self._catalogue, folder, force, self._plan_file
        )
        run_task(work, partial(self._written, folder), partial(self._failed, kinds, folder))

    def _set_writing(self, writing: bool) -> None:
        self.is_writing = writing
        if not writing and self._bar is not None and isValid(self._bar):
            self._bar.close_bar()
        self.writing.emit(writing)

    def _written(self, folder: Path, files: tuple[Path, ...]) -> None:
        self._set_writing(False)
        show = (
            text(say("Open the folder")),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))),
        )
        self._tell(
            "ok",
            text(
                say(
                    "{files} written to {folder}.",
                    files=say_many("{n} file", "{n} files", len(files), n=n.counts(len(files))),
                    folder=Name(str(folder)),
                )
            ),
            (show,),
        )

    def _failed(self, kinds: tuple[str, ...], folder: Path, error: Exception) -> None:
        self._set_writing(False)
        if isinstance(error, FilesExistError):
            if self._prompts.may_replace(self.parentWidget(), error.files):
                self._write(kinds, folder, force=True)
            else:
                self._tell(
                    "info",
                    text(say("Nothing was exported; {folder} is as it was.", folder=Name(str(folder)))),
                )
            return
        if not isinstance(error, WritingError):
            raise error  # a fault of our own
        self._tell("fail", text(say("Not exported: {error}", error=error.said)))
