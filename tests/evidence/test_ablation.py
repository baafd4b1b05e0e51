"""Terms are taken out by values that exist, and the table says what gets worse."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from estimators.evidence.ablation import STRESS, TERMS, carried, null_values, page
from estimators.evidence.configure import configure
from estimators.evidence.crossval import Residuals, usable
from estimators.parameters import Coefficients
from tests.evidence.cases import row


@pytest.mark.parametrize("name", TERMS)
def test_that_a_term_names_coefficients_that_exist(name):
    fitted = replace(Coefficients(), attention_share_hopper=0.123)
    values = null_values(TERMS[name], fitted)
    assert set(values) <= set(asdict(fitted))
    assert all(np.isfinite(value) for value in values.values())


def test_that_vendor_attention_vanishes_into_what_was_fitted():
    fitted = replace(Coefficients(), attention_share_hopper=0.123)
    assert null_values(TERMS["vendor attention kernels"], fitted)["attention_tuned_hopper"] == 0.123


def test_that_every_stress_set_has_rows(catalogue, shipped):
    rows = usable(shipped, catalogue)
    for name, member in STRESS.items():
        assert sum(member(item) for item in rows) >= 10, name


def test_that_the_table_names_what_gets_worse(catalogue):
    rows = tuple(configure(row(id=str(i)), catalogue) for i in range(4))
    full = Residuals(rows, np.full(4, 0.05), np.ones(4))
    worse = Residuals(rows, np.full(4, 0.15), np.ones(4))
    assert carried(full, full) == ""
    assert carried(full, worse) == "–"
    assert carried(worse, full).startswith("all +11.1")
    assert "| wave quantisation | 16.18 |" in page({"nothing": full, "wave quantisation": worse})
