"""What the questions offer: models, methods, machines, hardware, and the words beside them."""

from __future__ import annotations

from app.plan.amounts import format_count
from app.plan.schema import OWN_MACHINE, Plan
from app.present import numbers as n
from app.present.machines import gpu_name, machine_name
from app.words import text
from estimators.catalogue.architectures import Image
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.planning.records import Comparison, MachineAnswer
from estimators.words import Amount, Name, Value, say
from estimators.workloads.methods import METHODS as RULES
from estimators.workloads.models import Model, model_of, why_not_computed

Choice = tuple[Value, object]

METHODS: tuple[Choice, ...] = tuple((rule.choice or rule.name, name) for name, rule in RULES.items())
SOFTWARE: tuple[Choice, ...] = (
    (say("Megatron class, tuned"), "megatron"),
    (say("FSDP or DeepSpeed"), "fsdp"),
    (say("Trainer as it comes"), "trainer"),
)
PRECISIONS: tuple[Choice, ...] = (
    (Name("BF16"), "bf16"),
    (Name("FP16"), "fp16"),
    (Name("FP8"), "fp8"),
    (Name("TF32"), "tf32"),
    (Name("FP32"), "fp32"),
)
PREDICTIONS: tuple[Choice, ...] = (
    (say("Next token alone"), False),
    (say("With its prediction block"), True),
)
RECOMPUTES: tuple[Choice, ...] = (
    (say("Best"), None),
    (say("None"), "none"),
    (say("Selective"), "selective"),
    (say("Full"), "full"),
)
SCHEDULES: tuple[Choice, ...] = (
    (say("Best"), None),
    (Name("1F1B"), "1f1b"),
    (say("Interleaved"), "interleaved"),
    (say("Zero-bubble"), "zero-bubble"),
    (say("Zero-bubble, 2p"), "zero-bubble-2p"),
)
CONTEXT_KINDS: tuple[Choice, ...] = (
    (say("Usual"), None),
    (say("Ring"), "ring"),
    (say("All-gather"), "all-gather"),
    (Name("Ulysses"), "ulysses"),
)
RECIPES: tuple[Choice, ...] = (
    (say("Usual"), None),
    (say("Delayed"), "delayed"),
    (say("Current"), "current"),
    (say("Row-wise"), "row-wise"),
    (say("Block-wise"), "block-wise"),
)
OWN_GPUS = ("rtx4090", "rtx3090", "rtx5090", "rtx6000ada", "l40s", "a100-80-sxm", "h100-80-sxm", "h200-sxm")
OWN_COUNTS = (1, 2, 4, 8)


def model_choices(catalogue: Catalogue) -> list[Choice]:
    """Models whose shape is known and whose family can be computed, by name."""
    cards = [card for card in catalogue.models.values() if is_computable(card)]
    cards.sort(key=lambda card: (card.kind, card.name.lower()))
    return [(Name(card.name), card.id) for card in cards]


def is_computable(card: ModelCard) -> bool:
    """Whether the shape is complete and of a family that is estimated."""
    return not why_not_computed(card)


def named_model(model: object, catalogue: Catalogue) -> Model | None:
    """The catalogue's model behind a plan's input; None for a shape of one's own or an unknown name."""
    card = catalogue.find_model(model) if isinstance(model, str) else None
    return model_of(card) if card is not None else None


def reads_images(model: Model) -> bool:
    """Whether a sample of the model is an image."""
    return model.family is not None and model.family.sample is Image


def model_words(model: Model) -> str:
    """The line under the model: "9.15 B parameters, dense decoder"."""
    kind: Value = Name(model.kind) if model.family is None else model.family.describe(model.architecture)
    if model.published is None:
        return text(say("Your own shape, {kind}", kind=kind))
    return text(
        say("{published} parameters, {kind}", published=Amount(model.published, form="large"), kind=kind)
    )


