"""What is mutated: where a wrong factor or sign would make a request wrong without a sound."""

from __future__ import annotations

from pathlib import Path

GROUPS: dict[str, tuple[str, ...]] = {
    "formulas": ("estimators/planning/formulas.py", "estimators/requests/formulas.py"),
    "roll-up": (
        "estimators/parallel/memory.py",
        "estimators/parallel/schedule.py",
        "estimators/parallel/spread.py",
        "estimators/planning/run.py",
        "estimators/requests/calendar.py",
        "estimators/requests/campaign.py",
        "estimators/requests/milestones.py",
        "estimators/requests/overheads.py",
        "estimators/requests/quantiles.py",
        "estimators/requests/units.py",
    ),
    "access": ("estimators/requests/doors/*.py",),
    "findings": ("estimators/requests/findings/*.py",),
    "charts": (
        "app/present/access_chart.py",
        "app/present/calendar.py",
        "app/present/chart_series.py",
        "app/present/scaling.py",
        "app/present/step_series.py",
        "app/window/parts/slider.py",
    ),
}


def files_of(root: Path, names: list[str]) -> list[str]:
    """The files of groups, patterns or paths; of everything where none is named.

    Raises:
        ValueError: Nothing has that name.
    """
    found: list[str] = []
    for name in names or [*GROUPS]:
        for pattern in GROUPS.get(name, (name,)):
            files = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
            if not files:
                known = ", ".join(GROUPS)
                raise ValueError(f"Nothing to mutate is called {name}. Use a path, or one of {known}.")
            found += files
    return list(dict.fromkeys(found))
