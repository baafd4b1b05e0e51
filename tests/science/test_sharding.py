"""Hybrid sharding and capacity-limited experts, by hand and as properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import LayoutChoice, compare
from estimators.hardware.devices import device_columns
from estimators.hardware.network import gather_seconds, place
from estimators.parallel.memory import expert_shards, memory_of, sharding_group
from estimators.parallel.search import search
from estimators.parallel.step import step_times
from estimators.parallel.templates import LINK_DOMAIN, Fixed, shard_groups
from estimators.parameters import SOFTWARE, Coefficients
from estimators.planning.prepare import prepare
from estimators.workloads.experts import ExpertShape
from estimators.workloads.language import decoder_shape
from tests.science.cases import IDEAL_NETWORK, decoder_work, fabric, language_run, layouts, only

EXACT = {"rel": 1e-12}
LLAMA_2_7B = 6_738_415_616


@pytest.fixture(scope="module")
def llama(catalogue):
    return decoder_work(decoder_shape(catalogue.model("Llama-2-7b-hf").architecture, 4096))


@pytest.fixture(scope="module")
def mixture(catalogue):
    def shape(imbalance=1.0, capacity=None):
        return decoder_work(
            decoder_shape(catalogue.model("Qwen3-30B-A3B-Base").architecture, 4096, imbalance, capacity)
        )

    return shape


@pytest.fixture
def step(catalogue):
    def evaluate(work, rows, coefficients: Coefficients = IDEAL_NETWORK):
        devices = device_columns((catalogue.gpus["a100-80-sxm"],), coefficients, {})
        return step_times(work, rows, devices, fabric(8, 300e9, 25e9), coefficients)

    return evaluate


def gathered(size: float, members: float, stride: float = 1.0) -> float:
    group = place(members, stride, fabric(8, 300e9, 25e9), IDEAL_NETWORK)
    return float(gather_seconds(size, group, IDEAL_NETWORK)[0])


# ---------------------------------------------------------------- hybrid sharding


@pytest.mark.parametrize(("software", "sums"), [("fsdp", 4), ("megatron", 1)])
def test_that_zero_2_in_groups_scatters_inside_and_reduces_across(llama, step, software, sums):
    # 4 micro-batches: scatter over 8 and all-reduce of an eighth over 2 nodes; weights gathered once over 8
    row = layouts(data=16, zero=2, shard=8, micro_batches=4, software=SOFTWARE.index(software))
    found = step(llama, row)
    inside, across = gathered(4 * LLAMA_2_7B, 8), 2 * gathered(4 * LLAMA_2_7B / 8, 2, stride=8)
    by_hand = 4 * inside + sums * across + gathered(2 * LLAMA_2_7B, 8)
    assert found.communication_total[0] == pytest.approx(by_hand, rel=1e-6)


def test_that_groups_lie_beside_the_tensor_parallel_ranks(llama, step):
    # tensor 2 × shard 4 fill the node: gathers stay on the links, an all-reduce over 4 nodes has a card of 8
    found = step(llama, layouts(tensor=2, data=16, zero=3, shard=4))
    bare = step(llama, layouts(tensor=2, zero=3))
    norms = 32 * 2 * 4096
    size = (LLAMA_2_7B - norms) / 2 + norms
    inside = 2 * gathered(2 * size, 4, stride=2) + gathered(4 * size, 4, stride=2)
    by_hand = inside + 2 * gathered(4 * size / 4, 4, stride=8)
    sharding = found.communication_total[0] - bare.communication_total[0]
    assert sharding == pytest.approx(by_hand, rel=1e-5)


def test_that_plain_data_parallelism_has_no_groups():
    rows = layouts(data=64, zero=[0, 1, 3], shard=8)
    assert sharding_group(rows).tolist() == [64, 8, 8]


def test_that_experts_are_sharded_over_those_of_the_group_that_hold_the_same():
    # 64 devices, 8 expert-parallel: 8 hold the same experts; a group of 16 devices has 2 of them
    assert expert_shards(layouts(data=64, expert=8, zero=3, shard=[0, 16, 4])).tolist() == [8, 2, 1]


def test_that_groups_of_a_node_are_tried_where_states_are_sharded():
    assert shard_groups(3, 1, Fixed()) == (0.0, LINK_DOMAIN)
    assert shard_groups(1, 1, Fixed()) == (0.0,)
    assert shard_groups(3, 4, Fixed()) == (0.0,)
    assert shard_groups(3, 1, Fixed(shard=0)) == (0.0,)
    assert shard_groups(3, 1, Fixed(shard=16)) == (16.0,)


@given(
    st.sampled_from(["Llama-3.1-8B", "Qwen3-30B-A3B-Base"]), st.sampled_from(["lumi-g", "leonardo-booster"])
)
def test_that_every_group_of_the_search_is_a_node_that_divides_the_replicas(model, machine):
    from estimators import load_catalogue
    from estimators.calibration import load_calibration

    small = only(load_catalogue(), machine)
    calibration = load_calibration()
    prepared = prepare(language_run(small, model, software="fsdp"), small, calibration)
    found = search(prepared.problem, prepared.devices, prepared.fabric, calibration.coefficients)
    rows = found.layouts
    hybrid = rows.shard > 0
    assert hybrid.any()
    replicas = rows.data * rows.context
    assert np.all(np.mod(replicas[hybrid], rows.shard[hybrid]) == 0)
    assert np.all(rows.shard[hybrid] < replicas[hybrid])
    node = prepared.fabric.domain[rows.system]
    assert np.all((rows.shard * rows.tensor)[hybrid] <= node[hybrid])
    assert np.all(found.steps.total > 0)


def test_that_a_slow_network_makes_groups_of_a_node_worth_it(catalogue):
    # 64 GPUs of Leonardo, 1.7 billion parameters: states fit on a node, and only gradients cross the network
    small = only(catalogue, "leonardo-booster")
    spec = language_run(small, "Llama-3.2-1B", machine="leonardo-booster", gpus=64, global_batch_samples=256)

    def of(group):
        layout = LayoutChoice(zero_stage=3, tensor_parallel=1, micro_batch=1, shard_group=group)
        return compare(replace(spec, layout=layout), small).answers[0]

    everywhere, node, left_open = of(0), of(4), of(None)
    assert everywhere.layout.shard_group == 64
    assert node.layout.shard_group == 4
    assert node.memory.optimiser == pytest.approx(16 * everywhere.memory.optimiser, rel=1e-9)
    assert node.step.data_parallel_exposed < everywhere.step.data_parallel_exposed
    assert left_open.layout.shard_group == 4


# ---------------------------------------------------------------- experts that drop tokens


@pytest.mark.parametrize(
    ("imbalance", "capacity", "load"),
    [(1.3, float("inf"), 1.3), (1.3, 1.0, 1.0), (1.3, 1.25, 1.25), (1.1, 2.0, 1.1)],
)
def test_that_capacity_bounds_the_fullest_device(imbalance, capacity, load):
    shape = ExpertShape(1.0, 8.0, 2.0, 64.0, imbalance=imbalance, capacity=capacity)
    assert shape.load == load


def test_that_dropping_tokens_costs_less_of_everything_that_experts_do(mixture, step):
    rows = layouts(data=8, expert=8, micro_batch=4)
    dropless, dropping = (step(mixture(1.5, capacity), rows) for capacity in (None, 1.0))
    assert dropping.gemm[0] < dropless.gemm[0]
    assert dropping.expert_parallel_exposed[0] == pytest.approx(
        dropless.expert_parallel_exposed[0] / 1.5, rel=1e-9
    )
    kept = [memory_of(mixture(1.5, capacity), rows).activations[0] for capacity in (None, 1.0)]
    assert kept[1] < kept[0]


def test_that_a_fixed_capacity_needs_one_launch_for_all_experts(mixture, step):
    # no load to wait for and no launches of each expert: a small micro-batch is no longer bound by the host
    slow = replace(IDEAL_NETWORK, host_each_expert=2e-3)
    dropless, dropping = (
        step(mixture(1.0, c), layouts(data=8, expert=8), slow).launch[0] for c in (None, 1.0)
    )
    assert dropping < dropless


def test_that_a_user_may_limit_the_capacity(catalogue):
    small = only(catalogue, "marenostrum5-acc")
    spec = language_run(small, "Qwen3-30B-A3B-Base", machine="marenostrum5-acc", gpus=32)
    dropless = compare(spec, small).answers[0]
    dropping = compare(replace(spec, layout=LayoutChoice(expert_capacity=1.0)), small).answers[0]
    assert dropping.step.total < dropless.step.total


# ---------------------------------------------------------------- selective recomputation


def test_that_selective_recomputation_beside_flash_attention_repeats_the_activation_function(
    catalogue, llama, step
):
    # gate and up read, their product written: 3 · 2 bytes · 11,008 a token and layer
    none, selective = step(llama, layouts(recompute=[0, 1])).memory_bound
    bandwidth = device_columns((catalogue.gpus["a100-80-sxm"],), IDEAL_NETWORK, {}).bandwidth[0]
    by_hand = 32 * 3 * 2 * 11_008 * 4096 / bandwidth * IDEAL_NETWORK.passes_megatron
    assert selective - none == pytest.approx(by_hand, rel=1e-9)
    core = step(llama, layouts(recompute=[0, 1])).attention
    assert core[0] == core[1], "the fused kernel recomputes scores by itself"
