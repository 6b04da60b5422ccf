"""What this machine has, asked without torch."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.services import machine


@pytest.fixture
def _asked_anew() -> Iterator[None]:
    machine.gpus.cache_clear()
    yield
    machine.gpus.cache_clear()


def _smi(folder: Path, script: str) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_look_has_plausible_figures(tmp_path: Path) -> None:
    seen = machine.look(Home(tmp_path))
    assert seen.cpu_count >= 1
    assert 0 < seen.memory_used < seen.memory_total
    assert seen.disk_free > 0


@pytest.mark.parametrize(
    ("script", "allowed", "expected"),
    [
        ("echo 'NVIDIA H200'; echo 'NVIDIA L4'", None, ("gpu:0", "gpu:1")),
        ("echo 'NVIDIA H200'; echo 'NVIDIA L4'", "1", ("gpu:1",)),
        ("echo 'NVIDIA H200'", "", ("cpu",)),
        ("echo 'no driver' >&2; exit 9", None, ("cpu",)),
        ("exit 0", "0", ("cpu",)),
    ],
    ids=["two", "one allowed", "none allowed", "broken", "none"],
)
@pytest.mark.usefixtures("_asked_anew")
def test_runs_start_on_the_gpus_that_are_there_and_allowed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    allowed: str | None,
    expected: tuple[str, ...],
) -> None:
    _smi(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if allowed is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", allowed)
    assert machine.devices() == expected


@pytest.mark.usefixtures("_asked_anew")
def test_without_nvidia_smi_there_is_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (machine.gpus(), machine.devices()) == ((), ("cpu",))


def test_how_busy_it_is_does_not_depend_on_which_thread_looks() -> None:
    processor = machine.Processor()
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        pass
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(processor.percent).result() > 0


def test_before_the_clock_has_moved_it_is_as_busy_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([(100.0, 60.0), (110.0, 65.0), (110.0, 65.0), (120.0, 75.0)])
    monkeypatch.setattr(machine, "_times", lambda: next(times))
    processor = machine.Processor()
    assert [processor.percent() for _ in range(3)] == [50.0, 50.0, 0.0]


def _group(folder: Path, limit: str, held: int) -> Path:
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{held}\n")
    (folder / "memory.stat").write_text("anon 5\ninactive_file 100\n")
    return folder


def test_a_container_has_what_its_limit_leaves_and_files_that_were_read_are_free(tmp_path: Path) -> None:
    assert machine.main_memory(_group(tmp_path, "1000", 400)) == (1_000, 700)


def test_without_a_limit_the_machine_is_what_there_is(tmp_path: Path) -> None:
    total = machine.main_memory(tmp_path / "none").total
    assert machine.main_memory(_group(tmp_path, "max", 400)).total == total > 10**8


def test_a_gpu_is_asked_for_its_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _smi(tmp_path, "echo '1000, 250'")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert machine.device_memory("gpu:0") == (1_000 * 2**20, 250 * 2**20)
