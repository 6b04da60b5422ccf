"""How a run's worker gets onto a machine. Each launcher is one file."""

from rlft_gui.launchers._base import Launcher, WorkerStatus
from rlft_gui.launchers.local import LocalLauncher

__all__ = ["Launcher", "LocalLauncher", "WorkerStatus"]
