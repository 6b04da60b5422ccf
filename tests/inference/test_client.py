"""Starting the real process and losing it. It listens before it imports torch, so these are quick."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import client, protocol
from rlft_gui.inference.address import Address
from rlft_gui.inference.predecessor import end_predecessor


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


OF_VERSION = """
import sys
from rlft_gui.inference import protocol
protocol.VERSION = int(sys.argv.pop(1))
from rlft_gui.inference.server import main
main()
"""


@contextmanager
def running_of_version(home: Home, version: int) -> "Iterator[subprocess.Popen[bytes]]":
    """The home's inference process as another version of the program would have left it."""
    words = [sys.executable, "-c", OF_VERSION, str(version), str(home.path), "--idle-seconds", "60"]
    with subprocess.Popen(words) as process:
        while addresses.read(home) is None:
            threading.Event().wait(0.05)
        yield process
        process.kill()


def test_a_process_of_an_older_version_is_replaced(home: Home) -> None:
    with running_of_version(home, protocol.VERSION - 1) as older:
        client.ensure_running(home).close()
        assert pid(home) != older.pid
        older.wait(timeout=10)


def test_a_process_of_a_newer_version_stays_and_the_older_client_is_told(home: Home) -> None:
    with running_of_version(home, protocol.VERSION + 1) as newer:
        with pytest.raises(NotPossibleNow, match=r"A newer version of rlft_gui is answering for this home\."):
            client.ensure_running(home)
        assert newer.poll() is None


def test_a_process_that_is_no_inference_process_is_never_ended(home: Home) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", str(home.path)]) as other:
        end_predecessor(home, Address(port=1, token="", pid=other.pid))
        assert other.poll() is None
        other.kill()


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
