"""What client and inference process say to each other: one JSON object per line, over loopback TCP.

The client opens a connection, shows the token (`Hello`) and asks once (`GenerationRequest`, or `ScoringRequest` of scoring.py); it may follow with a `Cancel`. The
process answers with `Reply` lines that carry the id of what was asked. Nobody sends paths: a model is a base's name
or a run's id, and the process finds the folder itself. Nothing here knows torch.
"""

from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import Generation, ModelRef, Sampling
from rlft_gui.domain.turns import Message
from rlft_gui.inference.scoring import Scored

MOST_MODELS = 8  #: in one comparison, and rows in a batch whose rounding counts
MOST_CHECKPOINTS = 64  #: in one comparison, where all are of one run
VERSION = 2  #: grows when the lines change, so that a process left over from an older program is replaced
MAX_LINE_BYTES = 16 * 2**20  #: far above any comparison; ends a connection that talks something else


class Hello(Frozen):
    """The first line of every connection."""

    token: str
    version: int = VERSION


class BasedModel(ModelRef):
    """A model as asked for, and the base that is meant; a run's own base is read from its checkpoint."""

    base: str


class Ask(Frozen):
    """One answer that is wanted. `conversation` counts in the request's."""

    pane: int
    prompt_index: int
    draw: int
    conversation: int
    seed: int


class GenerationRequest(Frozen):
    """Answers that are wanted, prompt by prompt. The seed of `sampling` does not count: each ask has its own."""

    id: str
    panes: tuple[BasedModel, ...]  #: who answers in each; those that are not asked are not loaded
    conversations: tuple[tuple[Message, ...], ...]
    asks: tuple[Ask, ...]
    sampling: Sampling
    training_is_live: bool = False  #: a worker needs this machine too: few threads, and no GPU


class Cancel(Frozen):
    """Stop what was asked under this id. What was written so far stays."""

    id: str
    cancel: Literal[True] = True


class Reply(Frozen):
    """One line of the process.

    "welcome" answers `Hello`; "started" says where it computes; "answers" holds those that changed, without scores:
    whoever asked gives them; "scored" holds what a reward model gave, "judged" what a judge did. "done" and "failed" (with a sentence) are the last.
    """

    id: str = ""
    event: Literal["welcome", "started", "answers", "scored", "judged", "done", "failed"]
    device: str = ""
    note: str | None = None
    answers: tuple[Generation, ...] = Field(default=())
    scored: Scored | None = None
    judged: tuple[float, ...] | None = None  #: 0 to 1, answer by answer
    message: str = ""

    @property
    def is_last(self) -> bool:
        return self.event in ("done", "failed")

    def line(self) -> bytes:
        """As it is sent."""
        unsaid: dict[str, Any] = {"answers": {"__all__": {"scores"}}}
        unsaid |= {name: True for name in ("scored", "judged") if getattr(self, name) is None}
        return self.model_dump_json(exclude=unsaid).encode() + b"\n"
