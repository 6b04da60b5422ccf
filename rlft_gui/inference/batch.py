"""Answers of several checkpoints of one base in one batch, told as they grow.

An answer must be the same alone and among others. Its randomness is its own (training/models/sampling.py); what is left is
rounding, which differs with the shape of a matrix product. Where every row holds the same prompt, padding never
differs. Tiny models compute in float64, where rounding is far below what could tip a choice. For the others each
batch has a number of rows that rounds as any other in use (row_counts.py), the spare ones copies of the first and thrown
away, and the prompt is read row by row. In later turns of a conversation each row has a history of its own, and is padded:
there an answer of a model that does not compute in float64 may differ by rounding from what it would be alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.domain.turns import Message
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.training.models.sampling import Drawing, end_tokens

TELL_SECONDS = 0.05

Tell = Callable[[Sequence[Generation]], None]


@dataclass(frozen=True)
class Row:
    """One answer to draw, and the panes that show it.

    Attributes:
        slot: the adapter that answers.
        answers: to fill, one for each pane that shows it.
    """

    slot: str
    messages: Sequence[Message]
    seed: int
    answers: Sequence[Generation]


class Batch:
    """Rows of one model, a token at a time. It tells about twenty times a second, and each answer at its end."""

    def __init__(
        self, loaded: LoadedModel, rows: Sequence[Row], sampling: Sampling, tell: Tell, computed: int
    ) -> None:
        """`computed`: how many rows go through the model, at least as many as there are.

        Raises:
            InvalidInput: a prompt leaves no room for an answer.
        """
        self._loaded = loaded
        self._rows = rows
        self._tell = tell
        self._ends = end_tokens(loaded.model, loaded.tokenizer)
        self._told_end: set[int] = set()
        self._told_at = time.monotonic()
        began = time.monotonic()
        all_rows = [*rows, *[rows[0]] * (computed - len(rows))]
        self._drawing = Drawing(
            loaded.model,
            loaded.tokenizer,
            [list(row.messages) for row in all_rows],
            sampling,
            None if loaded.is_alone else [row.slot for row in all_rows],
            keep_shape=not loaded.is_exact and is_uniform(rows),
            seeds=[row.seed for row in all_rows],
            own_room=True,
        )
        self._seconds = time.monotonic() - began

    def step(self) -> bool:
        """One more token in each row; whether any goes on."""
        began = time.monotonic()
        self._drawing.step()
        self._seconds += time.monotonic() - began
        goes_on = not self._drawing.is_over
        if goes_on:
            self._tell_news()
        else:
            self._tell_rest()
        return goes_on

    def stop(self) -> None:
        """Tell what stands, which is no more written on."""
        self._tell_rest()

    @property
    def unfinished(self) -> list[Generation]:
        """The answers that nobody was told the end of, with what was written of them."""
        written = self._drawing.token_ids
        return [
            one
            for index in self._untold()
            for one in self._filled(index, written[index], GenerationStatus.WRITING, None)
        ]

    def _tell_news(self) -> None:
        now = time.monotonic()
        answers: list[Generation] = []
        for index in self._untold():
            token_ids = self._drawing.token_ids[index]
            if token_ids[-1] in self._ends:
                self._told_end.add(index)
                answers += self._filled(index, token_ids, GenerationStatus.DONE, "ended by itself")
            elif now - self._told_at > TELL_SECONDS:
                answers += self._filled(index, token_ids, GenerationStatus.WRITING, None)
        if answers:
            self._tell(answers)
            self._told_at = now

    def _tell_rest(self) -> None:
        completions = self._drawing.completions()
        answers: list[Generation] = []
        for index in self._untold():
            last = completions[index]
            answers += self._filled(index, last.token_ids, GenerationStatus.DONE, last.finish)
            self._told_end.add(index)
        if answers:
            self._tell(answers)

    def _untold(self) -> list[int]:
        return [index for index in range(len(self._rows)) if index not in self._told_end]

    def _filled(
        self, index: int, token_ids: Sequence[int], status: GenerationStatus, finish: str | None
    ) -> list[Generation]:
        """The end token is counted, as the probe counts it, and not shown."""
        shown = token_ids[:-1] if finish == "ended by itself" else token_ids
        text = self._loaded.tokenizer.decode(shown, skip_special_tokens=True).strip()
        if status is GenerationStatus.WRITING:
            text = text.rstrip("\ufffd")  # a character whose bytes are not all there yet
        update = {
            "text": text,
            "tokens": len(token_ids),
            "seconds": self._seconds,
            "status": status,
            "finish": finish,
        }
        return [answer.model_copy(update=update) for answer in self._rows[index].answers]


def is_uniform(rows: Sequence[Row]) -> bool:
    """Whether all are asked the same, so that none is padded."""
    return all(row.messages == rows[0].messages for row in rows)
