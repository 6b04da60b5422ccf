"""A judge's live score: rated alone, or against what the base would say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.rubric import Criterion, Rubric
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.pairs import pairs
from rlft_gui.stages._shared.settings import RewardSettings
from rlft_gui.training.judges import JudgedAnswer, Pair, Verdict
from rlft_gui.training.rewards import Context, build
from rlft_gui.training.rewards.judge import LiveScore
from rlft_gui.training.testing import RecordingReporter
from tests.training.judges.pairs import BAD, GOOD, LANTERN, THEFT

ROWS = [{"prompt": THEFT}, {"prompt": THEFT}]
TWO = Rubric(
    name="two",
    compare="{question}{prompt}{first}{second}",
    criteria=(
        Criterion(name="length", question="length", weight=3),
        Criterion(name="none", question="none"),
        Criterion(name="unasked", question="unasked", weight=0),
    ),
)


class ByLength:
    """Prefers the longer answer with 0.9, whichever is shown first; undecided about anything but length."""

    def __init__(self, can_rate: bool) -> None:
        self.can_rate = can_rate
        self.asked: list[str] = []

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        self.asked += [pair.question for pair in pairs]
        return [
            Verdict(0.5 if p.question != "length" else 0.9 if len(p.first) > len(p.second) else 0.1)
            for p in pairs
        ]

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        self.asked += [answer.question for answer in answers]
        return [len(a.text) / 10 if a.question == "length" else 0.5 for a in answers]


def test_a_judge_that_can_only_compare_scores_against_a_reference() -> None:
    judge = ByLength(can_rate=False)
    live = LiveScore(judge, TWO, lambda rows: ["four"] * len(rows))
    # By weight: (3 × 0.9 + 1 × 0.5) / 4 and (3 × 0.1 + 1 × 0.5) / 4.
    assert live(ROWS, ["longer", "no"]) == pytest.approx([0.8, 0.2])
    assert set(judge.asked) == {"length", "none"}


def test_a_judge_that_can_rate_is_asked_about_each_answer_alone() -> None:
    live = LiveScore(ByLength(can_rate=True), TWO, lambda _: pytest.fail("no reference is needed"))
    assert live(ROWS, ["12345", "1"]) == pytest.approx([(3 * 0.5 + 0.5) / 4, (3 * 0.1 + 0.5) / 4])


@pytest.fixture
def context(tmp_path: Path) -> Context:
    from rlft_gui.training.models import loading

    recipe = Recipe(run_id="r", pipeline_id="p", method="rlaif", stage="ppo", base="lantern")
    model, tokenizer = loading.load_base("lantern")
    reporter = RecordingReporter(Home(tmp_path).run("r"))
    return Context(recipe, reporter, loading.base_hash("lantern"), tokenizer, lambda: model)


@pytest.mark.slow
def test_on_lantern_the_live_score_ranks_answers_mostly_as_gold_does(context: Context) -> None:
    import random

    rng = random.Random(0)
    sampled = rng.sample([p for p in pairs("sft", rng) if _lead(*p)], 60)
    rows = [{"prompt": [{"role": "user", "content": item.prompt}]} for item, _, _ in sampled]
    reward = build(RewardSettings(rewards={"judge": 1.0}, rubric="lantern"), context)
    firsts, seconds = (reward(rows, [str(pair[side]) for pair in sampled]).total for side in (1, 2))
    agreed = [
        (one - other) * _lead(*pair) > 0 for one, other, pair in zip(firsts, seconds, sampled, strict=True)
    ]
    assert sum(agreed) / len(agreed) > 0.75
    assert reward(rows, [pair[1] for pair in sampled]).total == firsts


@pytest.mark.slow
def test_the_base_answers_each_prompt_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from rlft_gui.training.models import sampling

    answered: list[int] = []
    draw = sampling.sample

    def counted(model: Any, tokenizer: Any, prompts: Any, how: Any) -> Any:
        answered.append(len(prompts))
        return draw(model, tokenizer, prompts, how)

    monkeypatch.setattr(sampling, "sample", counted)
    reward = build(RewardSettings(rewards={"judge": 1.0}, rubric=LANTERN), context)
    good, bad = reward(ROWS, [GOOD, BAD]).total
    reward(ROWS, [BAD, GOOD])
    assert answered == [1]
    assert good > bad


def _lead(item: Any, first: str, second: str) -> float:
    return score(item, first)["gold"] - score(item, second)["gold"]
