"""Starting the real process and losing it. It needs no torch until the first request, so these are quick."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import client


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home whose inference process, if any, ends with the test."""
    home = Home(tmp_path)
    yield home
    address = addresses.read(home)
    if address is not None and psutil.pid_exists(address.pid):
        os.kill(address.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(address.pid)] if psutil.pid_exists(address.pid) else [])


def pid(home: Home) -> int:
    address = addresses.read(home)
    assert address is not None
    return address.pid


def test_the_second_call_finds_the_process_that_the_first_started(home: Home) -> None:
    client.ensure_running(home).close()
    first = pid(home)
    client.ensure_running(home).close()
    assert pid(home) == first
    assert os.getsid(first) == first, "it must outlive whoever started it"


def test_callers_that_come_at_once_share_one_process(home: Home) -> None:
    started: list[int] = []

    def call() -> None:
        client.ensure_running(home).close()
        started.append(pid(home))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 4
    assert len(set(started)) == 1


def test_a_killed_process_is_replaced(home: Home) -> None:
    client.ensure_running(home).close()
    first = pid(home)
    os.kill(first, signal.SIGKILL)
    client.ensure_running(home).close()
    assert pid(home) != first


def test_a_process_that_cannot_start_says_why(home: Home) -> None:
    addresses.make_folder(home)
    addresses.lock_path(home).mkdir()
    with pytest.raises(NotPossibleNow, match=r"could not start\. Its log ends with: .*server\.lock"):
        client.ensure_running(home)


def test_an_idle_process_is_gone_with_its_address(home: Home) -> None:
    client.ensure_running(home, idle_seconds=0.3).close()
    process = psutil.Process(pid(home))
    process.wait(timeout=20)
    assert addresses.read(home) is None
    assert "Idle for 0.3 s: leaving" in addresses.log_path(home).read_text()


def test_its_environment_keeps_it_off_the_network(home: Home) -> None:
    client.ensure_running(home).close()
    environment = psutil.Process(pid(home)).environ()
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["HF_HUB_DISABLE_TELEMETRY"] == "1"
