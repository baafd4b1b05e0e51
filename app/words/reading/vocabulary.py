"""Words that people put behind a number, and months, language by language.

All are written without accents and in small letters; `unaccented` brings a text there. Every language
understands the English words too, since its speakers read English papers, but those that mean another number
there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from app.words.languages import Language, Unit

T = TypeVar("T")

ENGLISH = "en"
CODES = ("en", "de", "fr", "es", "it")

_DOUBTFUL = {"billion": (9, 12), "billions": (9, 12), "trillion": (12, 18), "trillions": (12, 18)}
_DOUBTFUL_THERE = {"fr": {"bn": (9, 12)}}

_LETTERS = {3: "k", 6: "m", 9: "b g", 12: "t"}
_SCALES: Mapping[str, Mapping[int, str]] = {
    "en": {
        3: "thousand thousands",
        6: "mn mln million millions",
        9: "bn billion billions",
        12: "tn trillion trillions",
    },
    "de": {
        3: "tausend tsd",
        6: "mio million millionen",
        9: "mrd mia milliarde milliarden",
        12: "bio billionen",
        15: "billiarde billiarden",
        18: "trillionen",
    },
    "fr": {3: "mille", 6: "million millions", 9: "milliard milliards md mds", 15: "billiard billiards"},
    "es": {
        3: "mil miles",
        6: "millon millones",
        9: "millardo millardos",
        12: "billon billones",
        18: "trillon trillones",
    },
    "it": {
        3: "mille mila",
        6: "mln milione milioni",
        9: "mld mrd miliardo miliardi",
        12: "bilione bilioni",
        18: "trilione trilioni",
    },
}
_NOUNS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tokens": "token tokens",
        "images": "image images",
        "sequences": "sequence sequences",
        "samples": "sample samples",
        "parameters": "parameter parameters",
        "gpus": "gpu gpus",
        "passes": "pass passes",
        "epochs": "epoch epochs",
        "runs": "run runs",
    },
    "de": {
        "images": "bild bilder",
        "sequences": "sequenz sequenzen",
        "samples": "beispiel beispiele stichproben",
        "parameters": "parametern",
        "passes": "durchlauf durchlaufe durchgang durchgange",
        "epochs": "epoche epochen",
        "runs": "lauf laufe",
    },
    "fr": {
        "tokens": "jeton jetons",
        "samples": "echantillon echantillons exemple exemples",
        "parameters": "parametre parametres",
        "passes": "passe passage passages",
        "epochs": "epoque epoques",
    },
    "es": {
        "images": "imagen imagenes",
        "sequences": "secuencia secuencias",
        "samples": "muestra muestras ejemplo ejemplos",
        "parameters": "parametro parametros",
        "passes": "pasada pasadas",
        "epochs": "epoca epocas",
    },
    "it": {
        "images": "immagine immagini",
        "sequences": "sequenza sequenze",
        "samples": "campione campioni esempio esempi",
        "parameters": "parametro parametri",
        "passes": "passata passate",
        "epochs": "epoca epoche",
    },
}
_UNITS: Mapping[str, Mapping[Unit, str]] = {
    "en": {
        "seconds": "s sec second seconds",
        "minutes": "min minute minutes",
        "hours": "h hr hrs hour hours",
        "days": "d day days",
        "weeks": "w wk wks week weeks",
        "months": "mo month months",
        "years": "y yr yrs year years",
    },
    "de": {
        "seconds": "sek sekunde sekunden",
        "minutes": "minuten",
        "hours": "std stunde stunden",
        "days": "tag tage tagen",
        "weeks": "woche wochen",
        "months": "monat monate monaten",
        "years": "jahr jahre jahren",
    },
    "fr": {
        "seconds": "seconde secondes",
        "hours": "heure heures",
        "days": "j jour jours",
        "weeks": "semaine semaines",
        "months": "mois",
        "years": "an ans annee annees",
    },
    "es": {
        "seconds": "seg segundo segundos",
        "minutes": "minuto minutos",
        "hours": "hora horas",
        "days": "dia dias",
        "weeks": "semana semanas",
        "months": "mes meses",
        "years": "ano anos",
    },
    "it": {
        "seconds": "secondo secondi",
        "minutes": "minuto minuti",
        "hours": "ora ore",
        "days": "giorno giorni",
        "weeks": "settimana settimane",
        "months": "mese mesi",
        "years": "anno anni",
    },
}
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
           "aug august", "sep sept september", "oct october", "nov november", "dec december"),
    "de": ("jan januar janner", "feb februar", "marz maerz", "apr april", "mai", "jun juni", "jul juli",
           "aug august", "sep sept september", "okt oktober", "nov november", "dez dezember"),
    "fr": ("jan janv janvier", "fev fevr fevrier", "mars", "avr avril", "mai", "juin", "juil juillet",
           "aout", "sept septembre", "oct octobre", "nov novembre", "dec decembre"),
    "es": ("ene enero", "feb febrero", "mar marzo", "abr abril", "may mayo", "jun junio", "jul julio",
           "ago agosto", "sep sept set septiembre setiembre", "oct octubre", "nov noviembre",
           "dic diciembre"),
    "it": ("gen gennaio", "feb febbraio", "mar marzo", "apr aprile", "mag maggio", "giu giugno", "lug luglio",
           "ago agosto", "set sett settembre", "ott ottobre", "nov novembre", "dic dicembre"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Links:
    """Small words of a language: between number and noun, between the parts of a time, and whole endings.

    Attributes:
        of: Between a number and what it counts.
        both: Between the parts of a time, as alternatives of a pattern.
        a_step: Behind the time of one step.
        of_text: Behind a size of text.
        per_cent: In words, as a pattern.
    """

    of: tuple[str, ...]
    both: str
    a_step: tuple[str, ...]
    of_text: tuple[str, ...]
    per_cent: str


_LINKS: Mapping[str, Links] = {
    "en": Links(("of",), "and", ("a step", "per step"), ("of text", "text"), "per ?cent"),
    "de": Links(("von",), "und", ("je schritt", "pro schritt"), ("an text",), "prozent"),
    "fr": Links(("de",), "et", ("par pas", "par etape"), ("de texte", "texte"), "pour ?cent"),
    "es": Links(("de",), "y|e", ("por paso",), ("de texto", "texto"), "por ?ciento"),
    "it": Links(("di",), "e|ed", ("a passo", "per passo"), ("di testo", "testo"), "per ?cento"),
}
_BYTES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "en": ("b", ("byte", "bytes")),
    "fr": ("o", ("octet", "octets")),
    "it": ("b", ("ottetti",)),
}
"""The letter of a byte, and its words; a French octet is a byte."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What one language understands.

    Attributes:
        code: Of the language.
        scales: Factors by every word for them; of a word for two numbers the English one.
        doubtful: Words for two numbers, with the powers of ten in English and in the other languages.
        nouns: What a field counts by every word for it, units of time too.
        units: Units of time by every word for them.
        months: Months by every word for them, 1 for January.
        sizes: Bytes by every word for them.
        links: Its own small words and the English ones.
        own: What it has and English has not: such a word says in whose language the number is.
    """

    code: str
    scales: Mapping[str, int]
    doubtful: Mapping[str, tuple[int, int]]
    nouns: Mapping[str, str]
    units: Mapping[str, Unit]
    months: Mapping[str, int]
    sizes: Mapping[str, int]
    links: Links
    own: frozenset[str]


def unaccented(text: str) -> str:
    """The text without accents: "días" becomes "dias"."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def vocabulary(language: Language) -> Vocabulary:
    """What a language understands; the pseudo-language reads English."""
    return _vocabulary(language.code if language.code in CODES else ENGLISH)


