"""Own data is judged by its held-out prompts: the numbers, worked out again from the model itself; leaks; going on after a stop."""

import math
import shutil
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.resources import assets_dir
from rlft_gui.stages import stage
from rlft_gui.training.chat import chat
from rlft_gui.training.models import adapters, loading
from rlft_gui.training.models.checkpoints import resolve
from rlft_gui.training.rows import HELD_OUT
from rlft_gui.training.testing import RecordingReporter
from tests.stages.attempts import attempt, comparable, recipe
from tests.stages.own_files import demonstrations, preferences, prompts, stored

pytestmark = pytest.mark.slow

SFT, DPO = stage("sft"), stage("dpo")


@pytest.fixture(scope="module")
def files(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder, asked = tmp_path_factory.mktemp("files"), prompts()
    return {
        "shown": stored(home, folder, "shown", demonstrations(asked)),
        "pairs": stored(home, folder, "pairs", preferences(asked)),
        "few": stored(home, folder, "few", demonstrations(asked[:6])),
        "few-pairs": stored(home, folder, "few-pairs", preferences(asked[:6])),
        "asked": stored(home, folder, "asked", [{"prompt": text} for text in asked[:6]]),
        "shouted": stored(
            home, folder, "shouted", demonstrations(f"  {text.upper()} " for text in asked[:6])
        ),
    }


def judged(recipe: Recipe, **measure: Any) -> Recipe:
    return recipe.model_copy(update={"measure": measure})


def _logprobs(
    home: Home, run: str, step: int | None, rows: list[dict[str, Any]], column: str
) -> list[tuple[float, int]]:
    """Log-probability and tokens of each answer, one row at a time and without any code of the product's own."""
    import torch

    model, tokenizer = loading.load_base("lantern")
    if step is not None:
        model = adapters.continued(model, resolve(home.run(run), step))
    model.eval()
    found = []
    for row in rows:
        prompt = chat(tokenizer).prompts([[{"role": "user", "content": row["prompt"]}]])[0]
        answer = [*tokenizer(row[column], add_special_tokens=False)["input_ids"], chat(tokenizer).end]
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([[*prompt, *answer]])).logits[0]
        logs = torch.log_softmax(logits.float(), dim=-1)
        each = [float(logs[len(prompt) - 1 + i, token]) for i, token in enumerate(answer)]
        found.append((math.fsum(each), len(answer)))
    return found


def test_the_loss_on_held_out_answers_is_that_of_the_model(home: Home, files: dict[str, str]) -> None:
    asked = judged(recipe(SFT, "judged-loss", files["shown"], max_steps=3), held_out=files["few"])
    told = attempt(home, asked)
    rows = demonstrations(prompts()[:6])
    for step, of in ((0, None), (3, 3)):
        found = _logprobs(home, "judged-loss", of, rows, "completion")
        right = -sum(one for one, _ in found) / sum(tokens for _, tokens in found)
        assert told.curves["held/loss"][step] == pytest.approx(right, rel=1e-4)
        low, high = told.curves["held/loss/low"][step], told.curves["held/loss/high"][step]
        assert low < right < high
    assert told.curves["held/loss"][3] < told.curves["held/loss"][0]
    assert told.curves["eval/loss"][3] == pytest.approx(told.curves["held/loss"][3], rel=0.05)


def test_pairs_are_told_apart_by_what_each_answer_gained_on_the_base(
    home: Home, files: dict[str, str]
) -> None:
    asked = recipe(DPO, "judged-pairs", files["pairs"], max_steps=2, learning_rate=2e-4)
    told = attempt(home, judged(asked, held_out=files["few-pairs"]))
    rows = preferences(prompts()[:6])

    def gained(column: str) -> list[float]:
        own = _logprobs(home, "judged-pairs", 2, rows, column)
        base = _logprobs(home, "judged-pairs", None, rows, column)
        return [mine - other for (mine, _), (other, _) in zip(own, base, strict=True)]

    right = [a > b for a, b in zip(gained("chosen"), gained("rejected"), strict=True)]
    assert told.curves["held/accuracy"] == {0: 0.5, 2: pytest.approx(sum(right) / 6)}
    # With one stage on the base, DPO's own reference is the base.
    assert told.curves["eval/pref/accuracy"][2] == pytest.approx(told.curves["held/accuracy"][2])
    assert told.curves["held/kl"][0] == 0.0


