"""Numbers and times as words on the screen.

Cards and tables show three significant digits, sentences two, forms and sums every digit. A thin
no-break space stands between thousands and before units, so a number never breaks over a line.
Files and the clipboard use `plain`, which keeps the C locale.
"""

from __future__ import annotations

import math

THIN_SPACE = "\u202f"
MINUS = "\u2212"
TIMES = "\u00d7"
UNKNOWN = "not published"
EMPTY = "\u2013"

SECONDS_PER_MINUTE = 60.0
SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86400.0
DAYS_PER_MONTH = 365.25 / 12.0
DAYS_PER_YEAR = 365.25

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LARGE = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_AXIS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def grouped(value: float, decimals: int = 0) -> str:
    """The value with thin spaces between thousands and a true minus sign."""
    if not math.isfinite(value):
        return EMPTY
    text = f"{value:,.{decimals}f}".replace(",", THIN_SPACE)
    if text.startswith("-"):
        digits = text[1:]
        return digits if not any(c in "123456789" for c in digits) else MINUS + digits
    return text


def significant(value: float, digits: int) -> str:
    """The value rounded to so many significant digits, zeros after the point kept."""
    if not math.isfinite(value):
        return EMPTY
    if value == 0.0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    rounded = round(value, digits - 1 - exponent)
    exponent = math.floor(math.log10(abs(rounded)))
    return grouped(rounded, max(0, digits - 1 - exponent))


def sig3(value: float) -> str:
    """Three significant digits: "33 800", "11.0"."""
    return significant(value, 3)


def sig2(value: float) -> str:
    """Two significant digits: "34 000", "8.9"."""
    return significant(value, 2)


def short(value: float, digits: int = 2) -> str:
    """Significant digits without zeros after the point: "7", "8.9"."""
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float) -> str:
    """Every digit of a whole number: "44 800"."""
    return grouped(round(value)) if math.isfinite(value) else EMPTY


def with_unit(number: str, unit: str) -> str:
    """Number and unit with the thin space between them."""
    return f"{number}{THIN_SPACE}{unit}" if unit else number


def percent(share: float, digits: int = 2) -> str:
    """A share of one in per cent: "80 %"."""
    return with_unit(short(100.0 * share, digits), "%")


def span(low: float, high: float, digits: int = 2) -> str:
    """An interval in words: "28 000 to 45 000"."""
    return f"{short(low, digits)} to {short(high, digits)}"


def large(value: float, digits: int = 3) -> str:
    """Parameters and tokens: "300 B", "9.15 B", "200 M"."""
    for size, letter in _LARGE:
        if abs(value) >= size * 0.9995:
            return with_unit(short(value / size, digits), letter)
    return exact(value)


def axis_count(value: float) -> str:
    """A count at a chart's tick: "50 k"."""
    for size, letter in _AXIS:
        if abs(value) >= size:
            return with_unit(f"{value / size:g}", letter)
    return f"{value:g}"


