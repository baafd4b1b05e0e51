"""What a class of software can do is written once, and search, plan and job files obey it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.dossier.jobs import job_files
from app.dossier.jobs.files import launcher_order
from app.plan.schema import CONTEXT_KINDS, RECIPES, RECOMPUTES, SCHEDULES, SOFTWARES
from estimators import Catalogue, compare
from estimators.catalogue.architectures import Full, Text
from estimators.parameters import SOFTWARE
from estimators.planning.records import LayoutChoice, LayoutUsed, RunSpec
from estimators.software import CLASSES, software_named
from estimators.workloads.models import model_of
from tests.dossier.job_cases import campaign_on
from tests.science.cases import language_run

CANNOT_START = re.compile(r"cannot start|has no pipelines|(pipeline|context|expert) parallel \d+")


def lacking(layout: LayoutUsed, software: str) -> list[str]:
    """What a layout asks of its software and the software does not have."""
    can = software_named(software)
    degrees = {
        "tensor": layout.tensor_parallel,
        "pipeline": layout.pipeline_parallel,
        "context": layout.context_parallel,
        "expert": layout.expert_parallel,
    }
    found = [name for name, degree in degrees.items() if degree > 1 and name not in can.splits]
    if layout.recompute not in can.recomputes:
        found.append(layout.recompute)
    if layout.schedule is not None and layout.schedule not in can.schedules:
        found.append(layout.schedule)
    return found


def test_that_a_plan_can_choose_what_is_offered_and_nothing_else() -> None:
    assert tuple(item.id for item in CLASSES if item.offered) == SOFTWARES
    assert tuple(item.id for item in CLASSES) == SOFTWARE
    for item in CLASSES:
        assert item.source
        assert set(item.recomputes) <= set(RECOMPUTES)
        assert set(item.schedules) <= set(SCHEDULES)
        assert set(item.context_kinds) <= set(CONTEXT_KINDS)
        assert set(item.recipes) <= set(RECIPES)


@pytest.mark.parametrize("software", SOFTWARES)
@pytest.mark.parametrize(
    ("model", "sequence"), [("Llama-3.1-70B", 4096), ("Llama-3.1-8B", 65_536), ("Mixtral-8x7B-v0.1", 4096)]
)
def test_that_no_layout_is_proposed_that_the_software_cannot_run(
    software: str, model: str, sequence: int, catalogue: Catalogue
) -> None:
    run = language_run(catalogue, model, sample_tokens=sequence, software=software)
    found = compare(run, catalogue)
    layouts = [answer.layout for answer in (*found.answers, found.own) if answer.layout is not None]
    assert layouts or software == "trainer"
    assert [lacking(layout, software) for layout in layouts] == [[]] * len(layouts)


@pytest.mark.parametrize("software", SOFTWARES)
@pytest.mark.parametrize("schedule", [None, "interleaved"])
def test_that_a_split_that_a_program_has_can_be_fixed_alone(
    software: str, schedule: str | None, catalogue: Catalogue
) -> None:
    for degree in sorted(software_named(software).splits - {"expert"}):
        fixed = LayoutChoice(schedule=schedule, **{f"{degree}_parallel": 2})
        run = language_run(
            catalogue, "Llama-3.1-8B", software=software, layout=fixed, machine="leonardo-booster"
        )
        found = compare(run, catalogue).headline
        assert found is not None, degree
        assert found.layout is not None, degree
        assert getattr(found.layout, f"{degree}_parallel") == 2


def test_that_the_plain_trainer_shards_a_70b_model_at_a_few_percent_more_hours(catalogue: Catalogue) -> None:
    run = RunSpec(
        model=model_of(catalogue.model("Llama-3.1-70B")),
        method=Full("full-finetuning"),
        samples=1e10 / 4096,
        sample=Text(4096),
        software="trainer",
        machine="marenostrum5-acc",
        gpus=64,
    )
    found = compare(run, catalogue).headline
    assert found is not None
    assert found.layout is not None
    assert found.gpu_hours is not None
    assert (found.layout.data_parallel, found.layout.zero_stage) == (64, 3)
    assert found.gpu_hours.p50 / 3503.0 == pytest.approx(1.06, abs=0.02), "3,503 as TP 4 × PP 16 by mistake"


@pytest.mark.parametrize("software", SOFTWARES)
@pytest.mark.parametrize("machine", ["leonardo-booster", "lumi-g"])
@pytest.mark.parametrize("model", ["Llama-3.1-8B", "Llama-3.1-70B"])
def test_that_the_first_job_file_of_a_class_starts_the_layout_of_the_search(
    software: str, machine: str, model: str
) -> None:
    campaign = campaign_on(machine, model=model, software=software)
    files = job_files(campaign, "main", "plan")
    first = f"{launcher_order(software)[0]}.sbatch"
    assert next(name for name in files if name.endswith(".sbatch")) == first
    objections = [line for line in files[first].splitlines() if CANNOT_START.search(line)]
    assert objections == []
    layout = campaign.main.answer.layout
    assert layout is not None
    assert lacking(layout, software) == []


def test_that_a_layout_of_another_class_is_said_not_to_start() -> None:
    """The test above can fail: Accelerate says so of a pipeline."""
    campaign = campaign_on("leonardo-booster", model="Llama-3.1-70B")
    line = campaign.main
    assert line.answer.layout is not None
    piped = replace(line.answer.layout, pipeline_parallel=2, zero_stage=3)
    other = replace(campaign, lines=(replace(line, answer=replace(line.answer, layout=piped)),))
    text = job_files(other, "main", "plan")["accelerate.sbatch"]
    assert CANNOT_START.search(text)
