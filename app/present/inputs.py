"""What the questions offer: models, methods, machines, hardware, and the words beside them."""

from __future__ import annotations

from app.plan.amounts import format_count
from app.plan.schema import OWN_MACHINE, Plan
from app.present import numbers as n
from app.present.machines import gpu_name, machine_name
from estimators.catalogue.architectures import Image
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.planning.records import Comparison, MachineAnswer
from estimators.workloads.methods import METHODS as RULES
from estimators.workloads.models import Model, model_of, why_not_computed

Choice = tuple[str, object]

METHODS: tuple[Choice, ...] = tuple((rule.choice or rule.name, name) for name, rule in RULES.items())
SOFTWARE: tuple[Choice, ...] = (
    ("Megatron class, tuned", "megatron"),
    ("FSDP or DeepSpeed", "fsdp"),
    ("Trainer as it comes", "trainer"),
)
PRECISIONS: tuple[Choice, ...] = (
    ("BF16", "bf16"),
    ("FP16", "fp16"),
    ("FP8", "fp8"),
    ("TF32", "tf32"),
    ("FP32", "fp32"),
)
PREDICTIONS: tuple[Choice, ...] = (
    ("Next token alone", False),
    ("With its prediction block", True),
)
RECOMPUTES: tuple[Choice, ...] = (
    ("Best", None),
    ("None", "none"),
    ("Selective", "selective"),
    ("Full", "full"),
)
SCHEDULES: tuple[Choice, ...] = (
    ("Best", None),
    ("1F1B", "1f1b"),
    ("Interleaved", "interleaved"),
    ("Zero-bubble", "zero-bubble"),
    ("Zero-bubble, 2p", "zero-bubble-2p"),
)
CONTEXT_KINDS: tuple[Choice, ...] = (
    ("Usual", None),
    ("Ring", "ring"),
    ("All-gather", "all-gather"),
    ("Ulysses", "ulysses"),
)
RECIPES: tuple[Choice, ...] = (
    ("Usual", None),
    ("Delayed", "delayed"),
    ("Current", "current"),
    ("Row-wise", "row-wise"),
    ("Block-wise", "block-wise"),
)
OWN_GPUS = ("rtx4090", "rtx3090", "rtx5090", "rtx6000ada", "l40s", "a100-80-sxm", "h100-80-sxm", "h200-sxm")
OWN_COUNTS = (1, 2, 4, 8)


def model_choices(catalogue: Catalogue) -> list[Choice]:
    """Models whose shape is known and whose family can be computed, by name."""
    cards = [card for card in catalogue.models.values() if is_computable(card)]
    cards.sort(key=lambda card: (card.kind, card.name.lower()))
    return [(card.name, card.id) for card in cards]


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
    kind = model.kind if model.family is None else model.family.describe(model.architecture)
    if model.published is None:
        return f"Your own shape, {kind}"
    return f"{n.large(model.published)} parameters, {kind}"


def machine_choices(catalogue: Catalogue, named: str | None = None) -> list[Choice]:
    """No machine, then those in service by name, then the coming one that the plan names."""
    in_service = sorted((machine_name(m), m.id) for m in catalogue.machines_in_service())
    choices: list[Choice] = [("Lowest GPU-hours", None), *in_service]
    machine = catalogue.machines.get(named or "")
    if machine is not None and named not in [value for _, value in choices]:
        coming = ", coming" if machine.status == "coming" else ""
        choices.append((f"{machine_name(machine)}{coming}", named))
    return choices


def measured_machine_choices(catalogue: Catalogue, named: str) -> list[Choice]:
    """Where a step can be measured: the user's hardware, then machines in service by name, then `named`."""
    choices: list[Choice] = [("Your hardware", OWN_MACHINE)]
    choices += [pair for pair in machine_choices(catalogue) if pair[1] is not None]
    if named in catalogue.machines and named not in [value for _, value in choices]:
        choices.append((machine_name(catalogue.machines[named]), named))
    return choices


def hardware_choices(catalogue: Catalogue, gpu: str, gpus: int) -> list[Choice]:
    """The usual workstations and instances, and what the plan names."""
    pairs = [(name, count) for name in OWN_GPUS if name in catalogue.gpus for count in OWN_COUNTS]
    if (gpu, gpus) not in pairs:
        pairs.insert(0, (gpu, gpus))
    return [(f"{count} {n.TIMES} {_name(name, catalogue)}", (name, count)) for name, count in pairs]


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
    return "fastest" if answer.meets_deadline is False else "lowest cost"


def used_layout(comparison: Comparison) -> tuple[str, str]:
    """How the layout was found, and what it is: ("Best of 14 400", "ZeRO-3 × 128")."""
    answer = comparison.headline
    if answer is None or answer.layout is None:
        return "Best of the search", ""
    layout = answer.layout
    found = f"Best of {n.exact(layout.candidates)}" if layout.candidates > 1 else "As fixed"
    parts = [f"DP {layout.data_parallel}"]
    if layout.tensor_parallel > 1:
        parts.append(f"TP {layout.tensor_parallel}")
    if layout.pipeline_parallel > 1:
        parts.append(f"PP {layout.pipeline_parallel}")
    if layout.context_parallel > 1:
        parts.append(f"CP {layout.context_parallel}")
    if layout.zero_stage:
        parts[0] = f"ZeRO-{layout.zero_stage} {n.TIMES} {layout.data_parallel}"
    if layout.zero_stage >= 2 and layout.shard_group < layout.data_parallel * layout.context_parallel:
        parts.insert(1, f"groups of {layout.shard_group}")
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
    return f"{method} of {name} on {data_words(plan)}"
