"""In how many rows a model computes, so that an answer is the same alone and among others.

How a product rounds may depend on how many rows it has. MOST_MODELS rows, the spare ones thrown away, are always right, and
may take much longer than the few that are asked for. So fewer are taken where a trial has shown that this model's logits
come out equal to the last bit, with rows at either end of the batch. A trial holds for what could change a product:
weights, widths of the adapters, torch, device and threads. It is kept in the home, for it costs a second or two.

Adapters of several widths in one batch change nothing: each width has products of its own (slots.py).
"""

import copy
import hashlib
import json
import logging
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.protocol import MOST_MODELS
from rlft_gui.training.models.caches import can_join
from rlft_gui.training.models.sampling import context_length

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

TRIED = (2, 4)
#: Tokens in the cache while it is tried: attention goes other ways behind few and behind many.
_LENGTHS = (3, 64, 600)


class Trial(Frozen):
    """What a trial has shown: the numbers of rows that are as good as MOST_MODELS, and seconds for a token of each."""

    equal: tuple[int, ...]
    seconds: dict[int, float]


NOTHING_SHOWN = Trial(equal=(), seconds={})


class _Trials(Frozen):
    """Contents of `row_counts.json`."""

    trials: dict[str, Trial] = Field(default_factory=dict)


class RowCounts:
    """What is known of one home's models on this machine."""

    def __init__(self, home: Home) -> None:
        addresses.make_folder(home)
        self._path = home.inference / "row_counts.json"
        self._trials = dict(_read(self._path).trials)

    def rows(self, loaded: LoadedModel, slots: Sequence[str], count: int) -> int:
        """How many rows so many answers of these slots are computed in."""
        if loaded.is_exact or loaded.is_alone:
            return count
        trial = self._trials.get(_key(loaded, slots))
        proven = trial.equal if trial is not None else ()
        return min(rows for rows in (*proven, MOST_MODELS) if rows >= count)

    def _all_rows(self, loaded: LoadedModel, slots: Sequence[str]) -> bool:
        """Whether an answer of each slot is computed in as many rows as there ever are."""
        return len(slots) <= MOST_MODELS == self.rows(loaded, slots, len(slots))

    def note(self, loaded: LoadedModel, slots: Sequence[str]) -> str | None:
        """A sentence, where a trial has shown that fewer rows would change the answers; what the others cost."""
        trial = self._trials.get(_key(loaded, slots)) if self._all_rows(loaded, slots) else None
        enough = min((rows for rows in TRIED if rows >= len(slots)), default=MOST_MODELS)
        if trial is None or enough == MOST_MODELS or not trial.seconds:
            return None
        times = trial.seconds[MOST_MODELS] / trial.seconds[enough]
        return (
            f"So that an answer is the same alone and among others, this model always computes {MOST_MODELS} of them, which "
            f"takes {times:.1f} times as long as {enough} would."
        )

    def try_once(self, loaded: LoadedModel, slots: Sequence[str]) -> None:
        """Try these slots' model, if fewer rows would do and none is known to."""
        if len(slots) > max(TRIED) or not self._all_rows(loaded, slots):
            return
        key = _key(loaded, slots)
        if key not in self._trials:
            self._trials[key] = _tried(loaded, slots)
            logger.info("Rows equal to %d of them: %s", MOST_MODELS, self._trials[key].equal)
            draft = self._path.with_suffix(f".{os.getpid()}")
            draft.write_text(_Trials(trials=self._trials).model_dump_json())
            draft.replace(self._path)


def _tried(loaded: LoadedModel, slots: Sequence[str]) -> Trial:
    try:
        return _try(loaded, slots)
    except Exception:
        # A model may be asked here in a way that it does not know. It has answered already, and goes on as it did.
        logger.exception("Fewer rows could not be tried")
        return NOTHING_SHOWN


def _read(path: Path) -> _Trials:
    try:
        return _Trials.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return _Trials()


def _key(loaded: LoadedModel, slots: Sequence[str]) -> str:
    import torch
    import transformers

    device = loaded.model.device
    facts = [
        loaded.base_hash,
        loaded.slots.widths(slots),
        torch.__version__,
        transformers.__version__,
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else torch.backends.cpu.get_cpu_capability(),
        torch.get_num_threads(),
        platform.node(),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _try(loaded: LoadedModel, slots: Sequence[str]) -> Trial:
    """What a trial shows; nothing, if the model's cache is none that rows can be taken from."""
    import torch

    names = [slots[row % len(slots)] for row in range(MOST_MODELS)]
    equal, seconds = set(TRIED), dict[int, float]()
    with torch.no_grad():
        for length in _LENGTHS:
            room = (context_length(loaded.model) or length + 1) - 1
            filled = _filled_cache(loaded.model, names, min(length, room))
            if filled is None:
                return NOTHING_SHOWN
            full, seconds[MOST_MODELS] = _next(loaded.model, names, filled, slice(None))
            for rows in TRIED:
                for part in (slice(0, rows), slice(MOST_MODELS - rows, None)):
                    some, seconds[rows] = _next(loaded.model, names, filled, part)
                    if not torch.equal(some, full[part]):
                        equal.discard(rows)
    return Trial(equal=tuple(sorted(equal)), seconds=seconds)


def _filled_cache(model: Any, names: list[str], length: int) -> Any | None:
    """A cache of MOST_MODELS rows behind `length` tokens, which holds random numbers."""
    import torch

    read = model(input_ids=_tokens(model), adapter_names=names, use_cache=True, logits_to_keep=1)
    cache = read.past_key_values
    if not can_join(cache):
        return None
    for layer in cache.layers:
        if not layer.is_initialized:
            continue
        rows, heads, _, width = layer.keys.shape
        kept = length
        if layer.is_sliding:
            layer.cumulative_length, kept = length, min(length, layer.sliding_window - 1)
        noise = torch.randn(rows, heads, kept, width, generator=torch.Generator().manual_seed(length))
        layer.keys = layer.values = noise.to(layer.keys)
    return cache


def _next(model: Any, names: list[str], filled: Any, part: slice) -> tuple["torch.Tensor", float]:
    """The logits of these rows' next token, and the seconds that they took. What is `filled` stays as it is."""
    import torch

    tokens, cache = _tokens(model)[part], copy.copy(filled)
    cache.layers = [copy.copy(layer) for layer in filled.layers]
    cache.batch_select_indices(torch.arange(MOST_MODELS, device=tokens.device)[part])
    began = time.perf_counter()
    read = model(
        input_ids=tokens, past_key_values=cache, adapter_names=names[part], use_cache=True, logits_to_keep=1
    )
    logits: torch.Tensor = read.logits[:, -1].cpu()
    return logits, time.perf_counter() - began


def _tokens(model: Any) -> "torch.Tensor":
    """A token for each of MOST_MODELS rows, all different, shape (rows, 1)."""
    import torch

    return torch.arange(MOST_MODELS, device=model.device)[:, None] % model.config.get_text_config().vocab_size
