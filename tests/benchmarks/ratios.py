"""How long everything takes against an earlier commit: medians of both sides, their ratio, and the goal.

    python -m tests.benchmarks.ratios [--before COMMIT] [--runs N]

Both sides run in turn with the same interpreter on this machine, so that what else goes on here meets both.
"best" is the ratio of the fastest runs, which suffers least from other work. `compare` is a call in a warm
process; the other measures are whole processes with compiled modules and a home where nothing was ever kept.
Nothing is asserted. It takes some 80 seconds of a processor.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.sides import Side, Times, Worker, two_sides

BEFORE = "1dccb65"
"""The commit that the goals were set against."""
EXPERTS, ORDINARY = "experts-30b-a3b", "nordic-9b"
"""Examples, read by both sides as the side before has them: a newer program reads an older plan."""
SEQUENCES = (4096, 32768, 262144)
DENSE = "Llama-3.1-8B"
CALLS = 3
"""Of one side before the other has its turn."""
COMPILE = ("-m", "compileall", "-q", "app", "estimators", "resources")


@dataclass(frozen=True)
class Goal:
    """Most that the ratio of a measure may be, on the clock and of the processor; None is no goal."""

    wall: float | None
    cpu: float | None


def main() -> int:
    """Print the table, a measure as soon as it is taken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help=f"default {BEFORE}")
    parser.add_argument(
        "--runs", type=int, default=5, metavar="N", help="of each measure and side, default 5"
    )
    arguments = parser.parse_args()
    print(f"{'':63}{'before':>12}{'after':>12}{'ratio':>8}{'best':>7}{'goal':>8}")
    try:
        with two_sides(arguments.before) as (before, after, folder):
            comparisons(before, after, folder, arguments.runs)
            processes(before, after, folder, arguments.runs)
            layouts(before, after, arguments.runs)
    except RuntimeError as error:
        sys.exit(str(error))
    return 0


def comparisons(before: Side, after: Side, folder: Path, runs: int) -> None:
    """`compare` in a warm process: the example with experts, the slowest plan of all, an ordinary model."""
    old, new = Worker(before, folder), Worker(after, folder)
    ordinary = json.loads(before.example(ORDINARY).read_text(encoding="utf-8"))

    def plan_of(model: str, sequence_tokens: int) -> Path:
        ordinary["runs"][0]["workload"].update(model=model, sequence_tokens=sequence_tokens)
        path = folder / "plan.nodewise.json"
        path.write_text(json.dumps(ordinary), encoding="utf-8")
        return path

    def both(plan: Path) -> tuple[Times, Times]:
        for worker in (old, new):
            worker.times(plan, 1)  # not counted
        return in_turn(lambda: known(old.times(plan, CALLS)), lambda: known(new.times(plan, CALLS)), runs)

    try:
        show("compare, Qwen3-30B-A3B example", *both(before.example(EXPERTS)), Goal(0.40, 0.40))
        model, tokens = slowest(old, plan_of)
        words = f"compare, slowest of all: {model}, {tokens:,}"
        show(words, *both(plan_of(model, tokens)), Goal(0.42, 0.42))
        show(f"compare, {DENSE}", *both(plan_of(DENSE, SEQUENCES[0])), Goal(0.80, 0.80))
    finally:
        old.close()
        new.close()


def slowest(worker: Worker, plan_of: Callable[[str, int], Path]) -> tuple[str, int]:
    """Model and sequence length that take the side before longest, of all that it computes.

    Args:
        plan_of: Writes the plan of a model at a sequence length.
    """
    found = []
    for model in worker.models():
        for tokens in SEQUENCES:
            times = worker.times(plan_of(model, tokens), 1)
            if times is None:
                break  # a family that is not computed is so at any length
            found.append((times.cpu[0], model, tokens))

    def again(one: tuple[float, str, int]) -> float:
        return min(known(worker.times(plan_of(*one[1:]), CALLS)).cpu)

    _, model, tokens = max(sorted(found)[-CALLS:], key=again)
    return model, tokens


def processes(before: Side, after: Side, folder: Path, runs: int) -> None:
    """Whole processes: the estimate from the shell, the first chart and the first PDF of a new user."""
    experts, ordinary = (str(before.example(name)) for name in (EXPERTS, ORDINARY))
    chart = ["screenshot", ordinary, "-o", str(folder / "picture.png")]
    report = ["report", ordinary, "-o", str(folder / "report.pdf"), "--force"]
    few = max(1, runs // 3)
    for side in (before, after):
        side.run(*COMPILE)
    for name, arguments, goal, count in (
        ("nodewise estimate, example with experts", ["estimate", experts], Goal(0.90, 0.70), runs),
        ("nodewise estimate, 9B example", ["estimate", ordinary], Goal(0.90, 0.70), runs),
        ("first chart of a new user, as a screenshot", chart, Goal(0.30, None), few),
        ("first PDF of a new user", report, Goal(0.25, None), few),
    ):
        old, new = (partial(times_of, side, ["-m", "app", *arguments]) for side in (before, after))
        show(name, *in_turn(old, new, count), goal)


def times_of(side: Side, command: list[str]) -> Times:
    """Times of one process."""
    return side.run(*command)[0]


def layouts(before: Side, after: Side, runs: int) -> None:
    """Layouts a second, as each side's own benchmark of a refresh counts them."""

    def considered(side: Side) -> float:
        text = side.run("-m", "tests.benchmarks.refresh", "--repeats", str(3 * CALLS))[1]
        found = re.search(r"([\d,]+) layouts a second", text)
        if found is None:
            raise RuntimeError(f"The benchmark of a refresh names no layouts a second:\n{text}")
        return float(found[1].replace(",", ""))

    rates = [(considered(before), considered(after)) for _ in range(max(1, runs // 2))]
    old, new = ([pair[side] for pair in rates] for side in (0, 1))
    line("layouts considered a second", old, new, max, "{:,.0f}", "≥ 1.00")


def in_turn(old: Callable[[], Times], new: Callable[[], Times], runs: int) -> tuple[Times, Times]:
    """Times of both sides, one after the other in every run."""
    sums = Times([], []), Times([], [])
    for _ in range(runs):
        sums = sums[0] + old(), sums[1] + new()
    return sums


def known(times: Times | None) -> Times:
    """The times of a plan that both sides must answer.

    Raises:
        RuntimeError: It was refused.
    """
    if times is None:
        raise RuntimeError("one side refuses a plan that the other estimates")
    return times


def show(name: str, old: Times, new: Times, goal: Goal) -> None:
    """Two rows of the table: on the clock, and of the processor."""
    for kind, before, after, most in (
        ("wall, ms", old.wall, new.wall, goal.wall),
        ("CPU, ms", old.cpu, new.cpu, goal.cpu),
    ):
        line(
            f"{name:<54.54}{kind:>9}", before, after, min, "{:,.1f}", "" if most is None else f"≤ {most:.2f}"
        )


def line(
    name: str, old: list[float], new: list[float], best: Callable[[list[float]], float], form: str, goal: str
) -> None:
    """One row: medians, their ratio, the ratio of the best runs, the goal."""
    before, after = statistics.median(old), statistics.median(new)
    shown = (
        f"{form.format(before):>12}{form.format(after):>12}{after / before:8.2f}{best(new) / best(old):7.2f}"
    )
    print(f"{name:<63}{shown}{goal:>8}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
