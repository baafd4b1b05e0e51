"""Reading evidence: what is a row, who produced it, and a sentence for everything else."""

import pytest

from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.hardware import published_network, software_class, system_of, uses_fused_attention
from estimators.evidence.rows import EvidenceError, producer_of, read_rows
from estimators.evidence.shapes import typical_layers
from tests.evidence.cases import published, row, write

GBIT = 1e9 / 8


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        "42",
        "{}",
        '{"family": "dense-lm", "measured": {"quantity": "s"}}',
    ],
)
def test_that_a_line_that_is_no_row_is_named_in_a_sentence(evidence, line):
    write(evidence, published())
    with evidence.open("a", encoding="utf-8") as file:
        file.write("\n" + line + "\n")
    with pytest.raises(EvidenceError, match=r"own\.jsonl, line 3: not an evidence row") as caught:
        read_rows(evidence)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "family": "dense-lm"}',
        '{"id": "a", "family": "dense-lm", "measured": {"unit": "s"}}',
        '{"id": "a", "family": "dense-lm", "measured": {"quantity": "s"}, "hardware": {"gpus": "many"}}',
        '{"id": "a", "family": "dense-lm", "measured": {"quantity": "s"}, "layout": [1]}',
        '{"id": "a", "family": "dense-lm", "measured": {"quantity": "s"}, "params": {"total": "7B"}}',
    ],
)
def test_that_a_row_with_an_odd_field_is_skipped_with_the_fault_and_the_rest_is_read(
    evidence, catalogue, line
):
    write(evidence, published())
    with evidence.open("a", encoding="utf-8") as file:
        file.write("\n" + line + "\n")
    good, odd = read_rows(evidence)
    assert good.fault == ""
    skipped = configure(odd, catalogue)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == odd.fault != ""


def test_that_a_measured_value_that_is_no_number_changes_no_prediction(evidence, catalogue):
    line = published()
    line["measured"]["value"] = "fast"
    write(evidence, line)
    assert isinstance(configure(read_rows(evidence)[0], catalogue), Configured)


def test_that_an_empty_file_is_refused(evidence):
    evidence.write_text("\n\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="holds no evidence rows"):
        read_rows(evidence)


def test_that_a_missing_folder_and_binary_data_are_refused(evidence, tmp_path):
    evidence.write_bytes(b"\xff\xfe\x00")
    refused = (
        (evidence, "is not text in UTF-8"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.jsonl", "does not exist"),
    )
    for path, words in refused:
        with pytest.raises(EvidenceError, match=words):
            read_rows(path)


def test_that_null_and_missing_read_alike(evidence):
    write(evidence, published(precision=None, hardware={"machine": None}, layout={"vpp": None}), published())
    first, second = read_rows(evidence)
    assert (first.precision, second.precision) == (None, "bf16")
    assert first.hardware == second.hardware
    assert first.layout == second.layout


def test_that_unknown_keys_do_not_disturb(evidence):
    write(evidence, published(remark="later releases may add keys"))
    assert read_rows(evidence)[0].id == "case"


def test_that_truth_values_are_no_numbers():
    assert row(layout={"tp": True}).number("tp") is None
    assert row(layout={"tp": 4}).number("tp") == 4
    assert row(layout={"tp": "four"}).number("tp") is None


@pytest.mark.parametrize(
    ("source", "software", "producer"),
    [
        ("github.com/mosaicml/llm-foundry scripts/README.md", "", "mosaicml/llm-foundry"),
        ("github:NVIDIA/NeMo@1a2b3c docs/performance.md", "NeMo", "nvidia/nemo"),
        ("https://github.com/pytorch/torchtitan/blob/main/a.md", "", "pytorch/torchtitan"),
        ("arXiv:2205.05198 (Korthikanti et al. 2022) table 5", "Megatron-LM", "arXiv:2205.05198"),
        ("Narayanan et al., 2104.04473, table 1", "", "arXiv:2104.04473"),
        ("secondary: github.com/some/list of arXiv:2211.05100", "nanotron", "compilation: nanotron"),
        ("secondary: a table", "", "compilation: unnamed software"),
        ("A page of a vendor, read in 2026 and much longer than forty letters", "", None),
        ("", "", "unknown"),
    ],
)
def test_that_a_producer_is_the_whole_publication(source, software, producer):
    expected = source[:40].strip().lower() if producer is None else producer
    assert producer_of(source, software) == expected


def test_that_revisions_and_files_of_a_repository_are_one_producer():
    first = producer_of("github.com/NVIDIA-NeMo/Megatron-Bridge docs/a.md@25.09", "")
    second = producer_of("github:nvidia-nemo/megatron-bridge@26.02 docs/b.md", "NeMo")
    assert first == second == "nvidia-nemo/megatron-bridge"


# ---------------------------------------------------------------- rows that cannot be predicted


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"family": "cnn"}, "family cnn, method pretrain: not estimated yet"),
        ({"method": "lora"}, "family dense-lm, method lora: not estimated yet"),
        ({"precision": "fp32"}, "precision fp32: not estimated yet"),
        ({"hardware": {"gpu": None, "gpu_as_published": "TPU v5"}}, "card not in the catalogue: TPU v5"),
        ({"hardware": {"gpu": "abacus"}}, "card not in the catalogue: abacus"),
        ({"hardware": {"gpu": None}}, "card not in the catalogue: not stated"),
        ({"model_key": None, "architecture": {}}, "neither a shape nor a parameter count is published"),
    ],
)
def test_that_a_row_that_cannot_be_predicted_says_why(catalogue, changes, reason):
    found = configure(row(**changes), catalogue)
    assert isinstance(found, Skipped)
    assert found.reason == reason


