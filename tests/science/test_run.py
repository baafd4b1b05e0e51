"""From a step to a run: checkpoints, failures, chained jobs, units, energy, defaults; by hand."""

import math
from fractions import Fraction

import numpy as np
import pytest

from app.words import text
from estimators import compare
from estimators.planning.defaults import batch_of, nearest_power_of_two
from estimators.planning.formulas import RUN_FORMULAS, evaluate, roll_up
from estimators.planning.run import failure_rate, units_per_gpu_hour
from estimators.planning.targets import target_of
from estimators.quantity import SI_PER_UNIT, Fact
from tests.science.cases import language_run, only, vision_run

EXACT = {"rel": 1e-12}
INPUTS = {
    "samples": 1000.0,
    "passes": 2.0,
    "batch_samples": 10.0,
    "step_seconds": 3600.0,
    "evaluation_share": 0.01,
    "parameters": 1e9,
    "checkpoint_bytes_per_parameter": 14.0,
    "nodes": 4.0,
    "node_write_rate": 1e9,
    "system_write_rate": 57e9,
    "failures_per_1000_node_days": 4.0,
    "recovery_hours": 0.4,
    "walltime_hours": 48.0,
    "job_start_hours": 0.1,
    "gpus": 32.0,
    "devices_per_gpu": 2.0,
    "gpus_per_node": 4.0,
    "units_per_gpu_hour": 0.25,
    "gpu_watts": 500.0,
    "power_share": 0.8,
    "node_overhead": 1.25,
    "pue": 1.1,
    "grid_g_per_kwh": 100.0,
}
"""A run of 200 steps of one hour on 4 nodes of 8 devices, two devices to a GPU (as on LUMI)."""


def test_that_a_run_adds_up_by_hand():
    run = roll_up(INPUTS)
    assert run["steps"] == 200
    assert run["compute_hours"] == 200
    assert run["evaluation_hours"] == 2
    assert run["save_hours"] == pytest.approx(14e9 / 4e9 / 3600, **EXACT)
    assert run["interrupt_hours"] == 1500
    assert run["interval_hours"] == pytest.approx(math.sqrt(2 * 3.5 / 3600 * 1500), **EXACT)
    # 202 hours and some for checkpoints and restarts: five jobs of 48 hours
    assert run["jobs"] == 5
    assert run["wall_hours"] == pytest.approx(run["busy_hours"] + 0.5, **EXACT)
    assert run["gpu_hours"] == pytest.approx(16 * run["wall_hours"], **EXACT)
    assert run["node_hours"] == pytest.approx(4 * run["wall_hours"], **EXACT)
    assert run["site_units"] == pytest.approx(16 * run["wall_hours"] / 4, **EXACT)
    assert run["energy_kwh"] == pytest.approx(run["gpu_hours"] * 0.5 * 0.8 * 1.25 * 1.1, **EXACT)
    assert run["carbon_kg"] == pytest.approx(run["energy_kwh"] / 10, **EXACT)


def test_that_a_file_system_limits_many_writers():
    # 100 nodes could write 100 GB/s, the system takes 57: BLOOM wrote 2.3 TB in 40 s
    run = roll_up({**INPUTS, "nodes": 100.0, "parameters": 2.3e12 / 14})
    assert run["save_hours"] * 3600 == pytest.approx(2.3e12 / 57e9, **EXACT)
    assert run["save_hours"] * 3600 == pytest.approx(40, rel=0.02)


