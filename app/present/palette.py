"""Colours, series hues, markers and dashes that window and charts share. No Qt here.

Hue tells the GPU family, marker and dash tell the machine; the same marker stands before the
machine's name wherever it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Marker = Literal["circle", "square", "triangle", "diamond", "triangle-down", "cross"]


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: surfaces, inks, tones with their soft ground, and the hue of each GPU family."""

    name: str
    is_dark: bool
    window: str
    surface: str
    sunken: str
    border: str
    strong: str
    text: str
    text2: str
    text3: str
    accent: str
    on_accent: str
    soft: str
    ok: str
    ok_s: str
    warn: str
    warn_s: str
    fail: str
    fail_s: str
    unk: str
    unk_s: str
    grid: str
    ampere: str
    hopper: str
    cdna: str
    blackwell: str
    own: str
    context: str
    waiting: str
    part2: str

    def tone(self, tone: str) -> tuple[str, str]:
        """Ink and soft ground of a tone: "ok", "warn", "fail", "unk" or "info"."""
        return {
            "ok": (self.ok, self.ok_s),
            "warn": (self.warn, self.warn_s),
            "fail": (self.fail, self.fail_s),
            "unk": (self.unk, self.unk_s),
            "wait": (self.text3, self.sunken),
        }.get(tone, (self.accent, self.soft))


LIGHT = Palette(
    name="light", is_dark=False,
    window="#F3F5F8", surface="#FFFFFF", sunken="#E9EDF2", border="#D3DAE3", strong="#7A8796",
    text="#16202B", text2="#475462", text3="#5C6977",
    accent="#0B5FB0", on_accent="#FFFFFF", soft="#E1EDF9",
    ok="#186B3B", ok_s="#E0F3E7", warn="#7D5000", warn_s="#FCF0D2",
    fail="#AF2318", fail_s="#FCE6E3", unk="#5B4B9A", unk_s="#ECE8F8", grid="#E3E8EE",
    ampere="#1769B5", hopper="#175E29", cdna="#C74F0A", blackwell="#81317C",
    own="#2B3440", context="#8893A0", waiting="#B07400", part2="#5E93C5",
)  # fmt: skip

DARK = Palette(
    name="dark", is_dark=True,
    window="#0F151C", surface="#18212B", sunken="#111922", border="#2F3C4A", strong="#6E8093",
    text="#E9EEF3", text2="#B7C3CE", text3="#95A4B2",
    accent="#72B7F5", on_accent="#06182B", soft="#163452",
    ok="#6BD195", ok_s="#12301F", warn="#F0BE62", warn_s="#372A10",
    fail="#FF938A", fail_s="#411C1A", unk="#B7A8F0", unk_s="#2A2448", grid="#263340",
    ampere="#6CB4F5", hopper="#45DB7C", cdna="#EE8450", blackwell="#D185B7",
    own="#D5DDE5", context="#77879A", waiting="#E0AC4A", part2="#4A7FB0",
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}

SOLID: tuple[float, ...] = ()
DASHED = (5.0, 2.0)
DOTTED = (1.0, 1.5)
SPARSE_DOTS = (1.0, 4.0)
DASH_DOT = (5.0, 2.0, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a machine looks in charts and tables.

    Attributes:
        family: Attribute of `Palette` that holds the hue.
        marker: Shape before the name and at the curve.
        dash: On and off lengths in line widths; empty for a solid line.
        hollow: True for machines that are not yet in service.
    """

    family: str
    marker: Marker
    dash: tuple[float, ...] = SOLID
    hollow: bool = False

    def colour(self, palette: Palette) -> str:
        """Hue of the machine's family in a theme."""
        return str(getattr(palette, self.family))


OWN_MARK = Mark("own", "cross", DOTTED)

MACHINE_MARKS: dict[str, Mark] = {
    "leonardo-booster": Mark("ampere", "circle", SOLID),
    "meluxina-gpu": Mark("ampere", "square", DASHED),
    "karolina-gpu": Mark("ampere", "triangle", DOTTED),
    "vega-gpu": Mark("ampere", "diamond", SPARSE_DOTS),
    "deucalion-gpu": Mark("ampere", "triangle-down", DASH_DOT),
    "marenostrum5-acc": Mark("hopper", "square", SOLID),
    "jupiter-booster": Mark("hopper", "diamond", DASHED),
    "arrhenius-gpu": Mark("hopper", "triangle", DOTTED),
    "discoverer-plus": Mark("hopper", "triangle-down", DASH_DOT),
    "lumi-g": Mark("cdna", "diamond", SOLID),
}

_FAMILY_OF_GPU = {
    "volta": "ampere",
    "turing": "ampere",
    "ampere": "ampere",
    "ada": "ampere",
    "hopper": "hopper",
    "cdna": "cdna",
    "blackwell": "blackwell",
    "coming": "blackwell",
}


def mark_of(machine_id: str, gpu_family: str | None, in_service: bool, is_own: bool = False) -> Mark:
    """The mark of a machine; machines without an own one get the circle of their GPU family."""
    if is_own:
        return OWN_MARK
    mark = MACHINE_MARKS.get(machine_id)
    if mark is None:
        mark = Mark(_FAMILY_OF_GPU.get(gpu_family or "", "context"), "circle", SOLID)
    return mark if in_service else replace(mark, hollow=True)
