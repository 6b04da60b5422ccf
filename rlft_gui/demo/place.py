"""Where a demo's files lie. Only path arithmetic."""

from dataclasses import dataclass
from pathlib import Path

from rlft_gui.domain.home import Home


@dataclass(frozen=True)
class Place:
    """One demo on one machine.

    The seed is what the demo came with, and is only read. Who only looks is answered from `looking`, a home whose runs,
    datasets and models are links into the seed; there also lies what all visitors share: the inference process.
    """

    path: Path

    @property
    def seeds(self) -> Path:
        """Unpacked files, a folder each, named by what they hold."""
        return self.path / "seeds"

    @property
    def looking(self) -> Home:
        return Home(self.path / "looking")

    @property
    def sandboxes(self) -> Path:
        return self.path / "sandboxes"

    @property
    def lock(self) -> Path:
        """Held by the one app that serves it."""
        return self.path / "serving.lock"

    def sandbox(self, visitor: str) -> Home:
        return Home(self.sandboxes / visitor)
