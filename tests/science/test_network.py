"""Collectives by hand, on links and networks with round numbers.

Volumes of rings: nccl-tests, PERFORMANCE.md. Node shapes: data sheets as the catalogue cites them.
"""

from dataclasses import replace

import numpy as np
import pytest

from estimators.hardware.network import all_reduce_seconds, gather_seconds, place, send_seconds
from estimators.hardware.systems import fabric_columns, system_facts
from tests.science.cases import IDEAL_NETWORK, fabric

EXACT = {"rel": 1e-12}
NVLINK_3 = 300e9
"""Bytes/s of all links of an A100, one direction."""
HDR = 25e9
"""Bytes/s of 200 Gbit/s, one direction."""


def seconds_of_all_reduce(size, group):
    return float(all_reduce_seconds(size, group, IDEAL_NETWORK)[0])


def test_that_a_ring_all_reduce_moves_twice_the_tensor_less_one_part():
    # 1 GB over 8 devices: 2·(7/8)·1e9 / 300e9 = 5.833 ms
    group = place(8.0, 1.0, fabric(8, NVLINK_3), IDEAL_NETWORK)
    assert seconds_of_all_reduce(1e9, group) == pytest.approx(2 * 7 / 8 * 1e9 / 300e9, **EXACT)


def test_that_every_hop_of_the_ring_adds_its_latency():
    # 2·(8 − 1) hops of 5 µs
    slow = replace(IDEAL_NETWORK, latency_node=5e-6)
    group = place(8.0, 1.0, fabric(8, NVLINK_3), slow)
    by_hand = 2 * 7 / 8 * 1e9 / 300e9 + 2 * 7 * 5e-6
    assert float(all_reduce_seconds(1e9, group, slow)[0]) == pytest.approx(by_hand, **EXACT)


def test_that_a_message_of_the_half_size_gets_half_the_bandwidth():
    # the moved volume (7/8 of 8 MB = 7 MB) equals message_half: twice the ideal time
    slow = replace(IDEAL_NETWORK, message_half=7e6)
    ideal = gather_seconds(8e6, place(8.0, 1.0, fabric(8, NVLINK_3), IDEAL_NETWORK), IDEAL_NETWORK)
    ramped = gather_seconds(8e6, place(8.0, 1.0, fabric(8, NVLINK_3), slow), slow)
    assert ramped[0] == pytest.approx(2 * ideal[0], **EXACT)


def test_that_reduce_scatter_and_gather_make_an_all_reduce():
    group = place(16.0, 1.0, fabric(8, NVLINK_3, HDR), IDEAL_NETWORK)
    both = 2 * gather_seconds(3e9, group, IDEAL_NETWORK)[0]
    assert seconds_of_all_reduce(3e9, group) == pytest.approx(both, **EXACT)


def test_that_an_all_gather_over_two_nodes_waits_for_the_network():
    # 16 GB over 2 nodes of 8: each node receives the other half, 8 GB, through 8 × 12.5 GB/s: 80 ms;
    # inside the node 7/8 of 16 GB over 300 GB/s take 46.7 ms meanwhile
    group = place(16.0, 1.0, fabric(8, NVLINK_3, 12.5e9), IDEAL_NETWORK)
    assert group.domains[0] == 2
    assert gather_seconds(16e9, group, IDEAL_NETWORK)[0] == pytest.approx(8e9 / (8 * 12.5e9), **EXACT)


def test_that_a_fast_network_leaves_the_links_as_the_limit():
    group = place(16.0, 1.0, fabric(8, NVLINK_3, 1e12), IDEAL_NETWORK)
    by_hand = 7 / 8 * 16e9 / 300e9
    assert gather_seconds(16e9, group, IDEAL_NETWORK)[0] == pytest.approx(by_hand, **EXACT)


def test_that_strided_groups_share_the_network_cards_of_a_node():
    # tensor parallel 8 fills the node, so that a data-parallel group has one member, one card, in each of 4
    group = place(4.0, 8.0, fabric(8, NVLINK_3, HDR), IDEAL_NETWORK)
    assert (group.local[0], group.domains[0]) == (1, 4)
    assert gather_seconds(4e9, group, IDEAL_NETWORK)[0] == pytest.approx(3 / 4 * 4e9 / 25e9, **EXACT)


def test_that_two_devices_of_a_mesh_have_a_third_of_the_links():
    # four A100 joined pairwise (Leonardo, JUPITER): 300 GB/s go to three neighbours
    pair = place(2.0, 1.0, fabric(4, NVLINK_3, mesh=True), IDEAL_NETWORK)
    assert pair.link_rate[0] == pytest.approx(100e9, **EXACT)
    # 1 GB: 2·(1/2)·1e9 / 100e9 = 10 ms
    assert seconds_of_all_reduce(1e9, pair) == pytest.approx(0.010, **EXACT)


