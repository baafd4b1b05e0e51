"""The dossier of a project whose mode fixes the size: what is asked for, and what the plan needs of it."""

from __future__ import annotations

from app.dossier.sections.opening import key_figures
from app.dossier.sections.risks import margin
from app.words import text
from tests.dossier.conftest import MakeMaterial


def test_that_the_first_page_asks_for_the_package_and_says_what_is_needed(example: MakeMaterial) -> None:
    material = example("support-8b")
    campaign = material.campaign
    assert campaign.package is not None
    first = key_figures(material).figures[0]
    assert (first.label, first.number.replace("\u202f", "")) == ("Request (package)", "5000")
    assert "the package holds more" in text(margin(material))


def test_that_a_free_size_stays_a_quantile(example: MakeMaterial) -> None:
    material = example("two-languages-9b")
    assert material.campaign.package is None
    assert key_figures(material).figures[0].label == "Request (P80)"
    assert "covers 80 cases in 100" in text(margin(material))
