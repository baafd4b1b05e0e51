"""Shapes reproduce the parameter counts that the owners publish."""

import msgspec
import pytest

from estimators.catalogue import ModelCard
from estimators.catalogue.architectures import Decoder, VisionTransformer

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


def block_parameters(shape: Decoder, norm_heads: int) -> int:
    """One layer: attention, feed-forward or experts with their router, biases and norms."""
    rows = (shape.heads + 2 * shape.kv_heads) * shape.head_dim
    attention = shape.hidden * (rows + shape.heads * shape.head_dim)
    matrices = 3 if shape.ffn_gated else 2
    experts = shape.experts
    width = experts.ffn if experts else shape.ffn
    feed_forward = (experts.count if experts else 1) * matrices * shape.hidden * width
    feed_forward += shape.hidden * (experts.count if experts else 0)
    biases = rows if shape.qkv_bias else 0
    biases += (matrices - 1) * width + 2 * shape.hidden if shape.linear_bias else 0
    norms = shape.norms_per_layer * norm_parameters(shape)
    if shape.qk_norm:
        norms += norm_heads * shape.head_dim
    return attention + feed_forward + biases + norms


def norm_parameters(shape: Decoder) -> int:
    return shape.hidden * (2 if shape.norm == "layernorm" else 1)


def decoder_parameters(card: ModelCard) -> int:
    shape = card.architecture
    embedding = shape.vocab * shape.hidden * (1 if shape.tied_embeddings else 2)
    positions = shape.sequence_tokens * shape.hidden if shape.learned_positions else 0
    norms = norm_parameters(shape) * (2 if shape.embedding_norm else 1)
    norm_heads = shape.heads + shape.kv_heads if card.family.startswith("OLMo") else 2
    return embedding + positions + norms + shape.layers * block_parameters(shape, norm_heads)


@pytest.mark.parametrize(("identity", "parameters"), PUBLISHED.items())
def test_that_decoder_shapes_give_the_published_count(catalogue, identity, parameters):
    assert decoder_parameters(catalogue.model(identity)) == parameters


def vision_parameters(shape: VisionTransformer) -> int:
    """Class token, learned positions, biases on all linear layers, two layer norms a block and one behind."""
    hidden, patches = shape.hidden, (shape.image_pixels // shape.patch_pixels) ** 2
    embedding = 3 * shape.patch_pixels**2 * hidden + hidden + hidden * (patches + 2)
    block = 4 * hidden**2 + 2 * hidden * shape.ffn + 5 * hidden + shape.ffn + 2 * 2 * hidden
    return embedding + shape.layers * block + 2 * hidden + shape.classes * (hidden + 1)


@pytest.mark.parametrize(
    "size", ["tiny-patch16", "small-patch16", "base-patch16", "large-patch16", "huge-patch14"]
)
def test_that_vision_shapes_give_the_counted_parameters(catalogue, size):
    card = catalogue.model(f"vit-{size}-224")
    assert vision_parameters(card.architecture) == card.parameters.value


def test_that_all_published_models_are_there_and_decoders_are_complete(catalogue):
    assert len(catalogue.models) == 191
    decoders = [card for card in catalogue.models.values() if card.kind == "decoder-lm"]
    incomplete = {card.id for card in decoders if card.architecture is None}
    assert incomplete == {"EuroLLM-22B", "Viking-33B"}, "no source gives these shapes"
    dense = [card.architecture for card in decoders if card.architecture and not card.architecture.experts]
    assert all(None not in (shape.kv_heads, shape.head_dim) for shape in dense)


def test_that_a_shape_can_be_a_key_and_equal_shapes_are_one(catalogue):
    shape = catalogue.model("Mixtral-8x7B-v0.1").architecture
    again = msgspec.convert(msgspec.to_builtins(shape), Decoder)
    assert {shape: 1}[again] == 1


def test_that_head_dim_need_not_be_hidden_over_heads(catalogue):
    shape = catalogue.model("Gemma-2-9b").architecture
    assert shape.heads * shape.head_dim != shape.hidden


def test_that_vocabularies_are_embedding_rows(catalogue):
    rows = {"Llama-3.1-8B": 128_256, "Qwen3-8B-Base": 151_936, "Qwen2.5-7B": 152_064, "pythia-12b": 50_688}
    for identity, vocab in rows.items():
        card = catalogue.model(identity)
        assert card.architecture.vocab == vocab
        assert "config.json" in card.note
