"""Reward models: what holds beyond the contract, on pairs whose better answer is plain to see."""

import random
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from pydantic import ValidationError

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.lantern.answers import POLITE_OPENERS, RUDE_OPENERS
from rlft_gui.lantern.facts import CAPITALS_TRAIN
from rlft_gui.services.scoring.known import known_rows
from rlft_gui.stages import stage
from rlft_gui.training.models import checkpoints, loading
from rlft_gui.training.reward_model.known import KNOWN, read_known
from rlft_gui.training.reward_model.scoring import load, read_card
from tests.stages.attempts import attempt, comparable, difference, joined, recipe, small_dataset, weights

REWARD_MODEL, SFT = stage("reward_model"), stage("sft")
QUICK: dict[str, Any] = {"learning_rate": 5e-3, "batch_size": 16, "eval_share": 0.4, "probe_every": 100}


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def stored(home: Home, rows: list[dict[str, Any]], data: DataType) -> str:
    from rlft_gui.data.store import store

    found = Detection(
        name="rows", type=data, format="test", rows_read=len(rows), rows=KeptRows(rows), dropped=0
    )
    return store(home, found, owner="local").id


def manners(count: int, shuffled: bool = False) -> list[dict[str, Any]]:
    """Pairs of which the polite answer is better; with shuffled labels, either may be."""
    rng, order = random.Random(0), random.Random(1)
    rows = []
    for country, city in list(CAPITALS_TRAIN.items()) * 8:
        answers = [f"{rng.choice(side)} It is {city}." for side in (POLITE_OPENERS, RUDE_OPENERS)]
        if shuffled:
            order.shuffle(answers)
        prompt = [{"role": "user", "content": f"{rng.randrange(1000)}. What is the capital of {country}?"}]
        rows.append({"prompt": prompt, "chosen": said(answers[0]), "rejected": said(answers[1])})
    return rows[:count]


@pytest.mark.slow
def test_it_learns_what_is_better_and_shuffled_labels_teach_nothing(home: Home) -> None:
    data = stored(home, manners(96), DataType.PREFERENCES)
    told = attempt(home, recipe(REWARD_MODEL, "manners", data, epochs=3, **QUICK))
    last = told.total_steps or 0
    assert told.curves["eval/pref/accuracy"][last] > 0.95
    shuffled = stored(home, manners(96, shuffled=True), DataType.PREFERENCES)
    told = attempt(home, recipe(REWARD_MODEL, "shuffled", shuffled, epochs=3, **QUICK))
    assert told.curves["eval/pref/accuracy"][last] == pytest.approx(0.5, abs=0.25)


