"""The start page in words: choices with a solved example, recent plans, examples."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from app.plan.recent import RecentPlan
from app.plan.schema import Plan
from app.plan.starters import Starter
from app.present import numbers as n
from app.present.glyph import GlyphShape, glyph_shape
from app.present.inputs import data_words, plan_title
from app.present.machines import device_noun, machine_name
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.records import Comparison, MeasuredStep, RunSpec
from estimators.quantity import Range
from estimators.words import Amount, Name, Said, say
from estimators.workloads.methods import METHODS

_ICONS = {
    "fine-tune": "message-square-text",
    "continue": "languages",
    "scratch": "sprout",
    "vision": "image",
    "scale-up": "trending-up",
}


@dataclass(frozen=True, slots=True)
class StarterCard:
    """One choice; number, glyph and foot are empty until its example is solved."""

    starter_id: str
    icon: str
    key: str
    title: str
    words: str
    number: str = ""
    unit: str = ""
    foot: str = ""
    glyph: GlyphShape | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan of the lists on the right."""

    name: str
    words: str


def predicted_step(comparison: Comparison) -> MeasuredStep | None:
    """A step that took exactly what was predicted, as an example of a measured one."""
    answer = comparison.headline
    if answer is None or answer.step is None or answer.gpus is None or not answer.steps:
        return None
    batch = round(comparison.spec.samples * comparison.spec.passes / answer.steps)
    return MeasuredStep(answer.machine.id, answer.gpus, answer.step.total, max(1, batch))


def measured_card(
    starter: Starter, place: int, before: Comparison, after: Comparison, catalogue: Catalogue
) -> StarterCard:
    """The card of a choice that asks for a measured step: how much one narrows the range."""
    card = starter_card(starter, place, after, catalogue)
    wide, narrow = before.headline, after.headline
    if wide is None or narrow is None or wide.gpu_hours is None or narrow.gpu_hours is None:
        return card
    return replace(
        card,
        number=_half_width(narrow.gpu_hours),
        unit=text(say("instead of {width}", width=Name(_half_width(wide.gpu_hours)))),
        foot=text(say("One step measured on {gpus} GPUs is enough", gpus=n.counts(narrow.gpus or 0))),
    )


def _half_width(values: Range) -> str:
    """Half the 80 % interval: the ratio by which the middle is missed at its ends."""
    return f"±{n.percent(math.sqrt(values.p90 / values.p10) - 1.0, 2)}"


def starter_card(
    starter: Starter, place: int, comparison: Comparison | None, catalogue: Catalogue
) -> StarterCard:
    """The card of a choice, with its example where it is solved."""
    icon = _ICONS.get(starter.id, "play")
    plain = StarterCard(starter.id, icon, str(place), text(starter.title), text(starter.words))
    answer = comparison.headline if comparison is not None else None
    if comparison is None or answer is None or answer.gpu_hours is None or answer.seconds is None:
        return plain
    noun = device_noun(answer.machine, catalogue) or ("GPU" if answer.gpus == 1 else "GPUs")
    time = n.duration(answer.seconds.p50)
    foot = text(
        say(
            "{spec}, {plan}: {time} on {gpus} {noun}",
            spec=Name(_size(comparison.spec)),
            plan=Name(data_words(starter.plan)),
            time=Name(time),
            gpus=Amount(answer.gpus or 0, form="general"),
            noun=Name(noun),
        )
    )
    return StarterCard(
        starter.id,
        icon,
        str(place),
        text(starter.title),
        text(starter.words),
        n.short(answer.gpu_hours.p50),
        text(say("GPU-hours")),
        foot,
        glyph_shape(answer.gpu_hours, with_p80=False),
    )


def _size(spec: RunSpec) -> str:
    """Parameters of a language model; models that read anything else are known by their names."""
    model = spec.model
    if model.published is None or not spec.sample.tokens_of_text:
        return model.name.split(",")[0]
    return n.large(model.published, 2).replace(n.THIN_SPACE, "")


def recent_line(recent: RecentPlan, catalogue: Catalogue) -> PlanLine:
    """A recent plan with the answer that it had when it was saved."""
    answer = recent.answer
    if answer is None:
        return PlanLine(recent.name, str(recent.path.parent))
    machine = catalogue.machines.get(answer.machine or "")
    return PlanLine(
        recent.name,
        text(_hours_on(answer.gpu_hours_p50, machine)),
    )


def example_line(plan: Plan, catalogue: Catalogue) -> PlanLine:
    """An example with its method and machine."""
    method = text(METHODS[plan.run().workload.method].name)
    machine = catalogue.machines.get(plan.target.machine or "")
    where = machine_name(machine) if machine is not None else text(say("the machine that needs least"))
    return PlanLine(plan_title(plan, catalogue), f"{method}, {where}")


def catalogue_line(catalogue: Catalogue, date: str) -> str:
    """What the catalogue holds: "Catalogue of 23 Nov 2026: 10 machines, 8 access modes"."""
    machines = len(catalogue.machines_in_service())
    modes = sum(mode.rank < 99 for mode in catalogue.access_modes.values())
    return text(
        say(
            "Catalogue of {date}: {machines} machines, {modes} access modes",
            date=Name(date),
            machines=Amount(machines, form="fixed"),
            modes=Amount(modes, form="fixed"),
        )
    )


def _hours_on(gpu_hours: float, machine: Machine | None) -> Said:
    hours = Amount(gpu_hours)
    if machine is None:
        return say("{n} GPU-hours", n=hours)
    return say("{n} GPU-hours on {machine}", n=hours, machine=Name(machine_name(machine)))
