"""Brings the sentences of the code to the translators, and their translations to the program.

Looks for every `say`, `say_many` and `say_in` and renews `resources/translations/*/nodewise.po` with what it
finds: new sentences without a translation, gone ones left out, translations kept. Each is compiled to the
`nodewise.mo` that the program reads. Both are part of the repository, so that installing needs no Babel; a
test fails where they do not belong together. Where two changes meet in a `.mo`, run this again.

Run from the repository's root: `.venv/bin/python packaging/translations.py`. With a code behind it, as in
`translations.py nl`, it begins a language.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "translations"
ROOMS = ("app", "estimators")
KEYWORDS = {"say": (1,), "say_many": (1, 2), "say_in": ((1, "c"), 2)}
WIDTH = 110


class Sentences(Catalog):
    """The catalogue of one language; its header holds what gettext needs and nothing that changes by itself.

    Attributes:
        num_plurals: The program asks for the form of one or of many; the record of a language says which
            count takes which.
    """

    num_plurals = 2

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What stands in front of the sentences."""
        return [
            ("Language", str(self.locale)),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extracted() -> Catalog:
    """Every sentence of the code, with the files that say it."""
    found = Catalog(project="nodewise", fuzzy=False)
    for room in ROOMS:
        messages = extract_from_dir(
            str(ROOT / room), method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
        )
        for name, _, text, comments, context in messages:
            found.add(text, locations=[(f"{room}/{name}", 0)], context=context, auto_comments=comments)
    return found


def renewed(code: str, template: Catalog) -> Sentences:
    """The catalogue of a language with the sentences of today and the translations that it has."""
    path = FOLDER / code / "nodewise.po"
    before = read(path) if path.exists() else Sentences(code)
    after = Sentences(code, header_comment=f"# Nodewise in {code}.", fuzzy=False)
    for message in template:
        if message.id:
            known = before.get(message.id, message.context)
            if known is not None and isinstance(known.id, str) != isinstance(message.id, str):
                known = None  # what was said once and is counted now, or the other way round
            after.add(
                message.id,
                known.string if known is not None else "",
                locations=sorted(set(message.locations)),
                context=message.context,
                user_comments=known.user_comments if known is not None else (),
            )
    return after


def read(path: Path) -> Sentences:
    """The catalogue of a file."""
    with path.open("rb") as file:
        found = read_po(file)
    catalogue = Sentences(path.parent.name, header_comment=found.header_comment, fuzzy=False)
    for message in found:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def written(catalogue: Sentences) -> bytes:
    """A catalogue for translators, the same bytes at any time."""
    file = io.BytesIO()
    write_po(file, catalogue, width=WIDTH, sort_output=True, include_lineno=False)
    return file.getvalue()


def compiled(catalogue: Sentences) -> bytes:
    """A catalogue for the program."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main(codes: list[str]) -> None:
    """Renew and compile the catalogues of all languages."""
    template = extracted()
    there = [path.parent.name for path in FOLDER.glob("*/nodewise.po")]
    for code in sorted({*there, *codes}):
        catalogue = renewed(code, template)
        (FOLDER / code).mkdir(parents=True, exist_ok=True)
        (FOLDER / code / "nodewise.po").write_bytes(written(catalogue))
        (FOLDER / code / "nodewise.mo").write_bytes(compiled(catalogue))
        done = sum(1 for message in catalogue if message.id and is_translated(message))
        print(f"{code}: {done} of {len(catalogue)} sentences are translated")


def is_translated(message: Message) -> bool:
    """Whether every form of a sentence has a translation."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms)


if __name__ == "__main__":
    main(sys.argv[1:])
