"""Records of the files that are read only when somebody asks: data, text size, prices, forms."""

from __future__ import annotations

from typing import Any

from estimators.catalogue.records import Number, Record
from estimators.quantity import Confidence, Fact


class FactTable(Record, frozen=True, kw_only=True):
    """Named facts about one subject: a failure rate, a price, a chapter of the access rules."""

    note: str = ""
    facts: dict[str, Fact[Any]]


class Dataset(Record, frozen=True, kw_only=True):
    """A published collection of training data."""

    modality: str
    language: str = ""
    note: str = ""
    licence: Fact[str] | None = None
    facts: dict[str, Fact[Any]] = {}
    """Sizes under the names tokens, bytes_utf8, bytes_compressed, size, samples, hours, words."""


class Tokenizer(Record, frozen=True, kw_only=True):
    """How many tokens a tokenizer makes of a text, by language.

    Attributes:
        vocab: Number of tokens.
        id_bytes: Bytes of one stored token.
        by_language: Language code to tokens_per_word, bytes_per_token, chars_per_token and
            parity_vs_english.
        facts: Figures that are not split by language.
    """

    vocab: Number
    id_bytes: int | None = None
    by_language: dict[str, dict[str, float]] = {}
    facts: dict[str, Fact[Any]] = {}
    source: str
    confidence: Confidence
    note: str = ""


class FormField(Record, frozen=True, kw_only=True):
    """One field of an application form, as seen by applicants."""

    section: str
    kind: str = ""
    required: bool | None = None
    limit: str = ""
    seen_in: tuple[str, ...] = ()
    note: str = ""
    source: str
    confidence: Confidence
    as_of: str = ""


class SourceAddress(Record, frozen=True, kw_only=True):
    """What a short source key of the access rules stands for; the id is the key."""

    address: str
    kind: str
    as_of: str = ""
    note: str = ""
