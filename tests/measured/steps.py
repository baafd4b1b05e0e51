"""Measures optimiser steps on one GPU and writes one evidence row for each configuration.

    python -m tests.measured.steps --rows FILE [--seconds 540] [--only PART] [--kernels] [--again]
    python -m tests.measured.steps --rows FILE --rehearse

Needs torch alone. A row is written as soon as it is measured; a configuration that is in the file already is
passed over, so that the program can be started again where it stopped.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import sdpa_kernel

from tests.measured import kernels
from tests.measured.machine import (
    Marks,
    Meter,
    facts_of,
    forget_memory,
    host_seconds,
    memory_peaks,
    rounded,
    wait,
)
from tests.measured.nets import compile_model, model_of, samples_of
from tests.measured.runs import AGAIN, REHEARSAL, RUNS, Run, id_on, row_of

WARM_STEPS, LEAST_STEPS, MOST_STEPS = 3, 10, 40
MEASURED_SECONDS = 1.0
"""A short step is repeated for so long."""
HANDED_STEPS, SMALL_POSITIONS = 3, 64
"""Steps by which the host's own time is taken, on one sequence so short that the card is never late."""
EAGER_SECONDS, COMPILED_SECONDS = 45, 90
"""What a configuration may take before it is given up."""
LEARNING_RATE, MOST_NORM = 1e-4, 1.0
BROKEN = 3
"""Exit status where the card does not work any more for this process; start the program again."""


class Trainer:
    """One model with its optimiser and micro-batches, ready to step."""

    def __init__(self, run: Run, device: str) -> None:
        self.run, self.device = run, device
        self.model = model_of(run, device)
        self.weights = list(self.model.parameters())
        self.parameters = sum(weight.numel() for weight in self.weights)
        self.masters: list[Tensor] = []
        if run.states == "master":
            self.masters = [weight.detach().float() for weight in self.weights]
        if run.compiled:
            compile_model(self.model, run.compiled)
        self.optimizer = torch.optim.AdamW(
            self.trained,
            lr=LEARNING_RATE,
            betas=(0.9, 0.95),
            weight_decay=0.1,
            fused=run.fused,
            foreach=not run.fused,
        )
        self.micro_batches = [samples_of(run, device) for _ in range(run.grad_accum)]
        self.loss = torch.full((), math.nan)

    @property
    def trained(self) -> list[Tensor]:
        """What the optimiser works on."""
        return self.masters or self.weights

    def host_seconds(self) -> float:
        """Seconds that the host needs to hand a step over.

        An eager program hands over the same operations whatever their size, so a short sequence tells, which
        leaves no work waiting. Compiled code would be made anew for it; its few operations wait on the card.
        """
        small = replace(self.run, micro_batch=1, positions=min(SMALL_POSITIONS, self.run.positions))
        batches = self.micro_batches
        if not self.run.compiled:
            batches = [samples_of(small, self.device) for _ in batches]
        step = partial(self.step, batches=batches)
        step()
        return statistics.median(host_seconds(step, self.device, finished=False) for _ in range(HANDED_STEPS))

    def step(
        self, marks: Marks | None = None, batches: Sequence[tuple[Tensor, Tensor]] | None = None
    ) -> None:
        """One optimiser step; gradients of the micro-batches add up."""
        mark = marks or Marks("cpu")
        mark("start")
        for samples, targets in batches or self.micro_batches:
            with torch.autocast(self.device, torch.bfloat16, enabled=self.run.states == "autocast"):
                loss = self.model(samples, targets) / self.run.grad_accum
            mark("forward_s")
            loss.backward()
            self.loss = loss.detach()
            mark("backward_s")
        if self.masters:
            for master, weight in zip(self.masters, self.weights, strict=True):
                master.grad, weight.grad = weight.grad.float(), None
            mark("gradient_copies_s")
        if self.run.clipped:
            torch.nn.utils.clip_grad_norm_(self.trained, MOST_NORM)
            mark("clipping_s")
        self.optimizer.step()
        if self.masters:
            with torch.no_grad():
                torch._foreach_copy_(self.weights, self.masters)
        self.optimizer.zero_grad(set_to_none=True)
        mark("optimizer_s")


def attention_of(run: Run) -> AbstractContextManager[Any]:
    """Holds attention to the kernel that the run asks for."""
    return nullcontext() if run.attention == "default" else sdpa_kernel(kernels.KERNELS[run.attention])


