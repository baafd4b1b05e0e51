"""The catalogues hold what the code says, and what the program reads is what translators wrote."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from app.words import catalogues, language, write
from app.words.reading import ReadingError, parse_count, parse_duration
from estimators.words import Amount, Name, say, say_in, say_many
from tests.tools.sentences import Sentence, sentences

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "translations"
CODES = ("de", "es", "fr", "it")
TRANSLATED = ("app/words/",)
"""Rooms whose sentences all languages have. A room that hands its sentences over joins them once translators
have been there; then this is all of `app/` and `estimators/`."""


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def template(translations: ModuleType) -> Catalog:
    found: Catalog = translations.extracted()
    return found


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalogue(code: str, translations: ModuleType) -> Catalog:
    found: Catalog = translations.read(FOLDER / code / "nodewise.po")
    return found


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def in_rooms(message: Message) -> bool:
    return any(str(file).startswith(TRANSLATED) for file, _ in message.locations)


def test_that_every_language_of_the_program_but_english_has_a_catalogue() -> None:
    assert sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) == sorted(CODES)


def test_that_the_program_reads_what_translators_wrote(
    code: str, catalogue: Catalog, translations: ModuleType
) -> None:
    """If not, `packaging/translations.py` compiles it anew."""
    assert (FOLDER / code / "nodewise.mo").read_bytes() == translations.compiled(catalogue)
    assert (FOLDER / code / "nodewise.po").read_bytes() == translations.written(catalogue)


def test_that_sentences_of_translated_rooms_are_there_and_translated(
    catalogue: Catalog, template: Catalog, translations: ModuleType
) -> None:
    said = [message for message in messages(template) if in_rooms(message)]
    assert len(said) > 50
    for message in said:
        known = catalogue.get(message.id, message.context)
        assert known is not None, message.id
        assert translations.is_translated(known), message.id


def test_that_no_sentence_is_translated_that_nobody_says_any_more(
    catalogue: Catalog, template: Catalog
) -> None:
    for message in filter(in_rooms, messages(catalogue)):
        assert template.get(message.id, message.context) is not None, message.id


def test_that_every_place_of_a_sentence_is_in_its_translation(code: str, catalogue: Catalog) -> None:
    record = language(code)
    known = {"", *record.cases, *record.links}
    for message in messages(catalogue):
        english = forms(message.id)
        needed = {name for name, _ in places(english[-1])}
        for text in filter(None, forms(message.string)):
            found = list(places(text))
            assert {name for name, _ in found} <= needed, text
            assert {ending for _, ending in found} <= known, text
        last = forms(message.string)[-1]
        assert not last or {name for name, _ in places(last)} == needed, last


def places(text: str) -> Iterator[tuple[str, str]]:
    for _, name, ending, conversion in string.Formatter().parse(text):
        if name is not None:
            assert not conversion
            yield name, ending or ""


def test_that_translations_stand_as_their_sentence_does(catalogue: Catalog) -> None:
    """No space around it, and a full stop where English has one."""
    for message in messages(catalogue):
        for english, text in zip(forms(message.id), forms(message.string), strict=False):
            assert text == text.strip()
            assert not text or text.endswith(".") == english.endswith(".") or text.endswith("Mrd."), text


def test_that_translators_get_every_sentence_of_the_code(template: Catalog) -> None:
    """What Babel finds is what the rules of the code are held against."""
    paths = [path for room in ("app", "estimators") for path in (ROOT / room).rglob("*.py")]
    said = {one for path in paths for one in sentences(ast.parse(path.read_text("utf-8")))}
    found = set()
    for message in messages(template):
        one, many = (*forms(message.id), "")[:2]
        found.add(Sentence(one, many, message.context or ""))
    assert found == said


# ---------------------------------------------------------------- what the program makes of them


def test_that_a_refusal_is_said_in_the_language_of_the_reader() -> None:
    said = {
        "de": "Keine Zahl. Versuchen Sie 300 Mrd. oder 3e11.",
        "fr": "Ce n’est pas un nombre. Essayez 300 milliards ou 3e11.",
        "es": "No es un número. Pruebe 300.000 millones o 3e11.",
        "it": "Non è un numero. Provare 300 miliardi o 3e11.",
    }
    for code, sentence in said.items():
        with pytest.raises(ReadingError, match=r"^Not a number\. Try 300 B or 3e11\.$") as caught:
            parse_count("many", language(code))
        assert write(caught.value.said, language(code)) == sentence


def test_that_a_count_takes_the_form_of_its_language() -> None:
    echoes = {
        code: [write(parse_duration(text, language(code)).echo, language(code)) for text in ("1", "1.5", "2")]
        for code in ("en", *CODES)
    }
    assert echoes["en"] == ["= 1 day", "= 1.5 days", "= 2 days"]
    assert echoes["de"] == ["= 1 Tag", "= 1,5 Tage", "= 2 Tage"]
    assert echoes["fr"] == ["= 1 jour", "= 1,5 jour", "= 2 jours"]
    assert echoes["es"] == ["= 1 día", "= 1,5 días", "= 2 días"]


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, translations: ModuleType) -> Iterator[Catalog]:
    """A catalogue of its own in place of the shipped German one."""
    catalogue = translations.Sentences("de")
    catalogue.add("Done in {time}.", "In {time:dative} fertig.")
    catalogue.add("open", "offen", context="of a queue")
    catalogue.add("open", "öffnen", context="a file")
    catalogue.add(("{n} run waits", "{n} runs wait"), ("{n} Lauf wartet", "{n} Läufe warten"))
    catalogue.add(("{n} day", "{n} days"), ("{n} Tag", "{n} Tage"), context="left")
    folder = tmp_path / "translations" / "de"
    folder.mkdir(parents=True)
    (folder / catalogues.CATALOGUE).write_bytes(translations.compiled(catalogue))
    monkeypatch.setattr(catalogues, "shipped", lambda *names: tmp_path.joinpath(*names))
    catalogues._texts.cache_clear()
    yield catalogue
    catalogues._texts.cache_clear()


def test_that_a_catalogue_survives_its_file(
    german: Catalog, tmp_path: Path, translations: ModuleType
) -> None:
    path = tmp_path / "de" / "nodewise.po"
    path.parent.mkdir()
    path.write_bytes(translations.written(german))
    assert translations.compiled(translations.read(path)) == translations.compiled(german)
    assert len(translations.read(path)) == len(german)


@pytest.mark.usefixtures("german")
def test_that_a_translation_puts_its_own_words_around_the_values() -> None:
    here = language("de")
    assert (
        write(say("Done in {time}.", time=Amount(11 * 86_400.0, form="duration")), here)
        == "In 11 Tagen fertig."
    )
    assert write(say_in("of a queue", "open"), here) == "offen"
    assert write(say_in("a file", "open"), here) == "öffnen"
    assert write(say("open"), here) == "open"
    waiting = [say_many("{n} run waits", "{n} runs wait", n, n=Amount(n)) for n in (1, 2)]
    assert [write(said, here) for said in waiting] == ["1 Lauf wartet", "2 Läufe warten"]
    assert write(say("Not translated: {name}.", name=Name("LUMI-G")), here) == "Not translated: LUMI-G."


@pytest.mark.usefixtures("german")
def test_that_english_never_opens_a_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gettext, "GNUTranslations", None)
    assert write(say_in("of a queue", "open"), language("en")) == "open"
    assert write(say_many("{n} run", "{n} runs", 2, n=Amount(2)), language("en")) == "2 runs"


@pytest.mark.usefixtures("german")
def test_that_a_language_without_a_catalogue_says_it_in_english() -> None:
    catalogues._texts.cache_clear()
    assert write(say("open"), language("it")) == "open"
    assert write(say_many("{n} run", "{n} runs", 2, n=Amount(2)), language("it")) == "2 runs"
    assert write(say_in("a file", "open"), language("it")) == "open"
