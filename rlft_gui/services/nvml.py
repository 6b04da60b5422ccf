"""How busy NVIDIA GPUs are and which process holds how much of them, from NVIDIA's management library. No torch.

Whatever is wrong with that library, or where there is none, no GPU is told: a page must not fail for it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from rlft_gui.domain._base import Frozen


class Gpu(Frozen):
    """A look at one. Sizes are bytes; `percent` None where the driver does not say."""

    index: int
    name: str
    memory_used: int
    memory_total: int
    percent: int | None
    held: Mapping[int, int]  #: by process


def look() -> tuple[Gpu, ...]:
    """Every GPU of this machine, in the driver's order."""
    with (
        suppress(Exception),
        _library() as nvml,
    ):  # strangers' code over a driver: anything may come out of it
        return tuple(_gpu(nvml, index) for index in range(nvml.nvmlDeviceGetCount()))
    return ()


@contextmanager
def _library() -> Iterator[Any]:
    import pynvml

    pynvml.nvmlInit()
    try:
        yield pynvml
    finally:
        pynvml.nvmlShutdown()


def _gpu(nvml: Any, index: int) -> Gpu:
    gpu = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = nvml.nvmlDeviceGetMemoryInfo(gpu)
    percent: int | None = None
    held: dict[int, int] = {}
    with suppress(nvml.NVMLError):  # parts of a GPU (MIG) have no such figure
        percent = int(nvml.nvmlDeviceGetUtilizationRates(gpu).gpu)
    with suppress(nvml.NVMLError):
        # What a process holds is None where the driver may not tell.
        held = {
            one.pid: int(one.usedGpuMemory or 0) for one in nvml.nvmlDeviceGetComputeRunningProcesses(gpu)
        }
    return Gpu(
        index=index,
        name=_text(nvml.nvmlDeviceGetName(gpu)),
        memory_used=int(memory.used),
        memory_total=int(memory.total),
        percent=percent,
        held=held,
    )


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name
