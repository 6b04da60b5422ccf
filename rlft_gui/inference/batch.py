"""One prompt, answered by several checkpoints of one base in one batch, and told as it grows.

An answer must be the same alone and among others. Its randomness is its own (training/models/sampling.py); what is left is
rounding, which differs with the shape of a matrix product. Every row of a batch holds the same prompt, so padding
never differs. Tiny models compute in float64, where rounding is far below what could tip a choice. For the others each
batch has a number of rows that rounds as any other in use (row_counts.py), the spare ones copies of the first and thrown
away, and the prompt is read row by row.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.training.models.sampling import Completion, end_tokens, sample

TELL_SECONDS = 0.05

Tell = Callable[[Sequence[Generation]], None]


class Batch:
    """The answers of several slots of one model to one prompt, each slot one row."""

    def __init__(
        self,
        loaded: LoadedModel,
        panes: Mapping[str, Sequence[Generation]],
        tell: Tell,
        is_cancelled: Callable[[], bool],
        rows: int,
    ) -> None:
        """`panes` holds, for each slot that answers, the answers to fill: one for each pane that shows it.

        `rows` are computed, at least one for each slot.
        """
        self._loaded = loaded
        self._rows = rows
        self._slots = tuple(panes)
        self._panes = panes
        self._tell = tell
        self._is_cancelled = is_cancelled
        self._ends = end_tokens(loaded.model, loaded.tokenizer)
        self._ended: set[int] = set()
        self._began = self._told = time.monotonic()

    def run(self, prompt: str, sampling: Sampling) -> None:
        """Answer, telling all panes about twenty times a second and each at its end.

        Raises:
            InvalidInput: the prompt leaves no room for an answer.
        """
        names = [*self._slots, *self._slots[:1] * (self._rows - len(self._slots))]
        completions = sample(
            self._loaded.model,
            self._loaded.tokenizer,
            [[{"role": "user", "content": prompt}]] * len(names),
            sampling,
            adapter_names=None if self._loaded.is_alone else names,
            on_step=self._on_step,
            keep_shape=not self._loaded.is_exact,
        )
        self._tell_cut(completions)

    def _on_step(self, rows: Sequence[Sequence[int]]) -> bool:
        """Tell what is new; whether to go on."""
        now = time.monotonic()
        answers: list[Generation] = []
        for row in range(len(self._slots)):
            if row in self._ended:
                continue
            if rows[row][-1] in self._ends:
                self._ended.add(row)
                answers += self._fill(row, rows[row], GenerationStatus.DONE, "ended by itself")
            elif now - self._told > TELL_SECONDS:
                answers += self._fill(row, rows[row], GenerationStatus.WRITING, None)
        if answers:
            self._tell(answers)
            self._told = now
        return len(self._ended) < len(self._slots) and not self._is_cancelled()

    def _tell_cut(self, completions: Sequence[Completion]) -> None:
        """Tell the rows that did not end by themselves."""
        answers: list[Generation] = []
        for row in range(len(self._slots)):
            if row not in self._ended:
                last = completions[row]
                answers += self._fill(row, last.token_ids, GenerationStatus.DONE, last.finish)
        if answers:
            self._tell(answers)

    def _fill(
        self, row: int, token_ids: Sequence[int], status: GenerationStatus, finish: str | None
    ) -> list[Generation]:
        """The end token is counted, as the probe counts it, and not shown."""
        shown = token_ids[:-1] if finish == "ended by itself" else token_ids
        text = self._loaded.tokenizer.decode(shown, skip_special_tokens=True).strip()
        if status is GenerationStatus.WRITING:
            text = text.rstrip("\ufffd")  # a character whose bytes are not all there yet
        update = {
            "text": text,
            "tokens": len(token_ids),
            "seconds": time.monotonic() - self._began,
            "status": status,
            "finish": finish,
        }
        return [answer.model_copy(update=update) for answer in self._panes[self._slots[row]]]
