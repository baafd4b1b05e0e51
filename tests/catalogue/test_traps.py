"""The errors that are easy to make with these facts, each nailed down once."""

from fractions import Fraction

import pytest

from estimators.catalogue import load_catalogue

IN_SERVICE = {
    "lumi-g", "leonardo-booster", "marenostrum5-acc", "jupiter-booster", "meluxina-gpu",
    "karolina-gpu", "vega-gpu", "deucalion-gpu", "discoverer-plus", "arrhenius-gpu",
}  # fmt: skip
MEASURED_FAMILIES = ("volta", "turing", "ampere", "ada", "hopper", "blackwell", "cdna")


def test_that_the_ten_gpu_partitions_in_service_are_offered(catalogue):
    assert {machine.id for machine in catalogue.machines_in_service()} == IN_SERVICE
    assert len(catalogue.machines) == 36, "Levente, selected in 2022, is the newest"
    assert "discoverer" not in {machine.id for machine in catalogue.machines_coming()}


def test_that_a_gcd_is_half_a_module_and_a_gpu_hour_is_halved_once(catalogue):
    lumi = catalogue.machine("lumi-g")
    gcd, module = catalogue.gpu_of(lumi), catalogue.gpu("mi250x-module")
    assert (lumi.devices_per_node.value, gcd.devices_per_module) == (8, 2)
    assert gcd.peak["bf16"].si * 2 == module.peak["bf16"].si
    assert gcd.memory.si * 2 == module.memory.si
    assert gcd.compute_units.value * 2 == module.compute_units.value
    node_gpu_hours = Fraction(8, gcd.devices_per_module) * Fraction(lumi.site_unit.per_gpu_hour.value)
    assert node_gpu_hours == lumi.more["node_hour_to_gpu_hour"].value == 4


def test_that_links_out_of_an_mi250x_module_are_not_those_inside(catalogue):
    gcd, module = catalogue.gpu("mi250x-gcd"), catalogue.gpu("mi250x-module")
    assert gcd.link_bandwidth.si == 200e9
    assert module.link_bandwidth.si == gcd.more["link_out_of_module"].si == 250e9
    assert gcd.more["link_to_other_gcd"].value == [50, 100]
    assert catalogue.machine("lumi-g").link_topology == "gcd-pairs"


@pytest.mark.parametrize("family", MEASURED_FAMILIES)
def test_that_fp8_runs_at_twice_the_dense_half_precision_rate(catalogue, family):
    for gpu in catalogue.gpus.values():
        if gpu.family == family and gpu.supports("fp8"):
            ratio = gpu.peak_flops_per_second("fp8") / gpu.peak_flops_per_second("bf16")
            assert ratio == pytest.approx(2.0, rel=0.03), gpu.id


def test_that_peaks_are_dense(catalogue):
    dense_tflops = {"h100-80-sxm": 989, "l40s": 362, "l4": 121, "gb200": 2500, "mi300x": 1307}
    for gpu, tflops in dense_tflops.items():
        assert catalogue.gpu(gpu).peak_flops_per_second("bf16") == tflops * 1e12
    geforce = {"rtx3090": 71.2, "rtx4090": 165.2, "rtx5090": 209.5}
    for gpu, tflops in geforce.items():
        assert catalogue.gpu(gpu).peak["bf16"].value == tflops


def test_that_a_measured_product_never_beats_the_peak(catalogue):
    measured = [gpu for gpu in catalogue.gpus.values() if gpu.matmul_max]
    assert len(measured) >= 8
    for gpu in measured:
        for precision, rate in gpu.matmul_max.items():
            assert 0 < rate.si < gpu.peak_flops_per_second(precision), gpu.id


def test_that_cards_lack_what_their_generation_lacks(catalogue):
    assert not catalogue.gpu("a100-40-sxm").supports("fp8")
    assert not catalogue.gpu("v100-32-sxm").supports("bf16")
    assert not catalogue.gpu("mi250x-gcd").supports("fp8")
    assert not catalogue.gpu("h100-80-sxm").supports("nvfp4")
    assert catalogue.gpu("b200-sxm").supports("nvfp4")


def test_that_printed_gb_of_these_cards_are_gib(catalogue):
    assert catalogue.gpu("a100-40-sxm").memory_bytes == 40 * 2**30 == pytest.approx(42.9e9, rel=2e-3)
    assert catalogue.gpu("a100-64-leonardo").memory_bytes == pytest.approx(63.4 * 2**30)
    assert catalogue.gpu("gh200-96").memory_bytes == 97_871 * 2**20
    assert catalogue.gpu("mi250x-gcd").memory_bytes == 64 * 2**30
    assert catalogue.gpu("gb200").memory_bytes == 186e9


def test_that_links_count_one_direction(catalogue):
    nvlink_both_directions = {"a100-80-sxm": 600e9, "h100-80-sxm": 900e9, "b200-sxm": 1800e9}
    for gpu, both in nvlink_both_directions.items():
        assert catalogue.gpu(gpu).link_bandwidth.si * 2 == both


