"""How many threads a run computes with on a processor: chosen at its first attempt, and the same ever after.

Sums differ in their last digits with the number of threads, so an attempt that goes on takes what the earlier ones
wrote into their plan. The first takes what OMP_NUM_THREADS says, or else the cores that were not busy with others while
it loaded: other runs, answers, other programs, whoever uses them.
"""

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.models.loading import TINY

FACT = "threads"  #: its name in the plan
ASKED = "OMP_NUM_THREADS"
MOST_FOR_TINY = 2  #: a tiny model's layers are so small that more threads only wait for each other
_WINDOW = 0.2  #: seconds that a look at the cores takes at least


@dataclass(frozen=True)
class Cores:
    """The cores that this process may use, as they were at one moment; seconds since some fixed time."""

    count: int
    time: float
    busy: float  #: of all of them together
    load: float  #: processes that wanted a core, over the last minute
    own: float  #: of `busy`, this process's and that of what it started and has not ended yet

    @classmethod
    def now(cls) -> Self:
        mine = allowed()
        everywhere = psutil.cpu_times(percpu=True)
        busy = sum(
            sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
            for core, times in enumerate(everywhere)
            if core in mine
        )
        own = time.process_time() + _of_children()
        return cls(len(mine), time.monotonic(), busy, own=own, load=os.getloadavg()[0])

    def free(self, since: "Cores") -> float:
        """Cores that nobody else used since then, or over the last minute: a browser that draws the page of a run that was
        just launched is busy for a second, and the number holds for the whole run."""
        others = (self.busy - since.busy) - (self.own - since.own)
        return self.count - min(max(0.0, others) / (self.time - since.time), self.load)


def settle(model: Any, reporter: Reporter, since: Cores) -> None:
    """Let this process compute with the run's number of threads; nothing to do on a GPU.

    Args:
        since: how the cores were when the attempt began to load.
    """
    import torch

    if model.device.type == "cpu":
        is_tiny = model.num_parameters() < TINY
        torch.set_num_threads(_before(reporter.folder.events, is_tiny) or _chosen(is_tiny, since))


def facts(device: Any) -> dict[str, int]:
    """For the recipe card, and for later attempts."""
    import torch

    return {FACT: torch.get_num_threads()} if device.type == "cpu" else {}


def allowed() -> frozenset[int]:
    """Numbers of the cores that this process may use: a container may own fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))


def _of_children() -> float:
    """Seconds of processor; the process that renders chat templates gets ready while a model loads."""
    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it ends as it is looked at
            spent = child.cpu_times()
            seconds += spent.user + spent.system
    return seconds


def _chosen(is_tiny: bool, since: Cores) -> int:
    if asked := _asked():
        return asked
    time.sleep(max(0.0, since.time + _WINDOW - time.monotonic()))
    free = max(1, int(Cores.now().free(since) + 0.5))
    return min(free, MOST_FOR_TINY) if is_tiny else free


def _asked() -> int:
    """What a person set; 0 if nothing, or nothing that is a number."""
    asked = os.environ.get(ASKED, "")
    return int(asked) if asked.isdecimal() else 0


def _before(events: Path, is_tiny: bool) -> int | None:
    """What the run's earlier attempts computed with; None if none came as far as a plan.

    Runs of 0.2.0 did not write it: they took one thread for a tiny model, else what was set, else all.
    """
    try:
        with events.open("rb") as lines:
            plan = next((line for line in lines if b'"kind":"plan"' in line), None)
    except FileNotFoundError:
        return None
    if plan is None:
        return None
    told: int | None = json.loads(plan)["facts"].get(FACT)
    return told or (1 if is_tiny else _asked() or len(allowed()))
