"""The languages of the product.

A test compares them with CLDR. Where one differs it is a choice, and the test has the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.words.languages import THIN_SPACE, Language
from estimators.words import Listed, Name, SpokenError, say

ENGLISH = Language(
    code="en",
    name="English",
    decimal=".",
    group=THIN_SPACE,
    percent_gap=THIN_SPACE,
    span="{low} to {high}",
    under="under {number}",
    last={"and": "and", "or": "or"},
    months=("January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December"),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    day="{day} {month} {year}",
    long_day="{day} {month} {year}",
    units={
        "seconds": ("second", "seconds"),
        "minutes": ("minute", "minutes"),
        "hours": ("hour", "hours"),
        "days": ("day", "days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "years": ("year", "years"),
        "bytes": ("byte", "bytes"),
    },
    large=((1e12, "T", "T"), (1e9, "B", "B"), (1e6, "M", "M")),
    small=("no", "one", "two", "three", "four", "five", "six",
           "seven", "eight", "nine", "ten", "eleven", "twelve"),
)  # fmt: skip

GERMAN = Language(
    code="de",
    name="Deutsch",
    decimal=",",
    group=".",
    capital_nouns=True,
    percent_gap=THIN_SPACE,
    span="{low} bis {high}",
    under="unter {number}",
    last={"and": "und", "or": "oder"},
    months=("Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember"),
    short_months=("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni",
                  "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    day="{day}. {month} {year}",
    long_day="{day}. {month} {year}",
    day_month="{day}. {month}",
    units={
        "seconds": ("Sekunde", "Sekunden"),
        "minutes": ("Minute", "Minuten"),
        "hours": ("Stunde", "Stunden"),
        "days": ("Tag", "Tage"),
        "weeks": ("Woche", "Wochen"),
        "months": ("Monat", "Monate"),
        "years": ("Jahr", "Jahre"),
        "bytes": ("Byte", "Byte"),
    },
    large=((1e12, "Bio.", "Bio."), (1e9, "Mrd.", "Mrd."), (1e6, "Mio.", "Mio.")),
    small=("0", "1", "zwei", "drei", "vier", "fünf", "sechs",
           "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    cases={"dative": {"Tage": "Tagen", "Monate": "Monaten", "Jahre": "Jahren"}},
)  # fmt: skip

FRENCH = Language(
    code="fr",
    name="Français",
    decimal=",",
    group=THIN_SPACE,
    percent_gap=THIN_SPACE,
    one_below_two=True,
    span="{low} à {high}",
    under="moins de {number}",
    last={"and": "et", "or": "ou"},
    months=("janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    short_months=("janv.", "févr.", "mars", "avr.", "mai", "juin",
                  "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    day="{day} {month} {year}",
    long_day="{day} {month} {year}",
    first_of_month="1er",
    units={
        "seconds": ("seconde", "secondes"),
        "minutes": ("minute", "minutes"),
        "hours": ("heure", "heures"),
        "days": ("jour", "jours"),
        "weeks": ("semaine", "semaines"),
        "months": ("mois", "mois"),
        "years": ("an", "ans"),
        "bytes": ("octet", "octets"),
    },
    # no "billion": a French reader of English papers may take it for 10⁹
    large=((1e9, "milliard", "milliards"), (1e6, "million", "millions")),
    byte="o",
    small=("0", "1", "deux", "trois", "quatre", "cinq", "six",
           "sept", "huit", "neuf", "dix", "onze", "douze"),
    links=("de", "d’"),
)  # fmt: skip

SPANISH = Language(
    code="es",
    name="Español",
    decimal=",",
    group=".",
    least_grouped=10_000,
    percent_gap=THIN_SPACE,
    span="{low} a {high}",
    under="menos de {number}",
    last={"and": "y", "or": "o"},
    euphony={"y": (r"(?i:i|í|hí|hi(?![ae]))", "e"), "o": (r"(?i:h?[oó])|8|11(?!\d)", "u")},
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    short_months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    day="{day} {month} {year}",
    long_day="{day} de {month} de {year}",
    clock="{hour}:{minute:02}",
    units={
        "seconds": ("segundo", "segundos"),
        "minutes": ("minuto", "minutos"),
        "hours": ("hora", "horas"),
        "days": ("día", "días"),
        "weeks": ("semana", "semanas"),
        "months": ("mes", "meses"),
        "years": ("año", "años"),
        "bytes": ("byte", "bytes"),
    },
    # thousands of millions are said as such: "300.000 millones"
    large=((1e12, "billón", "billones"), (1e6, "millón", "millones")),
    small=("0", "1", "dos", "tres", "cuatro", "cinco", "seis",
           "siete", "ocho", "nueve", "diez", "once", "doce"),
    links=("de",),
)  # fmt: skip

ITALIAN = Language(
    code="it",
    name="Italiano",
    decimal=",",
    group=".",
    percent_gap="",
    # "da 9 a 15" would take every preposition before it apart
    span="{low}–{high}",
    under="meno di {number}",
    last={"and": "e", "or": "o"},
    months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
            "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    short_months=("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    weekdays=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    day="{day} {month} {year}",
    long_day="{day} {month} {year}",
    units={
        "seconds": ("secondo", "secondi"),
        "minutes": ("minuto", "minuti"),
        "hours": ("ora", "ore"),
        "days": ("giorno", "giorni"),
        "weeks": ("settimana", "settimane"),
        "months": ("mese", "mesi"),
        "years": ("anno", "anni"),
        "bytes": ("byte", "byte"),
    },
    large=((1e9, "miliardo", "miliardi"), (1e6, "milione", "milioni")),
    small=("0", "1", "due", "tre", "quattro", "cinque", "sei",
           "sette", "otto", "nove", "dieci", "undici", "dodici"),
    links=("di",),
)  # fmt: skip

PSEUDO = replace(ENGLISH, code="pseudo", name="[!Pseudo!]")

LANGUAGES: Mapping[str, Language] = {
    one.code: one for one in (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PSEUDO)
}


class UnknownLanguageError(SpokenError, LookupError):
    """A code that stands for none of the languages."""


def language(code: str) -> Language:
    """The language of a code: "en", "de", "fr", "es", "it", or "pseudo" for looking at the program itself.

    Raises:
        UnknownLanguageError: It is none of these.
    """
    if code not in LANGUAGES:
        known = tuple(Name(one) for one in LANGUAGES if one != PSEUDO.code)
        raise UnknownLanguageError(
            say('There is no language "{code}". Use {codes}.', code=Name(code), codes=Listed(known, "or"))
        )
    return LANGUAGES[code]
