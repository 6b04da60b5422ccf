"""Starts queued runs when their inputs are there and a device is free, and says of the others why they wait.

One run at a time per device: each GPU is one; without GPUs the processor is the only one.
"""

import logging
from collections.abc import Sequence

from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.durable import write_whole
from rlft_gui.launchers import Launcher
from rlft_gui.services.runs.labels import STARTS_NEXT, device_name, name_of, starts_after
from rlft_gui.services.runs.turns import behind
from rlft_gui.storage import Storage

logger = logging.getLogger(__name__)


class Scheduler:
    def __init__(self, home: Home, storage: Storage, launcher: Launcher, devices: Sequence[str]) -> None:
        self._home = home
        self._storage = storage
        self._launcher = launcher
        self._devices = tuple(devices)

    def start_next(self) -> tuple[Run, str | None] | None:
        """Claim and start the next run that can start.

        Returns the run, and a sentence if starting it failed; None if there is no such run or no free device.
        """
        if set(self._devices) <= set(self._storage.runs.devices()):
            return None  # without opening a write transaction in every round
        # Claimed before anything starts: of two keepers only one gets the run, and its device with it.
        claimed = self._storage.transitions.claim_next(self._devices, self._launcher.name)
        if claimed is None:
            return None
        run, device = claimed
        if run.unreadable:
            return run, f"It could not be started. {run.unreadable}"
        logger.info("%s starts on %s, attempt %d", run.id, device, run.attempt)
        folder = self._home.run(run.id)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            # Whole before the worker starts, which reads it from here and never asks the database.
            write_whole(folder.recipe, run.recipe.model_dump_json(indent=2) + "\n")
            handle = self._launcher.submit(folder, run.attempt, device)
        except OSError as error:
            return run, f"It could not be started: {error.strerror or error}."
        if handle is not None:
            self._storage.transitions.set_handle(run, handle)
        return run, None

    def explain_waiting(self) -> None:
        """Write each queued run's reason to wait, where it changed."""
        queued = self._storage.runs.list(statuses=(RunStatus.QUEUED,), oldest_first=True)
        if not queued:
            return
        blockers = self._storage.runs.blockers()
        holders = self._storage.runs.devices()
        reviews = self._storage.runs.reviews()
        # Written only where changed, for a round comes three times a second.
        reasons = {run.id: self._reason(run, blockers, reviews, holders) for run in queued}
        ready = [run for run in queued if run.id not in blockers and run.id not in reviews]
        reasons |= {run.id: behind(ready[:place]) for place, run in enumerate(ready) if place}
        changed = {run.id: reasons[run.id] for run in queued if run.reason != reasons[run.id]}
        if changed:
            self._storage.transitions.explain_waiting(changed)

    def _reason(
        self, run: Run, blockers: dict[str, str], reviews: dict[str, str], holders: dict[str, Run]
    ) -> str:
        if run.id in blockers:
            return starts_after(self._name(blockers[run.id]))
        if run.id in reviews:
            return f"Waits until somebody has reviewed the rows of {self._name(reviews[run.id])}."
        if len(self._devices) == 1 and self._devices[0] in holders:
            (device,) = self._devices
            return f"Starts when {name_of(holders[device])} ends: both need {device_name(device)}."
        if all(device in holders for device in self._devices):
            return f"Starts when one of {len(self._devices)} GPUs is free."
        return STARTS_NEXT

    def _name(self, run_id: str) -> str:
        run = self._storage.runs.get(run_id)
        return name_of(run) if run else run_id
