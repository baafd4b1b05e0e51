"""What the structure of a plan cannot say: unknown names, inputs that exclude each other, odd shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.plan.amounts import format_count
from app.plan.check_campaign import campaign_problems, day_problems, measured_machine_problems, order_problems
from app.plan.check_layout import layout_problems
from app.plan.check_model import model_problems, prediction_problems
from app.plan.errors import Problem, either, unknown
from app.plan.samples import model_card, tokens_of_sample
from app.plan.schema import DecoderShape, Plan, RunInput, VisionShape
from estimators.catalogue.load import Catalogue

AMOUNTS = ("tokens", "sequences", "images")
"""Keys of which a run's data has exactly one."""


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
            yield Problem(f"runs.{index}.id", f'must be unique; another run is called "{run.id}" too.')
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
        yield Problem("target.machine", f"names {known.name}, which has no GPUs. Choose another machine.")


def _run_problems(path: str, run: RunInput, catalogue: Catalogue | None) -> Iterator[Problem]:
    model = run.workload.model
    vision: bool | None = None
    if isinstance(model, str):
        if catalogue is not None:
            card = catalogue.find_model(model)
            yield from model_problems(path, run, card, catalogue)
            vision = None if card is None else card.patch_pixels is not None
    else:
        vision = isinstance(model, VisionShape)
        if run.workload.multi_token_prediction:
            yield from prediction_problems(path, run, 0, model.name)
        yield from _shape_problems(f"{path}.workload.model", model)
    yield from layout_problems(path, run)
    data_problems = tuple(_data_problems(path, run, vision))
    yield from data_problems
    if not data_problems:
        yield from batch_problems(path, run, catalogue)
    if run.measured_step is not None and catalogue is not None:
        where = f"{path}.measured_step.machine"
        yield from measured_machine_problems(where, run.measured_step.machine, catalogue)


def _data_problems(path: str, run: RunInput, vision: bool | None) -> Iterator[Problem]:
    data = run.data
    given = [name for name in AMOUNTS if getattr(data, name) is not None]
    if len(given) != 1:
        fault = "has no amount" if not given else f"has {' and '.join(given)}"
        yield Problem(f"{path}.data", f"{fault}; give exactly one of {either(AMOUNTS)}.")
    elif vision is True and given != ["images"]:
        yield Problem(f"{path}.data.{given[0]}", 'counts text, but the model reads images; give "images".')
    elif vision is False and given == ["images"]:
        yield Problem(f"{path}.data.images", 'counts images, but the model reads text; give "tokens".')
    if data.global_batch_tokens is not None:
        if data.global_batch_samples is not None:
            yield Problem(f"{path}.data.global_batch_tokens", "stands beside global_batch_samples; give one.")
        elif vision is True:
            yield Problem(
                f"{path}.data.global_batch_tokens", "counts text; give global_batch_samples for images."
            )


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
            f"must be at most {format_count(most)} {noun}, all the data of the run; "
            f"it is {format_count(batch)}.",
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
    tokens = tokens_of_sample(run, model_card(run, catalogue))
    return samples * tokens if samples is not None else (data.tokens or 0.0) / tokens


def _shape_problems(path: str, shape: DecoderShape | VisionShape) -> Iterator[Problem]:
    own_head_dim = isinstance(shape, DecoderShape) and shape.head_dim is not None
    if not own_head_dim and shape.hidden % shape.heads:
        yield Problem(
            f"{path}.heads",
            f"must divide hidden ({shape.hidden}), or head_dim must be given; it is {shape.heads}.",
        )
    if isinstance(shape, DecoderShape) and shape.heads % (shape.kv_heads or shape.heads):
        yield Problem(f"{path}.kv_heads", f"must divide heads ({shape.heads}), not be {shape.kv_heads}.")
    if isinstance(shape, VisionShape) and shape.image_pixels % shape.patch_pixels:
        yield Problem(
            f"{path}.patch_pixels",
            f"must divide image_pixels ({shape.image_pixels}), not be {shape.patch_pixels}.",
        )
