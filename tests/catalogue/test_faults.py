"""Each kind of fault gives one sentence that names file, entry and field."""

import json

import pytest

from estimators.catalogue import CatalogueError, load_catalogue
from tests.spoken import refused


def set_path(*path, value):
    """A change that puts a value at a path of keys."""

    def alter(entry):
        for key in path[:-1]:
            entry = entry[key]
        entry[path[-1]] = value

    return alter


FAULTS = [
    (
        "gpus.json", "a100-40-sxm", set_path("memory", "value", value="forty"),
        "gpus.json, entry a100-40-sxm, field memory: expected a number, got 'forty'",
    ),
    (
        "gpus.json", "a100-40-sxm", set_path("peak", "bf16", "value", value="many"),
        "gpus.json, entry a100-40-sxm, field peak.bf16: expected a number, got 'many'",
    ),
    (
        "gpus.json", "h100-80-sxm", set_path("memory", "unit", value="GB/sec"),
        "gpus.json, entry h100-80-sxm, field memory: unknown unit 'GB/sec'; did you mean GB/s",
    ),
    (
        "gpus.json", "h100-80-sxm", set_path("power", "value", value=-700),
        "gpus.json, entry h100-80-sxm, field power: expected a value of zero or more, got -700",
    ),
    (
        "gpus.json", "h100-80-sxm", set_path("power", "source", value=""),
        "gpus.json, entry h100-80-sxm, field power: a number needs a source",
    ),
    (
        "gpus.json", "h100-80-sxm", set_path("power", "confidence", value="sure"),
        "gpus.json, entry h100-80-sxm, field power.confidence: expected one of official, secondary,",
    ),
    (
        "gpus.json", "h100-80-sxm", lambda entry: entry.pop("memory"),
        "gpus.json, entry h100-80-sxm, field memory: missing",
    ),
    (
        "gpus.json", "h100-80-sxm", set_path("memroy", value={"value": 1}),
        "gpus.json, entry h100-80-sxm, field memroy: unknown field; did you mean memory",
    ),
    (
        "machines.json", "vega-gpu", set_path("gpu", value="a100-40"),
        "machines.json, entry vega-gpu, field gpu: there is no GPU 'a100-40'; did you mean a100-40-sxm",
    ),
    (
        "machines.json", "deucalion-gpu", set_path("further_gpus", value=["a100-81-sxm"]),
        "machines.json, entry deucalion-gpu, field gpu: there is no GPU 'a100-81-sxm'",
    ),
    (
        "machines.json", "lumi-g", set_path("queues", 0, "max_nodes", "value", value="all"),
        "machines.json, entry lumi-g, field queues.0.max_nodes: expected a number, got 'all'",
    ),
    (
        "machines.json", "lumi-g", set_path("site_unit", "per_gpu_hour", "value", value="0.5"),
        "machines.json, entry lumi-g, field site_unit.per_gpu_hour: expected a fraction such as 8/1",
    ),
    (
        "models.json", "Llama-3.1-8B", set_path("architecture", "kv_heads", value=7),
        "models.json, entry Llama-3.1-8B, field architecture.kv_heads: 32 heads are no multiple of 7",
    ),
    (
        "models.json", "Llama-3.1-8B", set_path("architecture", "layers", value=-1),
        "models.json, entry Llama-3.1-8B, field architecture.layers: expected 1 or more, got -1",
    ),
    (
        "models.json", "Llama-3.1-8B", set_path("architecture", "hiden", value=64),
        "models.json, entry Llama-3.1-8B, field architecture.hiden: unknown field; did you mean hidden",
    ),
    (
        "models.json", "Llama-3.1-8B", lambda entry: entry["architecture"].pop("vocab"),
        "models.json, entry Llama-3.1-8B, field architecture.vocab: missing",
    ),
    (
        "models.json", "Mixtral-8x7B-v0.1", lambda entry: entry["architecture"]["experts"].pop("per_token"),
        "models.json, entry Mixtral-8x7B-v0.1, field architecture.experts.per_token: missing",
    ),
    (
        "models.json", "Llama-3.1-8B", set_path("architecture", "kind", value="decoder"),
        "models.json, entry Llama-3.1-8B, field architecture.kind: expected one of decoder-lm, vision-",
    ),
    (
        "models.json", "Viking-33B", set_path("known_shape", "hiden", value=7168),
        "models.json, entry Viking-33B, field known_shape.hiden: decoder-lm models have no such size; did",
    ),
    (
        "models.json", "Viking-33B", set_path("known_shape", "ffn", value=20_480),
        "models.json, entry Viking-33B, field known_shape: is complete: write it as the architecture",
    ),
    (
        "models.json", "Viking-33B", set_path("known_shape", "layers", value=-1),
        "models.json, entry Viking-33B, field known_shape.layers: expected a value of zero or more, got -1",
    ),
    (
        "models.json", "Gemma-2-9b", set_path("shape_sources", "latent", value={"source": "x"}),
        "models.json, entry Gemma-2-9b, field shape_sources.latent: the architecture has no such size",
    ),
    (
        "access_modes.json", "regular",
        set_path("node_hours_by_machine", "lumi", value={"value": [1], "source": "x", "unit": "node-hours"}),
        "access_modes.json, entry regular, field node_hours_by_machine: there is no machine 'lumi'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "identity", "alter", "sentence"), FAULTS)
def test_that_a_fault_names_file_entry_and_field(folder, edit, file, identity, alter, sentence):
    edit(file, identity, alter)
    with pytest.raises(CatalogueError) as fault:
        load_catalogue(folder)
    assert str(fault.value).startswith(sentence)


def test_that_a_repeated_id_is_refused(folder):
    path = folder / "gpus.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([*entries, entries[0]]), encoding="utf-8")
    with refused(CatalogueError, match=r"^gpus.json, entry a100-40-sxm: the id is used twice$"):
        load_catalogue(folder)


def test_that_broken_json_names_the_line(folder):
    (folder / "grids.json").write_text('[\n  {"id": "FI",\n  oops\n]', encoding="utf-8")
    with refused(CatalogueError, match=r"^grids.json: not readable as JSON near line 3"):
        load_catalogue(folder)


def test_that_a_file_that_is_no_list_is_refused(folder):
    (folder / "grids.json").write_text("{}", encoding="utf-8")
    with refused(CatalogueError, match=r"^grids.json: expected a list of entries"):
        load_catalogue(folder)


def test_that_a_missing_file_is_named(folder):
    (folder / "machines.json").unlink()
    with refused(CatalogueError, match=r"^machines.json: the file is missing"):
        load_catalogue(folder)


def test_that_a_folder_of_another_format_is_refused(folder):
    header = {"format": "nodewise-catalogue", "version": 2, "date": "2027-01-01"}
    (folder / "catalogue.json").write_text(json.dumps(header), encoding="utf-8")
    with refused(CatalogueError, match="expected nodewise-catalogue, version 1"):
        load_catalogue(folder)


def test_that_a_fault_in_a_lazy_file_is_told_when_it_is_read(folder, edit):
    edit("prices.json", "cloud-h100-sxm", set_path("facts", "low", "unit", value="Euro"))
    catalogue = load_catalogue(folder)
    with refused(CatalogueError, match=r"^prices.json, entry cloud-h100-sxm, field facts.low: unknown unit"):
        _ = catalogue.prices


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda c: c.gpu("A100-40"), "The catalogue has no GPU 'A100-40'; did you mean a100-40-sxm"),
        (lambda c: c.machine("leonardo"), "The catalogue has no machine 'leonardo'; did you mean leonardo-"),
        (
            lambda c: c.model("llama-3.1-8bb"),
            "The catalogue has no model 'llama-3.1-8bb'; did you mean Llama-3.1-8B",
        ),
        (lambda c: c.gpu_of(c.machine("mimer")), "No GPU is known for Mimer."),
    ],
)
def test_that_unknown_names_suggest_near_ones(catalogue, ask, sentence):
    with pytest.raises(CatalogueError) as fault:
        ask(catalogue)
    assert str(fault.value).startswith(sentence)
