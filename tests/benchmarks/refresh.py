"""Times of an answer: a complete refresh, repricing while a slider moves, layouts timed a second.

Run from the repository's root: `python -m tests.benchmarks.refresh`. Nothing is asserted; the aim is a
refresh within 120 ms on two cores at the median.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from estimators import RunSpec, compare, load_calibration, load_catalogue, reprice
from estimators.catalogue.architectures import Full, Text
from estimators.parallel.search import Found, search
from estimators.parallel.step import step_times
from estimators.parameters import Coefficients
from estimators.planning.prepare import Prepared, prepare
from estimators.workloads.models import model_of

AIM_MS = 120.0


def milliseconds(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median and slowest wall time of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


def line(name: str, times: tuple[float, float]) -> str:
    """One row of the table."""
    return f"{name:<44}{times[0]:8.1f} ms median{times[1]:8.1f} ms slowest"


def main() -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    repeats = parser.parse_args().repeats
    start = time.perf_counter()
    catalogue, calibration = load_catalogue(), load_calibration()
    print(f"{'reading facts and calibration':<44}{1e3 * (time.perf_counter() - start):8.1f} ms once")
    spec = RunSpec(
        model=model_of(catalogue.model("Llama-3.1-8B")),
        method=Full("continued-pretraining"),
        samples=3e11 / 4096,
        sample=Text(4096),
    )
    start = time.perf_counter()
    answer = compare(spec, catalogue)
    print(f"{'first answer':<44}{1e3 * (time.perf_counter() - start):8.1f} ms once")
    full = milliseconds(lambda: compare(spec, catalogue), repeats)
    print(line("refresh, 8B, all machines and GPU counts", full) + f" (aim {AIM_MS:.0f})")
    more = replace(spec, samples=1.1 * spec.samples)
    print(line("repricing the last layouts", milliseconds(lambda: reprice(more, catalogue, answer), repeats)))
    coefficients = calibration.coefficients
    ready = prepare(spec, catalogue, calibration)
    print(line("facts to arrays", milliseconds(lambda: prepare(spec, catalogue, calibration), repeats)))

    def layouts() -> int:
        return search(ready.problem, ready.devices, ready.fabric, coefficients).tried

    found = search(ready.problem, ready.devices, ready.fabric, coefficients)
    times = milliseconds(layouts, repeats)
    print(line("search", times))
    considered = float(found.considered.sum())
    pairs = ready.problem.pair_gpus.size
    print(f"{pairs} pairs of machine and count, {considered:,.0f} layouts considered, {found.tried:,} timed:")
    print(f"{considered / times[0] * 1e3:,.0f} layouts a second, {found.tried / times[0] * 1e3:,.0f} timed")
    together, alone = one_call(found, ready, coefficients, repeats), one_at_a_time(found, ready, coefficients)
    print(
        f"timing in one call {together:,.0f} layouts a second, one at a time in Python {alone:,.0f}:", end=" "
    )
    print(f"{together / alone:,.0f} times as many")
    return 0


def one_call(found: Found, ready: Prepared, coefficients: Coefficients, repeats: int) -> float:
    """Layouts a second when the full physics times all of them at once."""

    def work() -> object:
        return step_times(ready.work, found.layouts, ready.devices, ready.fabric, coefficients)

    return len(found.layouts) / milliseconds(work, repeats)[0] * 1e3


def one_at_a_time(found: Found, ready: Prepared, coefficients: Coefficients, sample: int = 300) -> float:
    """Layouts a second when a Python loop times each by the same physics."""
    rows = [found.layouts.take(np.array([i])) for i in range(min(sample, len(found.layouts)))]
    start = time.perf_counter()
    for row in rows:
        step_times(ready.work, row, ready.devices, ready.fabric, coefficients)
    return len(rows) / (time.perf_counter() - start)


if __name__ == "__main__":
    raise SystemExit(main())
