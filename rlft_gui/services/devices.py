"""What this machine has, how busy it is, and which run holds how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import LIVE
from rlft_gui.launchers import leftovers
from rlft_gui.services import machine, nvml
from rlft_gui.services.machine import Machine
from rlft_gui.services.nvml import Gpu
from rlft_gui.services.shared import Shared
from rlft_gui.storage import Storage

#: Seconds that a look may be old: to find the processes of a run, all of the machine are gone through.
TICK = 2.0


class Holder(Frozen):
    """A run that is being trained, and the bytes that its processes hold: memory, and of each GPU by its number."""

    run: str
    title: str
    stage: str
    memory: int
    gpus: dict[int, int]


class Devices(Frozen):
    machine: Machine
    gpus: tuple[Gpu, ...]
    held: tuple[Holder, ...]


@dataclass(frozen=True)
class Looking:
    """Safe to share between threads."""

    home: Home
    storage: Storage
    _shared: Shared[Devices] = field(default_factory=lambda: Shared(1, TICK))

    def look(self) -> Devices:
        """All who look in the same moment share it."""
        return self._shared.get("", self._look)

    def _look(self) -> Devices:
        gpus = nvml.look()
        runs = self.storage.runs.list(statuses=LIVE)
        return Devices(
            machine=machine.look(self.home),
            gpus=gpus,
            held=tuple(self._holder(run, gpus) for run in runs),
        )

    def _holder(self, run: Run, gpus: Sequence[Gpu]) -> Holder:
        memory, pids = 0, set()
        for process in leftovers.of_run(self.home.run(run.id)):
            try:
                memory += process.memory_info().rss
            except psutil.Error:
                continue  # ended meanwhile
            pids.add(process.pid)
        held = {gpu.index: sum(gpu.held.get(pid, 0) for pid in pids) for gpu in gpus if pids & set(gpu.held)}
        return Holder(run=run.id, title=run.title, stage=run.stage, memory=memory, gpus=held)
