"""The comparison: one run on every machine, the choice of device counts, and the headline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimators.calibration import Calibration, load_calibration
from estimators.catalogue.load import Catalogue
from estimators.parallel.search import Found, search
from estimators.planning.answers import answer_for, answer_without_target
from estimators.planning.choice import choose
from estimators.planning.explain import explain
from estimators.planning.plausible import away_words, is_far
from estimators.planning.prepare import (
    IMBALANCE,
    Prepared,
    catalogue_of,
    model_words,
    prepare,
    unmeasured_words,
)
from estimators.planning.records import Comparison, LayoutChoice, MachineAnswer, RunSpec
from estimators.planning.run import Rolled, roll
from estimators.planning.targets import OWN, named_count
from estimators.quantity import Figure
from estimators.words import Amount, Name, Said, say


def compare(spec: RunSpec, catalogue: Catalogue, calibration: Calibration | None = None) -> Comparison:
    """Estimates a run on every machine of the catalogue and on the user's own hardware.

    Raises:
        RunError: The run cannot be estimated; the text is a sentence.
        CatalogueError: The user's card is not in the catalogue.
    """
    calibration = calibration or load_calibration()
    coefficients = calibration.coefficients
    prepared = prepare(spec, catalogue, calibration)
    found = search(prepared.problem, prepared.devices, prepared.fabric, coefficients)
    rolled = roll(prepared, found, catalogue, calibration)
    return _assemble(prepared, found, rolled, catalogue, calibration)


def answer_on(
    spec: RunSpec, catalogue: Catalogue, machine: str, calibration: Calibration | None = None
) -> MachineAnswer:
    """The run on one machine alone: the same answer as in `compare`, without the others.

    Raises:
        RunError: The run cannot be estimated; the text is a sentence.
        CatalogueError: The machine or the user's card is not in the catalogue.
    """
    return explained_on(spec, catalogue, machine, calibration)[0]


def explained_on(
    spec: RunSpec, catalogue: Catalogue, machine: str, calibration: Calibration | None = None
) -> tuple[MachineAnswer, Figure | None]:
    """The run on one machine alone, with the tree behind its GPU-hours (None where it does not fit).

    Raises:
        RunError: The run cannot be estimated; the text is a sentence.
        CatalogueError: The machine or the user's card is not in the catalogue.
    """
    calibration = calibration or load_calibration()
    alone = catalogue_of(spec, catalogue.machine(machine), catalogue)
    prepared = prepare(spec, alone, calibration)
    found = search(prepared.problem, prepared.devices, prepared.fabric, calibration.coefficients)
    rolled = roll(prepared, found, catalogue, calibration)
    answers, chosen = _answers(prepared, found, rolled)
    pair = chosen.get(machine)
    tree = None if pair is None else explain(prepared, found, rolled, pair, catalogue, calibration)
    return answers[machine], tree


def measured_remarks(spec: RunSpec, predicted_seconds: float | None) -> tuple[Said, ...]:
    """What to say of a measured step that lies far from its prediction and was confirmed."""
    step = spec.measured
    if step is None or predicted_seconds is None or not is_far(step, predicted_seconds):
        return ()
    return (say("The measured step {away}; it was confirmed.", away=away_words(step, predicted_seconds)),)


def _assemble(
    prepared: Prepared, found: Found, rolled: Rolled, catalogue: Catalogue, calibration: Calibration
) -> Comparison:
    answers, chosen = _answers(prepared, found, rolled)
    own = answers.pop(OWN)
    listed = (*catalogue.machines_in_service(), *catalogue.machines_coming())
    ordered = tuple(answers[machine.id] for machine in listed)
    headline = headline_of(prepared.spec, ordered)
    explanation = None
    if headline is not None:
        pair = chosen[headline.machine.id]
        explanation = explain(prepared, found, rolled, pair, catalogue, calibration)
    return Comparison(
        spec=prepared.spec,
        answers=ordered,
        own=own,
        headline=headline,
        explanation=explanation,
        assumptions=assumptions(prepared, headline)
        + measured_remarks(prepared.spec, rolled.predicted_seconds),
        catalogue_date=catalogue.date,
        predicted_step_seconds=rolled.predicted_seconds,
    )


def _answers(
    prepared: Prepared, found: Found, rolled: Rolled
) -> tuple[dict[str, MachineAnswer], dict[str, int]]:
    """The answer of every machine, and the pair that it proposes where one fits."""
    answers: dict[str, MachineAnswer] = {}
    chosen: dict[str, int] = {}
    for i, target in enumerate(prepared.targets):
        pairs = np.flatnonzero(prepared.pair_target == i)
        fitting = pairs[found.best[pairs] >= 0]
        pick = choose(prepared, rolled, fitting) if fitting.size else None
        answers[target.machine.id] = answer_for(prepared, found, rolled, target, pairs, pick)
        if pick is not None:
            chosen[target.machine.id] = pick
    for other in prepared.others:
        answers[other.machine.id] = answer_without_target(other)
    return answers, chosen


def headline_of(spec: RunSpec, answers: tuple[MachineAnswer, ...]) -> MachineAnswer | None:
    """The plan's machine; if none is chosen, the machine in service with the lowest P50 GPU-hours.

    Machines that run the device count which the user named come first, then those that end in time.
    """
    if spec.machine is not None:
        for answer in answers:
            if answer.machine.id == spec.machine:
                return answer if answer.fits else None
    usable = [a for a in answers if a.fits and a.machine.status == "in service" and a.gpu_hours]
    as_named = [a for a in usable if spec.gpus in (None, a.gpus)] or usable
    in_time = [a for a in as_named if a.meets_deadline is not False] or as_named
    return min(in_time, key=lambda a: a.gpu_hours.p50 if a.gpu_hours else np.inf, default=None)


def assumptions(prepared: Prepared, headline: MachineAnswer | None) -> tuple[Said, ...]:
    """Defaults that were taken, as sentences."""
    spec = prepared.spec
    out: list[Said] = [prepared.batch.reason] if prepared.batch.reason else []
    if spec.layout == LayoutChoice():
        out.append(say("Layout: the fastest that fits, found by search."))
    if headline is not None and headline.evidence == "far":
        out.append(say("No measured run on this card at this scale: the range is wider."))
    out += unmeasured_words(prepared)
    out += model_words(prepared)
    if prepared.work.has_experts:
        capacity = spec.layout.expert_capacity
        load = IMBALANCE if capacity is None else min(IMBALANCE, capacity)
        out.append(
            say("The fullest expert device carries {n} times the mean load.", n=Amount(load, form="general"))
        )
    layout = headline.layout if headline is not None else None
    if layout is not None and layout.layers_16:
        out.append(
            say(
                "{n} layers stay in 16 bit, as recipes of {recipe} training advise.",
                n=Amount(layout.layers_16, form="fixed"),
                recipe=Name(layout.recipe or ""),
            )
        )
    if not prepared.has_evidence:
        out.append(
            say(
                "No measured run of a {family} in the evidence: the range is wider.",
                family=prepared.family.name,
            )
        )
    return tuple(out)


def reprice(
    spec: RunSpec, catalogue: Catalogue, previous: Comparison, calibration: Calibration | None = None
) -> Comparison:
    """Evaluates only the layouts that `previous` chose, with new inputs: for a slider that moves.

    Returns:
        A comparison that is marked not final; curves are those of `previous`, scaled.
    """
    held = {
        answer.machine.id: answer
        for answer in (*previous.answers, previous.own)
        if answer.fits and answer.gpus is not None
    }
    calibration = calibration or load_calibration()
    coefficients = calibration.coefficients
    prepared = prepare(spec, catalogue, calibration)
    kept = _only_counts(prepared, {key: int(a.gpus or 0) for key, a in held.items()})
    found = search(kept.problem, kept.devices, kept.fabric, coefficients)
    rolled = roll(kept, found, catalogue, calibration)
    fresh = _assemble(kept, found, rolled, catalogue, calibration)
    return replace(_with_old_curves(fresh, held), final=False)


def _only_counts(prepared: Prepared, last: dict[str, int]) -> Prepared:
    """The same problem with one device count for each machine: the last, or one that the user named since."""
    problem = prepared.problem
    names = [target.machine.id for target in prepared.targets]
    named = {
        names[i]: int(count)
        for i, count in zip(problem.pair_system, problem.pair_gpus, strict=True)
        if count == named_count(prepared.spec, names[i])
    }
    counts = last | {name: count for name, count in named.items() if name in last}
    wanted = np.array([counts.get(names[i], -1) for i in problem.pair_system], dtype=float)
    known = np.array([names[i] in counts for i in problem.pair_system], dtype=bool)
    keep = (problem.pair_gpus == wanted) | ~known
    smaller = replace(problem, pair_system=problem.pair_system[keep], pair_gpus=problem.pair_gpus[keep])
    return replace(prepared, problem=smaller)


def _with_old_curves(fresh: Comparison, held: dict[str, MachineAnswer]) -> Comparison:
    """Puts the curves of the last full search back, moved by the change at the chosen point."""

    def moved(answer: MachineAnswer) -> MachineAnswer:
        old = held.get(answer.machine.id)
        if old is None or not (old.seconds and answer.seconds and old.gpu_hours and answer.gpu_hours):
            return answer
        time, cost = answer.seconds.p50 / old.seconds.p50, answer.gpu_hours.p50 / old.gpu_hours.p50
        curve = tuple(
            replace(point, seconds=point.seconds.scaled(time), gpu_hours=point.gpu_hours.scaled(cost))
            for point in old.curve
        )
        return replace(answer, curve=curve)

    answers = tuple(moved(answer) for answer in fresh.answers)
    headline = fresh.headline
    if headline is not None:
        headline = next(a for a in answers if a.machine.id == headline.machine.id)
    return replace(fresh, answers=answers, own=moved(fresh.own), headline=headline)
