"""A dossier speaks one language: chosen in one place, held by all that is written, drawn and left out."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from app.dossier.content import dossier
from app.dossier.document import Block, Bullets, Document, FigureBlock, FigureRow, Heading, Paragraph, Table
from app.dossier.docx import docx_bytes
from app.dossier.export import rendered
from app.dossier.fitting import pages_words
from app.dossier.language import language_of
from app.dossier.markdown import markdown_text
from app.dossier.material import Material
from app.dossier.pdf import pdf_bytes
from app.plan.schema import DossierInput, Edition, Plan
from app.words import language, speaking, spoken, write
from app.words.pseudo import CLOSING, OPENING
from estimators.words import Amount
from tests.dossier.conftest import MakeMaterial
from tests.dossier.pdf_text import pages_of

PSEUDO = language("pseudo")
LETTERS = (
    "äöüÄÖÜßẞàâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸáéíñóúüÁÉÍÑÓÚÜ¿¡ªºàèéìíîòóùúÀÈÉÌÒÙ«»„“”‘’‚‹›…–—·•€°%"
)  # fmt: skip
"""Of German, French, Spanish and Italian, with their marks."""


def with_language(plan: Plan, code: str | None) -> Plan:
    return msgspec.structs.replace(plan, dossier=DossierInput(language=code))


def in_pseudo(material: Material, edition: Edition = "reviewer") -> Document:
    with speaking(PSEUDO):
        return dossier(material, edition)


def test_that_a_named_language_wins_over_the_plans_and_that_over_the_readers(material: Material) -> None:
    german, french, plan = language("de"), language("fr"), material.plan
    with speaking(french):
        assert language_of(with_language(plan, None)) == french
        assert language_of(with_language(plan, "de")) == german
        assert language_of(with_language(plan, "de"), language("it")) == language("it")
        assert language_of(with_language(plan, "fi")) == french
    assert language_of(with_language(plan, None)) == language("en")


def test_that_an_export_speaks_the_language_of_its_plan(material: Material, tmp_path: Path) -> None:
    plan = with_language(material.plan, "de")
    given = (material.request, material.comparison, plan, material.catalogue, tmp_path / "x.md")
    ((_, german),) = rendered(*given)
    ((_, english),) = rendered(*given, language=language("en"))
    day = Amount(material.date, form="long_day")
    assert write(day, language("de")) in str(german)
    assert write(day, language("en")) in str(english)


# ---------------------------------------------------------------- what is written


def written(blocks: tuple[Block, ...]) -> Iterator[str]:
    """What no plan and no catalogue says: titles of sections, of columns and of figures."""
    for block in blocks:
        match block:
            case Heading():
                yield block.text.split(" ", 1)[1] if block.level == 1 else block.text
            case Table():
                yield from (column.name for column in block.columns if not column.name.startswith("G"))
            case FigureBlock():
                yield block.alt
            case FigureRow():
                yield from (figure.alt for figure in block.figures)


@pytest.mark.parametrize("edition", ["reviewer", "team"])
@pytest.mark.parametrize("name", ["two-languages-9b", "support-8b"])
def test_that_every_title_was_given_to_translators(
    name: str, edition: Edition, example: MakeMaterial
) -> None:
    document = in_pseudo(example(name), edition)
    for said in (document.eyebrow, document.footer, document.head):
        assert {OPENING[0], CLOSING[-1]} <= set(said)
    bare = [said for said in written(tuple(document.blocks())) if OPENING not in said and not said.isdigit()]
    assert bare == []


@pytest.mark.parametrize("edition", ["reviewer", "team"])
def test_that_each_language_shows_and_hides_the_same_blocks(edition: Edition, material: Material) -> None:
    english, other = dossier(material, edition), in_pseudo(material, edition)
    assert [shape(block) for block in other.blocks()] == [shape(block) for block in english.blocks()]
    assert [shape(block) for block in other.body] == [shape(block) for block in english.body]


def shape(block: Block) -> tuple[Any, ...]:
    size = {Table: "rows", Bullets: "items", FigureRow: "figures"}.get(type(block))
    return type(block), block.audience, len(getattr(block, size)) if size else 0


def test_that_writers_speak_the_language_of_the_document_wherever_they_are_called(material: Material) -> None:
    document = in_pseudo(material, "team")
    content = pdf_bytes(document)
    read = " ".join(pages_of(content)[0].split())
    english = " ".join(pages_of(pdf_bytes(dossier(material, "team")))[0].split())
    assert "Page 1 of" in english
    assert "Page 1 of" not in read
    assert "TEAM ONLY" not in read
    archive = zipfile.ZipFile(io.BytesIO(docx_bytes(document)))
    foot = next(archive.read(name) for name in archive.namelist() if name.startswith("word/footer"))
    assert b"NUMPAGES" in foot
    assert b">Page " not in foot
    assert "TEAM ONLY" not in markdown_text(document)


def test_that_a_chart_is_drawn_in_the_language_of_its_dossier(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.charts import export

    heard: list[str] = []

    def picture(*_: Any) -> bytes:
        heard.append(spoken().code)
        return b""

    monkeypatch.setattr(export, "picture", picture)
    for figure in in_pseudo(material, "team").figures():
        figure.picture("svg")
    assert set(heard) == {"pseudo"}


def test_that_the_pages_are_told_in_the_language_of_the_reader() -> None:
    with speaking(PSEUDO):
        assert OPENING in pages_words(5, 10, "AI for Science", ("memory",))
    assert pages_words(9, 10, "AI for Science") == (
        "9 pages of the 10 of AI for Science: 1 is left for the text of the applicant."
    )


def test_that_words_of_the_applicant_are_marked_with_their_own_language(material: Material) -> None:
    plan = msgspec.structs.replace(
        material.plan, dossier=DossierInput(language="fi", summary="Ensimmäinen kappale.")
    )
    own = dataclasses.replace(material, plan=plan)
    document = in_pseudo(own)
    assert (document.language, document.speaks) == ("fi", "pseudo")
    assert [block.language for block in document.body if isinstance(block, Paragraph)].count("fi") == 1


# ---------------------------------------------------------------- fonts


@pytest.mark.parametrize("package", ["fontpkg_inter", "fontpkg_jetbrains_mono"])
def test_that_the_fonts_have_every_letter_of_the_languages(package: str) -> None:
    module = pytest.importorskip(package)
    files = [path for path in Path(module.ROOT, "files").rglob("*") if path.suffix in (".ttf", ".otf")]
    assert files
    for path in files:
        known = TTFont(path).getBestCmap()
        assert not [letter for letter in LETTERS if ord(letter) not in known], path.name