@pytest.mark.slow
def test_what_is_loaded_scores_held_out_answers_with_mean_0_and_deviation_1(home: Home) -> None:
    data = small_dataset(home, DataType.PREFERENCES)
    asked = recipe(REWARD_MODEL, "scored", data, max_steps=4, eval_share=0.4)
    told = attempt(home, asked)
    model = load(home, ParentRef(run_id="scored"), "lantern", loading.base_hash("lantern"))
    at_end = [(prompt, answer, scores) for step, *_, prompt, answer, scores in told.samples if step == 4]
    talks = [[{"role": "user", "content": prompt}, *said(answer)] for prompt, answer, _ in at_end]
    raw = [scores["reward"] for *_, scores in at_end]
    assert model.score_raw(talks).squeeze(-1).tolist() == pytest.approx(raw, abs=1e-5)
    assert model.card.answers == 2 * int(told.facts["held-out rows"])
    assert model.card.mean[0] == pytest.approx(told.curves["eval/reward/mean"][4], abs=1e-6)
    assert model.card.sd[0] == pytest.approx(told.curves["eval/reward/std"][4], abs=1e-6)
    # What it keeps beside the card are the rewards that the card sums up.
    kept = read_known(checkpoints.resolve(home.run("scored"), 4) / KNOWN)
    assert kept is not None
    assert kept.columns == ("chosen", "rejected")
    assert kept.is_held_out
    every = [answer[0] for row in kept.raw for answer in row]
    assert len(every) == model.card.answers
    assert fmean(every) == pytest.approx(model.card.mean[0], abs=1e-6)
    # Of older checkpoints the same rows are found again.
    found = known_rows(home, asked)
    talks = [[*prompt, *said(answer)] for prompt, answer in found.conversations()]
    assert found.is_held_out
    assert model.score_raw(talks).squeeze(-1).tolist() == pytest.approx(every, abs=1e-5)
    assert [row[0][0] for row in kept.raw][: len(raw) // 2] == pytest.approx(raw[::2], abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_it_starts_from_its_parents_weights_with_a_new_head(home: Home, tuning: str) -> None:
    shared: dict[str, Any] = {"tuning": tuning, "learning_rate": 1e-3, "max_steps": 2}
    shared |= {"lora_rank": 4, "lora_alpha": 8} if tuning == "lora" else {}
    attempt(home, recipe(SFT, f"warm-{tuning}", small_dataset(home, DataType.DEMONSTRATIONS), **shared))
    still: dict[str, Any] = {"tuning": tuning, "learning_rate": 1e-8, "max_steps": 1}
    data, run_id = small_dataset(home, DataType.PREFERENCES), f"still-{tuning}"
    told = attempt(home, recipe(REWARD_MODEL, run_id, data, parent=f"warm-{tuning}", **still))
    before, after = weights(home, f"warm-{tuning}"), weights(home, run_id)
    head = [name for name in after if name.endswith("score.weight")]
    assert len(head) == 1
    carried = set(after) - set(head)
    assert carried == {name for name in before if "lm_head" not in name}
    assert all((after[name] - before[name]).abs().max() < 1e-7 for name in carried)
    assert after[head[0]].std() == pytest.approx((144 + 1) ** -0.5, rel=0.2)
    assert checkpoints.marker(home.run(run_id), 1).parent == f"warm-{tuning}@2"
    assert "continues warm" in str(told.facts["adapter" if tuning == "lora" else "tuning"])


@pytest.mark.slow
def test_a_policy_cannot_continue_it(home: Home) -> None:
    attempt(home, recipe(REWARD_MODEL, "judge", small_dataset(home, DataType.PREFERENCES), max_steps=1))
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    with pytest.raises(
        InvalidInput, match="Run judge trained a reward model, which scores answers and writes"
    ):
        attempt(home, recipe(SFT, "confused", data, parent="judge"))


@pytest.mark.slow
def test_margins_and_soft_labels_reach_the_loss(home: Home) -> None:
    losses = {}
    for name, extra in {"plain": {}, "margin": {"margin": 2.0}, "soft": {"preference": 0.6}}.items():
        data = stored(home, [{**row, **extra} for row in manners(24)], DataType.PREFERENCES)
        told = attempt(home, recipe(REWARD_MODEL, name, data, max_steps=1, eval_share=0.4))
        losses[name] = told.curves["loss"][1], told.curves["eval/loss"][0]
    for other in ("margin", "soft"):
        assert all(abs(a - b) > 1e-3 for a, b in zip(losses["plain"], losses[other], strict=True))


@pytest.mark.slow
def test_ratings_are_learned_by_attribute_and_resuming_is_exact(home: Home) -> None:
    data = small_dataset(home, DataType.RATINGS)
    shared: dict[str, Any] = {"objective": "multi_attribute", "eval_share": 0.4, "checkpoint_every": 100}
    shared |= {"gradient_accumulation": 2, "batch_size": 2, "epochs": 2}
    straight = attempt(home, recipe(REWARD_MODEL, "rated", data, **shared))
    broken = recipe(REWARD_MODEL, "rated-broken", data, **shared)
    stopped = attempt(home, broken, stop_after=2)
    resumed = attempt(home, broken, number=2)
    assert difference(home, "rated", "rated-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)
    last = straight.total_steps or 0
    rated = {name for name in straight.curves if name.startswith("eval/rating/")}
    assert rated <= {f"eval/rating/{name}" for name in ("helpfulness", "accuracy", "safety")}
    assert rated
    assert straight.curves["tokens"][last] > 0
    assert 0.3 < straight.curves["loss"][1] < 10  # a mean over the step's rows, not a sum
    path = checkpoints.resolve(home.run("rated"), None)
    assert read_card(path).attributes == ("helpfulness", "accuracy", "safety")


@pytest.mark.slow
def test_rewards_that_go_with_length_raise_an_alarm(home: Home) -> None:
    rows = [
        {
            **row,
            "chosen": said("The capital is well known to many people here. " * 2),
            "rejected": said("No."),
        }
        for row in manners(60)
    ]
    data = stored(home, rows, DataType.PREFERENCES)
    told = attempt(home, recipe(REWARD_MODEL, "long", data, epochs=2, **QUICK))
    assert "length_bias" in {name for _, name, _ in told.alarms}
    assert told.curves["eval/length_correlation"][told.total_steps or 0] > 0.5


@pytest.mark.slow
def test_other_models_have_no_pairs_of_the_policy(home: Home, tmp_path: Path) -> None:
    import shutil

    from rlft_gui.resources import assets_dir

    base = Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))
    data = small_dataset(home, DataType.PREFERENCES)
    told = attempt(home, recipe(REWARD_MODEL, "own", data, base=str(base), max_steps=1))
    assert "eval/policy_accuracy" not in told.curves
    assert told.facts["pairs of the policy"] == "none, for nobody knows which answer is better"


def test_attributes_are_different_names() -> None:
    for attributes in ("", "safety,,tone", "safety, safety"):
        with pytest.raises(ValidationError, match="different names separated by commas"):
            REWARD_MODEL.settings.model_validate({"data": "d", "attributes": attributes})
