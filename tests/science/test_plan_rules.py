"""Rules of the plan: which counts are tried, which is proposed, which machine is the headline."""

import msgspec
import numpy as np
import pytest

from estimators import Comparison, OwnHardware, RunError, compare
from estimators.planning.choice import EQUAL_COST, PATIENCE_HOURS
from estimators.planning.targets import device_counts, node_limit, takes_whole_nodes
from tests.science.cases import language_run, only, scaled, vision_run, with_gpu, with_machine
from tests.spoken import notes_of, reason_of, refused

DAY = 86_400.0
WEEKS = 7 * DAY


@pytest.fixture(scope="module")
def relaxed(catalogue) -> Comparison:
    """300 billion tokens on an 8B model, no deadline."""
    return compare(language_run(catalogue, tokens=3e11), catalogue)


@pytest.fixture(scope="module")
def hurried(catalogue) -> Comparison:
    """The same within four weeks."""
    return compare(language_run(catalogue, tokens=3e11, deadline_seconds=4 * WEEKS), catalogue)


def fitting(comparison: Comparison):
    return [answer for answer in (*comparison.answers, comparison.own) if answer.fits]


# ---------------------------------------------------------------- counts


def test_that_every_machine_is_listed_once_with_those_in_service_first(catalogue, relaxed):
    names = [answer.machine.id for answer in relaxed.answers]
    expected = [m.id for m in (*catalogue.machines_in_service(), *catalogue.machines_coming())]
    assert names == expected
    assert len(set(names)) == len(names)


def test_that_a_machine_without_an_answer_has_a_reason_and_no_numbers(relaxed):
    for answer in relaxed.answers:
        if not answer.fits:
            assert reason_of(answer), answer.machine.id
            assert answer.gpus is answer.seconds is answer.gpu_hours is answer.layout is None


def test_that_counts_are_parts_of_a_shared_node_then_whole_nodes(relaxed):
    for answer in relaxed.answers:
        if not answer.fits:
            continue
        machine = answer.machine
        per_node = int(machine.devices_per_node.value)
        for point in answer.curve:
            nodes, rest = divmod(point.gpus, per_node)
            if rest:
                assert not takes_whole_nodes(machine)
                assert point.gpus in (1, 2, 4)
            else:
                assert nodes in {2**k for k in range(14)} | {3 * 2**k for k in range(14)}
                assert not nodes > node_limit(machine)


def test_that_counts_end_at_the_limit_of_the_widest_queue(catalogue):
    # Leonardo: boost_qos_bprod takes 256 nodes of four
    counts = device_counts(catalogue.machine("leonardo-booster"), 4, None)
    assert counts[:4] == (1, 2, 4, 8)
    assert counts[-1] == 1024
    assert {12, 24, 768} <= set(counts)


def test_that_exclusive_nodes_are_taken_whole(catalogue):
    assert device_counts(catalogue.machine("jupiter-booster"), 4, None)[0] == 4


def test_that_the_user_may_name_any_count(catalogue):
    spec = language_run(catalogue, machine="leonardo-booster", gpus=40)
    answer = compare(spec, only(catalogue, "leonardo-booster")).headline
    assert (answer.gpus, answer.nodes, answer.layout.gpus) == (40, 10, 40)


@pytest.mark.parametrize(("named", "words"), [(1, "1 GPU"), (5000, "5000 GPUs")])
def test_that_a_named_count_that_cannot_run_is_not_replaced_in_silence(catalogue, named, words):
    # one GPU is too small for 8B; the widest queue of Leonardo takes 1,024
    spec = language_run(catalogue, machine="leonardo-booster", gpus=named)
    answer = compare(spec, only(catalogue, "leonardo-booster")).headline
    assert f"{words} not possible: {answer.gpus}" in notes_of(answer)


def test_that_a_named_count_leaves_other_machines_alone(catalogue, relaxed):
    chosen = compare(language_run(catalogue, tokens=3e11, machine="leonardo-booster", gpus=40), catalogue)
    for before, after in zip(relaxed.answers, chosen.answers, strict=True):
        if before.machine.id != "leonardo-booster":
            assert after.gpus == before.gpus