def test_that_all_four_devices_of_a_mesh_use_every_link():
    four = place(4.0, 1.0, fabric(4, NVLINK_3, mesh=True), IDEAL_NETWORK)
    assert four.link_rate[0] == pytest.approx(NVLINK_3, **EXACT)


def test_that_a_switch_gives_two_devices_the_whole_bandwidth():
    pair = place(2.0, 1.0, fabric(8, NVLINK_3), IDEAL_NETWORK)
    assert pair.link_rate[0] == pytest.approx(NVLINK_3, **EXACT)


def test_that_the_two_gcds_of_a_module_talk_faster_than_the_others(catalogue):
    # MI250X: 200 GB/s between the GCDs of a module, 50 to 100 to others: between a quarter and a half
    machine = catalogue.machine("lumi-g")
    gpu = catalogue.gpu_of(machine)
    lumi = fabric_columns([system_facts(machine, gpu.link_bandwidth.si)])
    module = place(2.0, 1.0, lumi, IDEAL_NETWORK)
    apart = place(2.0, 2.0, lumi, IDEAL_NETWORK)
    node = place(8.0, 1.0, lumi, IDEAL_NETWORK)
    assert module.link_rate[0] == pytest.approx(200e9, **EXACT)
    for group in (apart, node):
        assert 50e9 <= group.link_rate[0] <= 100e9


def test_that_network_bandwidth_is_shared_by_the_devices_of_a_node(catalogue):
    # Leonardo: 2 × 200 Gbit/s for four devices; LUMI: 4 × 200 Gbit/s for eight GCDs
    for name, rate in (("leonardo-booster", 400e9 / 8 / 4), ("lumi-g", 800e9 / 8 / 8)):
        machine = catalogue.machine(name)
        assert system_facts(machine, 1.0).network_rate == pytest.approx(rate, **EXACT)


def test_that_bandwidth_falls_with_a_power_of_the_nodes_beyond_two():
    decaying = replace(IDEAL_NETWORK, network_decay=0.1)
    rates = [
        float(place(8.0 * nodes, 1.0, fabric(8, NVLINK_3, HDR), decaying).network_rate[0])
        for nodes in (2, 4, 64)
    ]
    assert rates[0] == pytest.approx(8 * HDR, **EXACT)
    assert rates[1] == pytest.approx(8 * HDR * 2**-0.1, **EXACT)
    assert rates[2] == pytest.approx(8 * HDR * 32**-0.1, **EXACT)


def test_that_a_group_of_one_needs_no_time():
    group = place(
        1.0, 1.0, fabric(8, NVLINK_3, HDR), replace(IDEAL_NETWORK, latency_node=1.0, message_half=1e9)
    )
    assert seconds_of_all_reduce(1e9, group) == 0


def test_that_cards_without_links_send_through_the_host():
    # twice over the same bus: half of its 32 GB/s
    pair = place(2.0, 1.0, fabric(4, 32e9, host=True), IDEAL_NETWORK)
    assert pair.link_rate[0] == pytest.approx(16e9, **EXACT)


def test_that_a_message_takes_the_link_inside_a_node_and_the_network_outside():
    system = fabric(8, NVLINK_3, HDR)
    near = send_seconds(3e8, np.array([4.0]), system, IDEAL_NETWORK)
    far = send_seconds(3e8, np.array([8.0]), system, IDEAL_NETWORK)
    assert near[0] == pytest.approx(3e8 / 300e9, **EXACT)
    assert far[0] == pytest.approx(3e8 / 25e9, **EXACT)


def test_that_a_message_between_neighbours_of_a_mesh_has_one_link():
    near = send_seconds(3e8, np.array([1.0]), fabric(4, NVLINK_3, HDR, mesh=True), IDEAL_NETWORK)
    assert near[0] == pytest.approx(3e8 / 100e9, **EXACT)


def test_that_a_rack_of_joined_nodes_counts_as_one_domain(catalogue):
    # GB200 NVL72: 72 devices on the fast link, 4 to a node
    facts = system_facts(catalogue.systems["gb200-nvl72"], 900e9)
    group = place(64.0, 1.0, fabric_columns([facts]), IDEAL_NETWORK)
    assert facts.devices_per_node == 4
    assert (group.local[0], group.domains[0]) == (64, 1)
