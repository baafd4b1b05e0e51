import pytest
from hypothesis import settings

from estimators import Calibration, Catalogue, load_calibration, load_catalogue

settings.register_profile("science", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("science")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def calibration() -> Calibration:
    return load_calibration()
