"""What of a model is computed: a part that no family knows is refused or said, an extra block is a choice."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
import pytest

from app.present.inputs import is_computable, model_choices
from app.words import text
from estimators import Catalogue, RunError, compare
from estimators.calibration import FAR_FACTOR, load_calibration
from estimators.catalogue.architectures import LinearAttention, Text
from estimators.planning.prepare import prepare
from estimators.planning.run import widening
from estimators.workloads.language import decoder_shape
from estimators.workloads.models import GAP, left_out, model_of, shape_gap, why_not_computed
from tests.science.cases import decoder_work, language_run, only, vision_run, vision_work
from tests.spoken import reason_of

KNOWN_FACTS = {"pretrain_tokens", "left_out"}
"""Facts beside the fields of a decoder that the family computes, says, or need not know."""
FOREIGN = re.compile(r"hybrid|mamba|linear attention|state space|recurrent|rwkv|delta", re.IGNORECASE)


def plain_parameters(card) -> float:
    return float(decoder_work(decoder_shape(card.architecture, 4096)).parameters)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("Qwen3-Next-80B-A3B", "75 % of its layers have linear attention or a state space"),
        ("Qwen3.5-397B-A17B", "75 % of its layers"),
        ("Jamba-v0.1 52B-A12B", "88 % of its layers"),
        ("Olmo-Hybrid-7B", "some of its layers"),
        ("Mamba2-2.7B", "state space in place of attention"),
        ("DeepSeek-V4-284B (MaxText preset)", "the catalogue has no kv_lora_rank"),
    ],
)
def test_that_a_model_with_parts_that_nobody_computes_is_refused_by_their_name(catalogue, model, words):
    with pytest.raises(RunError) as caught:
        compare(language_run(catalogue, model=model), only(catalogue, "leonardo-booster"))
    assert words in text(caught.value.said)
    assert not is_computable(catalogue.model(model))
    assert model not in [value for _, value in model_choices(catalogue)]


def test_that_a_share_of_linear_attention_refuses_a_card_of_any_kind(catalogue):
    """A new card that calls itself a decoder, from an overlay."""
    card = catalogue.model("Llama-3.1-8B")
    shape = msgspec.structs.replace(card.architecture, linear=LinearAttention(share=0.5))
    hybrid = msgspec.structs.replace(card, architecture=shape)
    assert not why_not_computed(card)
    assert "50 % of its layers" in text(why_not_computed(hybrid))


def test_that_no_card_that_can_be_chosen_has_a_part_that_its_family_does_not_know(catalogue):
    for card in catalogue.models.values():
        if not is_computable(card) or card.kind != "decoder-lm":
            continue
        assert set(card.more) <= KNOWN_FACTS, card.id
        assert not FOREIGN.search(f"{card.family} {card.name} {card.note}"), card.id


def test_that_a_shape_far_from_the_published_count_is_said_and_widens_the_range(catalogue: Catalogue):
    small, calibration = only(catalogue, "leonardo-booster"), load_calibration()
    for card in catalogue.models.values():
        if card.kind != "decoder-lm" or not is_computable(card):
            continue
        counted = plain_parameters(card)
        far = shape_gap(model_of(card), counted) > GAP
        assert bool(left_out(model_of(card), counted)) == (far or "left_out" in card.more), card.id
        if far:
            spec = language_run(catalogue, model=card.id)
            assert any(
                text(card.name) in words for words in tuple(map(text, compare(spec, small).assumptions))
            )
            assert (widening(prepare(spec, small, calibration), calibration) >= FAR_FACTOR).all()


def test_that_a_token_prediction_block_is_a_choice(catalogue):
    """DeepSeek-V3: 671.0 billion parameters without, 682.5 with; the block is left out unless asked for."""
    card = catalogue.model("DeepSeek-V3-671B")
    assert model_of(card).prediction_blocks == 1
    assert plain_parameters(card) == pytest.approx(671.0e9, abs=0.05e9)
    ahead = float(decoder_work(decoder_shape(card.architecture, 4096, predicted_ahead=1)).parameters)
    assert ahead == pytest.approx(682.5e9, abs=0.05e9)
    small = only(catalogue, "jupiter-booster")
    run = {"model": card.id, "tokens": 1e12}
    without = compare(language_run(catalogue, **run), small)
    with_block = compare(language_run(catalogue, predicted_ahead=1, **run), small)
    assert any(
        "Without the token-prediction block" in words for words in tuple(map(text, without.assumptions))
    )
    assert any("682.5 B parameters, 671.0 B" in words for words in tuple(map(text, with_block.assumptions)))
    ratio = with_block.answers[0].step.model_flops / without.answers[0].step.model_flops
    assert 1.0 < ratio < 1.1


def test_that_an_odd_number_of_layers_still_has_pipelines(catalogue):
    """61 layers: no power of two divides them, and Megatron takes uneven stages."""
    small = only(catalogue, "leonardo-booster")
    found = compare(language_run(catalogue, model="DeepSeek-V3-671B", tokens=3e11), small).answers[0]
    assert found.layout.pipeline_parallel > 1
    assert found.gpu_hours.p50 < 400_000, "827,000 with experts alone spread over devices"


def test_that_every_model_that_can_be_chosen_has_an_answer(catalogue):
    # whatever a card leaves open: one vision transformer is published without a head
    small = only(catalogue, "jupiter-booster")
    chosen = [catalogue.model(identity) for _, identity in model_choices(catalogue)]
    assert len(chosen) > 90
    for card in chosen:
        model = model_of(card)
        run = language_run(small) if model.family.sample is Text else vision_run(small)
        answer = compare(replace(run, model=model), small).answers[0]
        assert answer.fits or reason_of(answer), card.id
        assert not answer.fits or answer.gpu_hours.p50 > 0.0, card.id


def test_that_a_vision_model_without_a_head_is_trained_with_that_of_imagenet(catalogue):
    headless = catalogue.model("vit-huge-patch14-224").architecture
    assert headless.classes == 0
    one = msgspec.structs.replace(headless, classes=1)
    more = vision_work(headless).parameters - vision_work(one).parameters
    assert more == 999 * (headless.hidden + 1)