@pytest.mark.parametrize(
    ("nodes", "save_minutes", "interrupt", "interval", "waste"),
    [
        # worked with 4 failures in 1,000 node-days and 24 minutes for detection and restart; Young, CACM
        # 1974; printed with two or three digits
        (64, 3, 94, 3.1, 3.7),
        (256, 3, 23, 1.5, 8.2),
        (1024, 6, 5.9, 1.1, 25),
    ],
)
def test_that_failures_and_checkpoints_cost_the_published_share(
    nodes, save_minutes, interrupt, interval, waste
):
    bytes_per_parameter = save_minutes * 60 * min(nodes * 1e9, 57e9) / 1e9
    given = {**INPUTS, "nodes": float(nodes), "checkpoint_bytes_per_parameter": bytes_per_parameter}
    run = roll_up(given)
    assert run["interrupt_hours"] == pytest.approx(interrupt, rel=0.03)
    assert run["interval_hours"] == pytest.approx(interval, rel=0.03)
    lost = (run["checkpoint_hours"] + run["restart_hours"]) / run["compute_hours"]
    assert 100 * lost == pytest.approx(waste, rel=0.02)


def test_that_nodes_of_four_gpus_fail_half_as_often_as_nodes_of_eight(catalogue):
    # published rates are for eight GPUs; a LUMI node has four modules, whatever software counts
    spec = language_run(catalogue)
    names = ("karolina-gpu", "leonardo-booster", "lumi-g")
    targets = tuple(target_of(catalogue.machine(name), catalogue, spec) for name in names)
    rates = failure_rate(targets, catalogue.reliability["planning-presets"])
    assert rates == pytest.approx([4.0, 2.0, 2.0])


def test_that_arrays_roll_up_as_each_value_alone():
    steps = np.array([1800.0, 3600.0, 7200.0])
    together = roll_up({**INPUTS, "step_seconds": steps})
    for i, seconds in enumerate(steps):
        alone = roll_up({**INPUTS, "step_seconds": float(seconds)})
        for formula in RUN_FORMULAS:
            assert np.broadcast_to(together[formula.key], steps.shape)[i] == alone[formula.key]


def test_that_formulas_use_only_what_was_computed_before():
    known = set(INPUTS)
    for formula in RUN_FORMULAS:
        assert set(formula.inputs) <= known, formula.key
        known.add(formula.key)


@pytest.mark.parametrize("expression", ["__import__('os')", "a ** b", "a if b else a", "a.b", "[a]", "'a'"])
def test_that_a_formula_can_hold_nothing_but_arithmetic(expression):
    with pytest.raises((ValueError, KeyError)):
        evaluate(expression, {"a": 1.0, "b": 2.0})


# ---------------------------------------------------------------- machines and units


@pytest.mark.parametrize(
    ("machine", "units_of_a_node_hour"),
    [
        # pages of the sites: Leonardo counts 32 cores of a node, MareNostrum 80, JUPITER 288, Vega 128
        ("leonardo-booster", 32),
        ("marenostrum5-acc", 80),
        ("jupiter-booster", 288),
        ("karolina-gpu", 1),
        ("meluxina-gpu", 1),
        ("vega-gpu", 128),
    ],
)
def test_that_site_units_are_exact_fractions_of_a_node_hour(catalogue, machine, units_of_a_node_hour):
    entry = catalogue.machine(machine)
    rate = Fraction(entry.site_unit.per_gpu_hour.value)
    assert rate * int(entry.devices_per_node.value) == units_of_a_node_hour
    target = target_of(entry, catalogue, language_run(catalogue))
    assert units_per_gpu_hour(target) == float(rate)


@pytest.mark.parametrize("gpus", [8, 24, 1024])
def test_that_lumi_counts_gcds_as_devices_and_modules_in_hours(catalogue, gpus):
    spec = language_run(catalogue, machine="lumi-g", gpus=gpus)
    answer = compare(spec, only(catalogue, "lumi-g")).headline
    assert answer.gpus == gpus
    assert answer.layout.gpus == gpus
    hours = answer.seconds.p50 / 3600
    assert answer.gpu_hours.p50 == pytest.approx(gpus / 2 * hours, **EXACT)
    assert answer.node_hours.p50 == pytest.approx(gpus / 8 * hours, **EXACT)
    assert answer.site_units.value == pytest.approx(answer.gpu_hours.p50, **EXACT)


