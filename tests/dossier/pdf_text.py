"""Reads the words of a PDF of ours, as a reviewer's search would find them."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\n?endstream", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_NESTED = rb"\((?:[^()\\]|\\.|NEXT)*\)"
_STRING = _NESTED.replace(b"NEXT", _NESTED.replace(b"NEXT", _NESTED.replace(b"NEXT", rb"\(\)")))
"""Brackets in a string stand as they are where they are balanced."""
_TEXT = re.compile(rb"/(\w+) [\d.]+ Tf|(" + _STRING + rb"|<[0-9A-Fa-f]+>)|(\bET\b)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(content: bytes) -> list[str]:
    """The words of every page, runs of glyphs apart."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(content)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_page(body, objects) for body in pages]


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = _referred(page, b"Resources", objects)
    named = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    fonts = {
        found[1]: _letters(objects[int(found[2])], objects)
        for found in _FONT.finditer(named[1] if named else _referred(resources, b"Font", objects))
    }
    said: list[str] = []
    font: dict[bytes, str] = {}
    for found in _TEXT.finditer(_decoded(_referred(page, b"Contents", objects))):
        if found[1]:
            font = fonts.get(found[1], {})
        elif found[2]:
            glyphs = _glyphs(found[2])
            said += [font.get(glyphs[at : at + 2], "") for at in range(0, len(glyphs), 2)]
        elif found[3]:
            said.append(" ")
    return "".join(said)


def _referred(body: bytes, key: bytes, objects: dict[int, bytes]) -> bytes:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    return objects[int(found[1])] if found else b""


def _decoded(body: bytes) -> bytes:
    found = _STREAM.search(body)
    return zlib.decompress(found[1]) if found else b""


def _glyphs(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode())
    return _ESCAPE.sub(
        lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else _LETTERS.get(m[1], m[1]), token[1:-1]
    )


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[bytes, str]:
    """What each glyph of a font stands for."""
    table = _decoded(_referred(font, b"ToUnicode", objects))
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, letters in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[bytes.fromhex(glyph.decode())] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return found
