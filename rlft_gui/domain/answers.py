"""Answers of a batch: a suite's prompts through several models, each with several seeds."""

from typing import NamedTuple

from pydantic import Field, field_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.run import Value, told_value


class AnswerKey(NamedTuple):
    """Which answer of a batch: no two have the same."""

    model: str
    item_id: str
    seed: int


class BatchAnswer(Frozen):
    """One answer of a batch.

    Attributes:
        model: as asked for: "base" or "RUN@step".
        item_id: `SuitePrompt.id`.
        seed: what its randomness was drawn with, the same that Compare shows.
        checkpoint: what really wrote it, read from the weights' own folder; None where nothing could.
        tokens: written, the end token counted.
        seconds: since its batch began.
        finish: "ended by itself", "cut at the limit"; None where there is no answer.
        error: why there is none, as a sentence.
        scores: by name; what is not finite is told by its word.
    """

    model: str
    item_id: str
    seed: int
    checkpoint: str | None = None
    text: str = ""
    tokens: int = 0
    seconds: float = 0.0
    finish: str | None = None
    error: str | None = None
    scores: dict[str, Value] = Field(default_factory=dict)

    @field_validator("scores", mode="before")
    @classmethod
    def _told(cls, scores: dict[str, float | str]) -> dict[str, float | str]:
        return {name: told_value(one) if isinstance(one, float) else one for name, one in scores.items()}

    @property
    def key(self) -> AnswerKey:
        return AnswerKey(self.model, self.item_id, self.seed)