def test_that_a_machine_with_an_unknown_network_keeps_to_one_node(catalogue):
    unknown = msgspec.structs.replace(catalogue.machine("leonardo-booster").network_per_node, value=None)
    altered = with_machine(only(catalogue, "leonardo-booster"), "leonardo-booster", network_per_node=unknown)
    answer = compare(language_run(catalogue), altered).answers[0]
    assert max(point.gpus for point in answer.curve) <= 4
    assert any("one node only" in note for note in notes_of(answer))


# ---------------------------------------------------------------- the proposed count


def in_time(answer, longest_seconds):
    return [point for point in answer.curve if point.seconds.p80 <= longest_seconds]


@pytest.mark.parametrize("asked", ["relaxed", "hurried"])
def test_that_of_the_counts_in_time_the_cheapest_at_p80_is_proposed(asked, request):
    comparison = request.getfixturevalue(asked)
    longest = comparison.spec.deadline_seconds or PATIENCE_HOURS * 3600
    seen = set()
    for answer in fitting(comparison):
        soon = in_time(answer, longest)
        seen.add(bool(soon))
        if soon:
            least = min(point.gpu_hours.p80 for point in soon)
            assert answer.seconds.p80 <= longest, answer.machine.id
            assert answer.gpu_hours.p80 <= EQUAL_COST * least, answer.machine.id
        else:
            fastest = min(point.seconds.p80 for point in answer.curve)
            assert answer.seconds.p80 == pytest.approx(fastest), answer.machine.id
    assert seen == {True, False}, "the case must judge both"


@pytest.mark.parametrize("asked", ["relaxed", "hurried"])
def test_that_no_smaller_count_in_time_costs_the_same(asked, request):
    comparison = request.getfixturevalue(asked)
    longest = comparison.spec.deadline_seconds or PATIENCE_HOURS * 3600
    for answer in fitting(comparison):
        soon = in_time(answer, longest)
        least = min((point.gpu_hours.p80 for point in soon), default=0.0)
        for point in soon:
            if point.gpus < answer.gpus:
                assert point.gpu_hours.p80 > EQUAL_COST * least, (answer.machine.id, point.gpus)


def test_that_a_deadline_is_judged_at_p80(hurried, relaxed):
    judged = {answer.meets_deadline for answer in fitting(hurried)}
    assert judged == {True, False}, "the case must judge both"
    for answer in fitting(hurried):
        assert answer.meets_deadline is (answer.seconds.p80 <= hurried.spec.deadline_seconds)
    assert {answer.meets_deadline for answer in fitting(relaxed)} == {None}


def test_that_a_large_fine_tune_is_proposed_where_it_costs_least(catalogue):
    # a 70B fine-tune was proposed on 32 GPUs of MareNostrum 5, where 64 cost a third less
    spec = language_run(
        catalogue,
        model="Llama-3.1-70B",
        tokens=1e9,
        method="full-finetuning",
        machine="marenostrum5-acc",
        deadline_seconds=2 * WEEKS,
    )
    answer = compare(spec, only(catalogue, "marenostrum5-acc")).headline
    soon = in_time(answer, 2 * WEEKS)
    dearest_smaller = min(p.gpu_hours.p80 for p in soon if p.gpus < answer.gpus)
    assert dearest_smaller > 1.1 * answer.gpu_hours.p80, "the case must have a smaller count in time"


def test_that_a_missed_deadline_is_not_a_misfit(catalogue):
    spec = language_run(catalogue, tokens=1e13, machine="deucalion-gpu", deadline_seconds=DAY)
    answer = compare(spec, only(catalogue, "deucalion-gpu")).headline
    assert answer.fits
    assert answer.meets_deadline is False


# ---------------------------------------------------------------- the headline


def test_that_the_headline_is_the_cheapest_machine_in_service(relaxed):
    in_service = [a for a in relaxed.answers if a.fits and a.machine.status == "in service"]
    assert relaxed.headline == min(in_service, key=lambda answer: answer.gpu_hours.p50)


def test_that_coming_machines_and_own_hardware_are_no_headline_by_themselves(catalogue):
    # only a coming machine fits
    comparison = compare(language_run(catalogue), only(catalogue, "meluxina-ai"))
    assert comparison.answers[0].fits
    assert comparison.headline is None
    assert comparison.explanation is None


