"""What the structure of a plan cannot say: unknown names, inputs that exclude each other, odd shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from app.plan.check_campaign import campaign_problems, day_problems, measured_machine_problems, order_problems
from app.plan.check_layout import layout_problems
from app.plan.check_model import model_problems, prediction_problems
from app.plan.errors import Problem, either, unknown
from app.plan.samples import AMOUNTS, DATA_KEYS, positions_of_sample, reads
from app.plan.schema import Plan, RunInput
from estimators.catalogue.architectures import Image, Sample, Text
from estimators.catalogue.load import Catalogue
from estimators.words import Amount, Listed, Name, say
from estimators.workloads.families import family_of
from estimators.workloads.models import model_of

_NOUNS: Mapping[type[Sample], str] = {Text: "text", Image: "images"}


def problems(plan: Plan, catalogue: Catalogue | None = None) -> tuple[Problem, ...]:
    """All inputs that cannot be used, in the order of the file.

    Args:
        plan: A plan of the right structure.
        catalogue: Where names are looked up; None leaves them unchecked.
    """
    return tuple(_problems(plan, catalogue))


def _problems(plan: Plan, catalogue: Catalogue | None) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, run in enumerate(plan.runs):
        if run.id in seen:
            yield Problem(
                f"runs.{index}.id", say('must be unique; another run is called "{id}" too.', id=Name(run.id))
            )
        seen.add(run.id)
        yield from _run_problems(f"runs.{index}", run, catalogue)
    yield from order_problems(plan)
    yield from day_problems(plan)
    if catalogue is None:
        return
    if plan.target.machine is not None:
        yield from _machine_problems(plan.target.machine, catalogue)
    yield from campaign_problems(plan, catalogue)
    yield from unknown("own_hardware.gpu", "GPU", plan.own_hardware.gpu, catalogue.gpus)


def _machine_problems(machine: str, catalogue: Catalogue) -> Iterator[Problem]:
    yield from unknown("target.machine", "machine", machine, catalogue.machines)
    known = catalogue.machines.get(machine)
    if known is not None and known.gpu is None and known.status == "in service":
        yield Problem(
            "target.machine",
            say("names {machine}, which has no GPUs. Choose another machine.", machine=Name(known.name)),
        )


def _run_problems(path: str, run: RunInput, catalogue: Catalogue | None) -> Iterator[Problem]:
    model = run.workload.model
    wanted: type[Sample] | None = None
    if isinstance(model, str):
        if catalogue is not None:
            card = catalogue.find_model(model)
            yield from model_problems(path, run, card, catalogue)
            wanted = None if card is None else reads(model_of(card))
    else:
        wanted = family_of(model.architecture()).sample
        if run.workload.multi_token_prediction:
            yield from prediction_problems(path, run, 0, model.name)
        for field, problem in model.problems():
            yield Problem(f"{path}.workload.model.{field}", problem)
    yield from layout_problems(path, run)
    data_problems = tuple(_data_problems(path, run, wanted))
    yield from data_problems
    if not data_problems:
        yield from batch_problems(path, run, catalogue)
    if run.measured_step is not None and catalogue is not None:
        where = f"{path}.measured_step.machine"
        yield from measured_machine_problems(where, run.measured_step.machine, catalogue)


def _data_problems(path: str, run: RunInput, wanted: type[Sample] | None) -> Iterator[Problem]:
    """Data that are not counted once, or not in what the model reads.

    Args:
        wanted: What the model reads; None where that is not known.
    """
    data = run.data
    given = [name for name in AMOUNTS if getattr(data, name) is not None]
    if len(given) != 1:
        amounts = either(AMOUNTS)
        fault = say("has no amount; give exactly one of {amounts}.", amounts=amounts)
        if given:
            several = Listed(tuple(Name(name) for name in given))
            fault = say("has {given}; give exactly one of {amounts}.", given=several, amounts=amounts)
        yield Problem(f"{path}.data", fault)
    elif wanted is not None and given[0] not in DATA_KEYS[wanted]:
        there = next(sample for sample, keys in DATA_KEYS.items() if given[0] in keys)
        yield Problem(
            f"{path}.data.{given[0]}",
            say(
                'counts {there}, but the model reads {wanted}; give "{key}".',
                there=Name(_NOUNS[there]),
                wanted=Name(_NOUNS[wanted]),
                key=Name(DATA_KEYS[wanted][0]),
            ),
        )
    if data.global_batch_tokens is not None:
        if data.global_batch_samples is not None:
            yield Problem(
                f"{path}.data.global_batch_tokens", say("stands beside global_batch_samples; give one.")
            )
        elif wanted is not None and wanted is not Text:
            words = say("counts text; give global_batch_samples for {samples}.", samples=Name(_NOUNS[wanted]))
            yield Problem(f"{path}.data.global_batch_tokens", words)


def batch_problems(path: str, run: RunInput, catalogue: Catalogue | None = None) -> Iterator[Problem]:
    """A step that would take more than all the data of the run.

    Args:
        path: Of the run: "runs.0".
        run: With one amount of data and at most one batch.
        catalogue: Tells the tokens of a sample; without it, tokens are not compared with samples.
    """
    data = run.data
    noun = "tokens" if data.global_batch_tokens is not None else "samples"
    batch = data.global_batch_tokens if noun == "tokens" else data.global_batch_samples
    amount = _amount_in(noun, run, catalogue)
    if batch is None or amount is None:
        return
    most = max(1, math.ceil(amount * data.passes * (1.0 - 1e-12)))
    if batch > most:
        yield Problem(
            f"{path}.data.global_batch_{noun}",
            say(
                "must be at most {most} {samples}, all the data of the run; it is {batch}.",
                most=Amount(most, form="field_count"),
                samples=say("tokens") if noun == "tokens" else say("samples"),
                batch=Amount(batch, form="field_count"),
            ),
        )


def _amount_in(noun: str, run: RunInput, catalogue: Catalogue | None) -> float | None:
    """One pass over the data in tokens or samples; None where the model's shape is not known."""
    data = run.data
    samples = data.sequences or data.images
    if noun == "tokens" and data.tokens is not None:
        return float(data.tokens)
    if noun == "samples" and samples is not None:
        return float(samples)
    model = run.workload.model
    if isinstance(model, str) and (catalogue is None or catalogue.find_model(model) is None):
        return None
    if catalogue is None:
        return None
    tokens = positions_of_sample(run, catalogue)
    return samples * tokens if samples is not None else (data.tokens or 0.0) / tokens
