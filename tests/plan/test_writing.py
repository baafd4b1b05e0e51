"""Files are written whole or not at all, and what a crash leaves half-written goes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.plan.writing import (
    ABANDONED_AFTER_SECONDS,
    PART_SUFFIX,
    FilesExistError,
    WritingError,
    write_atomically,
    write_files,
)
from tests.spoken import refused

ROOT = Path(__file__).parents[2]

KILLED = """
import os, sys
from pathlib import Path
from app.plan import writing
writing.write_atomically(Path(sys.argv[1]), "never whole", last_look=lambda: os._exit(9))
"""


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(".part")]


def grow_old(path: Path, seconds: float = ABANDONED_AFTER_SECONDS + 60) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_that_the_part_of_a_crash_is_removed_by_a_later_write(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, tmp_path / "plan.json"], cwd=ROOT, check=False, timeout=60)
    (left,) = parts(tmp_path)
    write_atomically(tmp_path / "other.json", "whole")
    assert parts(tmp_path) == [left]  # it may be that of a write that goes on
    grow_old(left)
    write_atomically(tmp_path / "other.json", "whole")
    assert parts(tmp_path) == []


def test_that_parts_of_others_and_parts_at_work_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = [tmp_path / name for name in (".download.part", "notes.nodewise.part", ".plan.json.part")]
    for path in foreign:
        path.write_text("not ours")
        grow_old(path)

    def slow_disk(_: int) -> None:
        monkeypatch.setattr(os, "fsync", lambda _: None)
        (mine,) = [path for path in parts(tmp_path) if path not in foreign]
        grow_old(mine)
        write_atomically(tmp_path / "second.json", "meanwhile")
        assert mine.exists()

    monkeypatch.setattr(os, "fsync", slow_disk)
    write_atomically(tmp_path / "first.json", "slow")
    assert (tmp_path / "first.json").read_text() == "slow"
    assert sorted(parts(tmp_path)) == sorted(foreign)


def test_that_a_link_named_like_a_part_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    link = tmp_path / f".x{PART_SUFFIX}"
    link.symlink_to(tmp_path / "precious")
    grow_old(tmp_path / "precious")
    write_atomically(tmp_path / "plan.json", "whole")
    assert link.is_symlink()


def test_that_all_files_are_written_or_none(tmp_path: Path) -> None:
    files = [(tmp_path / "a" / "one", "1"), (tmp_path / "two", b"2")]
    assert write_files(files, force=False) == (tmp_path / "a" / "one", tmp_path / "two")
    (tmp_path / "a" / "one").unlink()
    with refused(FilesExistError, match=r"two exists already\. Nothing was written\."):
        write_files(files, force=False)
    assert not (tmp_path / "a" / "one").exists()
    write_files([(path, "new") for path, _ in files], force=True)
    assert (tmp_path / "two").read_text() == "new"


def test_that_a_dangling_link_counts_as_there(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FilesExistError):
        write_files([(tmp_path / "link", "x")], force=False)
    assert not (tmp_path / "nowhere").exists()


def test_that_a_pipe_keeps_its_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with refused(WritingError, match="is no ordinary file"):
        write_files([(tmp_path / "pipe.json", "x")], force=True)
    assert (tmp_path / "pipe.json").is_fifo()


def test_that_a_name_of_full_length_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 250, "\N{GRINNING FACE}" * 60):
        write_atomically(tmp_path / name, "whole")
        assert (tmp_path / name).read_text() == "whole"