def test_that_a_size_alone_takes_a_typical_shape(catalogue):
    # 12·L·h² with h = 128·L: GPT-3 has 96 layers of 12,288
    assert typical_layers(174.6e9) == (96, 12_288)
    found = configure(row(model_key=None, model="13B", params={"total": 13e9}), catalogue)
    assert isinstance(found, Configured)
    assert not found.known.published


# ---------------------------------------------------------------- what a row says of its system


@pytest.mark.parametrize(
    ("changes", "software"),
    [
        ({"software": "Megatron-LM", "year": 2021}, "megatron-2021"),
        ({"software": "Megatron-LM", "year": 2024}, "megatron"),
        ({"software": "Megatron-DeepSpeed", "year": 2022}, "megatron-deepspeed"),
        ({"software": "NeMo 25.09"}, "megatron"),
        ({"software": "PyTorch FSDP"}, "fsdp"),
        ({"software": "torchtitan"}, "fsdp"),
        ({"software": "own trainer"}, "trainer"),
        ({"software": None}, "fsdp"),
    ],
)
def test_that_the_software_class_follows_framework_and_year(changes, software):
    assert software_class(row(**changes)) == software


def test_that_old_megatron_stores_scores_unless_the_row_says_otherwise():
    old = {"software": "Megatron-LM", "year": 2021}
    assert uses_fused_attention(row(**old)) == 0
    assert uses_fused_attention(row(**old, layout={"flash_attention": True})) == 1
    assert uses_fused_attention(row()) == 1


@pytest.mark.parametrize(
    ("text", "devices", "rate"),
    [
        ("8x 200 Gbps HDR InfiniBand per node", 8, 8 * 200 * GBIT),
        ("4 x 100 Gbps", 8, 4 * 100 * GBIT),
        ("4 Omni-Path links", 8, 4 * 100 * GBIT),
        ("NVLink only", 8, None),
        ("", 8, None),
    ],
)
def test_that_a_published_network_counts_for_the_whole_node(text, devices, rate):
    assert published_network(text, devices) == rate


def test_that_a_row_without_a_machine_runs_on_the_reference_system_of_its_card(catalogue):
    # DGX A100: eight cards, eight 200 Gbit/s network cards
    facts = system_of(row(), catalogue)
    assert (facts.devices_per_node, facts.domain, facts.topology) == (8, 8, "switch")
    assert facts.network_rate == 200 * GBIT
