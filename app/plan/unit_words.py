"""Words that people put behind a number, in English, German, French, Spanish and Italian.

All are written without accents and in small letters; `unaccented` brings a text there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction


def unaccented(text: str) -> str:
    """The text without accents: "días" becomes "dias"."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words.split()}


def _scaled(table: Mapping[int, str]) -> dict[str, int]:
    return {word: 10**power for power, words in table.items() for word in words.split()}


SHORT_SCALE = _scaled({
    3: "k thousand thousands",
    6: "m mn mln million millions",
    9: "b g bn billion billions",
    12: "t tn trillion trillions",
})  # fmt: skip
"""English words, and letters that all languages share."""
LONG_SCALE = _scaled({
    3: "tausend tsd mille mila mil miles",
    6: "mio millionen millon millones milione milioni",
    9: "mrd mia mds md mld milliarde milliarden milliard milliards miliardo miliardi millardo millardos",
    12: "bio billionen billon billones bilione bilioni",
    15: "billiarde billiarden billiard billiards",
    18: "trillionen trillon trillones trilione trilioni",
})  # fmt: skip
"""Words that only languages have in which a billion is 10¹²."""
BOTH_SCALES = {"billion": (9, 12), "billions": (9, 12), "trillion": (12, 18), "trillions": (12, 18)}
"""Powers of ten of a word in English, and in French and German."""

_NOUNS: Mapping[str, str] = {
    "tokens": "token tokens jeton jetons",
    "images": "image images bild bilder imagen imagenes immagine immagini",
    "sequences": "sequence sequences sequenz sequenzen secuencia secuencias sequenza sequenze",
    "samples": "sample samples beispiel beispiele stichproben echantillon echantillons exemple exemples "
    "muestra muestras ejemplo ejemplos campione campioni esempio esempi",
    "parameters": "parameter parameters parametern parametre parametres parametro parametros parametri",
    "gpus": "gpu gpus",
    "passes": "pass passes durchlauf durchlaufe durchgang durchgange passage passages pasada pasadas "
    "passata passate",
    "epochs": "epoch epochs epoche epochen epoque epoques epoca epocas epoche",
    "runs": "run runs lauf laufe",
}
_TIME_NOUNS: Mapping[str, str] = {
    "seconds": "s sec second seconds sek sekunde sekunden seconde secondes segundo segundos seg "
    "secondo secondi",
    "minutes": "min minute minutes minuten minuto minutos minuti",
    "hours": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore",
    "days": "d day days tag tage tagen jour jours dia dias giorno giorni",
    "weeks": "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane",
    "months": "mo month months monat monate monaten mois mes meses mese mesi",
    "years": "y yr yrs year years jahr jahre jahren an ans annee annees ano anos anno anni",
}


TIME_UNITS = _by_word(_TIME_NOUNS)
"""Units of time by every word for them: "wochen" is "weeks"."""
NOUNS = _by_word(_NOUNS) | TIME_UNITS
"""What a field counts, by every word for it."""
ENGLISH = frozenset(_by_word({
    "counted": "token tokens image images sequence sequences sample samples parameter parameters gpu gpus "
    "pass passes epoch epochs run runs",
    "time": "s sec second seconds min minute minutes h hr hrs hour hours d day days w wk wks week weeks "
    "mo month months y yr yrs year years",
}))  # fmt: skip
"""Of these words, those that English has too."""
DAYS_OF_UNIT = {
    "seconds": Fraction(1, 86_400),
    "minutes": Fraction(1, 1440),
    "hours": Fraction(1, 24),
    "days": Fraction(1),
    "weeks": Fraction(7),
    "months": Fraction(1461, 48),
    "years": Fraction(1461, 4),
}
"""A year is 365.25 days, a month a twelfth of it."""
SECONDS_OF_STEP = {"ms": Fraction(1, 1000)} | {
    word: DAYS_OF_UNIT[unit] * 86_400 for word, unit in TIME_UNITS.items() if unit in ("seconds", "minutes")
}
"""Seconds by every word for a unit that the time of one step has."""
AND = "and|und|et|y|e"
"""Words between the parts of a time."""
A_STEP = (
    "a step",
    "per step",
    "je schritt",
    "pro schritt",
    "par pas",
    "par etape",
    "por paso",
    "a passo",
    "per passo",
)
OF_TEXT = ("of text", "text", "de texte", "de texto", "di testo", "texte", "texto", "testo")
PER_CENT = "%|per ?cent|prozent|pour ?cent|por ?ciento|per ?cento"
OF = ("of", "von", "de", "di")
"""Words between a number and what it counts."""

BYTE_FACTORS = {
    "byte": 1, "bytes": 1, "octet": 1, "octets": 1, "ottetti": 1,
    **{f"{letter}{end}": 1000**power for power, letter in enumerate("kmgtp", 1) for end in ("b", "o")},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgtp", 1)},
    **{f"{letter}io": 1024**power for power, letter in enumerate("gtp", 3)},
    **{
        f"{prefix}{word}": 1000**power
        for power, prefix in enumerate(("kilo", "mega", "giga", "tera", "peta"), 1)
        for word in ("byte", "bytes", "octet", "octets")
    },
}  # fmt: skip
"""Sizes by their word; a French octet is a byte. "Mio" is a German million, no mebioctet."""

_MONTHS = (
    "jan januar janvier enero ene gennaio gen",
    "feb februar fevrier fev febrero febbraio",
    "mar marz maerz mars marzo",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag",
    "jun juni juin junio giugno giu",
    "jul juli juillet juil julio luglio lug",
    "aug august aout agosto ago",
    "sep sept septembre septiembre settembre set",
    "oct oktober okt octobre octubre ottobre ott",
    "nov novembre noviembre",
    "dec dezember dez decembre diciembre dic dicembre",
)
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = {word: place for place, words in enumerate(_MONTHS, 1) for word in words.split()} | {
    word: place for place, word in enumerate(_ENGLISH_MONTHS, 1)
}
"""Months by every word for them."""
