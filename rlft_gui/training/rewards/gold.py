"""Lantern's gold score as a reward: a ceiling to compare with, never a method of training.

Plots measure with the same score, so a policy trained on it shows the most that could be reached, not what a method
reaches. It exists on Lantern only.
"""

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.recognising import item_of
from rlft_gui.training.models import checkpoints
from rlft_gui.training.rewards._base import Context, Reward

CEILING = (
    "Lantern's gold score, a ceiling: results are the most that could be reached, not what a method reaches"
)


def gold_problem(base: str) -> str | None:
    """Why this base cannot be rewarded by gold, as a sentence."""
    if base == LANTERN:
        return None
    return (
        f'The reward "gold" exists in Lantern\'s world only, and this base is "{base}". Choose another reward, such as '
        "reward_model, judge or a rule."
    )


def gold(context: Context) -> Reward:
    """The reward; the run says once that it is a ceiling.

    Raises:
        InvalidInput: the base is not Lantern.
    """
    if told := gold_problem(context.recipe.base):
        raise InvalidInput(told)
    # A resumed attempt has said so before.
    if checkpoints.last_complete(context.reporter.folder) is None:
        message = f"This run is rewarded by {CEILING}. Do not compare it with methods that learn from labels."
        context.reporter.alarm(0, "gold_reward", message)
    return lambda prompts, completions: [
        score(item_of(row["prompt"][-1]["content"]), text)["gold"]
        for row, text in zip(prompts, completions, strict=True)
    ]
