"""A trained reward model as judge: P(first) is the sigmoid of the difference of two rewards (Bradley and Terry 1952).

It has no liking for a place, and the rubric's questions change nothing: it judges by what it was trained on.
"""

from collections.abc import Sequence

from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.judges._base import Context, JudgedAnswer, Pair, Prompt, Verdict, chance
from rlft_gui.training.reward_model import scoring as reward_model


class RewardModelJudge:
    """Judges with the reward model of a run on the pipeline's base."""

    can_rate = True

    def __init__(self, run: ParentRef, context: Context) -> None:
        recipe, home = context.recipe, context.reporter.folder.home
        self._model = reward_model.load(home, run, recipe.base, context.base_hash, context.policy)

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """Each answer is read once, however many pairs it is in."""
        shown = [(pair.prompt, text) for pair in pairs for text in (pair.first, pair.second)]
        leads = self._rewards(shown, is_raw=len(self._model.attributes) == 1)
        return [
            Verdict(chance(first - second)) for first, second in zip(leads[::2], leads[1::2], strict=True)
        ]

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        rewards = self._rewards([(answer.prompt, answer.text) for answer in answers], is_raw=False)
        return [chance(reward) for reward in rewards]

    def _rewards(self, shown: Sequence[tuple[Prompt, str]], is_raw: bool) -> list[float]:
        """One reward per answer, the mean over attributes. Raw ones differ by log-odds; those of several attributes
        are made comparable first."""
        talks = [[*prompt, {"role": "assistant", "content": text}] for prompt, text in shown]
        # Among n answers every one is in n − 1 pairs.
        different = list({str(talk): talk for talk in talks}.values())
        scored = self._model.score_raw(different) if is_raw else self._model.score(different)
        found = dict(zip(map(str, different), scored.mean(dim=-1).tolist(), strict=True))
        return [found[str(talk)] for talk in talks]
