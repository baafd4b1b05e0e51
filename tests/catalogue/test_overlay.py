"""A user lays own machines, models and newer facts over the catalogue."""

import json

import msgspec
import pytest

from estimators.catalogue import CatalogueError, load_catalogue
from tests.spoken import refused


@pytest.fixture
def overlay(tmp_path):
    def write(sections):
        path = tmp_path / "mine.json"
        path.write_text(json.dumps(sections), encoding="utf-8")
        return path

    return write


def own_machine(catalogue, **changes):
    entry = msgspec.to_builtins(catalogue.machine("workstation"))
    return {**entry, "id": "my-lab", "name": "My lab", **changes}


def test_that_an_own_machine_is_added(catalogue, overlay):
    mine = load_catalogue(overlay=overlay({"machines": [own_machine(catalogue, gpu="l40s")]}))
    assert mine.gpu_of(mine.machine("my-lab")).id == "l40s"
    assert len(mine.machines) == len(catalogue.machines) + 1


def test_that_an_entry_with_a_known_id_replaces_it(catalogue, overlay):
    entry = msgspec.to_builtins(catalogue.model("Llama-3.1-8B"))
    entry["architecture"]["sequence_tokens"] = 8_192
    mine = load_catalogue(overlay=overlay({"models": [entry]}))
    assert mine.model("Llama-3.1-8B").sequence_tokens == 8_192
    assert len(mine.models) == len(catalogue.models)


def test_that_an_own_gpu_may_carry_an_own_machine(catalogue, overlay):
    gpu = {**msgspec.to_builtins(catalogue.gpu("rtx5090")), "id": "rtx-next"}
    sections = {"gpus": [gpu], "machines": [own_machine(catalogue, gpu="rtx-next")]}
    mine = load_catalogue(overlay=overlay(sections))
    assert mine.gpu_of(mine.machine("my-lab")).id == "rtx-next"


def test_that_a_lazy_section_takes_the_overlay_too(catalogue, overlay):
    entry = msgspec.to_builtins(catalogue.prices["cloud-b200"])
    entry["facts"]["median"]["value"] = 9.0
    mine = load_catalogue(overlay=overlay({"prices": [entry]}))
    assert mine.prices["cloud-b200"].facts["median"].value == 9.0


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        ({"machine": []}, "mine.json: unknown section 'machine'; did you mean machines"),
        ([], "mine.json: expected an object with sections such as machines"),
        ({"gpus": [{"id": "x"}]}, "mine.json, entry x, field name: missing"),
        ({"gpus": {}}, "mine.json: expected a list of entries"),
        ({"gpus": ["x"]}, "mine.json, entry number 1: expected an object"),
    ],
)
def test_that_overlay_faults_use_the_same_sentences(overlay, sections, sentence):
    with pytest.raises(CatalogueError) as fault:
        load_catalogue(overlay=overlay(sections))
    assert str(fault.value).startswith(sentence)


def test_that_an_overlay_machine_with_an_unknown_gpu_is_refused(catalogue, overlay):
    path = overlay({"machines": [own_machine(catalogue, gpu="l41s")]})
    with refused(CatalogueError, match=r"^mine.json, entry my-lab, field gpu: there is no GPU 'l41s'"):
        load_catalogue(overlay=path)


def test_that_a_missing_overlay_is_named(tmp_path):
    with refused(CatalogueError, match=r"^nowhere.json: the file is missing"):
        load_catalogue(overlay=tmp_path / "nowhere.json")
