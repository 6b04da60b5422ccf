"""What this machine has and how busy it is. GPUs are asked through nvidia-smi: torch stays out of this process."""

import os
import shutil
import subprocess
import threading
from functools import cache

import psutil

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home

#: Seconds after which a hanging nvidia-smi counts as none.
SMI_SECONDS = 10


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
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        asked = subprocess.run(
            [program, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=SMI_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in asked.stdout.splitlines() if line.strip())