def measure(run: Run, device: str, meter: Meter) -> tuple[int, dict[str, Any]]:
    """Number of parameters, and the median step with its spread, parts and memory."""
    trainer = Trainer(run, device)
    forget_memory(device)
    with attention_of(run):
        first = host_seconds(trainer.step, device)
        for _ in range(WARM_STEPS - 1):
            trainer.step()
        usual = host_seconds(trainer.step, device)
        steps = min(max(LEAST_STEPS, math.ceil(MEASURED_SECONDS / usual)), MOST_STEPS)
        before, start = meter.joules(), time.perf_counter()
        marks = [Marks(device) for _ in range(steps)]
        for mark in marks:
            trainer.step(mark)
        clock = meter.megahertz()
        wait(device)
        after, passed = meter.joules(), time.perf_counter() - start
        also: dict[str, Any] = memory_peaks(device)
        host = trainer.host_seconds()
    parts = [mark.seconds() for mark in marks]
    also |= spread([sum(one.values()) for one in parts]) | {"steps": steps}
    also |= {name: rounded(statistics.median(one[name] for one in parts)) for name in parts[0]}
    also |= {"host_s": rounded(host), "first_step_s": rounded(first), "loss": rounded(float(trainer.loss))}
    if before is not None and after is not None:
        also |= {"watts": round((after - before) / passed), "sm_mhz": clock}
    if run.compiled:
        also |= {"compiled_graphs": torch._dynamo.utils.counters["stats"]["unique_graphs"]}
    return trainer.parameters, {"value": also.pop("step_s_p50"), "also": also}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Tenth, fiftieth and ninetieth percentile of step times."""
    cuts = statistics.quantiles(seconds, n=10, method="inclusive")
    return {
        "step_s_p10": rounded(cuts[0]),
        "step_s_p50": rounded(cuts[4]),
        "step_s_p90": rounded(cuts[8]),
    }


def row_measured(run: Run, facts: dict[str, Any], device: str, meter: Meter) -> dict[str, Any]:
    """The row of a run that was measured, or did not fit.

    Raises:
        TimeoutError: It took too long.
    """
    signal.alarm(COMPILED_SECONDS if run.compiled else EAGER_SECONDS)
    try:
        parameters, measured = measure(run, device, meter)
    except torch.OutOfMemoryError:
        parameters, measured = _counted(run), {"value": None, "also": {"result": "out of memory"}}
    finally:
        signal.alarm(0)
    return row_of(run, facts | {"parameters": parameters}, measured)


def _counted(run: Run) -> int:
    """Parameters of a model that is not made: the meta device holds no values."""
    return sum(weight.numel() for weight in model_of(run, "meta").parameters())


def start_anew(device: str) -> None:
    """Forgets compiled code and gives memory back, so that no run lives off the one before."""
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    gc.collect()
    forget_memory(device)


def in_file(path: Path) -> set[str]:
    """Configurations that a file of rows or failures names."""
    if not path.exists():
        return set()
    return {json.loads(line)["id"] for line in path.read_text().splitlines() if line.strip()}


def append(path: Path, line: dict[str, Any]) -> None:
    """Writes one line at once."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _too_long(number: int, frame: Any) -> None:
    raise TimeoutError("the configuration took too long")


def main() -> int:
    """The exit status: 0 when every configuration was tried or the time is over."""
    parser = argparse.ArgumentParser(prog="python -m tests.measured.steps", description=__doc__)
    parser.add_argument("--rows", type=Path, required=True, help="where rows are added")
    parser.add_argument("--seconds", type=float, default=540.0, help="start nothing that ends later")
    parser.add_argument("--only", default="", help="configurations with this part in their name")
    parser.add_argument("--sitting", type=int, default=1, help="counts the machines that rows came from")
    parser.add_argument("--again", action="store_true", help="the few that are measured twice")
    parser.add_argument("--kernels", action="store_true", help="measure single kernels first")
    parser.add_argument("--rehearse", action="store_true", help="try tiny models, on any machine")
    asked = parser.parse_args()
    end = time.monotonic() + asked.seconds
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu" and not asked.rehearse:
        parser.error("no GPU is there; --rehearse needs none.")
    signal.signal(signal.SIGALRM, _too_long)
    torch.manual_seed(0)
    facts = facts_of(device) | {"sitting": asked.sitting}
    meter, failures = Meter(device), asked.rows.with_suffix(".failed.jsonl")
    print(facts)
    done = in_file(asked.rows) | in_file(failures)
    if device == "cuda" and asked.kernels:
        try:
            for row in kernels.ceilings(facts):
                append(asked.rows, row)
                print(row["id"], row["measured"])
        except RuntimeError as error:
            print("kernels failed:", error)
        start_anew(device)
    for run in REHEARSAL if asked.rehearse else AGAIN if asked.again else RUNS:
        likely = COMPILED_SECONDS / 4 if run.compiled else EAGER_SECONDS / 3
        name = id_on(facts["card"], run.name)
        if name in done or asked.only not in name or time.monotonic() + likely > end:
            continue
        start = time.monotonic()
        try:
            row = row_measured(run, facts, device, meter)
        except Exception as error:
            append(failures, {"id": name, "error": f"{type(error).__name__}: {error}"[:2000]})
            print(name, "failed:", f"{type(error).__name__}: {error}"[:600])
            if "CUDA error" in str(error):
                return BROKEN
        else:
            append(asked.rows, row)
            print(name, row["measured"], f"{time.monotonic() - start:.1f} s")
        start_anew(device)
    return 0


if __name__ == "__main__":
    sys.exit(main())
