"""Reading one file of the catalogue, or one section of an overlay, into records."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Union

import msgspec

from estimators.catalogue.architectures import architectures
from estimators.catalogue.check import check_entries
from estimators.catalogue.messages import CatalogueError, explain, unreadable, with_near
from estimators.catalogue.records import AccessMode, Gpu, Grid, Machine, ModelCard, Record
from estimators.catalogue.reference import (
    Dataset,
    FactTable,
    FormField,
    SourceAddress,
    Tokenizer,
)
from estimators.reading import MissingFileError, ReadingError, read_file
from estimators.words import Name, say

RECORD_BY_SECTION: dict[str, type[Record]] = {
    "gpus": Gpu,
    "machines": Machine,
    "systems": Machine,
    "models": ModelCard,
    "grids": Grid,
    "access_modes": AccessMode,
    "reliability": FactTable,
    "energy": FactTable,
    "prices": FactTable,
    "overheads": FactTable,
    "guidance": FactTable,
    "data_defaults": FactTable,
    "datasets": Dataset,
    "tokenizers": Tokenizer,
    "form_fields": FormField,
    "sources": SourceAddress,
}
"""What each section holds; the file of a section is its name with .json."""

HEADER_FILE = "catalogue.json"

MOST_BYTES = 20_000_000
"""Of one file: twenty times the whole catalogue that is shipped."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first thing read: what the folder is and how old its facts are."""

    format: str
    version: int
    date: str


def read_bytes(file: Path) -> bytes:
    """The content of a file.

    Raises:
        CatalogueError: The file is missing or cannot be read.
    """
    try:
        return read_file(file, MOST_BYTES)
    except MissingFileError:
        raise CatalogueError(
            say("{file}: the file is missing from the catalogue folder", file=Name(file.name))
        ) from None
    except ReadingError as error:
        raise CatalogueError(
            say("{file}: the file {problem}", file=Name(file.name), problem=error.said)
        ) from None


def read_header(folder: Path) -> Header:
    """The header of a catalogue folder.

    Raises:
        CatalogueError: The header is missing, no JSON, or of another format.
    """
    data = read_bytes(folder.joinpath(HEADER_FILE))
    try:
        header = msgspec.json.decode(data, type=Header)
    except msgspec.ValidationError as error:
        raise CatalogueError(
            say("{file}: {problem}", file=Name(HEADER_FILE), problem=Name(str(error)))
        ) from None
    except msgspec.DecodeError as error:
        raise unreadable(HEADER_FILE, data, error) from None
    if header.format != "nodewise-catalogue" or header.version != 1:
        found = say(
            "{format}, version {version}", format=Name(header.format), version=Name(str(header.version))
        )
        raise CatalogueError(
            say(
                "{file}: expected nodewise-catalogue, version 1, got {found}",
                file=Name(HEADER_FILE),
                found=found,
            )
        )
    return header


def read_section(folder: Path, section: str) -> dict[str, Any]:
    """The entries of one file by id, checked one by one.

    Raises:
        CatalogueError: Naming file, entry and field.
    """
    file = f"{section}.json"
    record = _record_of(section)
    data = read_bytes(folder.joinpath(file))
    try:
        records = _decoder(record).decode(data)
    except msgspec.ValidationError:
        raise explain(file, msgspec.json.decode(data), record) from None
    except msgspec.DecodeError as error:
        raise unreadable(file, data, error) from None
    return _by_id(file, records)


def read_overlay(file: Path) -> dict[str, dict[str, Any]]:
    """The entries of an overlay by section and id.

    Raises:
        CatalogueError: Naming the file, the section or entry, and the field.
    """
    data = read_bytes(file)
    try:
        sections = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise unreadable(file.name, data, error) from None
    if not isinstance(sections, dict):
        raise CatalogueError(
            say("{file}: expected an object with sections such as machines", file=Name(file.name))
        )
    return {name: _overlay_section(file.name, name, raw) for name, raw in sections.items()}


def _overlay_section(file: str, section: str, raw: Any) -> dict[str, Any]:
    if section not in RECORD_BY_SECTION:
        unknown = say("unknown section '{section}'", section=Name(section))
        problem = with_near(unknown, section, RECORD_BY_SECTION)
        raise CatalogueError(say("{file}: {problem}", file=Name(file), problem=problem))
    record = _record_of(section)
    try:
        records = msgspec.convert(raw, list[record])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        raise explain(file, raw, record) from None
    return _by_id(file, records)


@cache
def _record_of(section: str) -> type[Record]:
    """What a section holds; a model's architecture is one of those that the families declare."""
    record = RECORD_BY_SECTION[section]
    if record is not ModelCard:
        return record
    known: Any = Union[(*architectures().values(), None)]  # families are known once `estimators` is imported
    made: Any = msgspec.defstruct(
        record.__name__, [("architecture", known, None)], bases=(record,), frozen=True, kw_only=True
    )
    card: type[Record] = made
    return card


@cache
def _decoder(record: type[Record]) -> msgspec.json.Decoder[list[Any]]:
    return msgspec.json.Decoder(list[record])  # type: ignore[valid-type]


def _by_id(file: str, records: list[Any]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for record in records:
        if record.id in entries:
            raise CatalogueError(
                say("{file}, entry {entry}: the id is used twice", file=Name(file), entry=Name(record.id))
            )
        entries[record.id] = record
    check_entries(file, entries)
    return entries
