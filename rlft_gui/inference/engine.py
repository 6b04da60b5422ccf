"""What answers a request: finds the checkpoints, loads what is missing, and has the models take turns.

One request at a time, from one thread. Adapters of one base share batches; full models and other bases answer beside
them, as many as fit into memory, the others after them. A pane that cannot answer says why, and the others go on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rlft_gui.domain.comparison import Generation
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.inference.found import Found, find
from rlft_gui.inference.judging import Judging
from rlft_gui.inference.lane import PADDED, Lane, Seat, empty, failed, stopped
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.lora import peculiarity
from rlft_gui.inference.placement import Placement, place
from rlft_gui.inference.protocol import MOST_CHECKPOINTS, BasedModel, GenerationRequest, Reply
from rlft_gui.inference.row_counts import RowCounts
from rlft_gui.inference.scorers import Scorers
from rlft_gui.inference.scoring import JudgingRequest, ScoringRequest
from rlft_gui.inference.shelf import Shelf
from rlft_gui.inference.slots import BASE_SLOT
from rlft_gui.inference.trouble import unforeseen

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Wish:
    """Who is to answer in a pane.

    Attributes:
        source: the base to load, or the folder of a full model.
        adapter: to plug into it.
        odd: what the adapter does beside plain LoRA, in a few words; it then gets a copy of the base of its own.
    """

    source: str
    checkpoint: str
    adapter: Found | None = None
    full: Found | None = None
    odd: str | None = None

    @property
    def model(self) -> tuple[str, str]:
        """Panes for which this is the same are answered by one loaded model."""
        return (self.source, self.adapter.slot if self.adapter and self.odd else "")

    @property
    def note(self) -> str | None:
        if self.odd is None:
            return None
        return f"The adapter of {self.checkpoint} has {self.odd}, so it answers apart from the others and more slowly."


@dataclass
class _Turns:
    """One request while it is answered."""

    request: GenerationRequest
    placement: Placement
    tell: Callable[[Reply], None]
    waiting: list[dict[int, _Wish]] = field(
        default_factory=list
    )  #: by pane, for each model that is not loaded yet
    running: list[Lane] = field(default_factory=list)
    done: list[Lane] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def tell_answers(self, answers: Sequence[Generation]) -> None:
        if answers:
            self.tell(Reply(event="answers", answers=tuple(answers)))

    def fail(self, panes: Sequence[int], sentence: str) -> None:
        asks = [ask for ask in self.request.asks if ask.pane in panes]
        self.tell_answers([failed(empty(ask), sentence) for ask in asks])

    def tell_place(self) -> None:
        """Where it computes, and what was found out about who answers."""
        notes = [note for note in dict.fromkeys([self.placement.note, *self.notes]) if note]
        self.tell(Reply(event="started", device=self.placement.title, note=" ".join(notes) or None))

    def add_notes(self, notes: Sequence[str | None]) -> None:
        if found := [note for note in notes if note and note not in self.notes]:
            self.notes += found
            self.tell_place()


class Engine:
    """Everything loaded for one home."""

    def __init__(self, home: Home) -> None:
        import torch
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # this process's terminal is its log
        self._home = home
        self._usual_threads = torch.get_num_threads()
        self._row_counts = RowCounts(home)
        self.shelf = Shelf()
        self._scorers = Scorers(home, self._usual_threads, beside=self.shelf.parameters)
        self._judging = Judging(home, self._usual_threads)

    def answer(
        self,
        request: GenerationRequest | ScoringRequest | JudgingRequest,
        tell: Callable[[Reply], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        """Answer all that is asked, or score all answers; what `is_cancelled` cuts off is told as stopped.

        Raises:
            InvalidInput: more models than one comparison holds.
        """
        import torch

        if isinstance(request, ScoringRequest):
            self._scorers.answer(request, tell, is_cancelled)
            return
        if isinstance(request, JudgingRequest):
            self._judging.answer(request, tell, is_cancelled)
            return
        if len(request.panes) > MOST_CHECKPOINTS:
            raise InvalidInput(
                f"{len(request.panes)} models were asked for; one comparison holds {MOST_CHECKPOINTS}."
            )
        placement = place(request.training_is_live, self._usual_threads)
        torch.set_num_threads(placement.threads)
        turns = _Turns(request, placement, tell)
        turns.tell_place()
        turns.waiting = self._wishes(turns)
        self._take_turns(turns, is_cancelled)
        if not is_cancelled():  # with all answers told: it takes a second or two, once
            for lane in turns.done:
                self._row_counts.try_once(lane.loaded, lane.slots)
        self.shelf.trim()

    def _take_turns(self, turns: _Turns, is_cancelled: Callable[[], bool]) -> None:
        """A token of each model, round and round; a model for which there is no room waits until another is done."""
        is_room_new = True
        while turns.waiting or turns.running:
            if is_cancelled():
                self._stop(turns)
                return
            if is_room_new:
                self._start(turns, is_cancelled)
            ended = [lane for lane in turns.running if not lane.step()]
            turns.running = [lane for lane in turns.running if lane not in ended]
            turns.done += ended
            is_room_new = bool(ended) or not turns.running

    def _start(self, turns: _Turns, is_cancelled: Callable[[], bool]) -> None:
        """Load what fits."""
        left = []
        for wishes in turns.waiting:
            if is_cancelled() or not self._load(wishes, turns):
                left.append(wishes)
        turns.waiting = left

    def _stop(self, turns: _Turns) -> None:
        for lane in turns.running:
            lane.stop()
        panes = {pane for wishes in turns.waiting for pane in wishes}
        turns.tell_answers([stopped(empty(ask)) for ask in turns.request.asks if ask.pane in panes])
        turns.waiting, turns.running = [], []

    def _wishes(self, turns: _Turns) -> list[dict[int, _Wish]]:
        """Who answers in each pane, together with those whom the same model answers for. A pane that has nobody is told so."""
        found: dict[tuple[str, str], dict[int, _Wish]] = {}
        for pane in sorted({ask.pane for ask in turns.request.asks}):
            try:
                wish = self._wish(turns.request.panes[pane])
            except RlftError as error:
                turns.fail([pane], str(error))
            else:
                found.setdefault(wish.model, {})[pane] = wish
        return list(found.values())

    def _wish(self, asked: BasedModel) -> _Wish:
        if asked.run_id is None:
            return _Wish(asked.base, "base" if asked.named is None else str(asked))
        found = find(self._home.run(asked.run_id), asked.step)
        if found.marker.kind == "full":
            return _Wish(str(found.path), found.id, full=found)
        return _Wish(found.marker.base, found.id, adapter=found, odd=peculiarity(found))

    def _load(self, wishes: dict[int, _Wish], turns: _Turns) -> bool:
        """Have these panes answered from now on; False if there is no room for their model yet."""
        try:
            loaded = self._loaded(next(iter(wishes.values())), turns)
        except RlftError as error:
            turns.fail(list(wishes), str(error))
            return True
        except Exception as error:
            logger.exception("A model could not be loaded")
            turns.fail(list(wishes), unforeseen(error))
            return True
        if loaded is None:
            return False
        seats = self._seats(loaded, wishes, turns)
        if seats:
            self._begin(loaded, seats, turns)
            turns.add_notes([wishes[pane].note for pane in seats])
        return True

    def _loaded(self, wish: _Wish, turns: _Turns) -> LoadedModel | None:
        device, in_use = turns.placement.device, [lane.loaded for lane in turns.running]
        if wish.full is not None:
            return self.shelf.full(wish.full, device, in_use)
        return self.shelf.base(wish.source, device, wish.adapter if wish.odd else None, in_use)

    def _seats(self, loaded: LoadedModel, wishes: dict[int, _Wish], turns: _Turns) -> dict[int, Seat]:
        """The slot of each pane whose adapter fits; the others are told so."""
        seats: dict[int, Seat] = {}
        for pane, wish in wishes.items():
            try:
                slot = self._slot(loaded, wish, {seat.slot for seat in seats.values()})
            except RlftError as error:
                turns.fail([pane], str(error))
            else:
                seats[pane] = Seat(slot, wish.checkpoint)
        return seats

    def _slot(self, loaded: LoadedModel, wish: _Wish, in_use: set[str]) -> str:
        if wish.adapter is None:
            return BASE_SLOT
        return wish.adapter.slot if wish.odd else loaded.plug_in(wish.adapter, keep=in_use)

    def _begin(self, loaded: LoadedModel, seats: dict[int, Seat], turns: _Turns) -> None:
        slots = tuple(dict.fromkeys(seat.slot for seat in seats.values()))

        def rows_for(count: int) -> int:
            return self._row_counts.rows(loaded, slots, count)

        lane = Lane(loaded, seats, turns.request, turns.tell_answers, rows_for)
        turns.running.append(lane)
        note = PADDED if lane.is_padded else self._row_counts.note(loaded, slots)
        turns.add_notes([note])
