"""Parameters as the estimators count them, against the weights that the owners publish."""

import pytest

from estimators.workloads.language import decoder_shape
from tests.science.cases import decoder_work, vision_work

PUBLISHED = {
    # elements of the published weight files (Hugging Face safetensors index), a tied head counted once
    "Llama-2-7b-hf": 6_738_415_616,
    "Llama-2-13b-hf": 13_015_864_320,
    "Llama-3.1-8B": 8_030_261_248,
    "Llama-3.1-70B": 70_553_706_496,
    "Llama-3.2-1B": 1_235_814_400,
    "Mistral-7B-v0.3": 7_248_023_552,
    "Qwen2.5-7B": 7_615_616_512,
    "Qwen3-8B-Base": 8_190_735_360,
    "SmolLM2-1.7B": 1_711_376_384,
    "tiny-llama-1.1b": 1_100_048_384,
    "Gemma-2-2b": 2_614_341_888,
    # GPT-2: learned positions, biases, tied head (124M and 1558M of the OpenAI release)
    "GPT-2 124M": 124_439_808,
    "GPT-2 XL": 1_557_611_200,
    # Pythia: GPT-NeoX code, untied head, padded vocabulary (EleutherAI model cards)
    "pythia-160m": 162_322_944,
    "pythia-12b": 11_846_072_320,
    # arXiv:2211.05100: ALiBi, a norm after the embedding, tied head
    "BLOOM-176B": 176_247_271_424,
    # experts and their router
    "Mixtral-8x7B-v0.1": 46_702_792_704,
    "Qwen3-30B-A3B-Base": 30_532_122_624,
}
VISION = {
    # timm and torchvision: image size 224, 1,000 classes
    "vit-base-patch16-224": 86_567_656,
    "vit-large-patch16-224": 304_326_632,
}
NEAR_MISSES = {
    # norms of all query heads together, 8,192 a layer (OLMo 2) where the shape says one head's size
    "OLMo-2-1124-7B": (7_298_617_344, 4e-5),
    "OLMo-2-1124-13B": (13_716_198_400, 4e-5),
    # norms without parameters (OLMo 1), a bias on the head (phi-2)
    "OLMo-1B-hf": (1_176_764_416, 2e-4),
    "phi-2": (2_779_683_840, 2e-5),
}
"""Published counts that differ in the last digits, for the reason given, and by how much at most."""


def counted(catalogue, identity: str) -> float:
    return float(decoder_work(decoder_shape(catalogue.model(identity).architecture, 4096)).parameters)


@pytest.mark.parametrize(("identity", "parameters"), PUBLISHED.items())
def test_that_a_decoder_has_the_published_parameters_to_the_digit(catalogue, identity, parameters):
    assert counted(catalogue, identity) == parameters


@pytest.mark.parametrize(("identity", "parameters"), VISION.items())
def test_that_a_vision_transformer_has_the_published_parameters_to_the_digit(catalogue, identity, parameters):
    assert float(vision_work(catalogue.model(identity).architecture).parameters) == parameters


@pytest.mark.parametrize(("identity", "published"), NEAR_MISSES.items())
def test_that_unusual_norms_and_biases_cost_no_more_than_a_few_digits(catalogue, identity, published):
    parameters, tolerance = published
    assert counted(catalogue, identity) == pytest.approx(parameters, rel=tolerance)


@pytest.mark.parametrize(
    ("identity", "active", "norms"),
    [
        # of the owners' active counts: two norms a layer and the last; per-head norms of queries and keys
        ("Mixtral-8x7B-v0.1", 12_879_925_248, (2 * 32 + 1) * 4096),
        ("Qwen3-30B-A3B-Base", 3_353_032_704, (2 * 48 + 1) * 2048 + 48 * 2 * 128),
    ],
)
def test_that_a_token_meets_the_active_parameters_alone(catalogue, identity, active, norms):
    card = catalogue.model(identity)
    work = decoder_work(decoder_shape(card.architecture, 4096))
    assert (
        float(work.product_positions / work.positions)
        == active - card.architecture.vocab * card.architecture.hidden - norms
    )


def test_that_llama_2_7b_adds_up_by_hand(catalogue):
    # embedding and untied head; 32 layers of 4 attention and 3 feed-forward matrices and 2 norms; last norm
    layer = 4 * 4096**2 + 3 * 4096 * 11_008 + 2 * 4096
    assert counted(catalogue, "Llama-2-7b-hf") == 2 * 32_000 * 4096 + 32 * layer + 4096


def test_that_grouped_queries_shrink_keys_and_values_only(catalogue):
    # Llama-3.1-8B: 8 of 32 heads for keys and values
    work = decoder_work(decoder_shape(catalogue.model("Llama-3.1-8B").architecture, 4096))
    qkv, output, up, down = (float(gemm.weights) for gemm in work.train.inner[0].gemms)
    assert qkv == 4096 * (4096 + 2 * 1024)
    assert output == 4096 * 4096
    assert up == 2 * 4096 * 14_336
    assert down == 4096 * 14_336


def test_that_the_sequence_length_adds_no_parameters(catalogue):
    card = catalogue.model("Llama-3.1-8B")
    short, long = (decoder_work(decoder_shape(card.architecture, tokens)) for tokens in (2048, 131_072))
    assert float(short.parameters) == float(long.parameters)


def test_that_every_dense_shape_of_the_catalogue_is_near_its_published_size(catalogue):
    # 0.4 %: marketing sizes are rounded; these name a vision tower or experts that the shape leaves out
    with_other_parts = {"Ministral-3-8B", "Gemma-4-31B"}
    without_shape = {"EuroLLM-22B", "Viking-33B"}
    for card in catalogue.models.values():
        if (
            card.kind != "decoder-lm"
            or card.id in with_other_parts | without_shape
            or card.architecture.experts
        ):
            continue
        assert counted(catalogue, card.id) == pytest.approx(card.parameters.si, rel=4e-3), card.id
