"""One seed for all tests, unpacked once: nobody writes it, which is what many of them are about."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rlft_gui.demo.limits import Limits
from rlft_gui.demo.place import Place
from rlft_gui.demo.sandboxes import Sandboxes
from rlft_gui.domain.home import Home
from tests.demo.visiting import VISITING, seed_in

Opener = Callable[..., Sandboxes]


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return seed_in(tmp_path_factory.mktemp("seeds"))


@pytest.fixture(autouse=True)
def _visitors_leave() -> Iterator[None]:
    yield
    while VISITING:
        VISITING.pop().close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandboxes(tmp_path: Path, seed: Home, clock: Clock) -> Opener:
    """Opened over the same folder each time, as after a restart."""

    def opened(**limits: float) -> Sandboxes:
        return Sandboxes(Place(tmp_path / "served"), seed, Limits.model_validate(limits), clock)

    return opened
