"""Many prompts through several checkpoints of one base, batch after batch, for whoever waits for all of them.

An answer is that of Compare for the same seed: what decides it is its own randomness (training/models/sampling.py) and
rounding. Tiny models compute so finely that any rows may share a batch. Of others a batch has as many rows as Compare's
largest, all of one length so that none is padded, the spare ones thrown away. One that answers by PEFT answers alone.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rlft_gui.domain.comparison import ModelRef, Sampling
from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.turns import Message
from rlft_gui.inference.found import Found, find
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.lora import peculiarity
from rlft_gui.inference.protocol import MOST_MODELS
from rlft_gui.inference.slots import BASE_SLOT
from rlft_gui.training.models.sampling import Completion, context_length, encode_prompt, sample

_AT_ONCE = 64  #: rows of a model whose rounding does not count


@dataclass(frozen=True)
class Wanted:
    """A model as asked for.

    Attributes:
        source: the base to load, or the folder of a full model.
        checkpoint: what answers: "base" or "RUN@step".
        adapter: to plug into it.
        is_odd: the adapter is more than plain LoRA, and gets a copy of the base of its own.
    """

    name: str
    source: str
    checkpoint: str
    adapter: Found | None = None
    is_odd: bool = False

    @property
    def model(self) -> tuple[str, str]:
        """Those for which this is the same are answered by one loaded model."""
        return (self.source, self.adapter.slot if self.adapter and self.is_odd else "")


@dataclass(frozen=True)
class Ask:
    """One answer to draw. `model` is as asked for, `place` the prompt's in the suite."""

    model: str
    place: int
    seed: int
    messages: Sequence[Message]


@dataclass(frozen=True)
class Drawn:
    """One answer, or why there is none."""

    ask: Ask
    checkpoint: str | None
    completion: Completion | None
    seconds: float
    error: str | None = None


def wanted(home: Home, base: str, name: str) -> Wanted:
    """Who answers under this name.

    Raises:
        NotFound: the run has no such complete checkpoint, or it is damaged.
        InvalidInput: the name is none.
    """
    ref = ModelRef.parse_for_batch(name)
    if ref.run_id is None:
        return Wanted(name, base, "base")
    if not home.run(ref.run_id).path.is_dir():
        raise NotFound(f"Run {ref.run_id} was deleted, and its checkpoints with it.")
    found = find(home.run(ref.run_id), ref.step)
    if found.marker.kind == "full":
        return Wanted(name, str(found.path), found.id)
    is_odd = peculiarity(found) is not None
    return Wanted(name, found.marker.base, found.id, adapter=found, is_odd=is_odd)


class Bulk:
    """One loaded model and the checkpoints that answer with it."""

    def __init__(self, models: Sequence[Wanted], device: str) -> None:
        """Load it; a checkpoint that does not fit is told with each of its answers.

        Raises:
            InvalidInput: the base cannot be loaded.
            NotFound: it is not there.
        """
        first = models[0]
        self.loaded = LoadedModel(first.source, device, first.adapter if first.is_odd else None)
        self._slots: dict[str, str] = {}
        self._checkpoints = {one.name: one.checkpoint for one in models}
        self._unfit: dict[str, str] = {}
        for one in models:
            try:
                self._slots[one.name] = self._slot(one)
            except RlftError as error:
                self._unfit[one.name] = str(error)

    def _slot(self, one: Wanted) -> str:
        if one.adapter is None:
            return BASE_SLOT
        return one.adapter.slot if one.is_odd else self.loaded.plug_in(one.adapter, keep=self._slots.values())

    def portions(self, asks: Sequence[Ask], sampling: Sampling) -> tuple[list[Drawn], list["Portion"]]:
        """What cannot be answered, with why; and batches to draw, in the order of the prompts as far as may be."""
        fitting: list[_Fitting] = []
        refused: list[Drawn] = []
        lengths: dict[int, int | str] = {}
        for ask in asks:
            if ask.place not in lengths:
                lengths[ask.place] = self._length(ask.messages)
            length, unfit = lengths[ask.place], self._unfit.get(ask.model)
            if unfit is not None or isinstance(length, str):
                refused.append(Drawn(ask, None, None, 0.0, unfit or str(length)))
            else:
                fitting.append(_Fitting(ask, length, self._room(length, sampling)))
        return refused, [
            Portion(
                self,
                [one.ask for one in group],
                sampling.model_copy(update={"max_new_tokens": min(one.room for one in group)}),
            )
            for group in self._alike(fitting)
        ]

    def draw(self, asks: Sequence[Ask], sampling: Sampling) -> list[Drawn]:
        """Answer these at once; where that fails, each says why."""
        began = time.monotonic()
        spare = 0 if self.loaded.is_exact or self.loaded.is_alone else MOST_MODELS - len(asks)
        rows = [*asks, *[asks[0]] * spare]
        try:
            completions = sample(
                self.loaded.model,
                self.loaded.tokenizer,
                [list(ask.messages) for ask in rows],
                sampling,
                None if self.loaded.is_alone else [self._slots[ask.model] for ask in rows],
                keep_shape=not self.loaded.is_exact,
                seeds=[ask.seed for ask in rows],
            )
        except (RlftError, RuntimeError) as error:  # torch tells a full memory by a RuntimeError
            return [Drawn(ask, self._checkpoints[ask.model], None, 0.0, _told(error)) for ask in asks]
        seconds = time.monotonic() - began
        return [
            Drawn(ask, self._checkpoints[ask.model], completion, seconds)
            for ask, completion in zip(asks, completions, strict=False)
        ]

    def _alike(self, asks: Sequence["_Fitting"]) -> Iterator[list["_Fitting"]]:
        """Rows that may be computed together: with the same room for an answer, or where rounding counts of the same length."""

        def likeness(one: _Fitting) -> int:
            return one.room if self.loaded.is_exact else one.length

        most = _AT_ONCE if self.loaded.is_exact else 1 if self.loaded.is_alone else MOST_MODELS
        # Stable, so that most answers come in the suite's order.
        for _, group in groupby(sorted(asks, key=likeness), key=likeness):
            rows = list(group)
            yield from (rows[start : start + most] for start in range(0, len(rows), most))

    def _length(self, messages: Sequence[Message]) -> int | str:
        """Tokens of a prompt; a sentence where it leaves no room, or the chat template refuses it."""
        try:
            length = len(encode_prompt(self.loaded.tokenizer, messages))
        except RlftError as error:
            return str(error)
        context = context_length(self.loaded.model)
        if context is not None and length >= context:
            return (
                f"A prompt has {length} tokens, and the model can read {context}. Shorten the prompt to leave room for an "
                "answer."
            )
        return length

    def _room(self, length: int, sampling: Sampling) -> int:
        context = context_length(self.loaded.model)
        return sampling.max_new_tokens if context is None else min(sampling.max_new_tokens, context - length)


@dataclass(frozen=True)
class _Fitting:
    """An ask with the tokens of its prompt, and those that its answer may have."""

    ask: Ask
    length: int
    room: int


@dataclass(frozen=True)
class Portion:
    """One batch that is still to be drawn."""

    bulk: Bulk
    asks: Sequence[Ask]
    sampling: Sampling

    def draw(self) -> list[Drawn]:
        return self.bulk.draw(self.asks, self.sampling)


def _told(error: Any) -> str:
    if isinstance(error, RlftError):
        return str(error)
    return f"The model failed while it answered: {str(error).splitlines()[0] if str(error) else type(error).__name__}."
