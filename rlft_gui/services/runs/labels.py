"""How runs and devices are called in sentences."""

import itertools
import re
from collections.abc import Container

from rlft_gui.domain.run import Run
from rlft_gui.stages import STAGES

#: Why a queued run waits that waits for nothing but its turn.
STARTS_NEXT = "Starts next."

FULL_DISK = "The disk is full. Free some space, then resume."


def titled(run: Run) -> str:
    """The run as lists name it: Quick tour · SFT."""
    titles = {stage.name: stage.title for stage in STAGES}
    return f"{run.title or run.id} · {titles.get(run.stage, run.stage)}"


def name_of(run: Run) -> str:
    """The run as sentences name it: "Quick tour · SFT"; without a title, its id."""
    return f'"{titled(run)}"' if run.title else run.id


def copy_of(title: str, taken: Container[str]) -> str:
    """The title of a copy, which none of those taken has: "Tour (copy)", then "Tour (copy 2)"; also of a copy."""
    plain = re.sub(r" \(copy(?: \d+)?\)$", "", title)
    numbered = (f"{plain} (copy {number})" for number in itertools.count(2))
    return next(name for name in itertools.chain([f"{plain} (copy)"], numbered) if name not in taken)


def device_name(device: str) -> str:
    """ "the processor" or "GPU 0"."""
    kind, _, index = device.partition(":")
    return f"GPU {index}" if kind == "gpu" else "the processor"


#: What a run does with another, by the role of the link.
_TAKES = {
    "adapter": "continues {}",
    "data": "takes the rows of {}",
    "reward": "uses the reward model of {}",
    "judge": "is judged by {}",
    "held_out": "holds out the rows of {}",
    "measure": "is measured by the reward model of {}",
    "measure_judge": "is measured by {}",
}


def takes(role: str, source: str) -> str:
    """ "takes the rows of …": what a run does with another; `source` is that one's name."""
    return _TAKES.get(role, "needs {}").format(source)


def starts_after(source: str) -> str:
    """Why a run waits that takes something from another; `source` is that one's name."""
    return f"Starts when {source} has succeeded."