def test_that_nodes_times_devices_give_the_stated_totals(catalogue):
    totals = {
        "lumi-g": 23_824, "leonardo-booster": 13_824, "marenostrum5-acc": 4_480,
        "jupiter-booster": 23_536, "meluxina-gpu": 800, "karolina-gpu": 576, "vega-gpu": 240,
        "deucalion-gpu": 132, "discoverer-plus": 16, "arrhenius-gpu": 1_528,
    }  # fmt: skip
    for identity, total in totals.items():
        machine = catalogue.machine(identity)
        assert machine.nodes.value * machine.devices_per_node.value == total
        assert machine.more["devices_total"].value == total


def test_that_site_units_are_exact_fractions(catalogue):
    expected = {
        "lumi-g": "1/1", "leonardo-booster": "8/1", "marenostrum5-acc": "20/1",
        "jupiter-booster": "72/1", "meluxina-gpu": "1/4", "karolina-gpu": "1/8",
        "vega-gpu": "32/1", "deucalion-gpu": "1/1", "discoverer-plus": "1/1", "arrhenius-gpu": "1/1",
    }  # fmt: skip
    for identity, fraction in expected.items():
        assert catalogue.machine(identity).site_unit.per_gpu_hour.value == fraction
    leonardo = Fraction(catalogue.machine("leonardo-booster").site_unit.per_gpu_hour.value)
    assert leonardo * 4 * 1_250 == 40_000, "a grant of 40,000 core-hours is 1,250 node-hours"
    jupiter = Fraction(catalogue.machine("jupiter-booster").site_unit.per_gpu_hour.value)
    assert jupiter * 14_000 == 1_008_000, "14,000 GPU-hours are 1,008,000 core-hours"


def test_that_eight_gbit_are_one_gigabyte(catalogue):
    per_gpu = {"lumi-g": 12.5e9, "leonardo-booster": 12.5e9, "marenostrum5-acc": 25e9,
               "jupiter-booster": 25e9, "arrhenius-gpu": 25e9, "karolina-gpu": 12.5e9}  # fmt: skip
    for identity, bytes_per_second in per_gpu.items():
        machine = catalogue.machine(identity)
        assert machine.network_per_node.si / machine.devices_per_node.value == bytes_per_second


def test_that_no_firm_network_figure_is_invented(catalogue):
    for identity in ("vega-gpu", "meluxina-gpu", "discoverer-plus"):
        machine = catalogue.machine(identity)
        assert machine.network_per_node.value is None
        assert machine.more["network_per_node_assumed"].confidence == "unverified"


def test_that_walltimes_force_long_runs_to_chain(catalogue):
    production_hours = {"jupiter-booster": 12, "discoverer-plus": 4, "leonardo-booster": 24,
                        "lumi-g": 48, "marenostrum5-acc": 72, "deucalion-gpu": 48,
                        "vega-gpu": 48}  # fmt: skip
    for identity, hours in production_hours.items():
        queue = catalogue.machine(identity).queues[0]
        assert (queue.kind, queue.max_walltime.si) == ("production", hours * 3600)
    assert catalogue.machine("vega-gpu").queues[0].max_nodes.value is None
    assert any(text.startswith("most nodes per job") for text in catalogue.machine("vega-gpu").missing)


def test_that_four_gpu_nodes_have_no_switch(catalogue):
    for identity in ("leonardo-booster", "marenostrum5-acc", "jupiter-booster", "meluxina-gpu",
                     "vega-gpu", "deucalion-gpu", "arrhenius-gpu"):  # fmt: skip
        machine = catalogue.machine(identity)
        assert (machine.devices_per_node.value, machine.link_topology) == (4, "mesh")
    for identity in ("karolina-gpu", "discoverer-plus", "dgx-h100"):
        machine = catalogue.machine(identity)
        assert (machine.devices_per_node.value, machine.link_topology) == (8, "switch")


def test_that_nvl72_joins_72_devices_and_nvl4_four(catalogue):
    assert catalogue.machine("gb200-nvl72").link_domain_devices == 72
    it4lia = catalogue.machine("it4lia")
    assert (it4lia.devices_per_node.value, it4lia.link_domain_devices) == (4, None)


def test_that_grace_machines_are_aarch64_and_jupiter_gives_whole_nodes(catalogue):
    for identity in ("jupiter-booster", "arrhenius-gpu"):
        assert catalogue.machine(identity).cpu_architecture.value == "aarch64"
    assert catalogue.machine("jupiter-booster").exclusive_nodes.value is True
    assert catalogue.machine("leonardo-booster").exclusive_nodes.value is False


def test_that_the_industrial_modes_leave_a_gap(catalogue):
    modes = catalogue.access_modes
    assert len(modes) == 16
    assert modes["aif_playground"].max_gpu_hours.value == 5_000
    fast_lane = modes["aif_fastlane"]
    assert (fast_lane.min_gpu_hours.value, fast_lane.max_gpu_hours.value) == (10_000, 50_000)
    assert fast_lane.min_exclusive
    assert modes["aif_large"].max_gpu_hours.value is None
    assert modes["development"].node_hours_by_machine["lumi-g"].value == {"fixed": 4_500}
    assert [mode.rank for mode in modes.values()] == sorted(mode.rank for mode in modes.values())


def test_that_loading_twice_gives_equal_facts():
    first, second = load_catalogue(), load_catalogue()
    assert first.gpus == second.gpus
    assert first.machines == second.machines
