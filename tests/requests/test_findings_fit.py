"""What the technical check says of memory, named GPUs, precision and software, on a card in round numbers.

The card has 100 GiB, of which a plan may fill what the margin of the estimate leaves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.parallel.memory import MARGIN
from estimators.planning.reasons import NoHeads, reason_said
from estimators.planning.records import OwnHardware
from estimators.quantity import Fact
from estimators.requests.findings.case import Case
from estimators.requests.results import Finding
from estimators.words import Value, say
from tests.requests.builders import campaign_run, case_of, findings_of, line_of, open_of, project, run_spec

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
CARD = CATALOGUE.gpu_of(LEONARDO)
GIB = 2**30


def fact(value: Any, unit: str = "count", source: str = "Guide") -> Fact[Any]:
    return Fact(value=value, unit=unit, source=source, confidence="official", as_of="2026-11-01")


def case(
    *gib: float,
    card: dict[str, Any] | None = None,
    at: dict[str, Any] | None = None,
    run: dict[str, Any] | None = None,
    line: dict[str, Any] | None = None,
    containers: bool = False,
    **answer: Any,
) -> Case:
    """Runs that hold so many GiB on a device; what the card, the machine, the run or its line are else."""
    gpu = msgspec.structs.replace(
        CARD, **{"memory": fact(100.0, "GiB"), "memory_visible": None, **(card or {})}
    )
    catalogue = replace(CATALOGUE, gpus={**CATALOGUE.gpus, gpu.id: gpu})
    machine = msgspec.structs.replace(LEONARDO, **(at or {}))
    runs = [campaign_run(CATALOGUE, **(run or {}))]
    runs += [campaign_run(CATALOGUE, identity=f"run {place}") for place in range(1, len(gib))]
    lines = tuple(
        replace(line_of(one, machine, reserved=held * GIB, **answer), **(line or {}))
        for one, held in zip(runs, gib or (1.0,), strict=True)
    )
    return case_of(project(*runs, containers=containers), catalogue, machine, lines)


def only(of: Case, rule: str) -> Finding:
    (found,) = open_of(of, rule)
    return found


def passed(of: Case, rule: str) -> Finding | None:
    found = [one for one in findings_of(of) if (one.rule, one.severity) == (rule, "pass")]
    return found[0] if found else None


def why(found: Finding | None) -> str:
    assert found is not None
    return plain(found.why)


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


# ---------------------------------------------------------------- memory


@pytest.mark.parametrize(
    ("gib", "words"), [(98.25, "98.2"), (99.4, "99.4"), (99.6, "100"), (120.4, "120"), (1234.0, "1 234")]
)
def test_that_memory_beyond_the_card_is_said_in_gib(gib: float, words: str) -> None:
    found = only(case(gib), "memory")
    usable = f"{100 * (1 - MARGIN):.1f}"
    assert plain(found.title) == f"Main run needs {words} GiB on each GPU, {CARD.name} gives {usable}"
    assert plain(found.figure) == f"{words} GiB"
    assert plain(found.limit).startswith(f"{usable} GiB, a margin of {100 * MARGIN:.0f} %")


def test_that_the_fullest_run_is_held_against_the_card() -> None:
    found = passed(case(40.0, 60.5, 10.0), "memory")
    usable = 100 * (1 - MARGIN)
    assert why(found) == f"{60.5:.0f} of {usable:.0f} usable, 100 GiB on each GPU"
    assert found is not None
    assert (plain(found.figure), plain(found.limit)) == ("60.5 GiB", f"{usable:.1f} GiB")
    assert passed(case(40.0, memory=None), "memory") is None


def test_that_memory_rests_on_what_programs_see_where_that_is_known() -> None:
    maker, seen = fact(100.0, "GiB"), fact(94.0, "GiB", "nvidia-smi")
    for visible, behind in ((None, maker), (seen, seen)):
        card = {"memory": maker, "memory_visible": visible}
        assert only(case(99.0, card=card), "memory").fact == behind
        found = passed(case(40.0, card=card), "memory")
        assert found is not None
        assert found.fact == behind


# ---------------------------------------------------------------- layouts and named GPUs


def test_that_a_run_without_hours_says_why() -> None:
    lost = {"wall_hours": None, "base_node_hours": 0.0}
    own = only(case(line=lost | {"reason": say("Needs 90 GiB")}), "run-fit")
    assert text(own.title) == "Main run: needs 90 GiB"
    reason = reason_said(NoHeads())
    divided = only(case(line=lost | {"reason": reason}), "run-fit")
    assert text(divided.title).startswith("Main run: the attention heads do not divide")
    assert text(only(case(line=lost), "run-fit").title) == "Main run: no layout was found"
    assert why(passed(case(1.0), "run-fit")) == "The run has a layout"
    assert why(passed(case(1.0, 1.0), "run-fit")) == "All 2 runs have a layout"


def test_that_a_count_that_cannot_run_is_told_up_to_the_size_of_the_machine() -> None:
    # 3,456 nodes of four GPUs are 13,824; a job beyond them is a matter of its size
    found = only(case(run={"gpus": 13_824}, gpus=64), "job-possible")
    assert plain(found.title) == "13 824 GPUs cannot run Main run; the plan takes 64"
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.value) == ("Take 64 GPUs", 64)
    assert open_of(case(run={"gpus": 13_825}, gpus=64), "job-possible") == ()
    assert open_of(case(run={"gpus": 64}, gpus=64), "job-possible") == ()


def test_that_jobs_on_named_gpus_are_counted() -> None:
    assert why(passed(case(1.0), "job-possible")) == "1 job runs on the GPUs that you named"
    assert why(passed(case(1.0, 1.0), "job-possible")) == "2 jobs run on the GPUs that you named"
    free = {"spec": run_spec(CATALOGUE, gpus=None)}
    assert passed(case(run=free), "job-possible") is None


# ---------------------------------------------------------------- precision


def in_precision(wanted: str, used: str, own: str = "a100-80-sxm", **changes: Any) -> Case:
    spec = run_spec(CATALOGUE, precision=wanted, own=OwnHardware(own, 4))
    return case(run={"spec": spec}, precision=used, **changes)


def test_that_a_card_without_the_precision_is_told_from_one_that_nobody_measured() -> None:
    lacking = only(in_precision("fp8", "bf16"), "precision")
    assert text(lacking.title) == "Main run asks for fp8; Leonardo computes in bf16"
    assert (text(lacking.limit), lacking.fact) == (f"bf16 on {CARD.name}", CARD.peak["bf16"])
    has = {"peak": {**CARD.peak, "fp8": fact(1.0, "PFLOP/s")}}
    unmeasured = only(in_precision("fp8", "bf16", card=has), "precision")
    assert (
        text(unmeasured.title) == f"Main run asks for fp8; no measured run in fp8 stands behind {CARD.name}"
    )


def test_that_hardware_of_ones_own_that_the_catalogue_lacks_has_no_precision() -> None:
    assert open_of(in_precision("bf16", "bf16", own="abacus"), "precision") == ()


def test_that_precisions_in_use_are_named_where_the_card_states_them() -> None:
    found = passed(in_precision("bf16", "bf16"), "precision")
    assert why(found) == f"bf16 on {CARD.name}"
    assert found is not None
    assert found.fact == CARD.peak["bf16"]
    assert passed(in_precision("bf16", "bf16", card={"peak": {}}), "precision") is None
    assert passed(case(precision=None), "precision") is None


# ---------------------------------------------------------------- software


def test_that_own_images_run_in_the_engine_of_the_site() -> None:
    engine = {"containers": fact("Singularity", "text")}
    assert why(passed(case(containers=True, at=engine), "containers")) == "Own images run in Singularity"
    assert passed(case(containers=False, at=engine), "containers") is None
    assert passed(case(containers=True, at={"containers": None}), "containers") is None


@pytest.mark.parametrize(
    ("stack", "architecture", "words"),
    [
        ("cuda", "x86_64", "PyTorch on x86 and CUDA"),
        ("rocm", None, "PyTorch on its processors and ROCm"),
        ("oneapi", "riscv64", "PyTorch on its processors and oneapi"),
    ],
)
def test_that_processor_and_stack_of_the_site_are_said(
    stack: str, architecture: str | None, words: str
) -> None:
    cpu = None if architecture is None else fact(architecture, "text")
    at = {"accelerator_stack": fact(stack, "text"), "cpu_architecture": cpu}
    found = passed(case(at=at), "software")
    assert why(found) == words
    assert found is not None
    assert found.fact == at["accelerator_stack"]
    for none in (None, fact(None, "text")):
        assert passed(case(at={**at, "accelerator_stack": none}), "software") is None


def test_that_packages_and_images_are_checked_for_arm() -> None:
    arm = {"cpu_architecture": fact("aarch64 (Grace)", "text")}
    assert text(only(case(at=arm), "software").figure) == "x86 packages"
    assert text(only(case(at=arm, containers=True), "software").figure) == "own images"
