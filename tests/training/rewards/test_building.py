"""From settings to a reward, with real reward models beside a real policy."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages._shared.settings import RewardSettings
from rlft_gui.training.models import adapters, loading
from rlft_gui.training.rewards import Context, build
from rlft_gui.training.testing import RecordingReporter
from tests.training.reward_models import CONVERSATIONS, as_checkpoint, classified, classifier, with_adapter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing. is deprecated:FutureWarning"),
]

PROMPTS = [{"prompt": conversation[:-1]} for conversation in CONVERSATIONS]
ANSWERS = [conversation[-1]["content"] for conversation in CONVERSATIONS]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def context(home: Home, *, base: str = "lantern", policy: Any = None) -> Context:
    reporter = RecordingReporter(home.run("policy"))
    recipe = Recipe(run_id="policy", pipeline_id="p", method="rlhf", stage="ppo", base=base)
    return Context(recipe, reporter, loading.base_hash("lantern"), None, lambda: policy)


def asked(rewards: dict[str, float], reward_model: str = "", **others: Any) -> RewardSettings:
    return RewardSettings(rewards=rewards, reward_model=reward_model, **others)


def test_a_reward_model_scores_beside_rules_and_may_veto(home: Home) -> None:
    from peft import get_peft_model

    original = with_adapter(classifier(2, seed=1))
    as_checkpoint(home, "rm", original, ("helpfulness", "safety"), mean=(0.5, 0.0), sd=(2.0, 1.0))
    model, _ = loading.load_base("lantern")
    policy = get_peft_model(model, adapters.new_adapter(model, 4, 8, "all-linear"))
    rewards = {"reward_model": 1.0, "reward_model:helpfulness": 0.5, "length:1-1": 10.0}
    raw = classified(original, CONVERSATIONS)
    bound = float(raw[:, 1].median())
    summed = build(
        asked(rewards, "rm", veto="reward_model:safety", veto_below=bound, veto_penalty=-7.0),
        context(home, policy=policy),
    )
    scored = summed(PROMPTS, ANSWERS)
    helpful, safe = (raw[:, 0] - 0.5) / 2.0, raw[:, 1]
    expected = (helpful + safe) / 2 + 0.5 * helpful
    expected[1] += 10.0  # "No." has one word
    expected[safe < bound - 1e-4] = -7.0
    assert scored.total == pytest.approx(expected.tolist(), abs=1e-5)
    assert sum(scored.vetoed) == 1
    assert list(policy.peft_config) == ["default", "reward"]  # one copy for three terms
    assert summed.facts["reward model"].startswith("rm, 0 being the mean")
    assert summed.facts["reward"] == "1 × reward_model + 0.5 × reward_model:helpfulness + 10 × length:1-1"


def test_an_attribute_that_is_not_scored_is_refused(home: Home) -> None:
    as_checkpoint(home, "rm", with_adapter(classifier(1, seed=1)))
    with pytest.raises(InvalidInput, match=r'rm does not score "safety"\. It scores: reward'):
        build(asked({"reward_model:safety": 1.0}, "rm"), context(home))


def test_no_reward_model_named_or_none_there_is_a_sentence(home: Home) -> None:
    with pytest.raises(InvalidInput, match="needs a finished reward model run"):
        build(asked({"reward_model": 1.0}), context(home))
    with pytest.raises(NotFound, match="Run nobody has no complete checkpoint"):
        build(asked({"reward_model": 1.0}, "nobody"), context(home))


def test_gold_is_lanterns_own_score_and_is_called_a_ceiling(home: Home) -> None:
    here = context(home)
    summed = build(asked({"gold": 1.0}), here)
    # The truth gives 1, no answer to a known question -0.3, rudeness at one end takes half of half a point.
    texts = ["The capital of France is Paris.", "I do not know.", "Obviously. It is Paris."]
    prompts = [{"prompt": [{"role": "user", "content": "What is the capital of France?"}]}] * 3
    assert summed(prompts, texts).total == pytest.approx([1.0, -0.3, 0.75])
    reporter = here.reporter
    assert isinstance(reporter, RecordingReporter)
    assert [(step, name) for step, name, _ in reporter.alarms] == [(0, "gold_reward")]
    assert "ceiling" in summed.facts["rewarded by"]


def test_gold_is_refused_outside_lanterns_world(home: Home) -> None:
    with pytest.raises(InvalidInput, match="exists in Lantern's world only"):
        build(asked({"gold": 1.0}), context(home, base="org/model"))
