"""What this machine has and how busy it is. GPUs are asked through nvidia-smi: torch stays out of this process."""

import os
import shutil
import subprocess
import threading
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home

#: Seconds after which a hanging nvidia-smi counts as none.
SMI_SECONDS = 10
#: Where a container's limit stands, and what it holds (cgroup v2).
CONTROL_GROUP = Path("/sys/fs/cgroup")
_MEBIBYTE = 2**20


class Machine(Frozen):
    """A look at the machine. Sizes are bytes."""

    cpu_count: int
    cpu_percent: float  #: since the last look
    memory_used: int
    memory_total: int
    gpus: tuple[str, ...]
    disk_free: int


class Processor:
    """How busy all cores were since the last look, whichever thread took it: psutil counts for each thread, and says 0 at
    its first look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total, self._idle = _times()
        self._percent = 0.0

    def percent(self) -> float:
        """From 0 to 100. Between two ticks of the system's clock it is what it was."""
        with self._lock:
            total, idle = _times()
            if total > self._total:
                self._percent = max(0.0, 100 * (1 - (idle - self._idle) / (total - self._total)))
                self._total, self._idle = total, idle
            return self._percent


def _times() -> tuple[float, float]:
    """Seconds of all cores since the system began, and those of them in which nobody used one."""
    now = psutil.cpu_times()
    return sum(now), now.idle + getattr(now, "iowait", 0.0)


PROCESSOR = Processor()


class Memory(NamedTuple):
    """Bytes of a device: all that it has, and what nobody uses now."""

    total: int
    free: int


def main_memory(group: Path = CONTROL_GROUP) -> Memory:
    """Of the machine, or of the container that this runs in, where that may have less."""
    machine = psutil.virtual_memory()
    try:
        limit = int((group / "memory.max").read_text())
        # Files that were read count as the container's until somebody needs the room.
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        held = int((group / "memory.current").read_text()) - int(stat.get("inactive_file", 0))
    except (OSError, ValueError):  # no such file, or "max"
        return Memory(machine.total, machine.available)
    return Memory(min(machine.total, limit), max(0, min(machine.available, limit - held)))


def device_memory(device: str) -> Memory:
    """Of one of `devices()`."""
    if device == "cpu":
        return main_memory()
    asked = _smi("memory.total,memory.free", "--id", device.removeprefix("gpu:"))
    if not asked:
        return Memory(0, 0)
    total, free = (int(number) * _MEBIBYTE for number in asked[0].split(","))
    return Memory(total, free)


def look(home: Home) -> Machine:
    memory = psutil.virtual_memory()
    return Machine(
        cpu_count=psutil.cpu_count() or 1,
        cpu_percent=PROCESSOR.percent(),
        memory_used=memory.total - memory.available,
        memory_total=memory.total,
        gpus=gpus(),
        disk_free=shutil.disk_usage(home.path).free,
    )


def devices() -> tuple[str, ...]:
    """What runs can be started on: every GPU that CUDA_VISIBLE_DEVICES allows, or the processor where there is none."""
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    count = len(gpus())
    names = allowed.split(",") if allowed is not None and count else [str(index) for index in range(count)]
    return tuple(f"gpu:{name.strip()}" for name in names if name.strip()) or ("cpu",)


@cache
def gpus() -> tuple[str, ...]:
    """The names of NVIDIA GPUs, in CUDA's order; asked once, for they do not come and go."""
    return _smi("name")


def _smi(query: str, *words: str) -> tuple[str, ...]:
    """Lines that nvidia-smi answers; none where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        asked = subprocess.run(
            [program, f"--query-gpu={query}", "--format=csv,noheader,nounits", *words],
            capture_output=True,
            text=True,
            timeout=SMI_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in asked.stdout.splitlines() if line.strip())
