"""What the page of scores asks and is told."""

from typing import Any, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.services.scoring.scores import AnswerScore
from rlft_gui.ui.components.scorers.payloads import MOST_AT_ONCE, JudgeWanted
from rlft_gui.ui.contract import ServerFunction


class CalledFunction(Frozen):
    name: str
    arguments: dict[str, Any]


class CalledTool(Frozen):
    type: Literal["function"] = "function"
    function: CalledFunction


class ScoredTurn(Frozen):
    """A turn of a prompt, as rows have them."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: tuple[CalledTool, ...] | None = None
    tools: tuple[dict[str, Any], ...] | None = None


class AnswerToScore(Frozen):
    """An answer and the turns before it; `right` is what rules compare with, `row` its number in a file."""

    prompt: tuple[ScoredTurn, ...] = ()
    text: str
    right: str | None = None
    row: int | None = None


class FileToRead(Frozen):
    """A file as the browser has it: `content` is its bytes in base64."""

    name: str = Field(max_length=300)
    content: str


class FileAnswers(Frozen):
    """The answers in a file, in its order, and what is to be said of it; or why it cannot be used."""

    answers: tuple[AnswerToScore, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


class KnownAsked(Frozen):
    """A reward model, RUN or RUN@step."""

    model: str


class KnownView(Frozen):
    """Normalised rewards of known answers by side, ascending; empty where they are lost."""

    by_side: dict[str, tuple[float, ...]]
    is_held_out: bool


class ScoreAsked(Frozen):
    """`terms` are rules that score too, and so does a judge."""

    model: str
    answers: tuple[AnswerToScore, ...] = Field(max_length=MOST_AT_ONCE)
    terms: tuple[str, ...] = Field((), max_length=20)
    judge: JudgeWanted | None = None


class ScoreTold(Frozen):
    """Answer by answer as asked; `checkpoint` is the one that read."""

    checkpoint: str
    answers: tuple[AnswerScore, ...]


SCORE_FILE = ServerFunction("score_file", FileToRead, FileAnswers)
SCORE_KNOWN = ServerFunction("score_known", KnownAsked, KnownView)
SCORE = ServerFunction("score", ScoreAsked, ScoreTold)
