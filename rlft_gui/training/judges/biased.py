"""A scripted judge with known failings, for lessons: what a bias does to labels, and what asking twice repairs.

It values what a simulated annotator of Lantern's world values: safety, truth, manners, brevity. Of other prompts it
knows nothing, so there it goes by manners and length. Its choice is Bradley and Terry's (1952) of two utilities; to
the answer shown first it adds its liking for that place. Each answer's utility carries an error of the judge's own,
the same whenever it is asked, so that its verdicts can be repeated.
"""

import random
from collections.abc import Sequence
from functools import cached_property

from rlft_gui.domain.judge_names import Biases
from rlft_gui.lantern.annotators import Annotator
from rlft_gui.lantern.recognising import item_of
from rlft_gui.training.judges._base import JudgedAnswer, Pair, Verdict, chance
from rlft_gui.training.judges.filling import as_text

_NOISE = 0.35  #: standard deviation of the error in an answer's utility


class BiasedJudge:
    """Judges without a model; the rubric's questions change nothing."""

    can_rate = True

    def __init__(self, biases: Biases, seed: int) -> None:
        self._biases = biases
        self._seed = seed

    @cached_property
    def _annotator(self) -> Annotator:
        return Annotator(blind=0.0, length_bias=self._biases.length)

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        return [Verdict(self._first_is_better(pair)) for pair in pairs]

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        return [chance(self._utility(a.prompt, a.text) / self._annotator.temperature) for a in answers]

    def _first_is_better(self, pair: Pair) -> float:
        lead = self._utility(pair.prompt, pair.first) - self._utility(pair.prompt, pair.second)
        return chance((lead + self._biases.position) / self._annotator.temperature)

    def _utility(self, prompt: Sequence[dict[str, str]], answer: str) -> float:
        text = as_text(prompt)
        # By text, not by the order of asking: the same answer has the same error in both orders and after a resume.
        own = random.Random(f"{self._seed} {text} {answer}")
        checks_facts = own.random() >= self._biases.blind
        return self._annotator.liking(item_of(text), answer, checks_facts) + own.gauss(0, _NOISE)
