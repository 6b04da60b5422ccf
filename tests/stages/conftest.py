"""A home with small datasets, shared by the tests of one module."""

import pytest

from rlft_gui.domain.home import Home
from tests.stages.cases import every_case


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def prepared(home: Home) -> None:
    """What stages need before they can be tried, e.g. a reward model."""
    for case in every_case():
        case.prepare(home)
