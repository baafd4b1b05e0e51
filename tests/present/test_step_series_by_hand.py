"""Bars of a step and of memory from answers in round numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.present.step_series import (
    MemoryRow,
    StepBar,
    StepSeries,
    gib_ticks,
    memory_rows,
    memory_subtitle,
    memory_summary,
    memory_table,
    step_series,
    step_subtitle,
    step_summary,
    step_table,
    whole_percent,
)
from app.words import text
from estimators import Comparison, load_catalogue
from estimators.planning.reasons import NoHeads, TooLarge
from estimators.planning.records import MemoryParts, StepParts
from estimators.words import Value
from tests.charts.fakes import GIB, comparison, parts_of


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


def step(**seconds: float) -> StepSeries | None:
    """The step of Leonardo, the headline, with such parts; they sum to a hundred seconds unless said."""
    parts: Any = parts_of(StepParts, **{"total": 100.0, **seconds})
    return step_series(answered(step=parts), None)


def bars(**seconds: float) -> list[StepBar]:
    found = step(**seconds)
    assert found is not None
    return list(found.bars)


def answered(**changes: Any) -> Comparison:
    """The made-up comparison with another answer on Leonardo, the chosen machine."""
    whole = comparison()
    answers = tuple(
        replace(one, **changes) if one.machine.id == "leonardo-booster" else one for one in whole.answers
    )
    return replace(whole, answers=answers, headline=answers[1])


# ---------------------------------------------------------------- the step


def test_that_a_bar_holds_seconds_and_share_of_its_cause() -> None:
    found = bars(gemm=60.0, attention=20.0, bubble=15.0, optimiser=5.0)
    assert [(bar.name, bar.kind, bar.seconds, bar.share) for bar in found] == [
        ("Matrix products", "work", 60.0, 0.6),
        ("Attention", "work", 20.0, 0.2),
        ("Pipeline bubble", "waiting", 15.0, 0.15),
        ("Optimiser", "overhead", 5.0, 0.05),
    ]
    assert [bar.hidden_seconds for bar in found] == [0.0] * 4
    assert StepBar("attention", "Attention", "work", 1.0, 0.1).hidden_seconds == 0.0


def test_that_parts_under_a_twentieth_of_a_per_cent_are_left_out() -> None:
    assert [bar.name for bar in bars(gemm=99.8, launch=0.06, optimiser=0.04)] == [
        "Matrix products",
        "Launch and host",
    ]


def test_that_the_network_shows_what_it_hides() -> None:
    # ten of 30 seconds are exposed
    (network,) = bars(tensor_parallel_exposed=10.0, communication_total=30.0)
    assert (network.seconds, network.hidden_seconds) == (10.0, 20.0)
    # it is shown where it is hidden altogether, and hides no less than nothing
    (hidden,) = bars(communication_total=0.5)
    assert (hidden.seconds, hidden.hidden_seconds) == (0.0, 0.5)
    (seen,) = bars(data_parallel_exposed=10.0, communication_total=9.0)
    assert seen.hidden_seconds == 0.0


def test_that_the_bars_are_told_with_their_time_and_share() -> None:
    found = step(gemm=64.6, tensor_parallel_exposed=10.0, communication_total=12.0)
    assert found is not None
    assert [plain(found.text(bar)) for bar in found.bars] == [
        "65 s   65 %",
        "10 s of 12 s; the rest is hidden",
    ]
    assert plain(step_summary(found)) == (
        "One step on Leonardo takes 100 s: Matrix products 65 s   65 %, "
        "Exposed network 10 s of 12 s; the rest is hidden."
    )
    assert step_table(found).splitlines()[1:] == [
        "Matrix products\t64.6\t0.646\t0",
        "Exposed network\t10\t0.1\t2",
        "sum\t100\t1\t",
    ]


@pytest.mark.parametrize(
    ("total", "seconds", "words", "unit"),
    [
        (0.085, 0.042, "42.00 ms", (1e-3, "Milliseconds", "ms")),
        (0.5, 0.0426, "43 ms", (1e-3, "Milliseconds", "ms")),
        (0.999, 0.5, "500 ms", (1e-3, "Milliseconds", "ms")),
        (1.0, 0.5, "0.50 s", (1.0, "Seconds", "s")),
        (99.9, 12.345, "12.35 s", (1.0, "Seconds", "s")),
        (100.0, 12.345, "12 s", (1.0, "Seconds", "s")),
    ],
)
def test_that_times_have_the_unit_and_the_decimals_of_the_step(
    total: float, seconds: float, words: str, unit: tuple[float, str, str]
) -> None:
    series = StepSeries("Leonardo", (), total)
    assert (plain(series.time(seconds)), series.unit) == (words, unit)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "under 1 %"), (0.005, "under 1 %"), (0.006, "1 %"), (0.646, "65 %"), (1.0, "100 %")],
)
def test_that_shares_are_whole_and_none_is_zero(share: float, words: str) -> None:
    assert plain(whole_percent(share)) == words


def test_that_work_and_waiting_are_told_apart() -> None:
    for exposed, words in (
        (0.4, ""),
        (0.6, "; 1 % waits for the network"),
        (8.0, "; 8 % waits for the network"),
    ):
        found = step(gemm=60.0, memory_bound=20.0, bubble=5.0, tensor_parallel_exposed=exposed)
        assert found is not None
        assert plain(step_subtitle(found)) == f"80 % computes{words}"


def test_that_a_machine_without_a_step_has_no_bars() -> None:
    assert step_series(answered(step=None), None) is None
    assert step(total=0.0) is None
    assert step_series(comparison(), "nowhere") is None
    assert step_series(replace(comparison(), headline=None), None) is None
    half = step(total=0.5, gemm=0.5)
    assert half is not None
    assert half.total_seconds == 0.5
    other = step_series(answered(step=None), "lumi-g")
    assert other is not None
    assert other.machine == "LUMI-G"


# ---------------------------------------------------------------- memory


def held(**gib: float) -> MemoryParts:
    parts: MemoryParts = parts_of(MemoryParts, **{name: size * GIB for name, size in gib.items()})
    return parts


def the_row(**gib: float) -> MemoryRow:
    return memory_rows(answered(memory=held(**gib)), None)[0]


def test_that_memory_is_told_in_states_activations_logits_and_the_rest() -> None:
    found = the_row(weights=4, gradients=2, optimiser=6, activations=26, logits=5, reserved=51, limit=60)
    assert found.parts == (12 * GIB, 26 * GIB, 5 * GIB, 8 * GIB)
    assert (found.label, found.reserved, found.limit, found.reason) == ("Leonardo", 51 * GIB, 60 * GIB, "")
    assert (found.is_chosen, found.is_own, found.device) == (True, False, None)
    assert plain(found.text()).startswith("51")
    # what is reserved is no less than its parts
    assert the_row(weights=4, reserved=4).parts[3] == 0.0
    assert the_row(weights=5, reserved=4).parts[3] == 0.0


def test_that_a_card_of_the_catalogue_says_what_a_program_sees() -> None:
    card = load_catalogue().gpus["a100-80-sxm"]
    whole = comparison()
    place = msgspec.structs.replace(whole.answers[1].machine, gpu=card.id)
    found = memory_rows(answered(machine=place), None, {card.id: card})[0]
    assert found.device == card.memory_bytes
    assert memory_rows(answered(machine=place), None, {})[0].device is None


def test_that_rows_are_those_in_service_that_have_a_value() -> None:
    whole = comparison()
    coming = replace(whole.answers[-1], fits=True, memory=held(reserved=1, limit=2))
    lost = replace(whole.answers[0], fits=False, memory=None, reason=TooLarge(2.0**30, 1.0, "A100"))
    few = replace(whole, answers=(lost, *whole.answers[1:4], coming))
    assert [row.label for row in memory_rows(few, "jupiter-booster")] == [
        "JUPITER",
        "Leonardo",
        "MareNostrum 5",
        "Your 4 × RTX 4090",
    ]
    rows = memory_rows(few, None)
    assert [row.is_chosen for row in rows] == [True, False, False, False]
    assert [row.is_own for row in rows] == [False, False, False, True]
    assert memory_subtitle(rows) == "Fits 3 machines with margin"
    assert memory_subtitle(rows[:1]) == "Fits 1 machine with margin"
    assert memory_subtitle(rows[3:]) == ""
    assert memory_rows(replace(few, headline=None), None)[0].label == "Leonardo"


def test_that_names_are_those_that_people_use() -> None:
    whole = comparison()
    named = msgspec.structs.replace(whole.own.machine, short_name="", name="4 × RTX 4090")
    rows = memory_rows(replace(whole, own=replace(whole.own, machine=named)), None)
    assert rows[-1].label == "Your 4 × RTX 4090"
    long = msgspec.structs.replace(whole.answers[1].machine, short_name="")
    assert memory_rows(answered(machine=long), None)[0].label == "Leonardo partition"
    yours = msgspec.structs.replace(whole.answers[1].machine, short_name="Yours Truly")
    assert memory_rows(answered(machine=yours), None)[0].label == "Yours Truly"


def test_that_hardware_on_which_nothing_fits_says_why() -> None:
    whole = comparison()
    for reason, words in (
        (NoHeads(), "The attention heads do not divide over the context-parallel GPUs, as Ulysses needs"),
        (None, "does not fit"),
    ):
        lost = replace(whole.own, fits=False, memory=None, reason=reason)
        rows = memory_rows(replace(whole, answers=whole.answers[1:2], own=lost), None)
        assert (rows[1].text(), rows[1].parts, rows[1].reserved, rows[1].limit) == (words, (), None, None)
        assert plain(memory_summary(rows)).endswith(f"GiB. Your 4 × RTX 4090: {words}")
        cells = memory_table(rows).splitlines()[2].split("\t")
        assert cells == ["Your 4 × RTX 4090", *[""] * 7]
    unknown = MemoryRow("A", (), 1.0, None, None, "No limit", False, False)
    assert unknown.text() == "No limit"


def test_that_the_table_holds_bytes() -> None:
    found = the_row(weights=4, activations=26, logits=5, reserved=51, limit=60)
    cells = memory_table((found,)).splitlines()[1].split("\t")
    numbers = [float(cell) for cell in cells[1:-1]]
    assert numbers == pytest.approx([size * GIB for size in (4, 26, 5, 16, 51, 60)], rel=1e-4)
    assert cells[-1] == ""  # nobody said what the card has


@pytest.mark.parametrize(
    ("high", "texts"),
    [
        (30.0, ["0", "5", "10", "15", "20", "25", "30"]),
        (31.0, ["0", "10", "20", "30"]),
        (61.0, ["0", "20", "40", "60"]),
        (121.0, ["0", "50", "100"]),
        (301.0, ["0", "100", "200", "300"]),
        (601.0, ["0", "200", "400", "600"]),
        (1201.0, ["0", "500", "1 000"]),
        (30_000.0, ["0", "10 000", "20 000", "30 000"]),
    ],
)
def test_that_ticks_of_memory_are_round(high: float, texts: list[str]) -> None:
    ticks = gib_ticks(high * GIB)
    assert [plain(text) for _, text in ticks] == texts
    assert [value / GIB for value, _ in ticks] == [float(text.replace(" ", "")) for text in texts]