@pytest.mark.parametrize("machine", ["vega-gpu", "lumi-g", "meluxina-ai"])
def test_that_the_plans_machine_is_the_headline_whatever_it_costs(catalogue, machine):
    comparison = compare(language_run(catalogue, machine=machine), catalogue)
    assert comparison.headline.machine.id == machine


def test_that_a_chosen_machine_that_does_not_fit_leaves_no_headline(catalogue):
    comparison = compare(
        language_run(catalogue, model="Llama-3.1-405B", machine="discoverer-plus"), catalogue
    )
    answer = next(a for a in comparison.answers if a.machine.id == "discoverer-plus")
    assert not answer.fits
    assert "GiB" in reason_of(answer)
    assert comparison.headline is None


def test_that_with_a_deadline_the_headline_keeps_it_if_any_machine_can(hurried):
    assert any(answer.meets_deadline for answer in hurried.answers)
    assert hurried.headline.meets_deadline


# ---------------------------------------------------------------- what an answer holds


def specs(catalogue):
    return [
        language_run(catalogue, tokens=3e11),
        language_run(catalogue, model="Llama-3.1-70B", tokens=1e11, deadline_seconds=8 * WEEKS),
        language_run(catalogue, model="SmolLM2-1.7B", tokens=1e11, method="pretraining", software="fsdp"),
        language_run(catalogue, tokens=2e8, method="full-finetuning", software="trainer"),
        language_run(catalogue, tokens=1e10, sample_tokens=32_768, precision="fp8"),
        vision_run(catalogue),
    ]


@pytest.fixture(scope="module", params=range(6))
def comparison(request, catalogue):
    return compare(specs(catalogue)[request.param], catalogue)


def test_that_the_chosen_layout_fits_in_memory(comparison):
    for answer in fitting(comparison):
        assert answer.memory.reserved <= answer.memory.limit, answer.machine.id
        parts = [getattr(answer.memory, name) for name in answer.memory.__slots__]
        assert sum(parts[:-3]) == pytest.approx(answer.memory.reserved)
        assert answer.memory.limit < answer.memory.capacity
        assert min(parts) >= 0


def test_that_the_chosen_layout_divides_devices_heads_layers_and_batch(comparison):
    shape = comparison.spec.model.architecture
    for answer in fitting(comparison):
        layout = answer.layout
        degrees = layout.tensor_parallel * layout.pipeline_parallel * layout.context_parallel
        assert degrees * layout.data_parallel == layout.gpus == answer.gpus
        assert shape.heads % layout.tensor_parallel == 0
        assert layout.pipeline_parallel * layout.interleave <= shape.layers
        if layout.interleave > 1:
            assert layout.micro_batches % layout.pipeline_parallel == 0
        samples = layout.micro_batch * layout.micro_batches * layout.data_parallel
        passes = comparison.spec.samples * comparison.spec.passes
        assert answer.steps == pytest.approx(passes / samples)


def test_that_tensor_parallelism_stays_inside_the_node(comparison):
    for answer in fitting(comparison):
        domain = answer.machine.link_domain_devices or answer.machine.devices_per_node.value
        assert answer.layout.tensor_parallel <= domain


def test_that_the_batch_stays_within_an_eighth_of_the_wanted(comparison, catalogue):
    from estimators.planning.defaults import batch_of

    wanted = batch_of(comparison.spec).samples
    for answer in fitting(comparison):
        layout = answer.layout
        samples = layout.micro_batch * layout.micro_batches * layout.data_parallel
        assert samples == pytest.approx(wanted, rel=0.125)


def test_that_the_parts_of_the_step_sum_to_the_whole(comparison):
    for answer in fitting(comparison):
        step = answer.step
        left_out = {"total", "communication_total", "model_flops", "mfu"}
        parts = [getattr(step, name) for name in step.__slots__ if name not in left_out]
        assert min(parts) >= 0
        assert sum(parts) == pytest.approx(step.total, rel=1e-12)
        assert sum(seconds for _, seconds in step.shown()) == pytest.approx(step.total, rel=1e-12)


def test_that_mfu_is_model_flops_over_the_dense_peak(comparison, catalogue):
    for answer in fitting(comparison):
        gpu = catalogue.gpu_of(answer.machine)
        peak = gpu.peak_flops_per_second("bf16")
        by_hand = answer.step.model_flops / (answer.step.total * answer.gpus * peak)
        assert answer.step.mfu == pytest.approx(by_hand, rel=1e-12)
        assert 0 < answer.step.mfu < 1


