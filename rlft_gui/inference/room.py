"""How much memory a model will take, and how much there is. Estimates: they keep the process from being killed."""

import json
import math
from pathlib import Path

from rlft_gui.inference.loaded import FLOAT64_PARAMETERS

SHARE = 0.85  #: of the free memory that a model may take
_CONTAINER = Path("/sys/fs/cgroup")  #: where a container's limit stands, and what it holds (cgroup v2)
_LONGEST_HEADER = 100 * 2**20


def needed(folder: Path, device: str) -> int:
    """Bytes that the model in this folder takes once it is loaded: float32 on the CPU, bfloat16 on a GPU."""
    numbers = sum(_numbers(file) for file in folder.glob("*.safetensors"))
    if device != "cpu":
        return 2 * numbers
    return numbers * (8 if numbers <= FLOAT64_PARAMETERS else 4)


def free(device: str) -> int:
    """Bytes that are free on this device."""
    if device != "cpu":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    import psutil

    machine = int(psutil.virtual_memory().available)
    try:
        limit, held = ((_CONTAINER / name).read_text() for name in ("memory.max", "memory.current"))
        return min(machine, int(limit) - int(held))
    except (OSError, ValueError):  # no container, or one without a limit
        return machine


def _numbers(file: Path) -> int:
    """How many numbers a file of weights says that it holds; 0 if it cannot be read, which its loader will tell."""
    try:
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(size)) if size < _LONGEST_HEADER else {}
        return sum(math.prod(part["shape"]) for name, part in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError):
        return 0
