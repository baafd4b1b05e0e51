"""Pipeline schedules by hand, after Narayanan et al. (arXiv:2104.04473) and Qi et al. (arXiv:2401.10241)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import LayoutChoice
from estimators.parallel.layout import SCHEDULES
from estimators.parallel.memory import micro_batches_in_flight
from estimators.parallel.schedule import Pass, pipeline_bubble
from estimators.parallel.templates import Fixed, interleave_degrees
from tests.science.cases import language_run, layouts, only

EXACT = {"rel": 1e-12}
FORWARD, INPUTS, WEIGHTS = 1.0, 1.2, 0.8
"""Seconds of the three parts of one layer."""
LAYER = Pass(np.array([FORWARD + INPUTS + WEIGHTS]), np.array([WEIGHTS]))
NO_ENDS = Pass(np.array([0.0]), np.array([0.0]))


def bubble(layer=LAYER, ends=NO_ENDS, layers=32.0, **columns) -> float:
    rows = layouts(**columns)
    return float(pipeline_bubble(layers, rows.stages(), rows.micro_batches, layer, ends)[0])


@pytest.mark.parametrize(
    ("zero_bubble", "one_stage"),
    [
        (0, FORWARD + INPUTS + WEIGHTS),  # 1F1B
        (1, FORWARD + INPUTS - WEIGHTS),  # ZB-H1
        (2, FORWARD + INPUTS - 2 * WEIGHTS),  # ZB-H2
    ],
)
def test_that_each_schedule_leaves_the_bubble_of_its_table(zero_bubble, one_stage):
    # 32 layers on 4 stages: (p − 1) = 3 waits of a stage of 8 layers, whatever the number of micro-batches
    for count in (8, 64):
        found = bubble(pipeline=4, micro_batches=count, zero_bubble=zero_bubble)
        assert found == pytest.approx(3 * 8 * one_stage, **EXACT)


def test_that_equal_parts_leave_a_third_for_zb_h1_and_nothing_for_zb_h2():
    # F = B = W: Qi et al., section 2
    equal = Pass(np.array([3.0]), np.array([1.0]))
    plain, first, second = (bubble(equal, pipeline=8, micro_batches=32, zero_bubble=z) for z in (0, 1, 2))
    assert first == pytest.approx(plain / 3, **EXACT)
    assert second == 0


def test_that_a_bubble_is_never_negative():
    heavy = Pass(np.array([3.0]), np.array([2.0]))
    assert bubble(heavy, pipeline=8, micro_batches=32, zero_bubble=2) == 0


def test_that_zero_bubble_does_not_help_stages_that_wait_for_a_slower_one():
    # the head makes the last stage slower in every micro-batch; weight gradients fill fill and drain alone
    head = Pass(np.array([6.0]), np.array([2.0]))
    plain, filled = (bubble(ends=head, pipeline=4, micro_batches=64, zero_bubble=z) for z in (0, 1))
    slower = 64 * (8 * 3.0 + 6.0 - (32 * 3.0 + 6.0) / 4)
    assert plain == pytest.approx(slower + 3 * 8 * 3.0, **EXACT)
    assert filled == pytest.approx(slower + 3 * 8 * (3.0 - 2 * WEIGHTS), **EXACT)


def test_that_a_stage_holds_whole_layers():
    # 126 layers on 16 stages (Llama 3 405B): 15 stages of 8, the last has 6 and a head of one layer's time
    head = Pass(np.array([3.0]), np.array([1.0]))
    found = bubble(ends=head, layers=126.0, pipeline=16, micro_batches=100)
    whole = 127 * 3.0
    assert found == pytest.approx(100 * (8 * 3.0 - whole / 16) + whole - 8 * 3.0, **EXACT)


def test_that_a_heavy_head_sets_the_pace_of_uneven_stages():
    # 126 on 16 again: 6 layers and a head of 4 layers' time are more than 8 layers
    head = Pass(np.array([12.0]), np.array([4.0]))
    found = bubble(ends=head, layers=126.0, pipeline=16, micro_batches=100)
    whole = 130 * 3.0
    assert found == pytest.approx(100 * (10 * 3.0 - whole / 16) + whole - 10 * 3.0, **EXACT)


def test_that_a_last_stage_may_hold_no_layer_at_all():
    # 5 layers on 4 stages: two fill a stage, so that nothing but a head of 4 s is left for the last
    head = Pass(np.array([4.0]), np.array([1.0]))
    found = bubble(ends=head, layers=5.0, pipeline=4, micro_batches=10)
    whole = 5 * 3.0 + 4.0
    assert found == pytest.approx(10 * (2 * 3.0 - whole / 4) + whole - 2 * 3.0, **EXACT)


def test_that_a_full_stage_that_sets_the_pace_keeps_its_weight_gradients():
    # 126 on 16 once more: the wait is that for all but a stage of 8 layers, and so are the 2 W that fill it
    head = Pass(np.array([3.0]), np.array([1.0]))
    row = {"ends": head, "layers": 126.0, "pipeline": 16, "micro_batches": 100}
    others = 126 * WEIGHTS + 1.0 - 8 * WEIGHTS
    assert bubble(**row) - bubble(**row, zero_bubble=1) == pytest.approx(2 * others, **EXACT)


def test_that_rows_of_several_schedules_wait_as_each_alone():
    rows = layouts(pipeline=4, micro_batches=8, zero_bubble=[0, 1, 2])
    together = pipeline_bubble(32.0, rows.stages(), rows.micro_batches, LAYER, NO_ENDS)
    assert list(together) == [bubble(pipeline=4, micro_batches=8, zero_bubble=z) for z in (0, 1, 2)]


def test_that_no_more_weight_gradients_are_put_off_than_there_are():
    # one micro-batch on 4 stages: 3 W are not waited for, one is put off, whatever the schedule would like
    for zero_bubble in (1, 2):
        found = bubble(pipeline=4, micro_batches=1, zero_bubble=zero_bubble)
        assert found == pytest.approx(8 * (3 * (FORWARD + INPUTS + WEIGHTS) - 4 * WEIGHTS), **EXACT)


def test_that_interleaving_divides_the_fill_and_drain():
    assert bubble(pipeline=4, micro_batches=16, interleave=4) == pytest.approx(
        bubble(pipeline=4, micro_batches=16) / 4, **EXACT
    )


sizes = st.tuples(st.integers(2, 80), st.integers(1, 16), st.integers(1, 256))
shares = st.floats(0.01, 10.0)


@given(sizes, shares, shares, shares, shares)
def test_that_each_further_schedule_waits_no_longer(size, forward, inputs, weights, ends):
    layers, stages, count = size
    layer = Pass(np.array([forward + inputs + weights]), np.array([weights]))
    head = Pass(np.array([ends]), np.array([ends / 3]))
    found = [
        bubble(layer, head, float(layers), pipeline=stages, micro_batches=count, zero_bubble=z)
        for z in (0, 1, 2)
    ]
    assert found[0] >= found[1] >= found[2] >= 0
    if stages == 1:
        assert found[0] == pytest.approx(0, abs=1e-9 * count * layers * (forward + inputs + weights + ends))


def test_that_zb_h2_holds_up_to_twice_the_micro_batches():
    # p for 1F1B and ZB-H1, 2p − 1 for ZB-H2 (table 1), never more than there are
    held = micro_batches_in_flight(
        layouts(pipeline=8, micro_batches=[64, 64, 64, 4], zero_bubble=[0, 1, 2, 2])
    )
    assert held.tolist() == [8, 8, 15, 4]


def test_that_layouts_name_their_schedule():
    rows = layouts(pipeline=4, interleave=[1, 2, 1, 1], zero_bubble=[0, 0, 1, 2])
    assert [SCHEDULES[row] for row in rows.schedule] == list(SCHEDULES)


def test_that_a_named_schedule_leaves_its_chunks():
    assert interleave_degrees(32, 4, Fixed()) == (1, 2, 8)
    assert interleave_degrees(32, 4, Fixed(schedule="interleaved")) == (2, 8)
    assert interleave_degrees(32, 4, Fixed(schedule="1f1b")) == (1,)
    assert interleave_degrees(32, 4, Fixed(schedule="zero-bubble")) == (1,)


def test_that_a_user_may_name_a_schedule(catalogue, compare_one):
    def run(schedule):
        layout = LayoutChoice(tensor_parallel=1, pipeline_parallel=4, zero_stage=1, schedule=schedule)
        return compare_one(layout)

    plain, filled, roomy, open_choice = (run(s) for s in ("1f1b", "zero-bubble", "zero-bubble-2p", None))
    assert plain.layout.schedule == "1f1b"
    assert filled.layout.schedule == "zero-bubble"
    assert roomy.layout.schedule == "zero-bubble-2p"
    assert open_choice.layout.schedule in ("1f1b", "interleaved"), "zero-bubble comes only when named"
    assert filled.step.bubble < plain.step.bubble
    assert filled.step.total < plain.step.total


@pytest.fixture
def compare_one(catalogue):
    """The answer of Leonardo for Llama 3.1 8B on 32 GPUs with a layout of the user's."""
    from estimators import compare

    small = only(catalogue, "leonardo-booster")

    def answer(layout: LayoutChoice, **more):
        spec = language_run(small, machine="leonardo-booster", gpus=32, global_batch_samples=256, **more)
        return compare(replace(spec, layout=layout), small).answers[0]

    return answer
