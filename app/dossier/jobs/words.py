"""Words of a plan in files that a shell reads: one printable line in comments, a short name elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_CHARACTERS = 300
NOT_PUBLISHED = "not published in the catalogue"
"""Ends what a script cannot say of a site; the list of what to look for is made of such lines."""
_SLURM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def line(text: str) -> str:
    """The text as one line without control or formatting characters, fit for a comment."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.split())[:MOST_CHARACTERS]


def comment(text: str) -> str:
    """A comment of shell, TOML and YAML."""
    return f"# {line(text)}"


def check(text: str) -> str:
    """A comment on what a person must look at before the first job."""
    return f"# CHECK: {line(text)}"


def slug(*texts: str) -> str:
    """A name of lower-case letters, digits and hyphens: safe for jobs, files and folders."""
    ascii_text = unicodedata.normalize("NFKD", "-".join(texts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:48].strip("-") or "run"


def slurm_name(text: str) -> str | None:
    """A partition or QoS as Slurm could know it; None where the text is something else."""
    return text if _SLURM_NAME.fullmatch(text) else None


def lines(*parts: str | Sequence[str]) -> str:
    """Text of a file from its lines; a sequence stands for several, an empty one for none."""
    flat = [text for part in parts for text in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat) + "\n"
