"""The plans that were opened last, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.plan.errors import PlanError
from app.plan.files import read_plan
from app.plan.schema import SavedAnswer
from app.plan.writing import write_atomically
from estimators.reading import ReadingError, read_text

MOST = 8
MOST_BYTES = 1_000_000
FILE_NAME = "recent.json"


@dataclass(frozen=True, slots=True)
class RecentPlan:
    """A line of the start page's list."""

    path: Path
    name: str
    answer: SavedAnswer | None


def recent_paths(state_folder: Path) -> tuple[Path, ...]:
    """Paths in the list, newest first; a damaged list counts as empty."""
    try:
        raw = json.loads(read_text(state_folder / FILE_NAME, MOST_BYTES))
    except (ReadingError, ValueError, RecursionError):
        return ()
    listed = raw.get("plans") if isinstance(raw, dict) else None
    paths = [Path(item) for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    return tuple(dict.fromkeys(paths))[:MOST]


def recent_plans(state_folder: Path) -> tuple[RecentPlan, ...]:
    """The listed plans that can be read now, with their name and last answer."""
    found = []
    for path in recent_paths(state_folder):
        try:
            plan = read_plan(path)
        except PlanError:
            continue  # moved or removed since; the list keeps it in case the drive comes back
        found.append(RecentPlan(path, plan.name, plan.answer_when_saved))
    return tuple(found)


def remember(state_folder: Path, path: Path) -> None:
    """Puts a plan on top of the list.

    Raises:
        OSError: The state folder cannot be written.
    """
    full = path.resolve()
    others = [known for known in recent_paths(state_folder) if known != full]
    _write(state_folder, [full, *others])


def _write(state_folder: Path, paths: list[Path]) -> None:
    state_folder.mkdir(parents=True, exist_ok=True)
    listed = [str(path) for path in paths[:MOST]]
    write_atomically(state_folder / FILE_NAME, json.dumps({"plans": listed}, indent=2) + "\n")
