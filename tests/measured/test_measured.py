"""Steps that we measured: rows that the product reads, that a card can do, and that the estimator covers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from estimators import Catalogue, MeasuredStep, load_catalogue
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured, configure
from estimators.evidence.rows import Row, read_rows
from estimators.planning.plausible import least_step, refuse_impossible
from estimators.workloads.families import EVIDENCE
from estimators.workloads.work import Work
from tests.measured.runs import AGAIN, RUNS, id_on
from tests.measured.table import MEASURED, is_step, lines, measured_rows, text, work_of

REPEATED = MEASURED.with_name("h100-again.jsonl")
PARTS = ("forward_s", "backward_s", "gradient_copies_s", "clipping_s", "optimizer_s")
CARD = "NVIDIA H100 80GB HBM3"
FILES = (MEASURED, REPEATED)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def rows() -> tuple[Row, ...]:
    return measured_rows()


@pytest.fixture(scope="module")
def steps(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if is_step(row))


def timed(rows: tuple[Row, ...]) -> list[Row]:
    """Steps that ran; the others did not fit."""
    return [row for row in rows if row.measured.value is not None]


def computed(row: Row, catalogue: Catalogue) -> Work:
    """The work of a row, of either family."""
    found = configure(row, catalogue)
    work = found.known.work if isinstance(found, Configured) else work_of(row, catalogue)
    assert work is not None, row.id
    return work


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_that_every_row_is_an_evidence_row_of_ours(file: Path) -> None:
    rows = read_rows(file)
    assert [row.fault for row in rows if row.fault] == []
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert (row.quality, row.hardware.gpu, row.hardware.gpus) == ("A", "h100-80-sxm", 1)
        assert row.source == "measured by the Nodewise team on one H100 80GB HBM3, 27 November 2026"
        assert "PyTorch 2.11.0" in (row.software or "")


@pytest.mark.parametrize(("file", "runs"), [(MEASURED, RUNS), (REPEATED, AGAIN)], ids=("rows", "repeated"))
def test_that_a_row_says_what_the_program_ran(file: Path, runs: tuple) -> None:
    """Layout and shape as the program writes them for the configuration of that name."""
    known = {id_on(CARD, run.name): run for run in runs}
    assert len(known) == len(runs)
    steps = [line for line in map(json.loads, file.read_text().splitlines()) if line["id"] in known]
    assert len(steps) == len(known)
    for line in steps:
        run = known[line["id"]]
        assert line["layout"] == run.layout
        assert line["architecture"] == run.shape.described(run.positions)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_that_a_card_can_do_what_was_measured(file: Path, catalogue: Catalogue) -> None:
    gpu, shares = catalogue.gpu("h100-80-sxm"), []
    for row in timed(tuple(row for row in read_rows(file) if is_step(row))):
        work, samples = computed(row, catalogue), row.layout["global_batch_sequences"]
        step = MeasuredStep("own", 1, float(row.measured.value or 0.0))
        refuse_impossible(step, work, samples, "bf16", gpu)
        shares.append(least_step(work, samples, "bf16", gpu, 1).share_of_peak(step.step_seconds))
    assert 0.4 < max(shares) < 0.6, "the best of such steps reach half of the peak"


def test_that_no_language_model_is_passed_over(steps: tuple[Row, ...], catalogue: Catalogue) -> None:
    covered = [row for row in steps if row.family in EVIDENCE]
    assert len(covered) > 70
    passed = [row.id for row in covered if not isinstance(configure(row, catalogue), Configured)]
    assert passed == []


def test_that_the_estimator_counts_the_parameters_that_the_card_held(
    steps: tuple[Row, ...], catalogue: Catalogue
) -> None:
    for row in steps:
        counted = float(np.asarray(computed(row, catalogue).parameters))
        assert counted == pytest.approx(row.params.total, rel=1e-3), row.id


def test_that_spread_parts_and_memory_of_a_step_agree(steps: tuple[Row, ...], catalogue: Catalogue) -> None:
    most = catalogue.gpu("h100-80-sxm").memory_bytes / 2**30
    for row in timed(steps):
        also, seconds = row.measured.also, row.measured.value or 0.0
        assert also["step_s_p10"] <= seconds <= also["step_s_p90"], row.id
        assert also["steps"] >= 10
        # medians of parts do not add up to the median of a sum where steps differ by tens of percent
        parts = [also[name] for name in also if name in PARTS]
        assert sum(parts) == pytest.approx(seconds, rel=0.15), row.id
        held = (also["peak_mem_alloc_gib"], also["peak_mem_reserved_gib"], also["used_on_card_gib"], most)
        assert sorted(held) == list(held), row.id


def test_that_what_waits_for_the_card_repeats_and_what_waits_for_the_host_does_not(
    steps: tuple[Row, ...],
) -> None:
    """As the README says: 1.3 % where the card is busy."""
    first = {row.id: row for row in steps}
    busy = []
    for row in read_rows(REPEATED):
        before = first[row.id]
        ratio = (row.measured.value or 0.0) / (before.measured.value or 1.0)
        if min(row.measured.also["watts"], before.measured.also["watts"]) > 480:
            busy.append(row.id)
            assert ratio == pytest.approx(1.0, abs=0.013), row.id
        else:
            assert ratio > 1.3
    assert len(busy) == 6


def test_that_no_fit_has_seen_these_rows(rows: tuple[Row, ...]) -> None:
    shipped = read_rows(SHIPPED_EVIDENCE)
    assert not {row.producer for row in rows} & {row.producer for row in shipped}
    assert not {row.id for row in rows} & {row.id for row in shipped}


def test_that_the_table_shows_every_step_once_with_its_prediction(
    steps: tuple[Row, ...], catalogue: Catalogue
) -> None:
    found = lines(steps, catalogue)
    assert [line.row.id for line in found] == [row.id for row in steps]
    assert [line.row.id for line in found if not line.predicted or not line.predicted_gib] == []
    unfit = [line for line in found if line.kind == "out of memory"]
    assert unfit
    assert {line.ratio for line in unfit} == {None}
    printed = list(text(found))
    names = [row.id.removeprefix("own-h100-") for row in steps]
    shown = [line.split()[0] for line in printed if line.startswith("  ") and line.split()[0] in names]
    assert sorted(shown) == sorted(names)