def machine_choices(catalogue: Catalogue, named: str | None = None) -> list[Choice]:
    """No machine, then those in service by name, then the coming one that the plan names."""
    in_service = sorted((machine_name(m), m.id) for m in catalogue.machines_in_service())
    choices: list[Choice] = [
        (say("Lowest GPU-hours"), None),
        *((Name(name), key) for name, key in in_service),
    ]
    machine = catalogue.machines.get(named or "")
    if machine is not None and named not in [value for _, value in choices]:
        name = Name(machine_name(machine))
        is_coming = machine.status == "coming"
        choices.append((say("{machine}, coming", machine=name) if is_coming else name, named))
    return choices


def measured_machine_choices(catalogue: Catalogue, named: str) -> list[Choice]:
    """Where a step can be measured: the user's hardware, then machines in service by name, then `named`."""
    choices: list[Choice] = [(say("Your hardware"), OWN_MACHINE)]
    choices += [pair for pair in machine_choices(catalogue) if pair[1] is not None]
    if named in catalogue.machines and named not in [value for _, value in choices]:
        choices.append((Name(machine_name(catalogue.machines[named])), named))
    return choices


def hardware_choices(catalogue: Catalogue, gpu: str, gpus: int) -> list[Choice]:
    """The usual workstations and instances, and what the plan names."""
    pairs = [(name, count) for name in OWN_GPUS if name in catalogue.gpus for count in OWN_COUNTS]
    if (gpu, gpus) not in pairs:
        pairs.insert(0, (gpu, gpus))
    return [(Name(f"{count} {n.TIMES} {_name(name, catalogue)}"), (name, count)) for name, count in pairs]


def _name(gpu: str, catalogue: Catalogue) -> str:
    return gpu_name(catalogue.gpus[gpu].name) if gpu in catalogue.gpus else gpu


def used_batch_tokens(comparison: Comparison) -> float | None:
    """Tokens of one step, from the steps of the answer."""
    answer, spec = comparison.headline, comparison.spec
    if answer is None or not answer.steps:
        return None
    return spec.samples * spec.positions * spec.passes / answer.steps


def count_reason(answer: MachineAnswer) -> str:
    """Why a device count is proposed, in the room of a field."""
    return text(say("fastest") if answer.meets_deadline is False else say("lowest cost"))


def used_layout(comparison: Comparison) -> tuple[str, str]:
    """How the layout was found, and what it is: ("Best of 14 400", "ZeRO-3 × 128")."""
    answer = comparison.headline
    if answer is None or answer.layout is None:
        return text(say("Best of the search")), ""
    layout = answer.layout
    found = (
        text(say("Best of {n}", n=Amount(layout.candidates, form="fixed")))
        if layout.candidates > 1
        else text(say("As fixed"))
    )
    degrees = (
        ("TP", layout.tensor_parallel),
        ("PP", layout.pipeline_parallel),
        ("CP", layout.context_parallel),
    )
    first = f"DP {layout.data_parallel}"
    if layout.zero_stage:
        first = f"ZeRO-{layout.zero_stage} {n.TIMES} {layout.data_parallel}"
    parts = [first, *(f"{name} {degree}" for name, degree in degrees if degree > 1)]
    if layout.zero_stage >= 2 and layout.shard_group < layout.data_parallel * layout.context_parallel:
        parts.insert(1, text(say("groups of {n}", n=Amount(layout.shard_group, form="fixed"))))
    return found, ", ".join(parts)


def data_words(plan: Plan) -> str:
    """The amount of data of a plan's first run: "300 B tokens"."""
    data = plan.run().data
    for noun in ("tokens", "images", "sequences"):
        amount = getattr(data, noun)
        if amount is not None:
            return f"{format_count(amount)} {noun}"
    return ""


def plan_title(plan: Plan, catalogue: Catalogue) -> str:
    """What the plan is about: in its own words, else from the main run as it is now.

    "Continued pre-training of EuroLLM 9B on 300 B tokens".
    """
    if plan.about:
        return plan.about
    run = plan.run()
    method = RULES[run.workload.method].name
    model = run.workload.model
    known = catalogue.find_model(model) if isinstance(model, str) else None
    name = known.name if known is not None else model if isinstance(model, str) else model.name
    return text(
        say("{method} of {name} on {plan}", method=method, name=Name(name), plan=Name(data_words(plan)))
    )
