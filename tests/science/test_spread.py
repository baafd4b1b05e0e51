"""Which layouts divide devices, links, batch and replicas, by hand."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from estimators.hardware.network import Fabric
from estimators.parallel.layout import CONTEXT_KINDS
from estimators.parallel.spread import Problem, distinct_rows, on_systems, spread
from estimators.parallel.templates import ALL_REPLICAS, COLUMNS, LINK_DOMAIN, Fixed
from tests.science.cases import decoder_work, fabric, megatron_gpt

ONE = dict.fromkeys(COLUMNS, 1.0) | {"offload": 0.0, "shard": ALL_REPLICAS}
"""One device, one chunk, ZeRO-1 over all replicas."""


def domains(*sizes: float) -> Fabric:
    """Systems of nodes with so many devices."""
    each = [fabric(size, 300e9) for size in sizes]
    return Fabric(*(np.concatenate([getattr(one, f.name) for one in each]) for f in fields(Fabric)))


def problem(pairs: list[tuple[int, float]], batch: float, systems: int = 1, **more: Any) -> Problem:
    """Pairs of system and device count, on systems whose cards are numbered from 10."""
    given = {
        "work": decoder_work(megatron_gpt(4, 1024, 16)),
        "batch": batch,
        "software": 1,
        "device": np.arange(systems, dtype=np.intp) + 10,
        "bits": np.full(systems, 16.0),
        "memory": np.full(systems, 80e9),
        "pair_system": np.array([system for system, _ in pairs], dtype=np.intp),
        "pair_gpus": np.array([gpus for _, gpus in pairs]),
        "offload": np.zeros(systems),
    }
    return Problem(**{**given, **more})


def table(*templates: dict[str, float]) -> np.ndarray:
    return np.array([[{**ONE, **one}[name] for name in COLUMNS] for one in templates])


def kept(gpus: float, batch: float, domain: float = 8, more: dict | None = None, **template: float):
    """Replicas, micro-batches and shard group of one template on so many devices; None where it is left."""
    found = spread(problem([(0, gpus)], batch, **(more or {})), domains(domain), table(template))
    rows = found.layouts
    assert found.considered.tolist() == [len(rows)]
    return (rows.data[0], rows.micro_batches[0], rows.shard[0]) if len(rows) else None


def test_that_replicas_share_the_devices_and_the_batch():
    # 16 devices hold a model of 2 · 2 · 2 twice: 64 samples are 8 micro-batches of 4 on each
    model = {"tensor": 2, "pipeline": 2, "context": 2, "micro_batch": 4}
    assert kept(16, 64, **model) == (2, 8, 0)
    assert kept(12, 64, **model) is None
    assert kept(9, 64, **model) is None
    assert kept(8, 64, **model) == (1, 16, 0)


def test_that_tensor_parallelism_stays_inside_a_node():
    assert kept(8, 8, domain=4, tensor=4) == (2, 4, 0)
    assert kept(8, 8, domain=4, tensor=8) is None


@pytest.mark.parametrize(
    ("gpus", "batch", "micro_batch", "micro_batches"),
    [
        (8, 64, 8, 1),
        (8, 64, 16, None),  # no fewer than one micro-batch, which is twice the batch
        (4, 60, 2, 8),  # 7.5 are wanted: 64 samples miss the batch by a fifteenth
        (24, 64, 1, 3),  # 72 miss it by an eighth, and so do 56
        (7, 64, 8, 1),
        (6, 56, 8, None),  # 48 miss it by a seventh
    ],
)
def test_that_a_batch_may_be_missed_by_an_eighth(gpus, batch, micro_batch, micro_batches):
    found = kept(gpus, batch, micro_batch=micro_batch)
    assert found == (None if micro_batches is None else (gpus, micro_batches, 0))
    exact = kept(gpus, batch, micro_batch=micro_batch, more={"batch_tolerance": 0.0})
    assert exact == (found if gpus * micro_batch == batch else None)


def test_that_chunks_of_stages_need_whole_rounds_of_micro_batches():
    chunks = {"pipeline": 4, "interleave": 2}
    assert [kept(4, batch, **chunks) for batch in (8, 6, 5)] == [(1, 8, 0), None, None]
    assert kept(4, 6, pipeline=4) == (1, 6, 0)


def test_that_experts_divide_the_devices_of_a_stage():
    # tensor, context and replicas together: 2 · 2 · 8
    whole = {"tensor": 2, "context": 2, "pipeline": 2}
    assert kept(64, 8, **whole, expert=32) == (8, 1, 0)
    assert kept(64, 8, **whole, expert=64) is None
    assert [kept(gpus, 12, expert=2) for gpus in (3, 4)] == [None, (4, 3, 0)]


@pytest.mark.parametrize(
    ("domain", "gpus", "template", "group"),
    [
        (8, 16, {"shard": LINK_DOMAIN}, 8),
        (8, 32, {"shard": LINK_DOMAIN, "tensor": 2}, 4),  # beside the tensor ranks of a node
        (6, 16, {"shard": LINK_DOMAIN, "tensor": 4}, None),  # one in a node of six shares nothing
        (8, 8, {"shard": LINK_DOMAIN}, None),  # all replicas are tried without a group
        (8, 8, {"shard": LINK_DOMAIN, "tensor": 8}, None),
        (6, 16, {"shard": LINK_DOMAIN}, None),
        (8, 16, {"shard": 16.0, "context": 2}, 16),  # asked for, if only for all: 8 replicas of 2 ranks
        (8, 3, {"shard": 2.0}, None),
        (8, 16, {"shard": ALL_REPLICAS}, 0),
    ],
)
def test_that_shard_groups_divide_the_replicas(domain, gpus, template, group):
    found = kept(gpus, 48, domain, **template)
    assert (found[2] if found is not None else None) == group


def test_that_states_move_to_a_host_that_takes_them():
    takes, rows = {"offload": np.ones(1)}, table({}, {"offload": 1.0})
    found = [spread(problem([(0, 4)], 4, **more), domains(8), rows).layouts for more in ({}, takes)]
    assert [one.offload.tolist() for one in found] == [[0], [0, 1]]


def test_that_pairs_alike_share_their_layouts():
    # two systems of nodes of 8 and one of 4: a model over 8 devices has no room in the last
    pairs = [(0, 8.0), (0, 16.0), (1, 8.0), (2, 8.0)]
    found = spread(problem(pairs, 16, 3), domains(8, 8, 4), table({}, {"tensor": 8}))
    assert len(found.layouts) == 5
    assert found.considered.tolist() == [2, 2, 2, 1]
    assert found.pair.tolist() == [0, 0, 1, 1, 2, 2, 3]
    mine = found.layouts.take(found.row)
    assert mine.tensor.tolist() == [1, 8, 1, 8, 1, 8, 1]
    assert mine.data.tolist() == [8, 1, 16, 2, 8, 1, 8]
    assert found.template[found.row].tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_that_layouts_take_what_is_fixed_and_what_their_system_computes_in():
    fixed = Fixed(schedule="zero-bubble", context_kind="ulysses")
    own = {"fixed": fixed, "bits": np.array([16.0, 8.0]), "recipe": np.array([0.0, 2.0])}
    asked = problem([(0, 4.0), (1, 4.0)], 8, 2, **own, layers_16=np.array([0.0, 3.0]))
    found = spread(asked, domains(8, 8), table({}, {"pipeline": 2}))
    rows = on_systems(asked, found.layouts.take(found.row), asked.pair_system[found.pair])
    assert rows.zero_bubble.tolist() == [0, 1, 0, 1]  # one stage has no bubble
    assert {CONTEXT_KINDS[int(kind)] for kind in rows.context_kind} == {"ulysses"}
    assert [rows.device.tolist(), rows.system.tolist()] == [[10, 10, 11, 11], [0, 0, 1, 1]]
    assert [rows.bits.tolist(), rows.recipe.tolist()] == [[16, 16, 8, 8], [0, 0, 2, 2]]
    assert rows.layers_16.tolist() == [0, 0, 3, 3]
    # gradients in 32 bit and sequence parallelism, where nothing else is said
    assert [rows.reduce_bytes.tolist(), rows.sequence_parallel.tolist()] == [[4.0] * 4, [1.0] * 4]
    plain = problem([(0, 4.0)], 8, 2)
    bare = on_systems(plain, found.layouts, np.zeros(len(found.layouts), dtype=np.intp))
    assert [bare.recipe.tolist(), bare.layers_16.tolist()] == [[0, 0], [0, 0]]


def test_that_combinations_of_numbers_are_told_apart():
    # 2 · 3 combinations of 0 or 1 and 0 to 2, each twice, the second time backwards
    few, more = np.repeat([0.0, 1.0], 3), np.tile([0.0, 1.0, 2.0], 2)
    columns = [np.concatenate((one, one[::-1])) for one in (few, more)]
    for given in (columns, columns[::-1]):
        first, place = distinct_rows(given)
        assert sorted(first) == [0, 1, 2, 3, 4, 5]
        assert first[place].tolist() == [0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]
    assert distinct_rows([np.empty(0)])[0].size == 0
