"""A stop request reaches code that never asks for it, and only where it may be broken off."""

import time
from pathlib import Path

import pytest

from rlft_gui.domain.errors import Stopped
from rlft_gui.training.run.interruption import Interruption


@pytest.fixture
def stop(tmp_path: Path) -> Path:
    return tmp_path / "stop"


def _interruption(stop: Path) -> Interruption:
    return Interruption(stop.exists, lambda: Stopped("It was stopped."))


def _busy(seconds: float) -> None:
    """As a library would: it never asks, and takes care of any error."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            sum(range(1000))
        except Exception:  # noqa: BLE001
            continue


def test_where_nothing_can_be_lost_it_is_heard_at_once_whatever_catches_errors(stop: Path) -> None:
    interruption = _interruption(stop)
    stop.touch()

    def load() -> None:
        with interruption.heard():
            interruption.has_nothing_to_lose = True
            _busy(30)

    began = time.monotonic()
    with pytest.raises(Stopped, match="It was stopped"):
        load()
    assert time.monotonic() - began < 5


def test_a_wait_for_something_outside_is_broken_off_too(stop: Path) -> None:
    interruption = _interruption(stop)
    stop.touch()
    began = time.monotonic()
    with pytest.raises(Stopped), interruption.heard(), interruption.allowed(patience=0):
        time.sleep(30)
    assert time.monotonic() - began < 5


def test_elsewhere_nothing_is_broken_off(stop: Path) -> None:
    interruption = _interruption(stop)
    stop.touch()
    with interruption.heard():
        with interruption.allowed(patience=30):
            _busy(0.5)
        _busy(0.5)
    _busy(0.3)


def test_a_part_that_soon_ends_by_itself_may_end(stop: Path) -> None:
    interruption = _interruption(stop)
    stop.touch()
    with interruption.heard(), interruption.allowed(patience=2):
        _busy(0.5)


def test_cleaning_up_is_not_broken_off_again(stop: Path) -> None:
    interruption = _interruption(stop)
    stop.touch()
    cleaned: list[bool] = []

    def work() -> None:
        try:
            _busy(30)
        finally:
            _busy(0.5)
            cleaned.append(True)

    with pytest.raises(Stopped), interruption.heard(), interruption.allowed(patience=0):
        work()
    assert cleaned
