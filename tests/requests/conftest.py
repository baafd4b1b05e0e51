import pytest
from hypothesis import settings

from estimators import Catalogue, load_catalogue

settings.register_profile("requests", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("requests")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
