"""Export asks what and where, writes beside the window, and says what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.plan.schema import DossierInput, Plan
from app.plan.writing import WritingError
from app.window import export_dialog, page_preview
from app.window.export_dialog import ExportDialog
from app.window.export_work import KINDS, Preview, first_page, write_kinds
from app.window.main_window import MainWindow
from app.window.parts.badge import TONE_ICONS
from app.window.parts.field import AmountField
from estimators.words import say
from tests.window.conftest import Answers

Counted = Callable[[MainWindow], None]


@pytest.fixture
def dialog(
    window: MainWindow, counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ExportDialog:
    def page(_request: object, plan: Plan, _catalogue: object, pixels_per_inch: float) -> Preview:
        return Preview(b"", f"{plan.dossier.edition}, {plan.about}, {pixels_per_inch > 10.0}")

    monkeypatch.setattr(page_preview, "first_page", page)  # drawing has a test of its own
    counted(window)
    window.export()
    dialog = window.export_dialog
    dialog.folder.setText(str(tmp_path / "out"))
    return dialog


def tick(dialog: ExportDialog, *kinds: str) -> None:
    for name, box in dialog.kinds.items():
        box.setChecked(name in kinds)


def test_that_nothing_is_exported_before_the_request_is_counted(
    window: MainWindow, counted: Counted, qtbot: QtBot
) -> None:
    counted(window)
    assert window.deeds["export"].isEnabled()
    window.bench.document.change("campaign.months", 6)
    assert not window.deeds["export"].isEnabled()
    window.export()
    assert window.export_dialog is None
    counted(window)
    assert window.top.export.isEnabled()


def test_that_kinds_are_written_and_the_bar_says_so(
    window: MainWindow, dialog: ExportDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    tick(dialog, "md", "form", "jobs")
    dialog.editions.choose("team")
    qtbot.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    assert not window.deeds["export"].isEnabled()
    qtbot.waitUntil(lambda: not dialog.is_writing, timeout=20000)
    names = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}
    assert {"nordic-9b-TEAM-ONLY.md", "nordic-9b-form.md", "nordic-9b-form.csv"} <= names
    assert "jobs/main/README.md" in names
    assert window.bars[-1].tone == "ok"
    assert "files written to" in window.bars[-1].sentence
    # the edition is part of the plan, so that the request was counted anew beside the writing
    qtbot.waitUntil(lambda: window.deeds["export"].isEnabled(), timeout=20000)


def test_that_a_failure_is_a_sentence(
    window: MainWindow, dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise WritingError(say("The disk is full. Choose another."))

    monkeypatch.setattr(export_dialog, "write_kinds", full)
    dialog.start()
    qtbot.waitUntil(lambda: not dialog.is_writing)
    assert [bar.sentence for bar in window.bars] == ["Not exported: The disk is full. Choose another."]
    assert window.bars[-1].tone in TONE_ICONS


def test_that_a_folder_that_cannot_be_made_is_said(
    window: MainWindow, counted: Counted, tmp_path: Path
) -> None:
    counted(window)
    (tmp_path / "file").write_text("")
    bench = window.bench
    with pytest.raises(WritingError, match="cannot be written"):
        write_kinds(
            ("md",), bench.request, bench.document.plan, bench.document.catalogue, tmp_path / "file" / "x"
        )


def test_that_the_button_waits_for_a_kind_and_a_folder(dialog: ExportDialog, tmp_path: Path) -> None:
    tick(dialog)
    assert dialog.problem.text() == "Tick at least one kind of file."
    tick(dialog, "pdf")
    assert dialog.write.isEnabled()
    dialog.folder.setText(" ")
    assert dialog.problem.text() == "Name a folder."
    (tmp_path / "file").write_text("")
    dialog.folder.setText(str(tmp_path / "file"))
    assert not dialog.write.isEnabled()


def test_that_a_folder_is_chosen_through_the_prompts(
    dialog: ExportDialog, answers: Answers, tmp_path: Path
) -> None:
    answers.folder = tmp_path / "chosen"
    dialog.browse.click()
    assert dialog.folder.text() == str(tmp_path / "chosen")
    answers.folder = None
    dialog.browse.click()
    assert dialog.folder.text() == str(tmp_path / "chosen")


def test_that_choices_are_kept_for_the_next_time(
    window: MainWindow, dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(export_dialog, "write_kinds", lambda *_arguments: ())
    tick(dialog, "json", "figures")
    dialog.start()
    qtbot.waitUntil(lambda: not dialog.is_writing)
    window.export()
    assert window.export_dialog.chosen() == ("json", "figures")
    assert Path(window.export_dialog.folder.text()).parent == tmp_path


def test_that_escape_writes_nothing(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()
    assert not dialog.is_writing
    assert not (tmp_path / "out").exists()


def test_that_every_kind_says_what_it_is_for(dialog: ExportDialog) -> None:
    assert all(dialog.kinds[kind.id].accessibleDescription() for kind in KINDS)


def export_again(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.start()
    qtbot.waitUntil(lambda: not dialog.is_writing, timeout=20000)


@pytest.fixture
def earlier(window: MainWindow, dialog: ExportDialog, tmp_path: Path, qtbot: QtBot) -> Path:
    """A file of an earlier export that somebody has worked on, beside files of others."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    tick(dialog, "md", "form", "jobs")
    dialog.editions.choose("team")
    export_again(dialog, qtbot)
    filled_in = out / "jobs" / "main" / "megatron.sbatch"
    filled_in.write_text("filled in")
    return filled_in


