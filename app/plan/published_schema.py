"""The JSON Schema of plan files, made from the records: `python -m app.plan.published_schema --write`."""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.plan.schema import REVISION, VERSION, Plan

SCHEMA_FILE = Path(__file__).parents[2] / "resources" / "schema" / f"nodewise-plan-{VERSION}.schema.json"

_TITLE = "Nodewise plan"
_WORDS = "Inputs of a Nodewise plan. A value of null means unknown: the estimate takes its default."


def schema_text() -> str:
    """The schema as it stands in `SCHEMA_FILE`."""
    made = msgspec.json.schema(Plan)
    for definition in made["$defs"].values():
        _spread_words(definition)
    plan = made["$defs"]["Plan"]
    plan["required"] = ["format", "version", *plan["required"]]
    plan["properties"] = _with_revision(plan["properties"])
    content: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLE,
        "description": _WORDS,
        **made,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _with_revision(properties: dict[str, Any]) -> dict[str, Any]:
    """The keys of a plan with the one that only its file has, behind the version."""
    words = "The highest revision whose keys the file uses; a program that knows less refuses it."
    revision = {"type": "integer", "minimum": 0, "maximum": REVISION, "default": 0, "description": words}
    head = {key: properties[key] for key in ("format", "version")}
    return {**head, "revision": revision, **properties}


def _spread_words(definition: dict[str, Any]) -> None:
    """Moves what a docstring says of its attributes to the properties that it speaks of."""
    words, _, attributes = inspect.cleandoc(definition.pop("description", "")).partition("\n\nAttributes:\n")
    definition["description"] = " ".join(words.split())
    for name, text in re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", attributes, re.MULTILINE):
        definition["properties"][name]["description"] = " ".join(text.split())


def main() -> None:
    """Prints the schema, or writes it with `--write`."""
    if "--write" in sys.argv[1:]:
        SCHEMA_FILE.parent.mkdir(parents=True, exist_ok=True)
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    else:
        sys.stdout.write(schema_text())


if __name__ == "__main__":
    main()
