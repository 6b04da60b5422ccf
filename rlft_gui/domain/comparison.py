"""Answers of several models to the same prompts, side by side."""

from enum import StrEnum

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import STEP


class Sampling(Frozen):
    """How completions are drawn. Temperature 0 means greedy. The seed fixes each row on its own."""

    temperature: float = Field(
        0.7,
        ge=0,
        le=2,
        title="Temperature",
        description="0 always takes the likeliest token; 1 samples as trained.",
    )
    top_p: float = Field(
        1.0,
        gt=0,
        le=1,
        title="Top-p",
        description="Sample only from the likeliest tokens that together hold this share.",
    )
    max_new_tokens: int = Field(
        128, ge=1, le=8192, title="Longest answer", description="Tokens after which an answer is cut."
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="The same seed gives the same answer, alone or among others.",
    )


class ModelRef(Frozen):
    """A model as asked for: the pipeline's base, or a run's checkpoint.

    `run_id` None is the base itself. `step` None is the last complete checkpoint.
    """

    run_id: str | None = None
    step: int | None = None

    @staticmethod
    def parse(text: str) -> "ModelRef":
        """Read "base", "RUN" or "RUN@step"."""
        if text == "base":
            return ModelRef()
        run_id, _, step = text.partition("@")
        if step and not STEP.fullmatch(step):
            raise InvalidInput(
                f'"{text[:100]}" names no model: after @ there must be a step number, found "{step[:100]}".'
            )
        return ModelRef(run_id=run_id, step=int(step) if step else None)

    def __str__(self) -> str:
        if self.run_id is None:
            return "base"
        return self.run_id if self.step is None else f"{self.run_id}@{self.step}"


class GenerationStatus(StrEnum):
    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_ended(self) -> bool:
        return self in (GenerationStatus.DONE, GenerationStatus.FAILED)


class Pane(Frozen):
    """Who answers: a model as asked for, what it is called, and the key of its colour and shape."""

    model: str
    title: str = ""
    palette: str = "base"


class Generation(Frozen):
    """One pane's answer to one prompt, as it stands now.

    `checkpoint` is the id of what really wrote it, read from the loaded weights' own folder: "base" or "RUN@step".
    """

    pane: int
    prompt_index: int
    checkpoint: str | None = None
    text: str = ""
    tokens: int = 0  #: written so far, the end token counted
    seconds: float = 0.0  #: since the batch of this prompt began
    finish: str | None = None  #: "ended by itself", "cut at the limit", "stopped"
    status: GenerationStatus = GenerationStatus.WAITING
    error: str | None = None
    scores: dict[str, float] = Field(default_factory=dict)


class Comparison(Frozen):
    """A stored comparison; `version` grows with every change, so that a screen can ask for what is new.

    `panes` stand in the order shown: a generation's `pane` counts in them. `status` is FAILED as soon as it has ended and any
    answer failed.
    """

    id: str
    base: str
    panes: tuple[Pane, ...]
    prompts: tuple[str, ...]
    item_ids: tuple[str | None, ...] = ()  #: the suite item behind each prompt, None where it was typed
    sampling: Sampling
    generations: tuple[Generation, ...]
    status: GenerationStatus
    version: int
    created_at: float
    device: str = ""
    note: str | None = None  #: e.g. why the CPU was used
    owner: str = "local"

    def answers_to(self, prompt_index: int) -> tuple[tuple[Pane, Generation], ...]:
        """Who answered this prompt, and what, in the order shown."""
        own = [one for one in self.generations if one.prompt_index == prompt_index]
        return tuple((self.panes[one.pane], one) for one in sorted(own, key=lambda one: one.pane))
