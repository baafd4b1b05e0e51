"""Writes the job files of every example for each software class, one folder a case, for `read.py`."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

from app.dossier.jobs import NoJobError, job_files
from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from estimators.catalogue.load import load_catalogue
from estimators.requests.campaign_results import Campaign
from estimators.requests.plan import plan_request
from tests.dossier.job_cases import LAYOUTS, layout, with_layout

EXAMPLES = Path("resources/examples")
RECIPES = [layout(recipe=name, layers_16=0) for name in ("row-wise", "mxfp8", "nvfp4", "current")]


def main(folder: Path) -> None:
    """One folder for each layout of the tests and each run of the examples."""
    for number, used in enumerate([*LAYOUTS, *RECIPES]):
        write(folder / f"layout-{number}", with_layout(used), "main")
    catalogue = load_catalogue()
    for example in sorted(EXAMPLES.glob("*.nodewise.json")):
        spec = campaign_spec(read_plan(example, catalogue), catalogue)
        campaign = plan_request(spec, catalogue, datetime.datetime.now().astimezone()).campaign
        for line in campaign.lines:
            write(folder / f"{example.name.partition('.')[0]}-{line.run.id}", campaign, line.run.id)


def write(folder: Path, campaign: Campaign, run_id: str) -> None:
    """All files of one run; a run that has no job is named."""
    try:
        files = job_files(campaign, run_id, folder.name)
    except NoJobError as error:
        print(f"{folder.name}: {error}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
