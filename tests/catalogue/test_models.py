"""Shapes reproduce the parameter counts that the owners publish."""

import pytest

from estimators.catalogue import ModelCard

PUBLISHED = {
    "Llama-2-7b-hf": 6_738_415_616,
    "Llama-3.1-8B": 8_030_261_248,
    "Llama-3.1-70B": 70_553_706_496,
    "Llama-3.2-1B": 1_235_814_400,
    "Mistral-7B-v0.3": 7_248_023_552,
    "Mixtral-8x7B-v0.1": 46_702_792_704,
    "Qwen2.5-7B": 7_615_616_512,
    "Qwen2.5-72B": 72_706_203_648,
    "Qwen3-8B-Base": 8_190_735_360,
    "Qwen3-30B-A3B-Base": 30_532_122_624,
    "Gemma-2-2b": 2_614_341_888,
    "Gemma-3-1b-it": 999_885_952,
    "SmolLM2-1.7B": 1_711_376_384,
    "pythia-1.4b": 1_414_647_808,
    "GPT-2 124M": 124_439_808,
    "BLOOM-176B": 176_247_271_424,
    "OLMo-2-1124-7B": 7_298_617_344,
}
"""Sizes of the published weights, embedding rows of tied heads counted once."""


def block_parameters(card: ModelCard) -> int:
    """One layer: attention, feed-forward or experts with their router, biases and norms."""
    rows = (card.heads + 2 * card.kv_heads) * card.head_dim
    attention = card.hidden * (rows + card.heads * card.head_dim)
    matrices = 3 if card.ffn_gated else 2
    width = card.moe_ffn if card.experts else card.ffn
    feed_forward = (card.experts or 1) * matrices * card.hidden * width + card.hidden * (card.experts or 0)
    biases = rows if card.qkv_bias else 0
    biases += (matrices - 1) * width + 2 * card.hidden if card.linear_bias else 0
    norms = card.norms_per_layer * norm_parameters(card)
    if card.qk_norm:
        heads = card.heads + card.kv_heads if card.family.startswith("OLMo") else 2
        norms += heads * card.head_dim
    return attention + feed_forward + biases + norms


def norm_parameters(card: ModelCard) -> int:
    return card.hidden * (2 if card.norm == "layernorm" else 1)


def decoder_parameters(card: ModelCard) -> int:
    embedding = card.vocab * card.hidden * (1 if card.tied_embeddings else 2)
    positions = card.sequence_tokens * card.hidden if card.learned_positions else 0
    norms = norm_parameters(card) * (2 if card.embedding_norm else 1)
    return embedding + positions + norms + card.layers * block_parameters(card)


@pytest.mark.parametrize(("identity", "parameters"), PUBLISHED.items())
def test_that_decoder_shapes_give_the_published_count(catalogue, identity, parameters):
    assert decoder_parameters(catalogue.model(identity)) == parameters


def vision_parameters(card: ModelCard) -> int:
    patches = (card.image_pixels // card.patch_pixels) ** 2
    embedding = 3 * card.patch_pixels**2 * card.hidden + card.hidden + card.hidden * (patches + 2)
    head = card.classes * (card.hidden + 1) if card.classes else 0
    return embedding + card.layers * block_parameters(card) + norm_parameters(card) + head


@pytest.mark.parametrize(
    "size", ["tiny-patch16", "small-patch16", "base-patch16", "large-patch16", "huge-patch14"]
)
def test_that_vision_shapes_give_the_counted_parameters(catalogue, size):
    card = catalogue.model(f"vit-{size}-224")
    assert vision_parameters(card) == card.parameters.value


def test_that_all_published_models_are_there_and_dense_decoders_are_complete(catalogue):
    assert len(catalogue.models) == 191
    needed = ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab")
    incomplete = {
        card.id
        for card in catalogue.models.values()
        if card.kind == "decoder-lm" and not card.experts
        if any(getattr(card, name) is None for name in needed)
    }
    assert incomplete == {"EuroLLM-22B", "Viking-33B"}, "no source gives these shapes"


def test_that_head_dim_need_not_be_hidden_over_heads(catalogue):
    card = catalogue.model("Gemma-2-9b")
    assert card.heads * card.head_dim != card.hidden


def test_that_vocabularies_are_embedding_rows(catalogue):
    rows = {"Llama-3.1-8B": 128_256, "Qwen3-8B-Base": 151_936, "Qwen2.5-7B": 152_064, "pythia-12b": 50_688}
    for identity, vocab in rows.items():
        card = catalogue.model(identity)
        assert card.vocab == vocab
        assert "config.json" in card.note