def test_prompts_that_are_held_out_are_left_out_of_training_whatever_their_case_and_spaces(
    home: Home, files: dict[str, str]
) -> None:
    for held_out in ("few", "asked", "shouted"):
        run = recipe(SFT, f"leak-{held_out}", files["shown"], max_steps=1, eval_share=0.3)
        account = attempt(home, judged(run, held_out=files[held_out])).account
        assert account
        assert (account.given, account.trained + account.held_out) == (40, 34)
        assert account.dropped == {HELD_OUT: 6}
        assert account.held_out == 0
    with pytest.raises(
        InvalidInput, match=r"of 40 rows, 40 are left out \(its prompt is one of the held-out"
    ):
        attempt(home, judged(recipe(SFT, "leak-all", files["shown"], max_steps=1), held_out=files["pairs"]))


def test_prompts_alone_are_answered_and_scored_and_nothing_else_is_known_of_them(
    home: Home, files: dict[str, str]
) -> None:
    asked = recipe(SFT, "judged-answers", files["shown"], max_steps=2)
    measure = {"held_out": files["asked"], "rewards": {"length:1-3": 1.0, "regex:old": 0.5}}
    told = attempt(home, judged(asked, **measure))
    assert "held/loss" not in told.curves
    assert "eval/loss" not in told.curves
    said = {step: [one for one in told.samples if one[0] == step and one[2] == "held out"] for step in (0, 2)}
    assert [len(one) for one in said.values()] == [6, 6]
    for _, _, _, _, answer, scores in said[2]:
        assert scores == {
            "length:1-3": float(1 <= len(answer.split()) <= 3),
            "regex:old": float("old" in answer),
        }
    for step in (0, 2):
        whole = told.curves["held/reward/length:1-3"][step] + 0.5 * told.curves["held/reward/regex:old"][step]
        assert told.curves["held/reward/total"][step] == pytest.approx(whole)
        assert {"held/length", "held/kl", "held/reward/total/low"} <= set(told.curves)
    assert told.facts["held-out prompts judged by"] == "length:1-3, regex:old"


def test_where_nothing_knows_what_is_right_the_plan_says_so(home: Home, files: dict[str, str]) -> None:
    told = attempt(
        home, judged(recipe(SFT, "unjudged", files["shown"], max_steps=1), held_out=files["asked"])
    )
    assert told.facts["held-out prompts judged by"] == "nothing"
    assert {
        name for name in told.curves if name.startswith("held/") and not name.endswith(("/low", "/high"))
    } == {
        "held/length",
        "held/kl",
    }


def test_without_a_dataset_of_its_own_the_split_is_measured(home: Home, files: dict[str, str]) -> None:
    told = attempt(home, recipe(SFT, "split", files["shown"], max_steps=2, eval_share=0.25))
    assert told.account
    assert told.account.held_out > 2
    assert set(told.curves["held/loss"]) == {0, 2}
    assert "held/accuracy" not in told.curves


def test_a_run_that_goes_on_is_measured_as_one_that_was_never_stopped(
    home: Home, files: dict[str, str]
) -> None:
    shared: dict[str, Any] = {"max_steps": 4, "probe_every": 2, "checkpoint_every": 2}
    measure = {"held_out": files["few-pairs"], "rewards": {"length:1-3": 1.0}}
    straight = attempt(home, judged(recipe(DPO, "held-straight", files["pairs"], **shared), **measure))
    broken = judged(recipe(DPO, "held-broken", files["pairs"], **shared), **measure)
    attempt(home, broken, stop_after=2)
    resumed = attempt(home, broken, number=2)
    for name in ("held/loss", "held/accuracy", "held/accuracy/low", "held/reward/length:1-3", "held/kl"):
        assert resumed.curves[name][4] == straight.curves[name][4], name
    assert straight.facts["held-out answers read"] == resumed.facts["held-out answers read"] == 6
    assert comparable(resumed)["loss"] == {4: straight.curves["loss"][4]}


