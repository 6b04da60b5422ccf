"""What this machine has, asked without torch."""

from collections.abc import Iterator
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
