"""The search prices few layouts, and finds what pricing all of them would find."""

from dataclasses import replace

import numpy as np
import pytest

from estimators.parallel import search as searching
from estimators.planning.prepare import Prepared, prepare
from tests.science.cases import language_run, vision_run

SECONDS = {"rel": 1e-12, "nan_ok": True}


def found(prepared: Prepared, calibration) -> searching.Found:
    coefficients = calibration.coefficients
    return searching.search(prepared.problem, prepared.devices, prepared.fabric, coefficients)


def chosen(result: searching.Found, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and degrees of the given rows; −1 stands for none."""
    layouts = result.layouts.take(rows)
    names = ("tensor", "pipeline", "context", "expert", "zero", "micro_batch", "recompute", "shard")
    degrees = np.stack([getattr(layouts, name) for name in names])
    return result.steps.total[rows], np.where(rows >= 0, degrees, -1.0)


def runs(catalogue):
    dense = language_run(catalogue, "Llama-3.1-8B")
    return {
        "dense": dense,
        "small": language_run(catalogue, "Qwen3-0.6B-Base"),
        "long": language_run(catalogue, "Llama-3.1-8B", 1e10, sample_tokens=32_768),
        "experts": language_run(catalogue, "Qwen3-30B-A3B-Base"),
        "plain": replace(dense, software="trainer"),
        "sharded": replace(dense, software="fsdp", precision="fp8"),
        "images": vision_run(catalogue),
    }


@pytest.mark.parametrize("name", ["dense", "small", "long", "experts", "plain", "sharded", "images"])
def test_that_bounds_shut_out_no_layout_that_counts(name, catalogue, calibration, monkeypatch):
    prepared = prepare(runs(catalogue)[name], catalogue, calibration)
    few = found(prepared, calibration)
    monkeypatch.setattr(
        searching, "_worth_pricing", lambda pricing, _pairs: np.arange(pricing.candidates.pair.size)
    )
    every = found(prepared, calibration)
    assert few.tried == every.tried
    assert len(few.layouts) < len(every.layouts)
    assert np.array_equal(few.reason, every.reason)
    for mine, all_of_them in ((few.best, every.best), (few.fastest, every.fastest)):
        assert np.array_equal(mine >= 0, all_of_them >= 0)
        seconds, degrees = chosen(few, mine)
        wanted_seconds, wanted_degrees = chosen(every, all_of_them)
        fits = mine >= 0
        assert seconds[fits] == pytest.approx(wanted_seconds[fits], **SECONDS)
        assert np.array_equal(degrees, wanted_degrees)
