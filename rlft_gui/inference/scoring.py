"""What is asked of the inference process to have answers scored, and what it says. No torch.

Rewards come raw, as the head gives them, and normalised by the checkpoint's own card, as policies learn from them.
"""

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.rubric import Rubric
from rlft_gui.domain.turns import Message
from rlft_gui.training.reward_model.scoring import RewardCard

#: Of one request, so that it fits a line and whoever waits behind it need not wait for long.
MOST_ANSWERS, MOST_CHARACTERS = 256, 400_000


class ScoringRequest(Frozen):
    """Have answers scored by the reward model of a run.

    `step` None is its last complete checkpoint. Each conversation ends with the answer, an assistant's turn; what stands
    before it is the prompt, which may be empty.
    """

    id: str
    run_id: str
    step: int | None = None
    conversations: tuple[tuple[Message, ...], ...]
    training_is_live: bool = False  #: as of a `GenerationRequest`


class JudgingRequest(Frozen):
    """Have answers judged, each alone, by a model in memory.

    Attributes:
        judge: as stages name one: "base", a model's name, "biased:…".
        base: what "base" means, and who answers where a judge can only compare.
        prompts, texts: answer by answer.
    """

    id: str
    judge: str
    base: str
    rubric: Rubric
    prompts: tuple[tuple[Message, ...], ...]
    texts: tuple[str, ...]
    training_is_live: bool = False


class ScoredAnswer(Frozen):
    """Rewards of one answer by attribute, or why there are none.

    Attributes:
        tokens: of the prompt and the answer that were read.
        cut: tokens at the end of the answer that were not read, as in training.
        error: a sentence; the rewards are then empty.
    """

    raw: tuple[float, ...] = ()
    normalised: tuple[float, ...] = ()
    tokens: int = 0
    cut: int = 0
    error: str = ""


class Scored(Frozen):
    """What a reward model gave, answer by answer as asked.

    Attributes:
        checkpoint: "RUN@step", of the weights that really read.
        card: what its rewards mean.
    """

    checkpoint: str
    card: RewardCard
    answers: tuple[ScoredAnswer, ...]
