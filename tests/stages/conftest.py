"""A home with small datasets, shared by the tests of one module."""

import pytest

from rlft_gui.domain.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))