def test_that_the_answer_lies_on_its_own_curve(comparison):
    for answer in fitting(comparison):
        point = next(point for point in answer.curve if point.gpus == answer.gpus)
        assert (point.seconds, point.gpu_hours) == (answer.seconds, answer.gpu_hours)


def test_that_jobs_cover_the_run(comparison):
    for answer in fitting(comparison):
        limits = [q.max_walltime.value for q in answer.machine.queues if q.max_walltime.value]
        if limits and answer.jobs > 1:
            assert answer.jobs * max(limits) * 3600 >= answer.seconds.p50 * 0.9


def test_that_the_same_question_gets_the_same_answer(comparison, catalogue):
    again = compare(comparison.spec, catalogue)
    assert again.answers == comparison.answers
    assert (again.own, again.headline) == (comparison.own, comparison.headline)


# ---------------------------------------------------------------- precision, own hardware, refusals


def test_that_a_card_without_fp8_falls_back_with_a_note(catalogue):
    spec = language_run(catalogue, precision="fp8")
    answers = {a.machine.id: a for a in compare(spec, catalogue).answers if a.fits}
    assert answers["leonardo-booster"].precision == "bf16"
    assert "no fp8: bf16" in notes_of(answers["leonardo-booster"])
    assert answers["jupiter-booster"].precision == "fp8"


def test_that_a_v100_falls_back_to_fp16(catalogue):
    spec = language_run(catalogue, model="SmolLM2-135M", tokens=1e8, own=OwnHardware("v100-32-sxm", 8))
    own = compare(spec, only(catalogue, "lumi-g")).own
    assert own.precision == "fp16"
    assert "no bf16: fp16" in notes_of(own)


def test_that_own_hardware_is_one_host_with_all_its_cards(catalogue):
    spec = language_run(catalogue, model="SmolLM2-1.7B", tokens=1e9, own=OwnHardware("rtx4090", 2))
    own = compare(spec, only(catalogue, "lumi-g")).own
    assert own.is_own
    assert (own.gpus, own.nodes) == (2, 1)
    assert own.site_units is None
    assert own.carbon_kg is None, "the grid at the user's desk is not known"


def test_that_a_single_card_of_ones_own_has_no_network(catalogue):
    spec = language_run(catalogue, model="SmolLM2-135M", tokens=1e8, own=OwnHardware("rtx4090", 1))
    step = compare(spec, only(catalogue, "lumi-g")).own.step
    assert step.communication_total == 0
    assert dict(step.shown())["network"] == 0


def test_that_a_model_that_cannot_fit_says_how_much_it_needs(catalogue):
    own = compare(language_run(catalogue, model="Llama-3.1-70B"), only(catalogue, "lumi-g")).own
    assert not own.fits
    assert reason_of(own).startswith("Needs ")
    assert "RTX 4090 has 24" in reason_of(own)


def test_that_a_family_without_an_estimate_is_refused_in_a_sentence(catalogue):
    kinds = {card.kind: card.id for card in catalogue.models.values()}
    for kind, model in kinds.items():
        if kind not in ("decoder-lm", "vision-transformer"):
            with refused(RunError, match="not estimated yet"):
                compare(language_run(catalogue, model=model), catalogue)


def test_that_unmeasured_ground_widens_the_range(catalogue, calibration):
    counts = np.array([8.0, 1e6])
    near, far = calibration.widening("a100-80-sxm", "ampere", counts)
    assert near == 1
    assert far > 1
    assert np.all(calibration.widening("none", "coming", counts) == far)


def test_that_a_card_with_half_the_speed_takes_longer(catalogue):
    small = only(catalogue, "leonardo-booster")
    gpu = catalogue.gpus["a100-64-leonardo"]
    slower = with_gpu(
        small,
        gpu.id,
        peak={name: scaled(fact, 0.5) for name, fact in gpu.peak.items()},
        matmul_max={name: scaled(fact, 0.5) for name, fact in gpu.matmul_max.items()},
    )
    spec = language_run(catalogue, machine="leonardo-booster", gpus=64)
    fast, slow = (compare(spec, facts).headline for facts in (small, slower))
    assert 1.3 < slow.seconds.p50 / fast.seconds.p50 < 2.05
