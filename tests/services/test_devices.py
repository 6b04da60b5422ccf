"""What a run holds is read off its own processes, and a library that is broken or not there breaks nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from rlft_gui.domain.home import RUN_MARK
from rlft_gui.services import nvml
from rlft_gui.services.devices import Looking
from rlft_gui.storage import open_storage
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline

FAKES = Path(__file__).parents[1] / "fakes" / "nvml"


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The stand-in, imported as the real one would be."""
    monkeypatch.delitem(sys.modules, "pynvml", raising=False)
    monkeypatch.syspath_prepend(FAKES)
    import pynvml

    pynvml.HELD.clear()
    yield pynvml
    monkeypatch.delitem(sys.modules, "pynvml", raising=False)


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    home = fresh_home(tmp_path)
    return Looking(home, open_storage(home))


def test_a_gpu_tells_its_memory_its_load_and_who_holds_what(library: Any) -> None:
    library.HELD |= {11: 5_000_000_000, 12: None}
    first, second = nvml.look()

    assert (first.name, first.memory_used, first.memory_total) == ("NVIDIA H100", 30 * 10**9, 80 * 10**9)
    assert (first.percent, dict(first.held)) == (63, {11: 5_000_000_000, 12: 0})
    assert (second.name, second.percent, dict(second.held)) == ("NVIDIA L4", None, {})
    assert library.opened == 0


def test_a_library_that_does_not_load_tells_of_no_gpu() -> None:
    """NVIDIA's own, on a machine without its driver, as this one is; where there is one, it tells what it finds."""
    assert isinstance(nvml.look(), tuple)


@pytest.mark.parametrize("trouble", [OSError("cut off"), RuntimeError("driver/library version mismatch")])
def test_a_broken_library_breaks_no_look(
    library: Any, looking: Looking, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fails() -> None:
        raise trouble

    monkeypatch.setattr(library, "nvmlInit", fails)
    seen = looking.look()
    assert seen.gpus == ()
    assert 0 < seen.machine.memory_used < seen.machine.memory_total


def test_no_library_at_all_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)  # importing it fails
    assert nvml.look() == ()


def test_a_live_run_holds_what_its_processes_hold(library: Any, looking: Looking) -> None:
    looking.storage.transitions.add(pipeline("sft"), launch_id="a")
    claimed = looking.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    folder = looking.home.run(claimed[0].id)
    command = [sys.executable, "-c", "held = bytearray(50_000_000); print('ready', flush=True); input()"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env={**os.environ, RUN_MARK: str(folder.path)}, **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        library.HELD |= {process.pid: 7_000_000_000, os.getpid(): 1_000}
        (held,) = looking.look().held
        memory = psutil.Process(process.pid).memory_info().rss
        process.communicate(b"\n")

    assert (held.run, held.stage, held.gpus) == (claimed[0].id, "sft", {0: 7_000_000_000})
    assert held.memory == pytest.approx(memory, rel=0.2)
    assert held.memory > 50_000_000


def test_a_terminal_tells_it_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rlft_gui", "devices", "--home", str(tmp_path)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert text.startswith("processor  ")
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert told["machine"]["cpu_count"] == os.cpu_count()
    assert told["held"] == []
