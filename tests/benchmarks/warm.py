"""Times comparisons in one warm process, for `tests.benchmarks.ratios`: a plan's path in, milliseconds out.

It runs with the code of either side, so it uses only what plan files and the package's own front offer. Each
line of standard input is `{"plan": PATH, "repeats": N}`; the answer is one line: `{"wall": [ms, ...],
"cpu": [ms, ...]}`, or `{"refused": SENTENCE}` where the plan cannot be estimated. `{"models": true}` asks for
the names of the catalogue's models.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from app.plan.errors import PlanError
from app.plan.files import read_plan
from app.plan.resolve import run_spec
from estimators import Calibration, Catalogue, RunError, compare, load_calibration, load_catalogue


def main() -> None:
    """Answer every line until the input ends."""
    catalogue, calibration = load_catalogue(), load_calibration()
    for line in sys.stdin:
        asked = json.loads(line)
        if "models" in asked:
            answer: Any = list(catalogue.models)
        else:
            try:
                answer = times(Path(asked["plan"]), asked["repeats"], catalogue, calibration)
            except (PlanError, RunError) as error:
                answer = {"refused": str(error)}
        print(json.dumps(answer), flush=True)


def times(path: Path, repeats: int, catalogue: Catalogue, calibration: Calibration) -> dict[str, list[float]]:
    """Milliseconds of every call on the clock, and of the processor in this process and its threads."""
    plan = read_plan(path, catalogue)
    mains = [run.id for run in plan.runs if run.role == "main"]
    spec = run_spec(plan, catalogue, mains[0] if mains else None)
    wall, cpu = [], []
    for _ in range(repeats):
        start, busy = time.perf_counter(), time.process_time()
        compare(spec, catalogue, calibration)
        wall.append(1e3 * (time.perf_counter() - start))
        cpu.append(1e3 * (time.process_time() - busy))
    return {"wall": wall, "cpu": cpu}


if __name__ == "__main__":
    main()
