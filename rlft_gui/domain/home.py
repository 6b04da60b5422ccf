"""Where things live below the home folder. Only path arithmetic: nothing here touches the disk."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

#: Environment variable that names the run folder in a training process and whatever that starts, so that leftovers
#: are found by it and never by a process number, which may have changed hands.
RUN_MARK = "RLFT_RUN_FOLDER"
#: The id of a base model that was made here: the beginning of the SHA-256 of the file it was made of.
_MADE = re.compile(r"m-[0-9a-f]{10}")


@dataclass(frozen=True)
class Home:
    """One user's data: a database, run folders, uploaded datasets, locks and sockets."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "rlft.db"

    @property
    def token(self) -> Path:
        """What the owner of this machine signs in with; readable by nobody else."""
        return self.path / "token"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def datasets(self) -> Path:
        return self.path / "datasets"

    @property
    def models(self) -> Path:
        """Base models that were made here, a folder each, and what others are called for short."""
        return self.path / "models"

    @property
    def trials(self) -> Path:
        """What was found out about base models, a file each; may be deleted at any time."""
        return self.path / "trials"

    @property
    def speeds(self) -> Path:
        """How fast machines were found to compute, a file each; may be deleted at any time."""
        return self.path / "speeds"

    @property
    def uploads(self) -> Path:
        """Files that were added and wait for a person to say what they hold; may be deleted at any time."""
        return self.path / "uploads"

    @property
    def keeper_lock(self) -> Path:
        return self.path / "keeper.lock"

    @property
    def keeper_log(self) -> Path:
        return self.path / "keeper.log"

    @property
    def inference(self) -> Path:
        """Folder of the inference process: its lock, address, token and log."""
        return self.path / "inference"

    def warm(self, device: str) -> Path:
        """Folder of the warm worker of a device ("cpu", "gpu:0"): its lock, socket and log."""
        return self.path / "warm" / device.replace(":", "-")

    def run(self, run_id: str) -> "RunFolder":
        return RunFolder(self.runs / run_id)

    def dataset(self, dataset_id: str) -> Path:
        """Folder of one stored dataset: `rows.jsonl` and `info.json`."""
        return self.datasets / dataset_id

    def model(self, model_id: str) -> Path:
        """Folder of one base model that was made here: as save_pretrained writes it, and `info.json`."""
        return self.models / model_id

    def located(self, base: str) -> str:
        """A base as it is named here: one that was made below a home which was moved since moved with it."""
        path = PurePath(base)
        was_made = path.is_absolute() and path.parent.name == "models" and _MADE.fullmatch(path.name)
        return str(self.model(path.name)) if was_made else base


@dataclass(frozen=True)
class RunFolder:
    """The contract between app and worker: see docs/decisions.md, "A run is a folder and a row"."""

    path: Path

    @property
    def home(self) -> Home:
        return Home(self.path.parent.parent)

    @property
    def run_id(self) -> str:
        return self.path.name

    @property
    def recipe(self) -> Path:
        return self.path / "recipe.json"

    @property
    def stop(self) -> Path:
        return self.path / "stop"

    @property
    def lock(self) -> Path:
        return self.path / "worker.lock"

    @property
    def sign(self) -> Path:
        """What the supervisor leaves on taking the lock: which attempt it minds. Never a reason to signal a process."""
        return self.path / "worker.json"

    @property
    def worker_end(self) -> Path:
        """Which signal killed the supervisor, where its parent could tell."""
        return self.path / "worker-end.json"

    @property
    def session(self) -> Path:
        """Which session a forked trainer leads, while it lives: a fork cannot carry the run's mark."""
        return self.path / "session.json"

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def probe(self) -> Path:
        """The last probe, for runs that continue this one."""
        return self.path / "probe.json"

    @property
    def exit(self) -> Path:
        return self.path / "exit.json"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def dataset(self) -> Path:
        return self.path / "dataset"

    @property
    def log(self) -> Path:
        return self.path / "worker.log"

    def checkpoint(self, step: int) -> Path:
        return self.checkpoints / f"step-{step}"
