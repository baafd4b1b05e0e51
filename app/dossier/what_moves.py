"""What other choices would cost: the main run estimated anew with one input changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from app.dossier.material import Material
from estimators import RunError
from estimators.catalogue.architectures import Text
from estimators.catalogue.load import Catalogue
from estimators.planning.compare import answer_on
from estimators.planning.records import MachineAnswer, RunSpec
from estimators.words import Amount, Cased, Said, say

MORE_DATA = 0.10
_SOFTWARE = {
    "megatron": say("a tuned Megatron-class program"),
    "fsdp": say("FSDP or DeepSpeed"),
    "trainer": say("an out-of-the-box trainer"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One input changed.

    Attributes:
        words: What is changed, as a phrase.
        gpu_hours: Middle of the main run with it; None where it does not fit.
        difference: From the plan's; 0 where it does not fit.
    """

    words: Said
    gpu_hours: float | None
    difference: float


@lru_cache(maxsize=1)
def changes(material: Material) -> tuple[Change, ...]:
    """Differences that other choices make; nothing where the main run has no estimate of its own."""
    main = material.main
    hours = main.answer.gpu_hours
    if hours is None or main.run.fixed_hours is not None:
        return ()
    machine = material.campaign.machine.id
    planned = replace(main.run.spec, machine=machine, gpus=main.answer.gpus)
    found = []
    for said, spec in _variants(planned, main.answer):
        answer = _answer(spec, material.catalogue, machine)
        if answer is None or (answer.fits and answer.gpus != spec.gpus):
            continue  # the site or the batch allows no such count: what came back is another change too
        cost = answer.gpu_hours.p50 if answer.fits and answer.gpu_hours is not None else None
        found.append(Change(said, cost, 0.0 if cost is None else cost - hours.p50))
    return tuple(found)


def _answer(spec: RunSpec, catalogue: Catalogue, machine: str) -> MachineAnswer | None:
    try:
        return answer_on(spec, catalogue, machine)
    except RunError:
        return None


def _variants(spec: RunSpec, answer: MachineAnswer) -> Iterator[tuple[Said, RunSpec]]:
    for software, name in _SOFTWARE.items():
        if software != spec.software:
            said = say(
                "{program} in place of {other}",
                program=Cased(name, "capital"),
                other=_SOFTWARE[spec.software],
            )
            yield said, replace(spec, software=software)
    if isinstance(spec.sample, Text):
        length = spec.sample.tokens * 2
        batch = None if spec.global_batch_samples is None else max(1, spec.global_batch_samples // 2)
        yield (
            say("Sequences of {n} tokens", n=Amount(length, form="fixed")),
            replace(spec, samples=spec.samples / 2.0, sample=Text(length), global_batch_samples=batch),
        )
    more = say("{share} more data", share=Amount(MORE_DATA, form="percent"))
    yield more, replace(spec, samples=spec.samples * (1.0 + MORE_DATA))
    for factor, words in ((2, say("Twice as many GPUs")), (0.5, say("Half as many GPUs"))):
        gpus = int((answer.gpus or 0) * factor)
        if gpus >= 1:
            yield words, replace(spec, gpus=gpus)
