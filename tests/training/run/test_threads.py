"""The number of threads: found at the first attempt, obeyed where set, and the same for every later attempt."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from rlft_gui.domain.home import Home
from rlft_gui.training.run import threads
from rlft_gui.training.run.reporter import EventReporter
from rlft_gui.training.run.threads import Cores, facts, settle
from rlft_gui.training.testing import RecordingReporter

TINY, LARGE = 1_000_000, 135_000_000


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def model(parameters: int) -> Any:
    return SimpleNamespace(device=torch.device("cpu"), num_parameters=lambda: parameters)


def found(
    monkeypatch: pytest.MonkeyPatch, parameters: int, others: float, *, home: Path, cores: int = 4
) -> int:
    """What a first attempt takes after one second in which others kept so many cores busy."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    since = Cores(cores, -1.0, busy=5.0, load=others, own=1.0)
    now = Cores(cores, 0.0, busy=5.0 + others + 0.9, load=others, own=1.9)
    monkeypatch.setattr(Cores, "now", classmethod(lambda cls: now))
    settle(model(parameters), RecordingReporter(Home(home).run("r")), since)
    taken: int = torch.get_num_threads()
    return taken


@pytest.mark.parametrize(("others", "expected"), [(0.0, 4), (0.4, 4), (0.6, 3), (2.0, 2), (3.9, 1), (4.5, 1)])
def test_it_takes_the_cores_that_others_leave(
    others: float, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(monkeypatch, LARGE, others, home=tmp_path) == expected


@pytest.mark.parametrize(("others", "expected"), [(0.0, 2), (2.0, 2), (3.0, 1)])
def test_a_tiny_model_takes_two_at_most(
    others: float, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(monkeypatch, TINY, others, home=tmp_path) == expected


@pytest.mark.parametrize("parameters", [TINY, LARGE])
def test_what_is_set_is_obeyed(parameters: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    settle(model(parameters), RecordingReporter(Home(tmp_path).run("r")), Cores.now())
    assert torch.get_num_threads() == 3


@pytest.mark.parametrize(
    ("told", "parameters", "expected"), [({"threads": 3}, LARGE, 3), ({}, TINY, 1), ({}, LARGE, 5)]
)
def test_a_later_attempt_takes_what_the_first_planned(
    told: dict[str, int], parameters: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word of it the run is one of 0.2.0, which obeyed the setting for all but tiny models."""
    folder = Home(tmp_path).run("r")
    folder.path.mkdir(parents=True)
    first = EventReporter(folder, 1)
    first.state("running")
    first.plan(10, told)
    first.close()
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    later = EventReporter(folder, 2)
    settle(model(parameters), later, Cores.now())
    later.close()
    assert torch.get_num_threads() == expected
    assert facts(torch.device("cpu")) == {"threads": expected}


def test_a_gpu_has_no_such_number(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    gpu: Any = SimpleNamespace(device=torch.device("cuda"))
    settle(gpu, RecordingReporter(Home(tmp_path).run("r")), Cores.now())
    assert torch.get_num_threads() == before
    assert facts(torch.device("cuda")) == {}


def test_cores_that_others_use_are_not_free() -> None:
    since = Cores(2, 10.0, busy=100.0, load=1.0, own=30.0)
    assert Cores(2, 12.0, busy=103.0, load=1.0, own=32.0).free(since) == pytest.approx(1.5)
    assert Cores(2, 12.0, busy=101.9, load=1.0, own=32.0).free(since) == 2.0  # clocks differ a little
    assert threads.allowed()


def test_a_browser_that_draws_the_page_of_the_new_run_takes_no_core_from_it() -> None:
    """Busy for the second in which the run loads, on a machine that had been idle."""
    since = Cores(2, 10.0, busy=100.0, load=0.1, own=30.0)
    assert Cores(2, 11.0, busy=102.0, load=0.2, own=31.0).free(since) == pytest.approx(1.8)


def test_what_this_process_started_is_its_own() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        since = Cores.now()
        time.sleep(1.0)
        assert Cores.now().own - since.own > 0.3
    finally:
        busy.kill()
        busy.wait()
