"""How terms make one reward: weights, the veto, and no patience with a reward that never differs."""

from collections.abc import Sequence
from math import inf, nan
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages._shared.settings import RewardSettings
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete
from rlft_gui.training.rewards import ConstantReward, Context, NotFinite, Reward, Scored, Summed, build
from rlft_gui.training.rewards._base import CONSTANT_BATCHES
from rlft_gui.training.rows import Row
from rlft_gui.training.testing import RecordingReporter

PROMPT: Row = {"prompt": [{"role": "user", "content": "Hello?"}]}


def fixed(*scores: float) -> Reward:
    return lambda prompts, completions: list(scores)


def words(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
    return [float(len(text.split())) for text in completions]


def test_the_total_is_the_weighted_sum_and_terms_are_told_before_weighting() -> None:
    summed = Summed({"a": (2.0, fixed(1.0, -1.0)), "b": (-0.5, fixed(4.0, 2.0))})
    scored = summed([PROMPT] * 2, ["x", "y"])
    assert scored.total == [0.0, -3.0]
    assert scored.terms == {"a": [1.0, -1.0], "b": [4.0, 2.0]}
    assert scored.vetoed == [False, False]


def test_a_veto_replaces_whatever_else_was_earned() -> None:
    summed = Summed(
        {"a": (1.0, fixed(9.0, 9.0, 3.0))}, fixed(-0.1, 0.0, 5.0), veto_below=0.0, veto_penalty=-2.0
    )
    scored = summed([PROMPT] * 3, ["x", "y", "z"])
    assert scored.total == [-2.0, 9.0, 3.0]
    assert scored.vetoed == [True, False, False]


def test_of_a_cut_answer_a_policy_learns_the_reward_without_an_end_or_a_lower_one() -> None:
    """Ten of sixteen are right, three others cut: .625 as scored, and .4375 is what is made larger."""
    scored = Summed({"a": (1.0, fixed(*[1.0] * 10, *[0.0] * 6))})([PROMPT] * 16, ["x"] * 16)
    is_cut = [False] * 13 + [True] * 3
    assert sum(scored.total) / 16 == 0.625
    assert sum(scored.trained(is_cut, -1.0)) / 16 == 0.4375
    assert scored.trained(is_cut, 9.0) == scored.total
    assert Scored([-3.0, 2.0], {}, []).trained([True, True], -1.0) == [-3.0, -1.0]


def test_a_reward_that_never_differs_ends_the_run_with_a_sentence() -> None:
    summed = Summed({"length:1-9": (1.0, fixed(0.5, 0.5))})
    for _ in range(CONSTANT_BATCHES - 1):
        summed([PROMPT] * 2, ["x", "y"])
    with pytest.raises(
        ConstantReward, match=r"got the reward 0\.5, so there is nothing to learn\. .*length:1-9"
    ):
        summed([PROMPT] * 2, ["x", "y"])


def test_one_different_answer_is_enough_to_go_on() -> None:
    summed = Summed({"words": (1.0, words)})
    for number in range(3 * CONSTANT_BATCHES):
        differs = number % (CONSTANT_BATCHES - 1) == 0
        summed([PROMPT] * 2, ["one two" if differs else "one", "one"])


def test_a_reward_that_differed_once_may_be_learned_to_the_full() -> None:
    summed = Summed({"words": (1.0, words)})
    summed([PROMPT] * 2, ["one two", "one"])
    for _ in range(2 * CONSTANT_BATCHES):
        summed([PROMPT] * 2, ["one", "one"])


def test_a_run_that_goes_on_from_a_late_checkpoint_is_known_to_have_differed(tmp_path: Path) -> None:
    reporter = RecordingReporter(Home(tmp_path).run("r"))
    recipe = Recipe(run_id="r", pipeline_id="p", method="rlhf", stage="ppo", base="b")
    context = Context(recipe, reporter, "aaa", tokenizer=None, policy=lambda: None)
    settings = RewardSettings(rewards={"length:1-9": 1.0})
    assert not build(settings, context).has_differed
    path = reporter.folder.checkpoint(CONSTANT_BATCHES)
    path.mkdir(parents=True)
    mark_complete(
        path,
        CheckpointMarker(step=CONSTANT_BATCHES, stage="ppo", base="b", base_hash="aaa", kind="adapter"),
    )
    assert build(settings, context).has_differed


def test_batches_that_are_constant_each_at_another_value_differ() -> None:
    summed = Summed({"words": (1.0, words)})
    for number in range(3 * CONSTANT_BATCHES):
        summed([PROMPT] * 2, ["a " * (1 + number % 2)] * 2)


def test_a_score_that_is_no_number_is_an_alarm_and_the_end(tmp_path: Path) -> None:
    reporter = RecordingReporter(Home(tmp_path).run("r"))
    summed = Summed({"good": (1.0, fixed(1.0, 2.0)), "odd": (1.0, fixed(0.5, nan))}, reporter=reporter)
    with pytest.raises(NotFinite, match=r"Of 2 scores of odd, 1 are not finite; the first is undefined"):
        summed([PROMPT] * 2, ["x", "y"])
    assert [name for _, name, _ in reporter.alarms] == ["reward_not_finite"]


def test_a_term_without_weight_cannot_hide_what_is_no_number() -> None:
    with pytest.raises(NotFinite, match="infinite"):
        Summed({"a": (1.0, fixed(1.0)), "b": (0.0, fixed(inf))})([PROMPT], ["x"])


def test_an_undefined_score_does_not_pass_a_veto() -> None:
    with pytest.raises(NotFinite, match="the veto"):
        Summed({"a": (1.0, fixed(1.0))}, veto=fixed(nan))([PROMPT], ["x"])


@pytest.mark.parametrize(
    ("rewards", "sentence"),
    [
        ({"number": nan}, r'The reward "number" weighs nan\. Give it a finite number'),
        ({"number": 1.0, "random": -inf}, r'The reward "random" weighs -inf\.'),
        ({"number": 0.0, "random": 0.0}, r"All rewards weigh 0"),
    ],
)
def test_weights_that_could_teach_nothing_are_refused(rewards: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        RewardSettings(rewards=rewards)
