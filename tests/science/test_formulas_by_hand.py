"""Every formula from step time to request, computed once by hand with round numbers."""

from __future__ import annotations

import pytest

from estimators.planning import formulas as of_run
from estimators.planning.formulas import Formula
from estimators.requests import formulas as of_request

BY_HAND: dict[str, list[tuple[dict[str, float], float]]] = {
    # 1,000 samples twice in batches of 8
    "steps": [({"samples": 1000, "passes": 2, "batch_samples": 8}, 250)],
    "compute_hours": [({"steps": 7200, "step_seconds": 1.5}, 3)],
    "evaluation_hours": [({"compute_hours": 200, "evaluation_share": 0.02}, 4)],
    "checkpoint_bytes": [({"parameters": 7e9, "checkpoint_bytes_per_parameter": 14}, 98e9)],
    # 720 GB at 2 nodes · 5 GB/s, and at most 4 GB/s where the file system is slower
    "save_hours": [
        ({"checkpoint_bytes": 720e9, "nodes": 2, "node_write_rate": 5e9, "system_write_rate": 100e9}, 0.02),
        ({"checkpoint_bytes": 720e9, "nodes": 2, "node_write_rate": 5e9, "system_write_rate": 4e9}, 0.05),
    ],
    # six failures in 1,000 node-days, 40 nodes: one in 100 hours
    "interrupt_hours": [({"failures_per_1000_node_days": 6, "nodes": 40}, 100)],
    "interval_hours": [({"save_hours": 0.02, "interrupt_hours": 100}, 2)],
    "checkpoint_hours": [({"compute_hours": 300, "save_hours": 0.02, "interval_hours": 2}, 3)],
    # three interruptions, each costs half of two hours and half an hour
    "restart_hours": [
        ({"compute_hours": 300, "interrupt_hours": 100, "interval_hours": 2, "recovery_hours": 0.5}, 4.5)
    ],
    "busy_hours": [
        ({"compute_hours": 300, "evaluation_hours": 6, "checkpoint_hours": 3, "restart_hours": 4.5}, 313.5)
    ],
    "jobs": [
        ({"busy_hours": 313.5, "walltime_hours": 24}, 14),
        ({"busy_hours": 48, "walltime_hours": 24}, 2),
        ({"busy_hours": 0, "walltime_hours": 24}, 1),
    ],
    "start_hours": [({"jobs": 14, "job_start_hours": 0.25}, 3.5)],
    "wall_hours": [
        (
            {
                "compute_hours": 300,
                "evaluation_hours": 6,
                "checkpoint_hours": 3,
                "restart_hours": 4.5,
                "start_hours": 3.5,
            },
            317,
        )
    ],
    # 16 GCDs are eight modules
    "gpu_hours": [({"gpus": 16, "devices_per_gpu": 2, "wall_hours": 10}, 80)],
    "node_hours": [({"nodes": 3, "wall_hours": 10}, 30)],
    "billed_gpu_hours": [({"nodes": 3, "gpus_per_node": 4, "wall_hours": 10}, 120)],
    "site_units": [({"billed_gpu_hours": 120, "units_per_gpu_hour": 8}, 960)],
    # 100 hours at 700 W, 80 % drawn, a tenth for the rest of the node, PUE 1.25
    "energy_kwh": [
        ({"gpu_hours": 100, "gpu_watts": 700, "power_share": 0.8, "node_overhead": 1.1, "pue": 1.25}, 77)
    ],
    "carbon_kg": [({"energy_kwh": 77, "grid_g_per_kwh": 200}, 15.4)],
    "line_node_hours_exact": [({"runs": 3, "nodes": 2, "plan_wall_hours": 10.5}, 63)],
    "line_node_hours": [({"line_node_hours_exact": 62.2}, 63), ({"line_node_hours_exact": 63}, 63)],
    "failed_node_hours": [({"base_node_hours": 1000, "failed_share": 0.1301}, 131)],
    "needed_node_hours": [
        ({"rows_node_hours": 100, "base_node_hours": 80.2, "request_ratio": 1.25}, 101),
        ({"rows_node_hours": 102, "base_node_hours": 80.2, "request_ratio": 1.25}, 102),
    ],
    "contingency_node_hours": [({"needed_node_hours": 131, "rows_node_hours": 102}, 29)],
    # a package of 1,250 is asked for whole; a plan beyond it, or without one, asks for its own hours
    "request_node_hours": [
        ({"needed_node_hours": 131, "package_node_hours": 1250}, 1250),
        ({"needed_node_hours": 1251, "package_node_hours": 1250}, 1251),
        ({"needed_node_hours": 131, "package_node_hours": 0}, 131),
    ],
    "rest_node_hours": [({"request_node_hours": 1250, "needed_node_hours": 131}, 1119)],
    "request_gpu_hours": [({"request_node_hours": 131, "gpus_per_node": 4}, 524)],
    # 20 units for four GPU-hours
    "request_site_units": [
        ({"request_gpu_hours": 524, "units_numerator": 20, "units_denominator": 4}, 2620),
    ],
}
EVERYTHING = {**vars(of_run), **vars(of_request)}.values()
FORMULAS = [one for one in EVERYTHING if isinstance(one, Formula)]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.key)
def test_that_a_formula_gives_what_a_hand_computes(formula: Formula) -> None:
    for values, result in BY_HAND[formula.key]:
        assert set(values) == set(formula.inputs)
        assert float(formula(values)) == pytest.approx(result, rel=1e-12)


def test_that_noise_under_a_millionth_rounds_nothing_up() -> None:
    assert float(of_run.whole_up(63.0000001)) == 63
    assert float(of_run.whole_up(63.00001)) == 64
