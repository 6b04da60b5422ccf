"""PPO as a stage: what it holds itself to, what it learns, and what stops it."""

import math
from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import Diverged
from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.training.rewards import ConstantReward
from tests.stages.attempts import (
    attempt,
    attempt_in_fresh_process,
    comparable,
    difference,
    joined,
    recipe,
    small_dataset,
    weights,
)

PPO, SFT = stage("ppo"), stage("sft")
SMALL: dict[str, Any] = {"rewards": {"length:1-8": 1.0}, "rollouts": 4, "max_new_tokens": 16, "steps": 4}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(home: Home) -> str:
    return small_dataset(home, DataType.DEMONSTRATIONS)


@pytest.fixture(scope="module")
def warmed_up(home: Home, data: str) -> str:
    """An SFT run whose adapter is far from the base, with dropout, and of a shape that is not PPO's default."""
    attempt(
        home,
        recipe(SFT, "warm", data, max_steps=6, learning_rate=2e-2, lora_rank=4, lora_dropout=0.2),
    )
    return "warm"


@pytest.mark.parametrize("batch_size", [4, 2])
def test_policy_and_reference_agree_before_the_first_update(
    home: Home, data: str, warmed_up: str, batch_size: int
) -> None:
    asked = recipe(
        PPO, f"agree-{batch_size}", data, parent=warmed_up, **{**SMALL, "steps": 2, "batch_size": batch_size}
    )
    told = attempt(home, asked)
    assert told.curves["kl/seq"][1] == pytest.approx(0, abs=1e-4)
    assert abs(told.curves["kl/seq"][2]) > 1e-3
    assert told.curves["probe/kl/seq"][0] > 0.05  # the probe measures against the base
    assert told.facts["reference"] == "the adapter of warm@6, frozen"
    assert told.facts["adapter"] == "LoRA, rank 4, alpha 32, continues warm@6"


def test_the_first_minibatch_of_a_step_has_not_moved(home: Home, data: str) -> None:
    told = attempt(home, recipe(PPO, "once", data, **{**SMALL, "ppo_epochs": 1}))
    assert set(told.curves["updates"].values()) == {1.0}
    assert told.curves["ratio"] == pytest.approx(dict.fromkeys(range(1, 5), 1.0), abs=1e-5)
    assert max(told.curves["approx_kl"].values()) < 1e-6
    assert set(told.curves["clip_fraction"].values()) == {0.0}


