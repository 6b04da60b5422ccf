"""A home with its storage, and what compares in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home
from tests.services.comparisons.comparing_home import comparing_in


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home whose inference process, if one was started, ends with the test."""
    home = fresh_home(tmp_path / "home")
    yield home
    address = addresses.read(home)
    if address is not None and address.pid != os.getpid() and psutil.pid_exists(address.pid):
        process = psutil.Process(address.pid)
        process.kill()
        process.wait()


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    storage = open_storage(home)
    yield storage
    storage.close()


@pytest.fixture
def comparing(home: Home, storage: Storage) -> Comparing:
    return comparing_in(home, storage)
