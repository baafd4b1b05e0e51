"""The colours keep the contrasts and distances that the visual language promises."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from app.present.palette import DARK, LIGHT, MACHINE_MARKS, Mark, Palette, mark_of

THEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
HUES = ("ampere", "hopper", "cdna", "blackwell", "own")
"""The series; context grey lies behind them and stands for no machine of its own."""


def linear(colour: str) -> np.ndarray:
    """Linear RGB of #RRGGBB."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE Lab (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(rgb, 0.0, 1.0) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@THEMES
def test_that_text_reaches_four_and_a_half(palette: Palette) -> None:
    for ground in (palette.window, palette.surface, palette.sunken):
        for ink in ("text", "text2", "text3", "accent", "ok", "warn", "fail", "unk"):
            assert contrast(getattr(palette, ink), ground) >= 4.5, ink
    for tone in ("ok", "warn", "fail", "unk", "info"):
        assert contrast(*palette.tone(tone)) >= 4.5, tone
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@THEMES
def test_that_edges_and_marks_reach_three(palette: Palette) -> None:
    assert contrast(palette.strong, palette.surface) >= 3.0
    for hue in (*HUES, "context", "waiting", "part2"):
        assert contrast(getattr(palette, hue), palette.surface) >= 3.0, hue


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_that_no_two_series_hues_come_near(palette: Palette, vision: str) -> None:
    colours = {hue: lab(VISION[vision] @ linear(getattr(palette, hue))) for hue in HUES}
    for one, other in combinations(HUES, 2):
        assert np.linalg.norm(colours[one] - colours[other]) >= 15.0, (one, other)


def test_that_machines_of_one_family_differ_in_marker_and_dash() -> None:
    for one, other in combinations(MACHINE_MARKS.values(), 2):
        if one.family == other.family:
            assert one.marker != other.marker
            assert one.dash != other.dash


def test_that_coming_machines_are_hollow() -> None:
    assert mark_of("lumi-ai", "coming", in_service=False) == Mark("blackwell", "circle", (), hollow=True)
    assert not mark_of("lumi-g", "cdna", in_service=True).hollow
