"""What a run trains and reads: its model, one sample, and the keys that count samples."""

from __future__ import annotations

from collections.abc import Mapping

from app.plan.schema import DataInput, RunInput
from estimators.catalogue.architectures import Image, Sample, Text
from estimators.catalogue.load import Catalogue
from estimators.workloads.decoder import USUAL_SEQUENCE_TOKENS
from estimators.workloads.models import Model, model_of, own_model

DATA_KEYS: Mapping[type[Sample], tuple[str, ...]] = {Text: ("tokens", "sequences"), Image: ("images",)}
"""Keys of which a run's data has exactly one, by what its model reads."""
AMOUNTS: tuple[str, ...] = tuple(key for keys in DATA_KEYS.values() for key in keys)


def run_model(run: RunInput, catalogue: Catalogue) -> Model:
    """The catalogue's model, or the user's own.

    Raises:
        KeyError: The catalogue has no such model.
    """
    model = run.workload.model
    if not isinstance(model, str):
        return own_model(model.name, model.architecture())
    found = catalogue.find_model(model)
    return model_of(found if found is not None else catalogue.models[model])


def run_sample(run: RunInput, model: Model, catalogue: Catalogue) -> Sample:
    """What one sample of a run is: as the plan says, else as its model usually reads."""
    family, named = model.family, run.workload.sequence_tokens
    if family is not None and (named is None or family.sample is not Text):
        return family.usual_sample(model.architecture)
    if named is not None:
        return Text(named)
    card = catalogue.models.get(model.id)
    longest = card.sequence_tokens if card is not None else None
    return Text(min(longest or USUAL_SEQUENCE_TOKENS, USUAL_SEQUENCE_TOKENS))


def positions_of_sample(run: RunInput, catalogue: Catalogue) -> int:
    """Tokens of one sequence, or patches and class token of one image."""
    model = run_model(run, catalogue)
    return model.positions(run_sample(run, model, catalogue))


def reads(model: Model) -> type[Sample] | None:
    """What a model reads; None for one that nobody computes."""
    return model.family.sample if model.family is not None else None


def counted(data: DataInput) -> type[Sample] | None:
    """What the data of a run count; None where no amount is given."""
    for sample, keys in DATA_KEYS.items():
        if any(getattr(data, key) is not None for key in keys):
            return sample
    return None
