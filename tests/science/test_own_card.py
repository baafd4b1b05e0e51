"""The user's own card stands beside the machines; it changes none of their answers."""

from dataclasses import replace

import pytest

from estimators import OwnHardware, compare, load_calibration, load_catalogue
from estimators.hardware.devices import device_columns, family_shares, measured_share
from estimators.planning.targets import missing_facts, own_target
from tests.science.cases import language_run, only, ranges

CATALOGUE = load_catalogue()
OF_EVERY_FAMILY = only(
    CATALOGUE, "vega-gpu", "leonardo-booster", "jupiter-booster", "marenostrum5-acc", "lumi-g", "meluxina-ai"
)


def usable_cards() -> list[str]:
    """Cards that can be the user's own hardware."""
    found = []
    for key, gpu in CATALOGUE.gpus.items():
        machine = own_target(OwnHardware(key, 4), CATALOGUE).machine
        if not missing_facts(machine, gpu):
            found.append(key)
    return found


@pytest.fixture(scope="module")
def expected():
    return compare(language_run(CATALOGUE, tokens=3e11), OF_EVERY_FAMILY).answers


def test_that_there_are_cards_with_a_measured_product_among_them():
    measured = [key for key in usable_cards() if measured_share(CATALOGUE.gpus[key]) > 0]
    assert len(measured) >= 3


@pytest.mark.parametrize("card", usable_cards())
def test_that_any_own_card_leaves_all_other_answers_as_they_are(card, expected):
    spec = replace(language_run(CATALOGUE, tokens=3e11), own=OwnHardware(card, 4))
    for before, after in zip(expected, compare(spec, OF_EVERY_FAMILY).answers, strict=True):
        assert (after.fits, after.gpus, after.layout) == (before.fits, before.gpus, before.layout)
        for old, new in zip(ranges(before), ranges(after), strict=True):
            assert new.p50 == pytest.approx(old.p50, rel=1e-12), before.machine.id
            assert new.p80 == pytest.approx(old.p80, rel=1e-12), before.machine.id


def test_that_the_reference_is_the_one_that_the_fit_went_by():
    # predictions of published runs hold cards against the median of the catalogue, as the fit did
    assert load_calibration().family_share == family_shares(CATALOGUE.gpus.values())


def test_that_a_card_stands_alone_as_it_stands_among_others():
    calibration = load_calibration()
    cards = tuple(CATALOGUE.gpus.values())
    together = device_columns(cards, calibration.coefficients, calibration.family_share)
    for row, card in enumerate(cards):
        alone = device_columns((card,), calibration.coefficients, calibration.family_share)
        assert alone.rate_16[0] == pytest.approx(together.rate_16[row], nan_ok=True), card.id
