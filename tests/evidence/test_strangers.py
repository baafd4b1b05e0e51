"""Rows of other producers: alone as in company, with little published, with layouts that cannot be."""

from dataclasses import replace

import pytest

from estimators import OwnHardware, RunSpec, compare, load_calibration
from estimators.catalogue.architectures import Full, Text
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.report import predict
from estimators.evidence.rows import read_rows
from estimators.workloads.models import model_of
from tests.evidence.cases import row, write
from tests.spoken import reason_of


def test_that_a_row_alone_reads_as_it_does_in_company(catalogue):
    rows = read_rows(SHIPPED_EVIDENCE)
    wanted = {"korthikanti22-175B-full", "titan-8b-8-bf16-compile", "jupiter-speed-dense_3B", "bloom-176b"}
    company = [r for r in rows if r.id in wanted or r.family == "moe-lm"]
    together = {item.row.id: item for item in predict(tuple(company), catalogue)}
    assert wanted <= set(together)
    for name in sorted(wanted):
        alone = predict(tuple(r for r in rows if r.id == name), catalogue)[0]
        assert alone.predicted == pytest.approx(together[name].predicted, rel=1e-9)
        assert (alone.p10, alone.p90) == pytest.approx((together[name].p10, together[name].p90), rel=1e-9)


# 6·N·D over dense peak and GPU-hours: large runs reach 0.2 to 0.6 of the 16-bit peak, whatever their layout,
# so that is what may be asked where only size, tokens and card are told.
@pytest.mark.parametrize(
    ("model", "params", "gpu", "gpus", "tokens"),
    [
        ("DeepSeek-V3-671B", {"total": 671e9, "active": 37e9}, "h800-80-sxm", 2048, 14.8e12),
        ("Llama-3.1-405B", {"total": 405e9}, "h100-80-sxm", 16384, 15e12),
        ("Llama-2-70b-hf", {"total": 70e9}, "a100-80-sxm", 2048, 2e12),
        (None, {"total": 7e9}, "mi300x", 64, 1e12),
    ],
)
def test_that_whole_runs_known_by_size_and_tokens_reach_a_usual_share_of_the_peak(
    catalogue, evidence, model, params, gpu, gpus, tokens
):
    line = {
        "id": "whole",
        "family": "moe-lm" if "active" in params else "dense-lm",
        "model_key": model,
        "params": params,
        "hardware": {"gpu": gpu, "gpus": gpus},
        "work": {"total_tokens": tokens},
        "measured": {"quantity": "gpu_hours", "unit": "GPU-hours", "value": 1.0},
    }
    write(evidence, line)
    hours = predict(read_rows(evidence), catalogue)[0].predicted
    peak = catalogue.gpu(gpu).peak_flops_per_second("bf16")
    share = 6.0 * params.get("active", params["total"]) * tokens / (hours * 3600.0 * peak)
    assert 0.15 < share < 0.6


def test_that_a_layout_that_needs_more_devices_than_the_row_has_is_skipped(catalogue):
    found = configure(row(layout={"tp": 16, "pp": 16}), catalogue)
    assert isinstance(found, Skipped)
    assert found.reason == "the published layout needs 256 devices, the row has 8"


def test_that_a_machine_without_gpus_does_not_stop_a_row(catalogue):
    assert isinstance(configure(row(hardware={"machine": "discoverer"}), catalogue), Configured)


def test_that_a_precision_that_a_card_lacks_falls_back(catalogue):
    assert configure(row(precision="nvfp4"), catalogue).bits == 16.0


def test_that_own_hardware_whose_facts_are_not_published_leaves_the_machines_their_answers(catalogue):
    model = model_of(catalogue.model("Llama-3.1-8B"))
    spec = RunSpec(model=model, method=Full("pretraining"), samples=1e6, sample=Text(4096))
    known = compare(spec, catalogue, load_calibration())
    for gpu in ("mi430x", "mi300a"):
        found = compare(replace(spec, own=OwnHardware(gpu, 4)), catalogue, load_calibration())
        assert (found.own.fits, found.own.is_own) == (False, True)
        assert reason_of(found.own).startswith("Not published: ")
        assert found.answers == known.answers
