"""A model that a plan names: whether the catalogue has it, what a hint would leave out, its extra block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.plan.errors import Problem, either, near, not_there, unknown
from app.plan.schema import DEFAULT_SOFTWARE, RunInput
from estimators.catalogue.architectures import Text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.software import CLASSES, software_named
from estimators.words import NOTHING, Name, Said, say, together
from estimators.workloads.families import FAMILIES
from estimators.workloads.models import model_of

_SENSES = re.compile(
    r"vl[mac]?|vision|visual|multimodal|omni|llava|pixtral|paligemma|internvl|idefics|molmo|smolvlm"
    r"|image|video|audio|speech|ocr"
)
"""Words of names whose model sees or hears, beside or in place of reading text."""


def model_problems(
    path: str, run: RunInput, card: ModelCard | None, catalogue: Catalogue
) -> Iterator[Problem]:
    """A name that the catalogue does not have, or a block that the model or the software does not have.

    Args:
        path: Of the run: "runs.0".
        run: Its model is named, not given as a shape.
        card: What the catalogue has under that name.
    """
    if card is None:
        yield from _unknown_model(f"{path}.workload.model", str(run.workload.model), catalogue)
    elif run.workload.multi_token_prediction:
        yield from prediction_problems(path, run, model_of(card).prediction_blocks, card.name)


def prediction_problems(path: str, run: RunInput, blocks: int, name: str) -> Iterator[Problem]:
    """A token-prediction block that the model does not have, or that the software does not train."""
    place = f"{path}.workload.multi_token_prediction"
    can = software_named(run.software or DEFAULT_SOFTWARE)
    if not blocks:
        yield Problem(
            place, say("must be false: no token-prediction block of {model} is known.", model=Name(name))
        )
    elif not can.predicts_ahead:
        others = either(item.id for item in CLASSES if item.offered and item.predicts_ahead)
        yield Problem(
            place,
            say(
                "must be false: {software} trains no token-prediction block. Software {others} does.",
                software=can.name,
                others=others,
            ),
        )


def _unknown_model(path: str, word: str, catalogue: Catalogue) -> Iterator[Problem]:
    """The nearest names; never the text part of a model that sees or hears without saying so."""
    plain = word.rpartition("/")[2]
    matches = near(plain, catalogue.models)
    if not matches or not has_senses(plain):
        hints = catalogue.models if not matches else {name: catalogue.models[name] for name in matches}
        yield from unknown(path, "model", word, hints, plain)
        return
    alike = [name for name in matches if not _reads_text(catalogue.models[name]) or has_senses(name)]
    text = [name for name in matches if name not in alike]
    hint = say("Did you mean {names}?", names=either(alike)) if alike else NOTHING
    yield Problem(path, together(not_there("model", Name(word)), hint, _text_alone(text)))


def _text_alone(names: list[str]) -> Said:
    """Says of the text parts of models that see or hear that they are no more than that."""
    if not names:
        return NOTHING
    if len(names) == 1:
        return say(
            "{name} reads text alone: the part that sees or hears would not be counted.", name=either(names)
        )
    return say(
        "{names} read text alone: the part that sees or hears would not be counted.", names=either(names)
    )


def _reads_text(card: ModelCard) -> bool:
    family = FAMILIES.get(card.kind)
    return family is not None and family.sample is Text


def has_senses(name: str) -> bool:
    """Whether a model's name says that it sees or hears."""
    parts = re.split(r"[^a-z]+", name.casefold())
    return any(_SENSES.fullmatch(part) for part in parts)
