"""A reward model as judge: Bradley and Terry's model of its two rewards, worked out by hand from what it scores."""

from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef, Recipe
from rlft_gui.stages._shared.settings import JudgeSettings
from rlft_gui.training.judges import Judge, JudgedAnswer, Pair, both_orders, build
from rlft_gui.training.models import loading
from rlft_gui.training.reward_model import scoring as reward_model
from rlft_gui.training.rewards import Context
from rlft_gui.training.testing import RecordingReporter
from tests.training.judges.pairs import LANTERN
from tests.training.reward_models import CONVERSATIONS, as_checkpoint, classifier

pytestmark = pytest.mark.slow

PROMPT = CONVERSATIONS[0][:-1]
FIRST, SECOND = CONVERSATIONS[0][-1]["content"], CONVERSATIONS[1][-1]["content"]


def judge(home: Home) -> Judge:
    recipe = Recipe(run_id="r", pipeline_id="p", method="rlaif", stage="ai_feedback", base="lantern")
    reporter = RecordingReporter(home.run("r"))
    context = Context(recipe, reporter, loading.base_hash("lantern"), None, lambda: None)
    return build(JudgeSettings(judge="reward_model:rm"), LANTERN, context, phase="judging")


def scores(home: Home, *, is_raw: bool) -> list[list[float]]:
    model = reward_model.load(home, ParentRef(run_id="rm"), "lantern", loading.base_hash("lantern"))
    found: list[list[float]] = (model.score_raw if is_raw else model.score)(CONVERSATIONS[:2]).tolist()
    return found


def sigmoid(z: float) -> float:
    return float(1 / (1 + 2.718281828459045**-z))


def test_the_better_rewarded_answer_wins_by_the_sigmoid_of_the_difference(tmp_path: Path) -> None:
    home = Home(tmp_path)
    as_checkpoint(home, "rm", classifier(1, seed=0), mean=(3.0,), sd=(2.0,))
    (judgement,) = both_orders(judge(home), [Pair(PROMPT, FIRST, SECOND, "")])
    (first,), (second,) = scores(home, is_raw=True)
    assert judgement.first_is_better == pytest.approx(sigmoid(first - second), abs=1e-4)
    assert judgement.is_consistent
    assert judgement.shown_first_is_better == pytest.approx(0.5)
    (rated,) = judge(home).rate([JudgedAnswer(PROMPT, FIRST, "")])
    assert rated == pytest.approx(sigmoid((first - 3) / 2), abs=1e-4)


def test_several_attributes_count_alike_in_their_own_deviations(tmp_path: Path) -> None:
    home = Home(tmp_path)
    model = classifier(2, seed=1)
    as_checkpoint(home, "rm", model, ("helpful", "safe"), mean=(0.0, 5.0), sd=(1.0, 10.0))
    (verdict,) = judge(home).compare([Pair(PROMPT, FIRST, SECOND, "")])
    first, second = scores(home, is_raw=False)
    lead = sum(a - b for a, b in zip(first, second, strict=True)) / 2
    assert verdict.first_is_better == pytest.approx(sigmoid(lead), abs=1e-4)
