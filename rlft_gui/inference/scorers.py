"""Reward models in memory, and what scores answers with them: the very code that scores in training.

LoRA reward models of one base share one copy of it. A copy, or a model that was trained whole, stays until others need
the room; the least recently used goes first. They stand beside the models that answer: those compute in another
precision and with their weights laid out anew, and rewards are to be those that a policy learnt from.
"""

import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.turns import Message
from rlft_gui.inference.found import Found, find
from rlft_gui.inference.placement import place
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import Scored, ScoredAnswer, ScoringRequest
from rlft_gui.training.chat import Refusal
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.loading import base_hash, base_stamp
from rlft_gui.training.reward_model import scoring
from rlft_gui.training.reward_model.scoring import RewardModel

logger = logging.getLogger(__name__)

#: Models of any size that stay, and parameters up to which more of them do, those that answer counted.
MOST_LOADED, MOST_PARAMETERS = 2, 500_000_000
MOST_ADAPTERS = (
    12  #: of reward models on one copy of a base; then all go, and come again as they are asked for
)


@dataclass
class _Shared:
    """One model in memory and the reward models that read with it, by checkpoint."""

    rewards: dict[str, RewardModel] = field(default_factory=dict)

    @property
    def model(self) -> Any:
        """None until one of them has read."""
        return next((reward.read.model for reward in self.rewards.values() if reward.read.model), None)

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.model.parameters()) if self.model else 0


class Scorers:
    """Everything loaded for scoring in one home."""

    def __init__(self, home: Home, usual_threads: int, beside: Callable[[], int]) -> None:
        """`beside` tells how many parameters are in memory already."""
        self._home = home
        self._usual_threads = usual_threads
        self._beside = beside
        self._shared: OrderedDict[tuple[Any, ...], _Shared] = OrderedDict()

    def answer(
        self, request: ScoringRequest, tell: Callable[[Reply], None], is_cancelled: Callable[[], bool]
    ) -> None:
        """Score all answers; nothing is told where `is_cancelled` says so before.

        Raises:
            NotFound: the checkpoint is not there or is damaged.
            InvalidInput: it is of no reward model, or one that no longer fits its base.
        """
        import torch

        placement = place(request.training_is_live, self._usual_threads)
        torch.set_num_threads(placement.threads)
        tell(Reply(event="started", device=placement.title, note=placement.note))
        found = find(self._home.run(request.run_id), request.step)
        reward = self._reward_model(found, placement.device)
        if is_cancelled():
            return
        answers = read(reward, request.conversations)
        self._make_room()
        tell(Reply(event="scored", scored=Scored(checkpoint=found.id, card=reward.card, answers=answers)))

    def _reward_model(self, found: Found, device: str) -> RewardModel:
        base = self._home.located(found.marker.base)
        _check(found, base)
        source = found.slot if found.marker.kind == "full" else base
        key = (source, device, base_stamp(base))
        shared = self._shared.setdefault(key, _Shared())
        self._shared.move_to_end(key)
        if found.slot not in shared.rewards:
            if len(shared.rewards) >= MOST_ADAPTERS:
                shared = self._shared[key] = _Shared()
            shared.rewards[found.slot] = self._load(found, base, device, shared)
        return shared.rewards[found.slot]

    def _load(self, found: Found, base: str, device: str, shared: _Shared) -> RewardModel:
        logger.info("Loading the reward model %s on %s", found.id, device)
        ref = ParentRef(run_id=found.run_id, step=found.marker.step)
        loaded = scoring.load(self._home, ref, base, base_hash(base), lambda: shared.model, device)
        found.check_unchanged()
        return loaded

    def _make_room(self) -> None:
        """After the newest has read: how large a model is shows once it is there."""
        while len(self._shared) > MOST_LOADED and self._parameters() > MOST_PARAMETERS:
            self._shared.popitem(last=False)

    def _parameters(self) -> int:
        return self._beside() + sum(shared.parameters for shared in self._shared.values())


def read(reward: RewardModel, conversations: Sequence[Sequence[Message]]) -> tuple[ScoredAnswer, ...]:
    """Each answer's rewards, those of like length read together; or a sentence on why it has none."""
    found: dict[int, ScoredAnswer] = {}
    token_ids: dict[int, list[int]] = {}
    longest = reward.card.longest
    for at, turn in enumerate(scoring.turns(reward.tokenizer, conversations)):
        if isinstance(turn, Refusal):
            told = f"The reward model's chat template refuses this conversation: {turn.reason}."
            found[at] = ScoredAnswer(error=told)
        elif len(turn.prompt) >= longest:
            found[at] = ScoredAnswer(error=_no_room(len(turn.prompt), longest))
        else:
            whole = [*turn.prompt, *turn.answer]
            token_ids[at] = whole[:longest]
            found[at] = ScoredAnswer(tokens=len(token_ids[at]), cut=max(0, len(whole) - longest))
    if token_ids:
        raw = reward.read(list(token_ids.values()))
        rows = zip(token_ids, raw.tolist(), reward.normalised(raw).tolist(), strict=True)
        found |= {at: _with(found[at], own, normalised) for at, own, normalised in rows}
    return tuple(found[at] for at in range(len(conversations)))


def _with(answer: ScoredAnswer, raw: list[float], normalised: list[float]) -> ScoredAnswer:
    if not all(map(math.isfinite, [*raw, *normalised])):
        told = "The reward model gives this answer no finite number. Use another checkpoint of it."
        return answer.model_copy(update={"error": told})
    return answer.model_copy(update={"raw": tuple(raw), "normalised": tuple(normalised)})


def _no_room(tokens: int, longest: int) -> str:
    return (
        f"The prompt alone has {tokens:,} tokens, and this reward model reads {longest:,} of prompt and answer together. "
        "Shorten the prompt."
    )


def _check(found: Found, base: str) -> None:
    """Raises InvalidInput with a sentence that fits who only scores; `scoring.load` speaks to a run that trains."""
    if found.marker.stage != scoring.STAGE:
        raise InvalidInput(
            f"Run {found.run_id} is no reward model: its stage is {found.marker.stage}. Choose a run of the stage "
            f"{scoring.STAGE}."
        )
    if not checkpoints.is_same_base(found.marker.base_hash, now := base_hash(base)):
        raise InvalidInput(
            f'The base model "{base}" was changed since the reward model {found.id} was trained on it: '
            f"{checkpoints.differs(found.marker.base_hash, now)}. Put the base back as it was, or train a new one."
        )
