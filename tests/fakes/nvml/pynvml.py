"""Stands for NVIDIA's library where a test puts this folder on the path: two GPUs, of which the second tells little."""

from types import SimpleNamespace

#: What processes hold of the first GPU, by their numbers; None is what a driver says that may not tell.
HELD: dict[int, int | None] = {}
opened = 0  #: how often it was opened and not closed


class NVMLError(Exception):
    pass


def nvmlInit() -> None:
    global opened
    opened += 1


def nvmlShutdown() -> None:
    global opened
    opened -= 1


def nvmlDeviceGetCount() -> int:
    return 2


def nvmlDeviceGetHandleByIndex(index: int) -> int:
    return index


def nvmlDeviceGetName(gpu: int) -> str | bytes:
    return "NVIDIA H100" if gpu == 0 else b"NVIDIA L4"


def nvmlDeviceGetMemoryInfo(gpu: int) -> SimpleNamespace:
    return SimpleNamespace(used=30_000_000_000 if gpu == 0 else 0, total=80_000_000_000)


def nvmlDeviceGetUtilizationRates(gpu: int) -> SimpleNamespace:
    if gpu == 1:
        raise NVMLError("not supported")
    return SimpleNamespace(gpu=63)


def nvmlDeviceGetComputeRunningProcesses(gpu: int) -> list[SimpleNamespace]:
    if gpu == 1:
        raise NVMLError("not supported")
    return [SimpleNamespace(pid=pid, usedGpuMemory=held) for pid, held in HELD.items()]
