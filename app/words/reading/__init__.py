"""What people type, read in their language: counts, sizes, times, days; refused in a sentence."""

from app.words.reading.amounts import (
    Reading,
    is_size,
    parse_bytes,
    parse_count,
    parse_number,
    parse_seconds,
    parse_share,
)
from app.words.reading.fields import parse_amount
from app.words.reading.refusals import ReadingError
from app.words.reading.times import DayReading, parse_day, parse_duration, parse_month

__all__ = [
    "DayReading",
    "Reading",
    "ReadingError",
    "is_size",
    "parse_amount",
    "parse_bytes",
    "parse_count",
    "parse_day",
    "parse_duration",
    "parse_month",
    "parse_number",
    "parse_seconds",
    "parse_share",
]