def test_on_another_base_a_run_that_continues_one_takes_its_scores_over_unless_it_is_judged_otherwise(
    home: Home, files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("base") / "lantern-copy"
    shutil.copytree(assets_dir() / "lantern", base)
    measure = {"held_out": files["few-pairs"], "rewards": {"length:1-3": 1.0}}
    first = attempt(
        home, judged(recipe(SFT, "other-base", files["shown"], max_steps=2, base=str(base)), **measure)
    )
    assert "probe/gold" not in first.curves
    assert set(first.curves["held/reward/length:1-3"]) == {0, 2}

    def continued(run: str, **measure: Any) -> RecordingReporter:
        shared: dict[str, Any] = {"max_steps": 1, "base": str(base), "parent": "other-base"}
        return attempt(home, judged(recipe(DPO, run, files["pairs"], **shared), **measure))

    same, other = continued("same-judge", **measure), continued("other-judge", held_out=files["few-pairs"])
    assert same.facts["first probe"] == "taken over from other-base@2, the same model"
    for name in ("held/reward/length:1-3", "held/kl", "held/loss", "held/accuracy"):
        assert same.curves[name][0] == pytest.approx(first.curves[name][2]), name
    assert "first probe" not in other.facts
    assert "held/reward/length:1-3" not in other.curves


def test_measuring_never_changes_the_run(home: Home, files: dict[str, str]) -> None:
    plain = attempt(home, recipe(SFT, "unmeasured", files["shown"], max_steps=3, eval_share=0))
    asked = recipe(SFT, "measured", files["shown"], max_steps=3, eval_share=0, probe_every=1)
    other = {"rewards": {"length:1-3": 1.0}}
    assert attempt(home, judged(asked, **other)).curves["loss"] == plain.curves["loss"]


def test_a_reward_that_is_learnt_from_judges_held_out_prompts_too(home: Home, files: dict[str, str]) -> None:
    online = recipe(
        stage("grpo"),
        "held-reward",
        files["shown"],
        max_steps=1,
        eval_share=0.2,
        rewards={"length:1-3": 1.0},
        samples_per_prompt=2,
        max_new_tokens=16,
    )
    told = attempt(home, online)
    assert set(told.curves["held/reward/length:1-3"]) == {0, 1}
    assert set(told.curves["held/loss"]) == {0, 1}, "its prompts have answers, which it does not learn from"


def test_a_reward_model_and_a_judge_score_held_out_answers(home: Home, files: dict[str, str]) -> None:
    attempt(home, recipe(stage("reward_model"), "judge-of-towns", files["pairs"], max_steps=1))
    asked = recipe(DPO, "held-models", files["pairs"], max_steps=1)
    measure = {
        "held_out": files["few"],
        "rewards": {"reward_model": 1.0, "judge": 1.0},
        "reward_model": "judge-of-towns",
    }
    told = attempt(home, judged(asked, **measure))
    assert told.alarms == []
    for name in ("held/reward/reward_model", "held/reward/judge", "held/reward/total"):
        assert set(told.curves[name]) == {0, 1}
    plain = attempt(
        home, judged(recipe(DPO, "held-none", files["pairs"], max_steps=1), held_out=files["few"])
    )
    assert told.curves["loss"] == plain.curves["loss"], "what measures must not change what is learnt"


def test_a_reward_model_is_measured_on_the_pairs_that_are_kept_apart(
    home: Home, files: dict[str, str]
) -> None:
    scores = recipe(stage("reward_model"), "scores-of-towns", files["pairs"], max_steps=1)
    told = attempt(home, judged(scores, held_out=files["few-pairs"]))
    assert told.account and told.account.trained == 34  # noqa: PT018
    low, mean, high = (told.curves[f"eval/pref/accuracy{end}"][1] for end in ("/low", "", "/high"))
    assert low <= mean <= high


def test_marked_answers_to_one_prompt_are_a_pair(home: Home, files: dict[str, str]) -> None:
    told = attempt(home, recipe(stage("kto"), "held-marks", files["pairs"], max_steps=1, eval_share=0.3))
    assert told.curves["held/accuracy"][0] == 0.5
    apart = judged(
        recipe(stage("kto"), "held-apart", files["pairs"], max_steps=1), held_out=files["few-pairs"]
    )
    assert set(attempt(home, apart).curves["eval/loss"]) == {0, 1}


def test_a_reward_model_that_is_given_prompts_alone_holds_out_pairs_of_its_own(
    home: Home, files: dict[str, str]
) -> None:
    """It would have scored rows that it had learnt, and said nothing of it."""
    run = recipe(stage("reward_model"), "own-pairs", files["pairs"], max_steps=1, eval_share=0.3)
    told = attempt(home, judged(run, held_out=files["asked"]))
    assert told.account
    assert told.account.held_out > 0
    assert "eval/pref/accuracy" in told.curves
