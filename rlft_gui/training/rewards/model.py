"""A trained reward model as a reward: its normalised score of the whole conversation.

Normalised as its checkpoint says (training/reward_model/scoring.py), a weight means the same for every reward model. Of
several attributes a term names one; left out, their mean counts.
"""

from collections.abc import Sequence

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.reward_model.scoring import RewardModel, load
from rlft_gui.training.rewards._base import Context, Reward
from rlft_gui.training.rows import Row


class Scorer:
    """One reward model behind several terms: a batch is read once, whichever attributes are asked for."""

    def __init__(self, name: str, model: RewardModel) -> None:
        self.name = name
        self._model = model
        self._asked: list[list[dict[str, str]]] = []
        self._scores: list[list[float]] = []

    def reward(self, attribute: str) -> Reward:
        """The reward for one attribute, or with "" for the mean of all.

        Raises:
            InvalidInput: the reward model has no such attribute.
        """
        names = self._model.attributes
        if attribute and attribute not in names:
            raise InvalidInput(
                f'The reward model {self.name} does not score "{attribute}". It scores: {", ".join(names)}.'
            )
        columns = [names.index(attribute)] if attribute else range(len(names))
        return lambda prompts, completions: [
            sum(row[column] for column in columns) / len(columns) for row in self._score(prompts, completions)
        ]

    def facts(self) -> str:
        """For the recipe card."""
        return f"{self.name}, 0 being the mean and 1 the deviation of {self._model.card.answers} answers"

    def _score(self, prompts: Sequence[Row], completions: Sequence[str]) -> list[list[float]]:
        conversations = [
            [*row["prompt"], {"role": "assistant", "content": text}]
            for row, text in zip(prompts, completions, strict=True)
        ]
        # Each attribute is a term of its own and asks for the same batch in turn.
        if conversations != self._asked:
            self._scores = self._model.score(conversations).tolist()
            self._asked = conversations
        return self._scores


def scorer(asked: str, context: Context) -> Scorer:
    """The reward model run that the setting names.

    Raises:
        NotFound: it has no complete checkpoint.
        InvalidInput: none is named, or it cannot be used here.
    """
    if not asked:
        raise InvalidInput(
            'The reward "reward_model" needs a finished reward model run. Name it in reward_model, or add the stage '
            "reward_model to the pipeline."
        )
    recipe, home = context.recipe, context.reporter.folder.home
    model = load(home, ParentRef.parse(asked), recipe.base, context.base_hash, context.policy)
    return Scorer(asked, model)
