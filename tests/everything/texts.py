"""Text at random: every character that a file format can hold, and what is syntax somewhere."""

from __future__ import annotations

from hypothesis import strategies as st

NO_TEXT = ("\ufeff", "\ufffe", "\uffff")
LINE_BREAKS = ("\u2028", "\u2029")
SYNTAX = (
    "plain", "0", "-", "--help", "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\xa0", " ",
    "#set page(width: 1pt)", "$x^2$", "#panic()", "<tag>", "@ref", "*b*", "_i_", "`c`", "\\", "//",
    "/* c */", "$(touch x)", "`touch x`", "a;b", "a && b", "'", '"', "%x", "!", "~", "${HOME}", "a\\nb",
    "{x}", "%s", "../../up", "/etc/passwd", "a/b", "..", ".", "CON", "a:b", "a|b", "<script>", "&amp;",
    "]]>", "| a |", "\U0001f600", "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f1eb\U0001f1ee", "漢字", "مرحبا", "שלום", "हिन्दी", "ไทย", "é", "\u202eabc", "\u200b",
    "\U000e0041", "\U0010ffff", "\ue000", "\u0378", "é" * 60, "W" * 120, "\ufdfa", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A",
    "_x0041_", "[1]", "'=1", "1e400", "NaN", "null",
)  # fmt: skip
"""Each is a name that somebody may give."""


def texts(least: int, most: int, breaks: bool = False) -> st.SearchStrategy[str]:
    """Any text from `least` to `most` characters."""
    barred = NO_TEXT if breaks else NO_TEXT + LINE_BREAKS
    letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=barred)
    free = st.text(letters | st.just("\n") if breaks else letters, min_size=least, max_size=min(most, 60))
    syntax = st.sampled_from(SYNTAX)
    joined = st.lists(syntax, min_size=1, max_size=4).map(" ".join).map(lambda text: text[:most])
    return st.one_of(syntax, joined, free)


def labels() -> st.SearchStrategy[str]:
    """A name: 1 to 120 characters in one line."""
    return texts(1, 120).filter(lambda text: bool(text.strip()))


def titles() -> st.SearchStrategy[str]:
    """A title: up to 5,000 characters in one line."""
    long = st.tuples(texts(1, 120), st.integers(1, 5000)).map(lambda pair: (pair[0] * pair[1])[:5000])
    return st.one_of(st.just(""), *[texts(0, 200)] * 6, long)


def prose() -> st.SearchStrategy[str]:
    """A summary of several lines."""
    return st.lists(texts(0, 120, breaks=True), max_size=4).map("\n".join)
