"""Answers of several models to the same prompts, side by side."""

import re
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
        allow_inf_nan=False,
        title="Temperature",
        description="0 always takes the likeliest token; 1 samples as trained.",
    )
    top_p: float = Field(
        1.0,
        gt=0,
        le=1,
        allow_inf_nan=False,
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


#: How every run's probe draws its answers.
PROBE_SAMPLING = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=64, seed=0)


class ModelRef(Frozen):
    """A model as asked for.

    Attributes:
        run_id: the run that trained it; None for a base or an endpoint.
        step: of its checkpoint; None is the last complete one.
        named: a base by its name, beside runs of other bases; None is the base of the runs.
        endpoint: what a server calls its model.
        url: that server's address, e.g. http://127.0.0.1:8000/v1.
    """

    run_id: str | None = None
    step: int | None = None
    named: str | None = None
    endpoint: str | None = None
    url: str = ""

    @staticmethod
    def parse(text: str) -> "ModelRef":
        """Read "base", "base:NAME", "RUN", "RUN@step" or "endpoint:MODEL@ADDRESS"."""
        if text == "base":
            return ModelRef()
        kind, _, rest = text.partition(":")
        if kind == "base":
            return ModelRef(named=_needed(rest, text, "base:NAME"))
        if kind == "endpoint":
            return _endpoint(text, rest)
        run_id, at, step = text.partition("@")
        if at and not STEP.fullmatch(step):
            raise InvalidInput(
                f'"{text[:100]}" names no model: after @ there must be a step number, found "{step[:100]}".'
            )
        return ModelRef(run_id=run_id, step=int(step) if at else None)

    @staticmethod
    def parse_for_batch(text: str) -> "ModelRef":
        """Read "base", "RUN" or "RUN@step": a batch loads what lies here, of one base beside those of its runs.

        Raises:
            InvalidInput: it is anything else that Compare would take, or no model.
        """
        kind = text.partition(":")[0]
        takes = f'A batch takes base, RUN or RUN@step; "{text[:100]}"'
        if kind == "endpoint":
            raise InvalidInput(f"{takes} is an endpoint. Compare takes endpoints.")
        if kind == "base" and text != "base":
            raise InvalidInput(
                f'{takes} is a base by its name. Compare takes those; rlft batch --base NAME says what "base" is.'
            )
        return ModelRef.parse(text)

    @property
    def is_base(self) -> bool:
        """Whether it is the base that the runs share."""
        return self.run_id is None and self.named is None and self.endpoint is None

    def __str__(self) -> str:
        if self.endpoint is not None:
            return f"endpoint:{self.endpoint}@{self.url}"
        if self.named is not None:
            return f"base:{self.named}"
        if self.run_id is None:
            return "base"
        return self.run_id if self.step is None else f"{self.run_id}@{self.step}"


def _endpoint(text: str, rest: str) -> ModelRef:
    """Models' own names may hold an @; an address holds "://"."""
    form = "endpoint:MODEL@ADDRESS, e.g. endpoint:llama3@http://127.0.0.1:11434/v1"
    found = re.fullmatch(r"(.+?)@(https?://[^\s,@]+)", rest)
    if not found or "," in rest:
        raise InvalidInput(f'"{text}" names no model behind an address. Write {form}.')
    return ModelRef(endpoint=found[1].strip(), url=found[2].rstrip("/"))


def _needed(argument: str, text: str, form: str) -> str:
    if not argument.strip():
        raise InvalidInput(f'"{text}" says too little. Write {form}.')
    return argument


class GenerationStatus(StrEnum):
    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_ended(self) -> bool:
        return self in (GenerationStatus.DONE, GenerationStatus.FAILED)


#: A generation among those of its comparison: prompt, pane, draw.
Place = tuple[int, int, int]


class Pane(Frozen):
    """Who answers: a model as asked for, what it is called, and the key of its colour and shape."""

    model: str
    title: str = ""
    palette: str = "base"


class Generation(Frozen):
    """One pane's answer to one prompt with one seed, as it stands now.

    `checkpoint` is the id of what really wrote it, read from the loaded weights' own folder: "base" or "RUN@step"; of an
    endpoint, the model that its server says has answered. `draw` counts a pane's answers to one prompt: those of the first
    asking, then those that were drawn again.
    """

    pane: int
    prompt_index: int
    draw: int = 0
    seed: int = 0
    checkpoint: str | None = None
    text: str = ""
    tokens: int = 0  #: written so far, the end token counted; 0 of a server that does not say
    seconds: float = 0.0  #: that its batch computed, or a server took; without waiting for other models
    finish: str | None = None  #: "ended by itself", "cut at the limit", "stopped"
    status: GenerationStatus = GenerationStatus.WAITING
    error: str | None = None
    scores: dict[str, float] = Field(default_factory=dict)

    @property
    def place(self) -> Place:
        return (self.prompt_index, self.pane, self.draw)


class Comparison(Frozen):
    """A stored comparison; `version` grows with every change, so that a screen can ask for what is new.

    `panes` stand in the order shown: a generation's `pane` counts in them. `status` is FAILED as soon as it has ended and any
    answer failed. With `chat`, the prompts are turns of one conversation, in which each pane remembers its own answers.
    `draws` seeds were asked of every pane at first, from the seed of `sampling` on.
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
    system: str = ""
    chat: bool = False
    draws: int = 1
    deleted_at: float | None = None

    def answers_to(self, prompt_index: int) -> tuple[tuple[Pane, Generation], ...]:
        """Who answered this prompt, and what, in the order shown; of one pane, by draw."""
        own = [one for one in self.generations if one.prompt_index == prompt_index]
        ordered = sorted(own, key=lambda one: (one.pane, one.draw))
        return tuple((self.panes[one.pane], one) for one in ordered)

    def draws_of(self, prompt_index: int, pane: int) -> tuple[Generation, ...]:
        """A pane's answers to a prompt, by draw."""
        return tuple(one for _, one in self.answers_to(prompt_index) if one.pane == pane)