def test_an_update_that_goes_on_from_the_rollouts_passes_is_the_same_to_the_last_bit(
    home: Home, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.training.ppo import loop
    from rlft_gui.training.ppo.policy import PPOPolicy

    passes = 0
    read = PPOPolicy.read

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal passes
        passes += 1
        return read(*arguments, **named)

    monkeypatch.setattr(PPOPolicy, "read", counted)
    settings = {**SMALL, "rollouts": 6, "batch_size": 2, "ppo_epochs": 3, "target_kl": 0.0, "steps": 2}
    kept = attempt(home, recipe(PPO, "kept", data, **settings))
    assert passes == 2 * 3 * 3  # steps, epochs, batches: none for the rollout
    monkeypatch.setattr(loop, "free_room", lambda device: 0)
    read_again = attempt(home, recipe(PPO, "read-again", data, **settings))
    assert passes == 18 + 2 * 3 * 4
    assert difference(home, "kept", "read-again") == 0.0
    assert comparable(kept) == comparable(read_again)


def test_answers_are_drawn_at_once_as_asked_or_as_fits(
    home: Home, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.training.ppo import loop

    drawn: list[int] = []
    sample = loop.sample  # type: ignore[attr-defined]  # as it is imported there

    def counted(model: Any, tokenizer: Any, prompts: Any, sampling: Any) -> Any:
        drawn.append(len(prompts))
        return sample(model, tokenizer, prompts, sampling)

    monkeypatch.setattr(loop, "sample", counted)
    once = {**SMALL, "rollouts": 6, "batch_size": 2, "steps": 1}
    told = attempt(home, recipe(PPO, "all", data, **once))
    assert (drawn, told.facts["answers at once"]) == ([6], 6)
    drawn.clear()
    told = attempt(home, recipe(PPO, "four", data, **once, generation_batch_size=4))
    assert (drawn, told.facts["answers at once"]) == ([4, 2], 4)


def test_a_step_ends_early_once_the_policy_has_moved_too_far(home: Home, data: str) -> None:
    far = {**SMALL, "learning_rate": 0.05, "ppo_epochs": 8}
    told = attempt(home, recipe(PPO, "short", data, **{**far, "target_kl": 0.01, "steps": 2}))
    free = attempt(home, recipe(PPO, "long", data, **{**far, "target_kl": 0.0, "steps": 2}))
    assert told.curves["updates"][1] < 8
    assert told.curves["approx_kl"][1] > 0.01
    assert free.curves["updates"][1] == 8


def test_answers_are_drawn_anew_each_step_and_each_epoch(home: Home, data: str) -> None:
    """With nothing learned, only chance differs between two passes over the same prompts."""
    still = {**SMALL, "learning_rate": 1e-8, "rollouts": 24, "batch_size": 24, "eval_share": 0.0, "steps": 2}
    told = attempt(home, recipe(PPO, "chance", data, **still))
    assert told.curves["entropy/token"][1] != told.curves["entropy/token"][2]
    assert told.curves["length/mean"][1] != told.curves["length/mean"][2]


def test_resuming_over_a_parent_is_exact(home: Home, data: str, warmed_up: str) -> None:
    settings = {**SMALL, "steps": 5, "probe_every": 4}
    straight = attempt(home, recipe(PPO, "over-straight", data, parent=warmed_up, **settings))
    broken = recipe(PPO, "over-broken", data, parent=warmed_up, **settings)
    stopped = attempt(home, broken, stop_after=2)
    resumed = attempt_in_fresh_process(home, broken)
    assert resumed.resumed_from == 3
    assert difference(home, "over-straight", "over-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)


def test_a_checkpoint_holds_the_policys_adapter_and_no_other(home: Home, data: str, warmed_up: str) -> None:
    from rlft_gui.training.ppo.loop import VALUE_HEAD

    attempt(home, recipe(PPO, "alone", data, parent=warmed_up, **{**SMALL, "steps": 1}))
    path = home.run("alone").checkpoint(1)
    names = set(weights(home, "alone"))
    assert {name for name in names if name.startswith("adapter_model.safetensors")} == set(
        weights(home, warmed_up)
    )
    assert names - set(weights(home, warmed_up)) == {f"{VALUE_HEAD} weight", f"{VALUE_HEAD} bias"}
    assert [child.name for child in path.iterdir() if child.is_dir()] == []


def test_a_later_run_continues_the_policy(home: Home, data: str, warmed_up: str) -> None:
    attempt(home, recipe(PPO, "first", data, parent=warmed_up, **{**SMALL, "steps": 2}))
    told = attempt(home, recipe(PPO, "second", data, parent="first", **{**SMALL, "steps": 1}))
    assert told.facts["reference"] == "the adapter of first@2, frozen"
    assert told.curves["kl/seq"][1] == pytest.approx(0, abs=1e-4)


def test_training_raises_the_reward(home: Home) -> None:
    """Lantern's answers have about a dozen words; it is to learn to give short ones."""
    settings: dict[str, Any] = {
        "rewards": {"length:1-5": 1.0},
        "steps": 12,
        "rollouts": 32,
        "batch_size": 32,
        "learning_rate": 1e-2,
        "kl_coefficient": 0.01,
        "max_new_tokens": 24,
        "probe_every": 100,
    }
    told = attempt(home, recipe(PPO, "shorter", "lantern:demonstrations", **settings))
    rewards = [told.curves["reward/mean"][step] for step in range(1, 13)]
    assert sum(rewards[-3:]) / 3 > sum(rewards[:3]) / 3 + 0.3
    assert told.curves["probe/length"][12] < 0.7 * told.curves["probe/length"][0]
    assert told.curves["kl/seq"][12] > 0.1
    assert told.curves["reward/length:1-5"] == told.curves["reward/mean"]


def test_cut_answers_earn_the_reward_without_an_end(home: Home, data: str) -> None:
    """With four tokens no answer ends; each is good, yet the policy learns from −1 alone."""
    settings: dict[str, Any] = {
        **SMALL,
        "rewards": {"length:1-60": 1.0},
        "max_new_tokens": 4,
        "steps": 1,
        "kl_coefficient": 0.0,
    }
    told = attempt(home, recipe(PPO, "cut", data, **settings))
    assert told.curves["length/truncated"][1] == 1.0
    assert told.curves["reward/mean"][1] == 1.0
    assert told.curves["reward/trained"][1] == told.curves["objective"][1] == -1.0
    # Values are 0, so the value loss before any update is half the square of the discounted returns: 1/2 each.
    first = attempt(home, recipe(PPO, "cut-once", data, **{**settings, "ppo_epochs": 1, "lam": 1.0}))
    assert first.curves["value_loss"][1] == pytest.approx(0.5)
    kept = attempt(
        home,
        recipe(
            PPO,
            "cut-kept",
            data,
            **{**settings, "ppo_epochs": 1, "lam": 1.0, "missing_eos_reward": -3.0},
        ),
    )
    assert kept.curves["value_loss"][1] == pytest.approx(4.5)


def test_a_reward_that_never_differs_ends_the_run(home: Home, data: str) -> None:
    settings = {**SMALL, "rewards": {"length:900-999": 1.0}, "max_new_tokens": 2, "steps": 30}
    with pytest.raises(ConstantReward, match="nothing to learn"):
        attempt(home, recipe(PPO, "constant", data, **settings))


def test_a_loss_that_is_not_finite_ends_the_run_and_saves_nothing(
    home: Home, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.training.ppo import math as ppo_math

    honest = ppo_math.token_rewards
    calls: list[int] = []

    def sometimes_broken(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return honest(*args, **kwargs) * (math.nan if len(calls) == 2 else 1.0)

    monkeypatch.setattr(ppo_math, "token_rewards", sometimes_broken)
    asked = recipe(PPO, "broken", data, **{**SMALL, "checkpoint_every": 1})
    with pytest.raises(Diverged, match="at step 2"):
        attempt(home, asked)
    assert sorted(path.name for path in home.run("broken").checkpoints.iterdir()) == ["step-1"]
