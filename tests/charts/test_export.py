"""Charts as files."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from app.charts import export
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