def power_of_ten(value: float) -> str:
    """A number as the echo of a field reads it back: "300 × 10⁹"."""
    if not math.isfinite(value) or abs(value) < 1e3:
        return short(value, 4)
    exponent = 3 * (math.floor(math.log10(abs(value)) + 1e-12) // 3)
    mantissa = short(value / 10.0**exponent, 6)
    return f"{mantissa} {TIMES} 10{str(exponent).translate(_SUPERSCRIPTS)}"


def duration_unit(seconds: float) -> tuple[float, str]:
    """The size in seconds and the name of the unit in which people say this time."""
    days = seconds / SECONDS_PER_DAY
    if seconds < 2 * SECONDS_PER_HOUR:
        return SECONDS_PER_MINUTE, "minutes"
    if days < 3:
        return SECONDS_PER_HOUR, "hours"
    if days < 60:
        return SECONDS_PER_DAY, "days"
    if days < 18 * DAYS_PER_MONTH:
        return DAYS_PER_MONTH * SECONDS_PER_DAY, "months"
    return DAYS_PER_YEAR * SECONDS_PER_DAY, "years"


def duration_parts(seconds: float, digits: int = 3) -> tuple[str, str]:
    """Number and unit of a time apart, for a card: ("11.0", "days")."""
    if not math.isfinite(seconds):
        return EMPTY, ""
    size, unit = duration_unit(seconds)
    amount = seconds / size
    if unit == "years":
        number = grouped(amount, 1) if amount < 99.95 else significant(amount, digits)
    elif amount < 1.0:
        number = "under 1"
    else:
        number = significant(amount, digits)
    return number, _singular(unit) if number in ("1", "under 1") else unit


def duration(seconds: float, digits: int = 2) -> str:
    """A time in words: "11 days", "14 months", "3.1 years"."""
    number, unit = duration_parts(seconds, digits)
    if not unit:
        return number
    if unit != "years" and "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {_singular(unit) if number == '1' else unit}"


def duration_span(low_seconds: float, high_seconds: float, digits: int = 2) -> str:
    """An interval of time in the unit of its longer end: "9 to 15 days", "1.9 to 3.4 months"."""
    size, unit = duration_unit(high_seconds)
    return f"{span(low_seconds / size, high_seconds / size, digits)} {unit}"


def column_time(amount: float) -> str:
    """Days or hours for a table column: "11.0", "1 130", "0.25"."""
    if amount < 0.95:
        return significant(amount, 2)
    return grouped(amount, 1) if amount < 99.95 else significant(amount, 3)


def card_number(value: float) -> str:
    """Three digits for the words of a card; millions are said, since they have no room."""
    return f"{significant(value / 1e6, 3)} million" if value >= 999_500 else sig3(value)


def card_plan(low: float, high: float, plan: float) -> str:
    """Interval and value to plan for: "28 000 to 45 000, plan for 40 812"; millions are named once."""
    if high < 999_500:
        return f"{sig3(low)} to {sig3(high)}, plan for {whole_up(plan)}"
    low, high, plan = (value / 1e6 for value in (low, high, plan))
    return f"{short(low, 3)} to {sig3(high)} million, plan for {sig3(plan)}"


def gib(number_of_bytes: float) -> str:
    """Bytes in GiB without unit: "51", "0.8"."""
    amount = number_of_bytes / 2.0**30
    return grouped(amount, 0 if amount >= 9.5 else 1)


def memory_of(used_bytes: float, limit_bytes: float) -> str:
    """Memory against what the device offers, in GiB: "51 of 63"."""
    return f"{gib(used_bytes)} of {gib(limit_bytes)}"


def memory_on_card(used_bytes: float, limit_bytes: float, capacity_bytes: float) -> str:
    """Memory against what a plan may use and what the card has: "57 of 62 usable, 64 GiB"."""
    return f"{memory_of(used_bytes, limit_bytes)} usable, {with_unit(gib(capacity_bytes), 'GiB')}"


def plain(value: float) -> str:
    """A number for files and the clipboard, in the C locale."""
    return f"{value:.6g}" if math.isfinite(value) else ""


def whole_up(value: float) -> str:
    """A request in whole units, rounded up: "28 227"; the one rule for what to plan for."""
    return exact(math.ceil(value)) if math.isfinite(value) else EMPTY


def gpu_hours_to_plan(p80: float) -> str:
    """What to plan for, with its noun: "28 227 GPU-hours", "1 GPU-hour"."""
    return of_gpu_hours(whole_up(p80))


def of_gpu_hours(number: str) -> str:
    """A shown number with its noun: "34 000 GPU-hours", "1 GPU-hour"."""
    return f"{number} GPU-hour{'' if number == '1' else 's'}"


def counted(number: float, one: str, many: str) -> str:
    """A count with its noun: "1 run", "12 runs"."""
    return f"{exact(number)} {one if round(number) == 1 else many}"


def _singular(unit: str) -> str:
    return unit[:-1] if unit.endswith("s") else unit
