"""What is kept between sessions: unsaved work and recent files."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import msgspec

from app.plan import autosave, recent
from app.plan.files import write_plan
from app.plan.schema import Plan

NOW = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)

CRASH = """
import datetime, os, sys
from pathlib import Path
from app.plan.autosave import Session
from app.plan.files import read_plan
plan = read_plan(Path(sys.argv[2]))
now = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
Session(Path(sys.argv[1])).keep(plan, None, now)
os._exit(1)
"""


def test_that_work_of_a_crashed_session_is_recovered(nordic: Plan, tmp_path: Path) -> None:
    source = tmp_path / "plan.nodewise.json"
    write_plan(source, nordic)
    state = tmp_path / "state"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", CRASH, state, source], cwd=root, check=False, timeout=60)
    (found,) = autosave.recoverable(state)
    assert (found.plan, found.original) == (nordic, None)
    autosave.discard(found)
    assert autosave.recoverable(state) == ()
    assert list((state / autosave.FOLDER_NAME).iterdir()) == []


def test_that_work_of_a_living_session_is_left_alone(nordic: Plan, tmp_path: Path) -> None:
    session = autosave.Session(tmp_path)
    session.keep(nordic, None, NOW)
    assert autosave.recoverable(tmp_path) == ()
    session.close()
    assert list((tmp_path / autosave.FOLDER_NAME).iterdir()) == []


def left_over(state: Path, plan: Plan, original: Path | None, written: datetime.datetime) -> Path:
    """An autosave file without a session."""
    session = autosave.Session(state)
    session.keep(plan, original, written)
    content = session.file.read_bytes()
    session.close()
    session.file.write_bytes(content)
    return session.file


def test_that_only_work_that_the_file_lacks_is_offered_newest_first(nordic: Plan, tmp_path: Path) -> None:
    saved = tmp_path / "plan.nodewise.json"
    write_plan(saved, nordic)
    renamed = msgspec.structs.replace(nordic, name="renamed")
    same = left_over(tmp_path, nordic, saved, NOW)
    left_over(tmp_path, renamed, saved, NOW)
    left_over(tmp_path, nordic, tmp_path / "moved.nodewise.json", NOW + datetime.timedelta(hours=1))
    found = autosave.recoverable(tmp_path)
    assert [recovery.plan.name for recovery in found] == ["nordic-9b", "renamed"]
    assert not same.exists()


def test_that_a_damaged_autosave_is_passed_over(nordic: Plan, tmp_path: Path) -> None:
    for text in ("", "{}", "[" * 100_000, '{"plan": {}, "original": null, "written": "x"}'):
        left_over(tmp_path, nordic, None, NOW).write_text(text)
    assert autosave.recoverable(tmp_path) == ()
    assert autosave.recoverable(tmp_path / "none") == ()


def test_that_recent_plans_are_few_newest_first_and_without_repeats(nordic: Plan, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.nodewise.json" for number in range(10)]
    for path in paths:
        write_plan(path, nordic)
        recent.remember(tmp_path, path)
    recent.remember(tmp_path, paths[5])
    assert [path.name[0] for path in recent.recent_paths(tmp_path)] == list("59876432")
    paths[9].unlink()
    shown = recent.recent_plans(tmp_path)
    assert [plan.path.name[0] for plan in shown] == list("5876432")
    assert shown[0].name == "nordic-9b"


def test_that_a_damaged_recent_list_counts_as_empty(tmp_path: Path) -> None:
    for text in ("", "[]", '{"plans": 5}', '{"plans": [1, null]}', "\0"):
        (tmp_path / recent.FILE_NAME).write_text(text)
        assert recent.recent_paths(tmp_path) == ()
