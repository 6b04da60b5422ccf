"""What answers a request: finds the checkpoints, loads what is missing, and runs one batch per prompt and base.

One request at a time, from one thread. A pane that cannot answer says why, and the others go on.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.domain.errors import InvalidInput, NotFound, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.inference.batch import Batch, Tell
from rlft_gui.inference.found import Found, find
from rlft_gui.inference.judging import Judging
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.lora import peculiarity
from rlft_gui.inference.placement import Placement, place
from rlft_gui.inference.protocol import MOST_MODELS, BasedModel, GenerationRequest, Reply
from rlft_gui.inference.row_counts import RowCounts
from rlft_gui.inference.scorers import Scorers
from rlft_gui.inference.scoring import JudgingRequest, ScoringRequest
from rlft_gui.inference.slots import BASE_SLOT
from rlft_gui.training.models.loading import Stamp, base_stamp

logger = logging.getLogger(__name__)

#: Bases and full models kept in memory, and more of them while all together stay this small. The least recently used
#: goes first; one that is answering stays until it has.
MOST_LOADED, MOST_PARAMETERS = 2, 500_000_000


@dataclass(frozen=True)
class FilledSlot:
    """What answers in a pane: an adapter slot of a loaded model, and the id of the checkpoint that filled it."""

    loaded: LoadedModel
    name: str
    checkpoint: str
    note: str | None = None  #: a sentence on how it answers, where that is unusual


class Engine:
    """Everything loaded for one home."""

    def __init__(self, home: Home) -> None:
        import torch
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # this process's terminal is its log
        self._home = home
        self._usual_threads = torch.get_num_threads()
        self._row_counts = RowCounts(home)
        self._models: OrderedDict[tuple[str, str, Stamp, str], LoadedModel] = OrderedDict()
        self._scorers = Scorers(home, self._usual_threads, beside=self._parameters)
        self._judging = Judging(home, self._usual_threads)

    def answer(
        self,
        request: GenerationRequest | ScoringRequest | JudgingRequest,
        tell: Callable[[Reply], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        """Answer all prompts, or score all answers; what `is_cancelled` cuts off is told as stopped.

        Raises:
            InvalidInput: more models than one batch holds.
        """
        import torch

        if isinstance(request, ScoringRequest):
            self._scorers.answer(request, tell, is_cancelled)
            return
        if isinstance(request, JudgingRequest):
            self._judging.answer(request, tell, is_cancelled)
            return
        if len(request.panes) > MOST_MODELS:
            raise InvalidInput(
                f"{len(request.panes)} models were asked for; one comparison holds {MOST_MODELS}."
            )
        placement = place(request.training_is_live, self._usual_threads)
        torch.set_num_threads(placement.threads)
        tell(Reply(event="started", device=placement.title, note=placement.note))

        def tell_answers(answers: Sequence[Generation]) -> None:
            tell(Reply(event="answers", answers=tuple(answers)))

        filled = self._fill_panes(request, placement.device, tell_answers)
        groups = _by_model(filled)
        self._tell_notes(placement, filled, groups, tell)
        for index, prompt in enumerate(request.prompts):
            for loaded, slots in groups.items():
                sharing = {pane: slot for pane, slot in filled.items() if slot.loaded is loaded}
                rows = self._row_counts.rows(loaded, slots)
                turn = PromptTurn(index, prompt, request.sampling, tell_answers, is_cancelled, rows)
                _answer_prompt(loaded, sharing, turn)
        if not is_cancelled():  # with all answers told: it takes a second or two, once
            for loaded, slots in groups.items():
                self._row_counts.try_once(loaded, slots)

    def _tell_notes(
        self,
        placement: Placement,
        filled: Mapping[int, FilledSlot],
        groups: Mapping[LoadedModel, Sequence[str]],
        tell: Callable[[Reply], None],
    ) -> None:
        """Say again where it computes, with what was found out about who answers, if anything was."""
        by_pane = [slot.note for slot in filled.values()]
        by_model = [self._row_counts.note(loaded, slots) for loaded, slots in groups.items()]
        if found := [note for note in dict.fromkeys([*by_pane, *by_model]) if note]:
            notes = [placement.note, *found] if placement.note else found
            tell(Reply(event="started", device=placement.title, note=" ".join(notes)))

    def _fill_panes(self, request: GenerationRequest, device: str, tell: Tell) -> dict[int, FilledSlot]:
        """Who answers in each pane. A pane that has nobody is told so for every prompt, and left out."""
        filled: dict[int, FilledSlot] = {}
        for pane, asked in enumerate(request.panes):
            try:
                in_use = {slot.name for slot in filled.values()}
                filled[pane] = self._fill_pane(asked, device, in_use)
            except RlftError as error:
                tell([_failed(pane, index, error) for index in range(len(request.prompts))])
        return filled

    def _fill_pane(self, asked: BasedModel, device: str, in_use: set[str]) -> FilledSlot:
        if asked.run_id is None:
            return FilledSlot(self._model(asked.base, device), BASE_SLOT, "base")
        found = find(self._home.run(asked.run_id), asked.step)
        if found.marker.kind == "full":
            return FilledSlot(self._full_model(found, device), BASE_SLOT, found.id)
        if odd := peculiarity(found):
            loaded = self._model(found.marker.base, device, by_peft=found)
            note = (
                f"The adapter of {found.id} has {odd}, so it answers apart from the others and more slowly."
            )
            return FilledSlot(loaded, found.slot, found.id, note)
        loaded = self._model(found.marker.base, device)
        return FilledSlot(loaded, loaded.plug_in(found, keep=in_use), found.id)

    def _model(self, source: str, device: str, by_peft: Found | None = None) -> LoadedModel:
        """A base, or with `by_peft` a copy of it with this one adapter."""
        key = (source, device, base_stamp(source), by_peft.slot if by_peft else "")
        if key not in self._models:
            logger.info("Loading %s on %s", source, device)
            loaded = LoadedModel(source, device, by_peft)
            self._make_room(loaded.parameters)
            self._models[key] = loaded
        self._models.move_to_end(key)
        return self._models[key]

    def _full_model(self, found: Found, device: str) -> LoadedModel:
        """A checkpoint that is a model of its own.

        Raises:
            NotFound: it was replaced while it was read; what was read is forgotten.
        """
        loaded = self._model(str(found.path), device)
        try:
            found.check_unchanged()
        except NotFound:
            self._models = OrderedDict(
                (key, model) for key, model in self._models.items() if model is not loaded
            )
            raise
        return loaded

    def _make_room(self, parameters: int) -> None:
        while len(self._models) >= MOST_LOADED and self._parameters() + parameters > MOST_PARAMETERS:
            self._models.popitem(last=False)

    def _parameters(self) -> int:
        return sum(loaded.parameters for loaded in self._models.values())


@dataclass(frozen=True)
class PromptTurn:
    """One prompt of what was asked, and how to tell."""

    index: int
    prompt: str
    sampling: Sampling
    tell: Tell
    is_cancelled: Callable[[], bool]
    rows: int  #: that are computed, at least one for each slot


def _by_model(filled: Mapping[int, FilledSlot]) -> dict[LoadedModel, tuple[str, ...]]:
    """The slots that answer in each loaded model, each once."""
    groups: dict[LoadedModel, dict[str, None]] = {}
    for slot in filled.values():
        groups.setdefault(slot.loaded, {})[slot.name] = None
    return {loaded: tuple(names) for loaded, names in groups.items()}


def _answer_prompt(loaded: LoadedModel, filled: Mapping[int, FilledSlot], turn: PromptTurn) -> None:
    """One batch: all panes whose slots are in this model."""
    waiting: dict[str, list[Generation]] = {}
    for pane, slot in filled.items():
        answer = Generation(
            pane=pane,
            prompt_index=turn.index,
            status=GenerationStatus.WAITING,
            checkpoint=slot.checkpoint,
        )
        waiting.setdefault(slot.name, []).append(answer)
    if turn.is_cancelled():
        stopped = {"status": GenerationStatus.DONE, "finish": "stopped"}
        turn.tell([one.model_copy(update=stopped) for several in waiting.values() for one in several])
        return
    try:
        batch = Batch(loaded, waiting, turn.tell, turn.is_cancelled, turn.rows)
        batch.run(turn.prompt, turn.sampling)
    except RlftError as error:
        turn.tell([_failed(pane, turn.index, error) for pane in filled])


def _failed(pane: int, prompt_index: int, error: RlftError) -> Generation:
    return Generation(pane=pane, prompt_index=prompt_index, status=GenerationStatus.FAILED, error=str(error))
