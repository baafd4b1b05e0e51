"""Charts as files."""

from __future__ import annotations

import re
import time

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from app.charts import export, fonts
from app.charts.gpu_hours_against_days import GpuHoursAgainstDaysChart
from app.charts.time_against_gpus import TimeAgainstGpusChart
from app.present.palette import LIGHT


@pytest.fixture(params=[GpuHoursAgainstDaysChart, TimeAgainstGpusChart])
def draw(request, series):
    return lambda figure, look: request.param(figure, look).show(series)


@pytest.mark.parametrize("format_name", export.FORMATS)
def test_that_equal_charts_are_equal_files(draw, format_name) -> None:
    assert export.picture(draw, format_name, LIGHT) == export.picture(draw, format_name, LIGHT)


def test_that_svg_needs_no_font_and_carries_no_date(draw) -> None:
    text = export.picture(draw, "svg", LIGHT).decode()
    assert "<text" not in text
    assert "Nodewise" in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)


def test_that_pdf_embeds_inter(draw) -> None:
    data = export.picture(draw, "pdf", LIGHT)
    assert data.startswith(b"%PDF")
    assert b"Inter" in data
    assert b"/FontFile2" in data
    assert b"CreationDate" not in data


def test_that_png_is_sharp(draw) -> None:
    import io

    image = Image.open(io.BytesIO(export.picture(draw, "png", LIGHT, 720.0, 430.0)))
    assert image.width == pytest.approx(720 / 96 * export.PNG_DPI, abs=2)


def test_that_the_cut_fonts_have_their_weight_and_every_sign_that_charts_use(tmp_path) -> None:
    for weight, path in fonts.weight_files().items():
        font = TTFont(path)
        assert font["OS/2"].usWeightClass == weight
        assert set("Ağ×→←−½≈ ") | {"\u202f", "\u00a0"} <= {chr(code) for code in font.getBestCmap()}


def test_that_a_missing_font_package_falls_back(monkeypatch, tmp_path, caplog) -> None:
    monkeypatch.setattr(fonts, "_source", lambda: tmp_path / "missing.ttf")
    assert not fonts.cut_weights(tmp_path / "fonts")
    assert "DejaVu Sans" in caplog.text


@pytest.mark.slow
def test_that_fonts_cut_at_another_time_are_the_same_files(tmp_path) -> None:
    assert fonts.cut_weights(tmp_path)
    again = {weight: path.read_bytes() for weight, path in fonts.weight_files(tmp_path).items()}
    for path in fonts.weight_files(tmp_path).values():
        path.unlink()
    time.sleep(1.1)  # the clock of a font file counts seconds
    assert fonts.cut_weights(tmp_path)
    assert {weight: path.read_bytes() for weight, path in fonts.weight_files(tmp_path).items()} == again
