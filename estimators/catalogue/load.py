"""The catalogue as one object, from the shipped folder and a user's overlay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from estimators.catalogue.check import check_machine_references, check_mode_references
from estimators.catalogue.messages import CatalogueError, Kind, unknown_name
from estimators.catalogue.read import read_header, read_overlay, read_section
from estimators.catalogue.records import AccessMode, Gpu, Grid, Machine, ModelCard
from estimators.catalogue.reference import (
    Dataset,
    FactTable,
    FormField,
    SourceAddress,
    Tokenizer,
)
from estimators.quantity import Fact
from estimators.shipped import shipped
from estimators.words import Name, say

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class _Source:
    """Where sections come from: a folder and what the user laid over it."""

    folder: Path
    overlay: Mapping[str, Mapping[str, Any]]

    def section(self, name: str) -> dict[str, Any]:
        """The entries of the folder with those of the overlay added or in their place."""
        return {**read_section(self.folder, name), **self.overlay.get(name, {})}


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Facts about hardware, machines, models and access, by id.

    Attributes:
        date: Day on which the facts were collected, ISO 8601.
        gpus: Accelerators.
        machines: EuroHPC partitions, in service and coming, with and without GPUs.
        systems: Reference systems that published measurements ran on, and own hardware.
        models: Published models.
        grids: Carbon intensity of electricity, by ISO country code.
        access_modes: Ways to get computing time.
        reliability: Failure rates and planning presets.
    """

    date: str
    gpus: Mapping[str, Gpu] = field(repr=False)
    machines: Mapping[str, Machine] = field(repr=False)
    systems: Mapping[str, Machine] = field(repr=False)
    models: Mapping[str, ModelCard] = field(repr=False)
    grids: Mapping[str, Grid] = field(repr=False)
    access_modes: Mapping[str, AccessMode] = field(repr=False)
    reliability: Mapping[str, FactTable] = field(repr=False)
    _source: _Source = field(repr=False)

    def gpu(self, identity: str) -> Gpu:
        """The GPU of that id.

        Raises:
            CatalogueError: There is none; near matches are named.
        """
        return _found(self.gpus, "GPU", identity)

    def machine(self, identity: str) -> Machine:
        """The machine or reference system of that id.

        Raises:
            CatalogueError: There is none; near matches are named.
        """
        if identity in self.systems:
            return self.systems[identity]
        return _found(self.machines, "machine", identity)

    def model(self, identity: str) -> ModelCard:
        """The model of that id.

        Raises:
            CatalogueError: There is none; near matches are named.
        """
        found = self.find_model(identity)
        return found if found is not None else _found(self.models, "model", identity)

    def find_model(self, identity: str) -> ModelCard | None:
        """The model of an id, of the same id in other letters, or with its owner before it; else None.

        "google/gemma-2-9b" is "Gemma-2-9b".
        """
        if identity in self.models:
            return self.models[identity]
        wanted = identity.rpartition("/")[2].casefold()
        return next((card for name, card in self.models.items() if name.casefold() == wanted), None)

    def machines_in_service(self) -> tuple[Machine, ...]:
        """GPU partitions in service, in the order of their ids."""
        return self._machines_with_status("in service")

    def machines_coming(self) -> tuple[Machine, ...]:
        """Systems announced or not confirmed in service, with or without a known GPU."""
        return tuple(m for m in self.machines.values() if m.status == "coming")

    def gpu_of(self, machine: Machine) -> Gpu:
        """The GPU to plan with on a machine.

        Raises:
            CatalogueError: The machine has no GPU or none is known.
        """
        if machine.gpu is None:
            raise CatalogueError(
                say("No GPU is known for {machine}.", machine=Name(machine.short_name or machine.name))
            )
        return self.gpu(machine.gpu)

    def grid_intensity(self, machine: Machine) -> float:
        """Consumption mix of a machine's country in g/kWh, life cycle; NaN where it is not known."""
        grid = self.grids.get(machine.country.value or "")
        return grid.consumption_lifecycle.si if grid is not None else float("nan")

    def _machines_with_status(self, status: str) -> tuple[Machine, ...]:
        known = (m for m in self.machines.values() if m.gpu is not None)
        return tuple(m for m in known if m.status == status)

    @cached_property
    def datasets(self) -> Mapping[str, Dataset]:
        """Published training data."""
        return self._source.section("datasets")

    @cached_property
    def tokenizers(self) -> Mapping[str, Tokenizer]:
        """Tokens for each word and byte, by language."""
        return self._source.section("tokenizers")

    @cached_property
    def data_defaults(self) -> Mapping[str, FactTable]:
        """Bytes and tokens of text, images, speech and video where a plan states neither."""
        return self._source.section("data_defaults")

    @cached_property
    def prices(self) -> Mapping[str, FactTable]:
        """Price lists of centres and clouds."""
        return self._source.section("prices")

    @cached_property
    def overheads(self) -> Mapping[str, FactTable]:
        """What projects took in all over their final runs, and shares of their parts."""
        return self._source.section("overheads")

    @cached_property
    def energy(self) -> Mapping[str, FactTable]:
        """Power and carbon presets, and published energy of training runs."""
        return self._source.section("energy")

    @cached_property
    def form_fields(self) -> Mapping[str, FormField]:
        """Fields of application forms."""
        return self._source.section("form_fields")

    @cached_property
    def guidance(self) -> Mapping[str, FactTable]:
        """Legal frame, review practice, reports, conflicts and gaps of the access rules."""
        return self._source.section("guidance")

    @cached_property
    def sources(self) -> Mapping[str, SourceAddress]:
        """What the short source keys of the access rules stand for."""
        return self._source.section("sources")

    def sources_behind(self, fact: Fact[Any]) -> tuple[SourceAddress, ...]:
        """The addresses behind the source keys of a fact; empty where it names none."""
        keys = (key.strip() for key in fact.source.split(","))
        return tuple(self.sources[key] for key in keys if key in self.sources)


def _found(entries: Mapping[str, Entry], kind: Kind, identity: str) -> Entry:
    try:
        return entries[identity]
    except KeyError:
        raise unknown_name(kind, identity, entries) from None


def load_catalogue(folder: Path | None = None, overlay: Path | None = None) -> Catalogue:
    """Read and check the catalogue.

    Args:
        folder: The folder with the JSON files; None for the one that is shipped.
        overlay: A JSON object with the same sections, whose entries are added or replace those
            of the same id.

    Raises:
        CatalogueError: One sentence that names file, entry and field.
    """
    place = shipped("catalogue") if folder is None else folder
    header = read_header(place)
    laid_over = read_overlay(overlay) if overlay is not None else {}
    source = _Source(place, laid_over)
    catalogue = Catalogue(
        date=header.date,
        gpus=source.section("gpus"),
        machines=source.section("machines"),
        systems=source.section("systems"),
        models=source.section("models"),
        grids=source.section("grids"),
        access_modes=source.section("access_modes"),
        reliability=source.section("reliability"),
        _source=source,
    )
    _check_references(catalogue, overlay.name if overlay is not None else "", laid_over)
    return catalogue


def _check_references(
    catalogue: Catalogue, overlay_file: str, overlay: Mapping[str, Mapping[str, Any]]
) -> None:
    for section, entries in (("machines", catalogue.machines), ("systems", catalogue.systems)):
        own = overlay.get(section, {})
        shipped = {key: entry for key, entry in entries.items() if key not in own}
        check_machine_references(f"{section}.json", shipped, catalogue.gpus)
        check_machine_references(overlay_file, own, catalogue.gpus)
    check_mode_references("access_modes.json", catalogue.access_modes, catalogue.machines)