def is_of_another(word: str, known: Vocabulary) -> bool:
    """Whether a word that a language does not understand is one of another language here."""
    return any(word in _words_of(code) for code in CODES if code != known.code)


def power_elsewhere(word: str, known: Vocabulary) -> int | None:
    """The power of ten of a word for a number in a language where it has one meaning."""
    found = {
        power
        for code in CODES
        if code != known.code
        for power, words in _SCALES[code].items()
        if word in words.split() and word not in known.doubtful
    }
    return found.pop() if len(found) == 1 else None


@cache
def _vocabulary(code: str) -> Vocabulary:
    codes = dict.fromkeys((ENGLISH, code))
    scales = {word: 10**power for one in codes for power, word in _in_words(_SCALES[one])}
    scales |= {word: 10**power for power, word in _in_words(_LETTERS)}
    units = {word: unit for one in codes for unit, word in _in_words(_UNITS[one])}
    nouns = {word: noun for one in codes for noun, word in _in_words(_NOUNS[one])}
    months = {word: place for one in codes for place, word in _in_words(dict(enumerate(_MONTHS[one], 1)))}
    sizes = {word: size for one in codes if one in _BYTES for word, size in _sizes(*_BYTES[one]).items()}
    ours, english = _LINKS[code], _LINKS[ENGLISH]
    links = ours if code == ENGLISH else Links(
        (*ours.of, *english.of), f"{ours.both}|{english.both}", (*ours.a_step, *english.a_step),
        (*ours.of_text, *english.of_text), f"{ours.per_cent}|{english.per_cent}",
    )  # fmt: skip
    own = (_words_of(code) | set(ours.of)) - _words_of(ENGLISH) - set(english.of)
    doubtful = _DOUBTFUL | _DOUBTFUL_THERE.get(code, {})
    return Vocabulary(code, scales, doubtful, nouns | units, units, months, sizes, links, frozenset(own))


@cache
def _words_of(code: str) -> frozenset[str]:
    """Every word that stands in the tables of one language."""
    tables = (*_SCALES[code].values(), *_NOUNS[code].values(), *_UNITS[code].values(), *_MONTHS[code])
    sizes = _sizes(*_BYTES[code]) if code in _BYTES else ()
    return frozenset(word for words in tables for word in words.split()) | frozenset(sizes)


def _in_words(table: Mapping[T, str]) -> list[tuple[T, str]]:
    return [(value, word) for value, words in table.items() for word in words.split()]


def _sizes(letter: str, names: tuple[str, ...]) -> dict[str, int]:
    """Sizes by symbol and by word: "gb", "gib", "gigabytes"."""
    found = dict.fromkeys(names, 1)
    prefixes = ("kilo", "mega", "giga", "tera", "peta")
    for power, (sign, prefix) in enumerate(zip("kmgtp", prefixes, strict=True), 1):
        found |= {f"{sign}{letter}": 1000**power, f"{sign}i{letter}": 1024**power}
        found |= {f"{prefix}{name}": 1000**power for name in names}
    return found
