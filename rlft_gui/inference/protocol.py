"""What client and inference process say to each other: one JSON object per line, over loopback TCP.

The client opens a connection, shows the token (`Hello`) and asks once (`Ask`); it may follow with a `Cancel`. The
process answers with `Reply` lines that carry the id of what was asked. Nobody sends paths: a model is a base's name
or a run's id, and the process finds the folder itself. Nothing here knows torch.
"""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import GenerationStatus, Sampling

MOST_MODELS = 8  #: in one comparison, and rows in one batch
VERSION = 1  #: grows when the lines change, so that a process left over from an older program is replaced
MAX_LINE_BYTES = 4 * 2**20  #: far above any comparison; ends a connection that talks something else


class Hello(Frozen):
    """The first line of every connection."""

    token: str
    version: int = VERSION


class Pane(Frozen):
    """Who answers: the base model (`run_id` None), or a run's checkpoint (`step` None: its last complete one).

    A run's base is read from its checkpoint; `base` matters only without a run.
    """

    base: str
    run_id: str | None = None
    step: int | None = None


class Ask(Frozen):
    """Answer every prompt with every pane, prompt by prompt."""

    id: str
    panes: tuple[Pane, ...]
    prompts: tuple[str, ...]
    sampling: Sampling
    training_is_live: bool = False  #: a worker needs this machine too: few threads, and no GPU


class Cancel(Frozen):
    """Stop what was asked under this id. What was written so far stays."""

    id: str
    cancel: Literal[True] = True


class Answer(Frozen):
    """One pane's answer to one prompt as it stands now. `checkpoint` is what really writes it, once that is known."""

    pane: int
    prompt_index: int
    status: GenerationStatus
    checkpoint: str | None = None
    text: str = ""
    tokens: int = 0
    seconds: float = 0.0  #: since the batch of this prompt began
    finish: str | None = None
    error: str | None = None


class Reply(Frozen):
    """One line of the process.

    "welcome" answers `Hello`; "started" says where it computes; "answers" holds those that changed; "done" and
    "failed" (with a sentence) are the last.
    """

    id: str = ""
    event: Literal["welcome", "started", "answers", "done", "failed"]
    device: str = ""
    note: str | None = None
    answers: tuple[Answer, ...] = Field(default=())
    message: str = ""

    @property
    def is_last(self) -> bool:
        return self.event in ("done", "failed")
