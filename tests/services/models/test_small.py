"""The wizard's button: the small real model comes in the background, and whoever waits is told how far it is."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.services import Services, open_services
from rlft_gui.services.models.small import SmallModelState
from tests.fakes.homes import fresh_home
from tests.services.models.test_adding import made


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(fresh_home(tmp_path / "home").path)
    yield opened
    opened.storage.close()


def ended(services: Services) -> SmallModelState:
    deadline = time.monotonic() + 60
    while (state := services.small_model.state()).phase == "busy":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return state


def test_a_failure_is_told_and_it_may_be_tried_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert services.small_model.state() == SmallModelState(phase="absent")
    for _ in range(2):
        assert services.small_model.start(user="local").phase == "busy"
        assert services.small_model.start(user="local").phase == "busy"  # the same attempt
        state = ended(services)
        assert state.phase == "failed"
        assert "could not be fetched" in state.said


def test_what_is_here_is_not_fetched_again(services: Services) -> None:
    assert "is not on this machine yet; get it with `rlft model add smollm2`" in str(
        services.models.check("smollm2")
    )
    services.adding._names.add("smollm2", str(made(services.home)), "made", "a wheel")
    assert (
        services.small_model.state()
        == services.small_model.start(user="local")
        == SmallModelState(phase="here")
    )
