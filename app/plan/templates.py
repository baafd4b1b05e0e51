"""Campaign templates: the runs that usually stand around a main run.

A template keeps the plan's main run and puts tests, trials, tuning and evaluation around it. Together with
the failed runs they come to the middle of a published overhead factor (`overheads` of the catalogue), so that
the request starts where published projects ended; everything can be changed afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from app.plan.samples import counted
from app.plan.schema import METHODS, DataInput, Plan, Role, RunInput, WorkloadInput
from app.words import text
from estimators.catalogue.architectures import Image, Sample, Text
from estimators.words import Said, say

TUNING_TOKENS = 200_000_000
"""Tokens of an instruction or preference data set of ordinary size."""


@dataclass(frozen=True, slots=True)
class Line:
    """One run beside the main one.

    Attributes:
        share: Part of the main run's data; for tuning runs, of `TUNING_TOKENS`.
        after: Ids of lines that must end first; "main" is the main run.
    """

    id: str
    name: Said
    role: Role
    count: int
    share: float
    after: tuple[str, ...] = ()
    at_once: int = 1
    tuning: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A common campaign.

    Attributes:
        overhead: Id of the published factor that the rows come to.
        words: One sentence for the menu.
        before: Ids of lines that the main run waits for.
        methods: Methods of main runs that the template suits.
        sample: What their models read.
    """

    id: str
    name: Said
    words: Said
    overhead: str
    lines: tuple[Line, ...]
    before: tuple[str, ...]
    methods: tuple[str, ...]
    sample: type[Sample] = Text

    def apply(self, plan: Plan) -> dict[str, Any]:
        """The changes that put the template around the plan's main run, by path.

        One step of undo; what the plan says of access, storage and margins stays.
        """
        main = plan.run()
        runs = [_run_of(line, main) for line in self.lines if not _is_after_main(line, self.lines)]
        runs.append(msgspec.structs.replace(main, role="main", after=self.before))
        runs += [_run_of(line, main) for line in self.lines if _is_after_main(line, self.lines)]
        return {"runs": tuple(runs)}

    def suits(self, plan: Plan) -> bool:
        """Whether the plan's main run is of the template's kind."""
        main = plan.run()
        return counted(main.data) is self.sample and main.workload.method in self.methods


def _is_after_main(line: Line, lines: tuple[Line, ...]) -> bool:
    known = {other.id: other for other in lines}
    return any(i == "main" or (i in known and _is_after_main(known[i], lines)) for i in line.after)


def _run_of(line: Line, main: RunInput) -> RunInput:
    """A template's line as a run of the plan."""
    workload, data = main.workload, main.data
    if line.tuning:
        workload = WorkloadInput(
            model=workload.model,
            method="full-finetuning",
            sequence_tokens=workload.sequence_tokens,
            precision=workload.precision,
        )
        data = DataInput(tokens=TUNING_TOKENS)
    return RunInput(
        id=line.id,
        name=text(line.name),
        workload=workload,
        data=data,
        software=main.software,
        role=line.role,
        count=line.count,
        at_once=line.at_once,
        share=line.share,
        after=tuple(main.id if i == "main" else i for i in line.after),
    )


_SMOKE = Line("tests", say("Smoke and scaling tests"), "test", 10, 0.004)
_SWEEP = Line("sweep", say("Learning-rate sweep"), "sweep", 6, 0.015, ("tests",), 2)
_EVALUATION = Line("evaluation", say("Evaluation"), "evaluation", 4, 0.01, ("main",), 4)
_TUNING = (
    Line("instruction", say("Instruction tuning"), "tuning", 2, 1.0, ("main",), 1, True),
    Line("preference", say("Preference tuning"), "tuning", 2, 0.5, ("instruction",), 1, True),
)

TEMPLATES: tuple[Template, ...] = (
    Template(
        "fine-tune",
        say("Fine-tuning, known recipe"),
        say("Tests, the run with a recipe that is known to work, evaluation."),
        "fine-tune-known-recipe",
        (
            Line("tests", say("Smoke tests"), "test", 4, 0.01),
            Line("trials", say("Trials of the recipe"), "sweep", 2, 0.05, ("tests",)),
            _EVALUATION,
        ),
        ("trials",),
        ("full-finetuning",),
    ),
    Template(
        "fine-tune-sweep",
        say("Fine-tuning with a sweep"),
        say("Tests, a sweep over eight settings on part of the data, the run, evaluation."),
        "fine-tune-with-sweep",
        (
            Line("tests", say("Smoke tests"), "test", 4, 0.01),
            Line("sweep", say("Hyper-parameter sweep"), "sweep", 8, 0.092, ("tests",), 2),
            _EVALUATION,
        ),
        ("sweep",),
        ("full-finetuning",),
    ),
    Template(
        "pretraining",
        say("New pre-training"),
        say("Tests, sweep, data-mix ablations, the run, tuning, evaluation."),
        "new-pretraining",
        (
            _SMOKE,
            _SWEEP,
            Line("ablations", say("Data-mix ablations"), "ablation", 8, 0.035, ("sweep",), 2),
            *_TUNING,
            _EVALUATION,
        ),
        ("ablations",),
        ("pretraining",),
    ),
    Template(
        "continued",
        say("Continued pre-training"),
        say("Tests, data-mix ablations, the run, tuning, evaluation."),
        "new-pretraining",
        (
            _SMOKE,
            Line("ablations", say("Data-mix ablations"), "ablation", 8, 0.046, ("tests",), 2),
            *_TUNING,
            _EVALUATION,
        ),
        ("ablations",),
        ("continued-pretraining",),
    ),
    Template(
        "research",
        say("Research programme"),
        say("Tests, broad ablations and sweeps, repeats of the main run, evaluation."),
        "research-programme",
        (
            _SMOKE,
            Line("ablations", say("Ablations"), "ablation", 12, 0.055, ("tests",), 4),
            Line("sweep", say("Sweep over sizes and rates"), "sweep", 12, 0.015, ("tests",), 4),
            Line("repeats", say("Repeat with another seed"), "other", 1, 0.8, ("main",), 1),
            _EVALUATION,
        ),
        ("ablations", "sweep"),
        METHODS,
    ),
    Template(
        "vision",
        say("Vision model"),
        say("Tests, augmentation sweep, the run, evaluation."),
        "new-pretraining",
        (
            _SMOKE,
            Line("sweep", say("Augmentation and rate sweep"), "sweep", 6, 0.062, ("tests",), 2),
            _EVALUATION,
        ),
        ("sweep",),
        METHODS,
        sample=Image,
    ),
)