def test_that_a_batch_over_files_asks_one_question_and_no_keeps_them_all(
    window: MainWindow, dialog: ExportDialog, answers: Answers, earlier: Path, qtbot: QtBot
) -> None:
    assert answers.asked == []
    before = {path: path.read_bytes() for path in earlier.parents[2].rglob("*.*")}
    export_again(dialog, qtbot)
    assert len(answers.asked) == 1
    assert answers.asked[0].startswith("replace ")
    assert {path: path.read_bytes() for path in earlier.parents[2].rglob("*.*")} == before
    assert "Nothing was exported" in window.bars[-1].sentence


def test_that_a_batch_over_files_writes_them_once_that_was_allowed(
    window: MainWindow, dialog: ExportDialog, answers: Answers, earlier: Path, qtbot: QtBot
) -> None:
    answers.replace = True
    export_again(dialog, qtbot)
    qtbot.waitUntil(lambda: window.bars[-1].tone == "ok", timeout=20000)
    assert len(answers.asked) == 1
    assert earlier.read_text() != "filled in"
    assert (earlier.parents[2] / "notes.txt").read_text() == "mine"


def test_that_the_plan_itself_is_never_written_over(
    window: MainWindow, counted: Counted, tmp_path: Path
) -> None:
    counted(window)
    plan_file = tmp_path / "nordic-9b.json"
    plan_file.write_text("the plan")
    bench = window.bench
    with pytest.raises(WritingError, match="is the plan itself"):
        write_kinds(
            ("json",), bench.request, bench.document.plan, bench.document.catalogue, tmp_path, True, plan_file
        )
    assert plan_file.read_text() == "the plan"


# ---------------------------------------------------------------- the applicant's own words and the edition


def type_into(dialog: ExportDialog, key: str, text: str) -> None:
    """Type as a person does, letter by letter."""
    field = dialog.form.rows[key].field
    target = field.edit if isinstance(field, AmountField) else field
    target.setFocus()
    QTest.keyClicks(target, text)


def test_that_words_of_the_dossier_are_edits_of_the_plan_that_can_be_undone(
    window: MainWindow, dialog: ExportDialog
) -> None:
    document = window.bench.document
    type_into(dialog, "acronym", "KIELI")
    dialog.form.rows["acronym"].field.finished.emit()
    type_into(dialog, "summary", "New for schools.")
    dialog.form.rows["summary"].field.finished.emit()
    assert document.plan.dossier.acronym == "KIELI"
    assert document.plan.dossier.summary == "New for schools."
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert dialog.form.rows["summary"].field.toPlainText() == ""
    document.undo_stack.undo()
    assert document.plan.dossier == DossierInput()
    assert dialog.form.rows["acronym"].field.text() == ""


def test_that_the_title_of_an_older_plan_can_be_edited_and_taken_away(
    window: MainWindow, dialog: ExportDialog
) -> None:
    document, field = window.bench.document, dialog.form.rows["title"].field
    assert field.text() == "9B for Finnish and Swedish"
    type_into(dialog, "title", " now")
    assert document.plan.about == field.text()
    assert document.plan.title == ""
    field.edit.selectAll()
    QTest.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert document.plan.about == ""
    assert field.edit.placeholderText().startswith("Continued pre-training of EuroLLM-9B on 300")
    document.undo_stack.undo()
    assert document.plan.about == "9B for Finnish and Swedish"


def test_that_words_that_no_plan_holds_are_said_at_the_field_and_not_exported(
    window: MainWindow, dialog: ExportDialog
) -> None:
    field = dialog.form.rows["applicant_name"].field
    field.edit.setText("x" * 201)
    field.typed.emit("x" * 201)
    assert "at most 200 characters" in dialog.form.rows["applicant_name"].error
    assert dialog.problem.text() == "Correct the field above."
    assert not dialog.write.isEnabled()
    assert window.bench.document.plan.dossier.applicant_name == ""
    field.edit.setText("x")
    field.typed.emit("x")
    assert dialog.write.isEnabled()


def test_that_the_edition_is_kept_in_the_plan_and_job_scripts_are_the_teams(
    window: MainWindow, dialog: ExportDialog, qtbot: QtBot
) -> None:
    tick(dialog, "pdf", "jobs")
    assert dialog.chosen() == ("pdf",)
    assert not dialog.kinds["jobs"].isEnabled()
    reviewers, teams = dialog.editions.cards
    assert reviewers.button.isChecked()
    qtbot.mouseClick(teams, Qt.MouseButton.LeftButton)
    assert window.bench.document.plan.dossier.edition == "team"
    assert dialog.chosen() == ("pdf", "jobs")
    window.bench.document.undo_stack.undo()
    assert reviewers.button.isChecked()
    assert not teams.button.isChecked()
    teams.button.click()
    teams.button.click()
    assert teams.button.isChecked()


def test_that_the_first_page_follows_words_and_edition(dialog: ExportDialog, qtbot: QtBot) -> None:
    words = dialog.page.words
    qtbot.waitUntil(lambda: words.text() == "reviewer, 9B for Finnish and Swedish, True")
    dialog.editions.choose("team")
    dialog.form.rows["title"].field.edit.end(False)
    type_into(dialog, "title", " 2")
    qtbot.waitUntil(lambda: words.text() == "team, 9B for Finnish and Swedish 2, True")


def test_that_the_first_page_is_a_picture_with_the_number_of_pages(
    window: MainWindow, counted: Counted
) -> None:
    counted(window)
    bench = window.bench
    made = first_page(bench.request, bench.document.plan, bench.document.catalogue, 40.0)
    assert made.picture.startswith(b"\x89PNG")
    assert re.fullmatch(r"\d pages\. No page limit is known for Fast Lane\.", made.words)
