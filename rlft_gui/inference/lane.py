"""What one loaded model has to answer: batch after batch, a token at a time, so that several models take turns.

A pane that cannot answer says why, and the others go on.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.domain.errors import RlftError
from rlft_gui.inference.batch import Batch, Row, Tell, is_uniform
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.protocol import MOST_MODELS, Ask, GenerationRequest
from rlft_gui.inference.trouble import unforeseen
from rlft_gui.training.models.sampling import check_room

logger = logging.getLogger(__name__)

_AT_ONCE = 32  #: rows of a model whose rounding does not count
PADDED = (
    "From the second turn on each pane goes on from its own answers, so an answer may differ by rounding from what it "
    "would be alone."
)


@dataclass(frozen=True)
class Seat:
    """A pane's place in a loaded model: its slot, and the id of the checkpoint that filled it."""

    slot: str
    checkpoint: str


class Lane:
    """The panes that one loaded model answers."""

    def __init__(
        self,
        loaded: LoadedModel,
        seats: Mapping[int, Seat],
        request: GenerationRequest,
        tell: Tell,
        rows_for: Callable[[int], int],
    ) -> None:
        """`seats` by pane; `rows_for` says in how many rows so many answers are computed."""
        self.loaded = loaded
        self.seats = seats
        self._sampling: Sampling = request.sampling
        self._tell = tell
        self._rows_for = rows_for
        self._portions = deque(_portions(loaded, seats, request))
        self._batch: Batch | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(seat.slot for seat in self.seats.values()))

    @property
    def is_padded(self) -> bool:
        """Whether answers may differ by rounding from what they would be alone."""
        return not self.loaded.is_exact and not all(is_uniform(rows) for rows in self._portions)

    def step(self) -> bool:
        """One more token; whether there is more to do."""
        try:
            if self._batch is None:
                self._begin()
            elif not self._batch.step():
                self._batch = None
        except RlftError as error:
            self._fail(str(error))
        except Exception as error:
            logger.exception("A model failed while it answered")
            self._fail(unforeseen(error))
        return self._batch is not None or bool(self._portions)

    def _begin(self) -> None:
        # They stay among the portions until there is a batch that can tell who waits for it.
        rows = self._portions[0] = self._fitting(self._portions[0])
        if rows:
            computed = self._rows_for(len(rows)) if is_uniform(rows) else len(rows)
            self._batch = Batch(self.loaded, rows, self._sampling, self._tell, computed)
        self._portions.popleft()

    def _fitting(self, rows: Sequence[Row]) -> list[Row]:
        """Those whose prompt leaves room for an answer; the others are told so."""
        found: list[Row] = []
        known: dict[int, str | None] = {}
        for row in rows:
            key = id(row.messages)
            if key not in known:
                known[key] = self._problem(row)
            if (problem := known[key]) is None:
                found.append(row)
            else:
                self._tell([failed(answer, problem) for answer in row.answers])
        return found

    def _problem(self, row: Row) -> str | None:
        try:
            check_room(self.loaded.model, self.loaded.tokenizer, row.messages)
        except RlftError as error:
            return str(error)
        return None

    def stop(self) -> None:
        """Nothing more is written; what was not begun is told as stopped."""
        if self._batch is not None:
            self._batch.stop()
            self._batch = None
        waiting = [answer for rows in self._portions for row in rows for answer in row.answers]
        self._portions.clear()
        self._tell([stopped(answer) for answer in waiting])

    def _fail(self, sentence: str) -> None:
        """This batch fails; what comes after it may still work."""
        if self._batch is not None:
            lost = self._batch.unfinished
            self._batch = None
        else:
            lost = [answer for row in self._portions.popleft() for answer in row.answers]
        self._tell([failed(answer, sentence) for answer in lost])


def failed(answer: Generation, sentence: str) -> Generation:
    return answer.model_copy(update={"status": GenerationStatus.FAILED, "error": sentence})


def stopped(answer: Generation) -> Generation:
    return answer.model_copy(update={"status": GenerationStatus.DONE, "finish": "stopped"})


def empty(ask: Ask, checkpoint: str | None = None) -> Generation:
    """The answer to an ask before it begins."""
    return Generation(
        pane=ask.pane,
        prompt_index=ask.prompt_index,
        draw=ask.draw,
        seed=ask.seed,
        status=GenerationStatus.WAITING,
        checkpoint=checkpoint,
    )


def _portions(
    loaded: LoadedModel, seats: Mapping[int, Seat], request: GenerationRequest
) -> list[Sequence[Row]]:
    """The rows of each batch. Panes that show the same (one checkpoint asked for in two ways) share a row."""
    shown: dict[int, dict[tuple[str, int, int], list[Generation]]] = defaultdict(dict)
    asks = [ask for ask in request.asks if ask.pane in seats]
    for ask in sorted(asks, key=lambda ask: (ask.prompt_index, ask.draw, ask.pane)):
        seat = seats[ask.pane]
        key = (seat.slot, ask.conversation, ask.seed)
        shown[ask.prompt_index].setdefault(key, []).append(empty(ask, seat.checkpoint))
    # One that answers by PEFT is computed alone, as it always was, so that its rounding is always the same.
    most = _AT_ONCE if loaded.is_exact else 1 if loaded.is_alone else MOST_MODELS
    portions: list[Sequence[Row]] = []
    for keys in shown.values():
        rows = [
            Row(slot, request.conversations[conversation], seed, answers)
            for (slot, conversation, seed), answers in keys.items()
        ]
        portions += [rows[start : start + most] for start in range(0, len(rows), most)]
    return portions