def test_that_other_machines_count_devices_in_hours(catalogue):
    spec = language_run(catalogue, machine="leonardo-booster", gpus=64)
    answer = compare(spec, only(catalogue, "leonardo-booster")).headline
    assert answer.gpu_hours.p50 == pytest.approx(64 * answer.seconds.p50 / 3600, **EXACT)
    assert answer.site_units.value == pytest.approx(8 * answer.gpu_hours.p50, **EXACT)


def test_that_units_convert_exactly():
    exact = {
        "GiB": 2**30,
        "GB": 10**9,
        "MiB": 2**20,
        "TB": 10**12,
        "Gbit/s": 125_000_000,
        "TFLOP/s": 10**12,
        "EFLOP/s": 10**18,
        "kWh": 3_600_000,
        "min": 60,
        "h": 3600,
        "day": 86_400,
        "week": 604_800,
        # a twelfth of a Julian year
        "month": Fraction(1461, 48) * 86_400,
        "t": 1000,
        "MHz": 10**6,
    }
    for unit, value in exact.items():
        assert Fraction(SI_PER_UNIT[unit]) == value, unit
    assert SI_PER_UNIT["percent"] == 0.01
    assert SI_PER_UNIT["us"] == 1e-6


@pytest.mark.parametrize("unit", SI_PER_UNIT)
def test_that_a_value_survives_the_way_to_si_and_back(unit):
    fact = Fact(value=7.0, unit=unit)
    assert fact.si / SI_PER_UNIT[unit] == pytest.approx(7.0, rel=1e-15)


# ---------------------------------------------------------------- defaults


def step_law(tokens: float) -> float:
    """0.58·D^0.571 tokens: Step Law, arXiv:2503.04715."""
    return 0.58 * tokens**0.571


@pytest.mark.parametrize(
    ("tokens", "batch_tokens"),
    [
        # 0.58·(1e11)^0.571 = 1.11 M, nearest 2^20; 1e12: 4.12 M, 2^22; 1e13: 15.4 M, 2^24
        (1e11, 2**20),
        (1e12, 2**22),
        (1e13, 2**24),
        # bounds: 0.25 and 16 million tokens
        (1e9, 2**18),
        (1e15, 2**24),
    ],
)
def test_that_the_default_batch_of_pretraining_follows_the_step_law(catalogue, tokens, batch_tokens):
    batch = batch_of(language_run(catalogue, tokens=tokens, method="pretraining"))
    assert batch.samples * 4096 == batch_tokens
    bounded = min(max(step_law(tokens), 2**18), 2**24)
    assert abs(math.log2(batch_tokens / bounded)) <= 0.5
    assert "Step Law" in text(batch.reason)


def test_that_passes_count_as_tokens_in_the_step_law(catalogue):
    once = batch_of(language_run(catalogue, tokens=4e11))
    twice = batch_of(language_run(catalogue, tokens=2e11, passes=2.0))
    assert once == twice


def test_that_fine_tuning_takes_128_sequences_and_vision_4096_images(catalogue):
    assert batch_of(language_run(catalogue, method="full-finetuning")).samples == 128
    assert batch_of(vision_run(catalogue)).samples == 4096


def test_that_a_batch_is_no_larger_than_the_data(catalogue):
    assert batch_of(language_run(catalogue, tokens=40 * 4096, method="full-finetuning")).samples == 40


def test_that_the_users_batch_stands_and_needs_no_reason(catalogue):
    batch = batch_of(language_run(catalogue, global_batch_samples=100))
    assert (batch.samples, text(batch.reason)) == (100, "")


@pytest.mark.parametrize(("value", "power"), [(1.0, 1), (5.6, 4), (5.7, 8), (1e6, 2**20)])
def test_that_the_nearest_power_is_nearest_on_a_logarithmic_scale(value, power):
    assert nearest_power_of_two(value) == power


# ---------------------------------------------------------------- access modes
