"""Labels never overlap, and the important ones stay."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.charts.labels import Box, Label, around, place_labels

BOUNDS = Box(0.0, 0.0, 600.0, 300.0)


def measure(text: str, role: str) -> tuple[float, float]:
    return 7.0 * len(text), 16.0


def label(key: str, x: float, y: float, rank: int, colour: str = "blue") -> Label:
    return Label(key, key, "machine", colour, around(x, y, 6.0), rank, may_merge=rank > 0)


spots = st.lists(st.tuples(st.floats(0.0, 600.0), st.floats(0.0, 300.0), st.sampled_from("abc")), max_size=16)


@given(spots)
def test_that_no_two_labels_overlap_and_none_leaves_the_chart(marks) -> None:
    labels = [label(f"Machine {n}", x, y, n, colour) for n, (x, y, colour) in enumerate(marks)]
    placed = place_labels(labels, BOUNDS, measure)
    assert all(one.box.inside(BOUNDS) for one in placed)
    assert not any(a.box.overlaps(b.box) for a, b in combinations(placed, 2))


@given(spots)
def test_that_no_name_is_shown_twice(marks) -> None:
    labels = [label(f"Machine {n}", x, y, n, colour) for n, (x, y, colour) in enumerate(marks)]
    names = [name for one in place_labels(labels, BOUNDS, measure) for name in one.text.split(", ")]
    assert len(names) == len(set(names))


def test_that_the_first_rank_keeps_its_best_place() -> None:
    placed = place_labels([label("other", 303, 150, 5, "red"), label("chosen", 300, 150, 0)], BOUNDS, measure)
    assert placed[0].label.key == "chosen"
    assert placed[0].place == placed[0].label.places[0]


def test_that_marks_of_one_hue_that_coincide_share_a_label() -> None:
    labels = [
        label("MeluXina", 300, 150, 1),
        label("Karolina", 308, 152, 2),
        label("LUMI-G", 304, 150, 3, "red"),
    ]
    assert {one.text for one in place_labels(labels, BOUNDS, measure)} == {"MeluXina, Karolina", "LUMI-G"}


def test_that_a_label_covers_no_mark() -> None:
    mark = Box(306, 150, 330, 180)
    placed = place_labels([label("one", 300, 150, 0)], BOUNDS, measure, [("other", mark)])
    assert not placed[0].box.overlaps(mark)
