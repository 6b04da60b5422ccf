"""Models in memory: one base and the adapters plugged into it, or one full checkpoint.

An adapter slot is filled from one checkpoint folder and is named after that folder's own marker, so what an answer is
said to come from is what its weights were read with, never what was asked for. A checkpoint that was written anew
under the same step gets a slot of its own.

Left out: DoRA and adapters that replace whole modules. PEFT cannot mix them in one batch, and no stage makes them.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import RunFolder
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.adapters import WEIGHTS, check_base
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.models.loading import base_hash, load_base

BASE_SLOT = "__base__"  #: PEFT's name for "no adapter"
MOST_ADAPTERS = 12  #: kept per base; the least recently used goes

#: Up to here a CPU computes in float64. It costs next to nothing at this size, and makes rounding so fine that neither
#: neighbours in the batch nor the number of threads can tip an answer over.
FLOAT64_PARAMETERS = 50_000_000


@dataclass(frozen=True)
class Found:
    """A complete checkpoint on disk, as it is now."""

    run_id: str
    path: Path
    marker: CheckpointMarker
    fingerprint: str

    @property
    def id(self) -> str:
        return f"{self.run_id}@{self.marker.step}"

    @property
    def slot(self) -> str:
        """A name for its adapter; PEFT allows no dots."""
        return f"{self.id}#{self.fingerprint[:12]}".replace(".", "_")

    def check_unchanged(self) -> None:
        """Once it was read, make sure that what was read is what was found.

        Raises:
            NotFound: its files went or changed meanwhile.
        """
        if not self.path.is_dir() or _fingerprint(self.path) != self.fingerprint:
            raise NotFound(f"Checkpoint {self.id} was replaced while it was being read. Ask again.")


def find(folder: RunFolder, step: int | None) -> Found:
    """The checkpoint of that step, or with None the newest.

    Raises:
        NotFound: there is no such complete checkpoint, or it is damaged.
    """
    path = checkpoints.resolve(folder, step)
    # The marker goes first when a checkpoint is discarded, so read it after the files: it vouches for them.
    fingerprint = _fingerprint(path)
    marker = checkpoints.marker(folder, int(path.name.removeprefix("step-")))
    _check_sound(folder, marker.step, fingerprint)
    return Found(folder.run_id, path, marker, fingerprint)


@lru_cache(maxsize=256)
def _check_sound(folder: RunFolder, step: int, fingerprint: str) -> None:
    """Compare a checkpoint's files with what was written, once while its fingerprint stays the same.

    Raises:
        NotFound: it is damaged.
    """
    checkpoints.sound(folder, step)


class LoadedModel:
    """One base model and its adapter slots. `source` is a base's name, or the folder of a full model."""

    def __init__(self, source: str, device: str) -> None:
        self._source = source
        self.base_hash = base_hash(source)
        self.model, self.tokenizer = load_base(source, device)
        #: Rounding is too fine for the shape of a batch to matter.
        self.parameters = _parameters(self.model)
        self.is_exact = device == "cpu" and self.parameters <= FLOAT64_PARAMETERS
        self._slots: OrderedDict[str, None] = OrderedDict()
        self._settle()

    @property
    def has_adapters(self) -> bool:
        """Whether the model takes `adapter_names`."""
        return hasattr(self.model, "peft_config")

    def plug_in(self, found: Found, keep: Collection[str]) -> str:
        """Have this checkpoint's adapter loaded; returns its slot. Slots in `keep` stay whatever happens.

        Raises:
            InvalidInput: it was trained on another base, or its adapter does not fit.
            NotFound: its files went or changed while they were read.
        """
        check_base(found.marker, f"Checkpoint {found.id}", self._source, self.base_hash)
        if found.slot not in self._slots:
            self._make_room(keep)
            self._load(found)
        self._slots[found.slot] = None
        self._slots.move_to_end(found.slot)
        return found.slot

    def _make_room(self, keep: Collection[str]) -> None:
        surplus = len(self._slots) + 1 - MOST_ADAPTERS
        # In the order of last use, oldest first; those of this very request stay.
        for slot in [slot for slot in self._slots if slot not in keep][: max(0, surplus)]:
            self.model.delete_adapter(slot)
            del self._slots[slot]

    def _load(self, found: Found) -> None:
        from peft import LoraConfig, PeftModelForCausalLM

        _check_weights(found)
        if not self.has_adapters:
            config = LoraConfig.from_pretrained(str(found.path))
            config.inference_mode = True
            # Wrapped with untrained weights first: load_adapter below fills them and says which did not fit.
            self.model = PeftModelForCausalLM(self.model, config, adapter_name=found.slot)
        device = str(self.model.device)
        result = self.model.load_adapter(str(found.path), found.slot, torch_device=device)
        self._settle()
        if result.missing_keys or result.unexpected_keys:
            self.model.delete_adapter(found.slot)
            raise InvalidInput(
                f"The adapter of checkpoint {found.id} does not fit its base: {len(result.missing_keys)} weights are "
                f"missing and {len(result.unexpected_keys)} are unknown. Use another checkpoint."
            )
        try:
            found.check_unchanged()
        except NotFound:
            self.model.delete_adapter(found.slot)
            raise

    def _settle(self) -> None:
        """Everything in one precision, dropout off: also what was just plugged in."""
        if self.is_exact:
            self.model.double()
        self.model.eval()


def _check_weights(found: Found) -> None:
    """Refuse what is missing, and what would change the base itself and with it every other answer."""
    from safetensors import SafetensorError, safe_open

    path = found.path / WEIGHTS
    if not path.is_file():
        raise NotFound(f"Checkpoint {found.id} has no {WEIGHTS}. Use another checkpoint of this run.")
    try:
        with safe_open(path, framework="numpy") as weights:
            foreign = [name for name in weights.keys() if ".lora_" not in name]  # noqa: SIM118 - not a dict
    except SafetensorError as error:
        raise InvalidInput(
            f"The weights of checkpoint {found.id} cannot be read: {error}. Use another."
        ) from error
    if foreign:
        raise InvalidInput(
            f"Checkpoint {found.id} holds {foreign[0]}, which is no part of a LoRA adapter but replaces a part of the "
            "base. Such a checkpoint cannot be compared beside others."
        )


def _parameters(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _fingerprint(path: Path) -> str:
    """Changes whenever the checkpoint is written anew, were it with the same names and sizes."""
    facts = [
        (file.name, status.st_ino, status.st_size, status.st_mtime_ns)
        for file in sorted(path.iterdir())
        if file.is_file() and (status := file.stat())
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
