"""What a stage says of its memory: which models it keeps, and what it works on at once. Each stage's file says it of itself.

Sizes are in rows and tokens here; counting.py makes bytes of them.
"""

from dataclasses import dataclass
from typing import Literal

from rlft_gui.training.models.adapters import Targets
from rlft_gui.training.models.weights import Tuning

#: Whole models beside the one that answers or learns.
Beside = Literal["reference", "probe_base", "reward_model", "judge"]


@dataclass(frozen=True)
class RowLengths:
    """Tokens of the longest prompt and of the longest row, prompt and answer, of a stage's data; and of a row in the mean.
    Documents have no prompt: 0."""

    prompt: int
    whole: int
    mean: float


@dataclass(frozen=True)
class Given:
    """What is known of a run before it starts, beside its settings.

    Attributes:
        rows: of its data.
        parent: how the weights that it continues were trained; None where it begins with the base.
        reward_model: the same of the reward model that it uses.
        judge: parameters of a judge that is a model of its own, other than the base; 0 for none.
        is_on_lantern: its probe asks Lantern's suite, else prompts of the data.
        is_on_cpu: some things are then read in smaller portions.
    """

    lengths: RowLengths
    rows: int = 0
    parent: Tuning | None = None
    reward_model: Tuning = "lora"
    judge: int = 0
    is_on_lantern: bool = False
    is_on_cpu: bool = True


@dataclass(frozen=True)
class Trained:
    """Which weights change.

    Attributes:
        copies: adapters of the same shape that stay as they are, such as a reference.
    """

    tuning: Tuning
    rank: int
    targets: Targets
    copies: int = 0


@dataclass(frozen=True)
class Learning:
    """One forward and backward pass.

    Attributes:
        head: how words are scored. "tiles": a piece of the vocabulary and of the tokens at once (TRL's fused head);
            "answers": all words at the tokens of answers (PPO); "none": no words, as in a reward model.
        answer: tokens of a row's answer.
        kept_rows: rows of other passes that may be kept for the way back, where memory allows (PPO's rollouts).
        accumulates: gradients of earlier passes are there already.
    """

    rows: int
    tokens: int
    head: Literal["tiles", "answers", "none"]
    answer: int = 0
    kept_rows: int = 0
    accumulates: bool = False
    is_checkpointed: bool = False


@dataclass(frozen=True)
class Drawing:
    """Answers that are drawn together, word by word.

    Attributes:
        fits: fewer rows are taken where their cache would be more than its share of the memory (training/models/cache_room.py).
    """

    rows: int
    prompt: int
    answer: int
    fits: bool = False


@dataclass(frozen=True)
class Reading:
    """Rows that are only read, without a way back.

    Attributes:
        tokens: of all rows that are read together.
        words: at how many of these tokens all words are scored, in portions of `least_words` at least
            (training/models/likelihood.py).
        keeps_cache: keys and values of all of them are kept, though nothing is drawn.
    """

    tokens: int
    words: int = 0
    least_words: int = 0
    keeps_cache: bool = False


Moment = Learning | Drawing | Reading


@dataclass(frozen=True)
class Effort:
    """What a run computes, for how long it takes.

    Attributes:
        steps: of the whole run.
        learnt: rows that a step learns from, as often as it does.
        read: rows that a step only reads.
        drawn: answers that a step draws, each of `answer` tokens at most behind `prompt` tokens.
    """

    steps: int
    learnt: int = 0
    read: int = 0
    drawn: int = 0
    answer: int = 0
    prompt: int = 0


@dataclass(frozen=True)
class Held:
    """All that one run keeps and does. The peak is what it keeps all the time and the largest of its moments."""

    trained: Trained | None  #: None where it only reads and draws
    beside: tuple[Beside, ...]
    moments: tuple[Moment, ...]
    effort: Effort
    judge: int = 0  #: parameters of a judge of its own size
