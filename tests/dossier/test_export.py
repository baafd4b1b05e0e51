"""`nodewise report` as a person runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.guard import guarded
from app.cli.report import WHATS
from app.dossier.export import formats_of
from app.dossier.material import Material
from app.plan.writing import FilesExistError, WritingError
from tests.dossier.conftest import EXAMPLES, export

ROOT = Path(__file__).parents[2]
PLAN = EXAMPLES / "support-8b.nodewise.json"
SIGNS = {
    "pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "md": b"# ", "json": b"{", "csv": b"Section",
    "svg": b"<?xml", "png": b"\x89PNG",
}  # fmt: skip
WITHOUT_QT = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError(f"{name} is blocked in this test")

sys.meta_path.insert(0, Blocker())
sys.argv = ["nodewise", *sys.argv[1:]]
from app.__main__ import main
sys.exit(main())
"""

Write = Callable[..., tuple[Path, ...]]


@pytest.fixture
def write(material: Material) -> Write:
    def call(path: Path, what: str = "dossier") -> tuple[Path, ...]:
        return export(
            material.request, material.comparison, material.plan, material.catalogue, path, what  # type: ignore[arg-type]
        )  # fmt: skip

    return call


def report(*arguments: str | Path, code: str = "") -> subprocess.CompletedProcess[str]:
    start = ["-c", code] if code else ["-m", "app"]
    return subprocess.run(
        [sys.executable, *start, "report", *map(str, arguments)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("what", WHATS)
def test_that_the_ending_of_a_file_chooses_its_format(what: str, write: Write, tmp_path: Path) -> None:
    for ending in formats_of(what):  # type: ignore[arg-type]
        path = tmp_path / f"{what}.{ending}"
        assert write(path, what) == (path,)
        assert path.read_bytes().startswith(SIGNS[ending])


def test_that_a_folder_gets_everything_without_qt(tmp_path: Path) -> None:
    done = report(PLAN, "-o", tmp_path / "new" / "deep", code=WITHOUT_QT)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    written = {
        path.relative_to(tmp_path / "new" / "deep").as_posix() for path in map(Path, done.stdout.splitlines())
    }
    names = {f"support-8b.{ending}" for ending in ("pdf", "docx", "xlsx", "md", "json")}
    assert names | {"support-8b-form.md", "support-8b-form.csv"} <= written
    assert {"figures/calendar.svg", "figures/calendar.pdf", "figures/calendar.png"} <= written
    assert all((tmp_path / "new" / "deep" / name).stat().st_size > 100 for name in written)


@pytest.mark.parametrize("ending", ["md", "json", "xlsx"])
def test_that_text_and_numbers_need_no_charts(ending: str, tmp_path: Path) -> None:
    blocked = WITHOUT_QT.replace('"shiboken6"', '"shiboken6", "matplotlib", "typst", "docx"')
    done = report(PLAN, "-o", tmp_path / f"x.{ending}", code=blocked)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"x.{ending}").read_bytes().startswith(SIGNS[ending])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("x.odt", "ends in no format"),
        ("x.exe", "ends in no format"),
        ("missing/x.pdf", "does not exist"),
        ("file.txt/x.pdf", "cannot be written"),
    ],
)
def test_that_a_bad_place_is_a_sentence(name: str, says: str, write: Write, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("here")
    with pytest.raises(WritingError, match=says):
        write(tmp_path / name)
    assert not list(tmp_path.glob("*.part"))


def test_that_a_bad_place_ends_with_status_2(tmp_path: Path) -> None:
    done = report(PLAN, "-o", tmp_path / "missing" / "x.md")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("Choose another folder.")
    assert "Traceback" not in done.stderr
    done = report(PLAN, "-o", tmp_path / "x.md", "--what", "everything")
    assert done.returncode == 2


def test_that_a_figure_is_chosen_by_the_name_of_its_file(write: Write, tmp_path: Path) -> None:
    for key in ("calendar", "use-by-month"):
        write(tmp_path / f"{key}.svg", "figures")
    assert (tmp_path / "calendar.svg").read_bytes() != (tmp_path / "use-by-month.svg").read_bytes()


def test_that_an_odd_name_of_a_plan_stays_inside_the_folder(material: Material, tmp_path: Path) -> None:
    import msgspec

    for name in ("../../escape", "/etc/passwd", "..", "a/b", "x\x00y", "figures/../../up"):
        plan = msgspec.structs.replace(material.plan, name=name)
        folder = tmp_path / "inside"
        folder.mkdir(exist_ok=True)
        for path in export(material.request, material.comparison, plan, material.catalogue, folder, "form"):
            assert path.resolve().is_relative_to(folder.resolve())


def test_that_json_on_the_command_line_is_that_of_the_plan(tmp_path: Path) -> None:
    done = report(PLAN, "-o", tmp_path / "x.json")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert record["plan"]["name"] == "support-8b"


def test_that_a_report_is_written_over_only_by_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_text("an earlier one")
    arguments = ["report", str(PLAN), "-o", str(path)]
    assert guarded(arguments) == 2
    said = capsys.readouterr().err
    assert said == f"{path} exists already. Choose another place, or write over it with --force.\n"
    assert path.read_text() == "an earlier one"
    assert guarded([*arguments, "--force"]) == 0
    assert path.read_text() != "an earlier one"


def test_that_a_folder_is_filled_beside_what_it_holds_and_written_over_only_by_force(
    write: Write, material: Material, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    written = write(tmp_path, "form")
    written[1].write_text("filled in")
    written[0].unlink()
    with pytest.raises(FilesExistError) as caught:
        write(tmp_path, "form")
    assert caught.value.files == (written[1],)
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "notes.txt", written[1]])
    assert written[1].read_text() == "filled in"


def test_that_force_spares_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "mine.json"
    plan.write_bytes(PLAN.read_bytes())
    assert guarded(["report", str(plan), "-o", str(plan), "--force"]) == 2
    assert "is the plan itself." in capsys.readouterr().err
    assert plan.read_bytes() == PLAN.read_bytes()


def test_that_the_command_says_how_many_pages_are_left_and_writes_the_edition_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = json.loads(PLAN.read_text(encoding="utf-8"))
    raw |= {"revision": 1, "dossier": {"edition": "team", "acronym": "HELP"}}
    raw["campaign"] = raw.get("campaign", {}) | {"mode": "ai_science"}
    plan = tmp_path / "plan.nodewise.json"
    plan.write_text(json.dumps(raw), encoding="utf-8")
    assert guarded(["report", str(plan), "-o", str(tmp_path / "x.pdf"), "--edition", "reviewer"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(tmp_path / "x.pdf")]
    assert re.fullmatch(
        r"Reviewer's edition: \d pages of the 10 of AI for Science: \d are left for the text of the "
        r"applicant\.\n",
        said.err,
    )
    assert guarded(["report", str(plan), "-o", str(tmp_path / "x.md")]) == 0
    assert capsys.readouterr().err == ""
    assert "**TEAM ONLY**" in (tmp_path / "x.md").read_text(encoding="utf-8")
    assert guarded(["report", str(plan), "-o", str(tmp_path / "y.md"), "--edition", "private"]) == 2
