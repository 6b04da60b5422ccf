"""GRPO and RLOO: what reaches the reward, what an advantage is, and what a run keeps."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.stages import stage
from rlft_gui.stages._shared import online_rl
from rlft_gui.stages._shared.online_rl import reward_function
from rlft_gui.training.rewards import ConstantReward, Context, Summed
from rlft_gui.training.rewards.scorable import NO_NUMBER
from rlft_gui.training.rows import Row
from tests.stages.attempts import attempt, recipe, small_dataset, weights
from tests.stages.cases._online import TINY_ONLINE

END = 1  #: Lantern's end token
both = pytest.mark.parametrize("name", ["grpo", "rloo"])


def test_a_reward_sees_every_column_of_a_row_and_the_answer_as_text() -> None:
    seen: list[tuple[Row, str]] = []

    def remember(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        seen.extend(zip(prompts, completions, strict=True))
        return [float(len(text)) for text in completions]

    rows: list[Row] = [
        {"prompt": [], "answer": "17", "made": {"by": "hand"}},
        {"prompt": [], "source": "elsewhere"},
    ]
    logged: list[tuple[str, float]] = []
    reward = reward_function(Summed({"own": (2.0, remember)}), rows, {END}, -1.0)
    assert reward(
        completions=_written(" 17 .", "no"),
        completion_ids=[[5, END], [6, END]],
        row=[1, 0],
        log_metric=lambda *x: logged.append(x),
        other=1,
    ) == [8.0, 4.0]
    assert seen == [(rows[1], "17 ."), (rows[0], "no")]
    assert logged == [("reward/mean", 6.0), ("reward/own", 3.0)]


def test_a_cut_answer_earns_the_reward_without_an_end_and_both_means_are_told() -> None:
    def by_length(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        return [float(len(text)) for text in completions]

    logged: dict[str, float] = {}
    reward = reward_function(Summed({"own": (1.0, by_length)}), [{"prompt": []}], {END, END + 1}, 2.0)
    trained = reward(
        completions=_written("abc", "abcd", "a", "ab cd"),
        completion_ids=[[5, END], [5, 6], [END, 6], [END + 1]],
        row=[0, 0, 0, 0],
        log_metric=logged.__setitem__,
    )
    assert trained == [3.0, 2.0, 1.0, 5.0]
    assert logged["reward/mean"] == 13 / 4


def _written(*texts: str) -> list[list[dict[str, str]]]:
    return [[{"role": "assistant", "content": text}] for text in texts]


def test_a_veto_is_counted() -> None:
    def by_length(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        return [float(len(text)) for text in completions]

    total = Summed({"own": (1.0, by_length)}, veto=by_length, veto_below=2.0, veto_penalty=-3.0)
    logged: dict[str, float] = {}
    reward = reward_function(total, [{"prompt": []}], {END}, -1.0)
    ids = [[5, END], [6, END]]
    answers = _written("a", "bcd")
    told = reward(completions=answers, completion_ids=ids, row=[0, 0], log_metric=logged.__setitem__)
    assert told == [-3.0, 3.0]
    assert logged == {"reward/mean": 0.0, "reward/own": 2.0, "reward/vetoed": 0.5}


@pytest.mark.slow
@both
def test_a_verifier_compares_with_the_rows_own_answer(name: str, home: Home) -> None:
    from rlft_gui.data.store import store

    rows = tuple(
        {"prompt": [{"role": "user", "content": f"What is {i} + {i} ?"}], "answer": str(2 * i)}
        for i in range(12)
    )
    rows += ({"prompt": [{"role": "user", "content": "Is ice cold?"}], "answer": "yes"},)
    detection = Detection(
        name="sums", type=DataType.PROMPTS, format="test", rows_read=13, rows=KeptRows(rows), dropped=0
    )
    data = store(home, detection, owner="local").id
    settings = {**TINY_ONLINE, "rewards": {"number": 1.0, "random": 0.5}}
    told = attempt(home, recipe(stage(name), f"{name}-sums", data, max_steps=1, **settings))
    assert {"reward/number", "reward/random"} <= set(told.curves)
    assert told.facts["reward"] == "1 × number + 0.5 × random"
    assert told.account is not None
    assert (told.account.given, dict(told.account.dropped)) == (13, {NO_NUMBER: 1})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grpo", "rloo", "ppo", "best_of_n"])
def test_rows_that_a_verifier_can_never_score_are_refused_if_there_are_no_others(
    name: str, home: Home
) -> None:
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    tested = stage(name)
    asked = {**TINY_ONLINE, "rewards": {"number": 1.0}}
    settings = {key: value for key, value in asked.items() if key in tested.settings.model_fields}
    with pytest.raises(InvalidInput, match=r'24 are left out \(the reward "number" compares with a column'):
        attempt(home, recipe(tested, f"{name}-unscorable", data, **settings))


@pytest.mark.slow
@both
def test_a_reward_that_never_differs_ends_the_run_with_its_reason(
    name: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.training.rewards import _base

    monkeypatch.setattr(_base, "CONSTANT_BATCHES", 2)
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings = {**TINY_ONLINE, "rewards": {"length:500-900": 1.0}}
    with pytest.raises(ConstantReward, match="got the reward 0, so there is nothing to learn"):
        attempt(home, recipe(stage(name), f"{name}-constant", data, max_steps=4, **settings))


@pytest.mark.slow
@both
def test_an_answer_gets_half_of_a_row_at_most_and_prompts_that_leave_no_room_are_dropped(
    name: str, home: Home
) -> None:
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings = {**TINY_ONLINE, "max_length": 32, "max_new_tokens": 256}
    told = attempt(home, recipe(stage(name), f"{name}-short", data, max_steps=1, **settings))
    assert told.facts["longest answer"] == "16 tokens"
    assert "16 tokens or more" in str(told.facts["rows dropped"])
    assert told.curves["length/mean"][1] <= 16


@pytest.mark.slow
def test_advantages_compare_with_the_same_prompts_other_answers(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rewards 0 1 1 2 for the answers to one prompt. GRPO: (r − 1) / (0.8165 + 1e-4), the sample's standard deviation.
    RLOO: r − mean of the other three = r − (4 − r) / 3."""
    expected = {"grpo": [-1.2246, 0.0, 0.0, 1.2246], "rloo": [-4 / 3, 0.0, 0.0, 4 / 3]}
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    for name in expected:
        seen: list[list[float]] = []
        by_place = Summed({"random": (1.0, lambda p, c: [0.0, 1.0, 1.0, 2.0] * (len(c) // 4))})
        monkeypatch.setattr(online_rl, "build", lambda *_, total=by_place: total)
        _watch_batches(name, lambda found: seen.append(found["advantages"].tolist()), monkeypatch)  # noqa: B023
        settings = {**TINY_ONLINE, "samples_per_prompt": 4, "beta": 0.0, "missing_eos_reward": 9.0}
        told = attempt(home, recipe(stage(name), f"{name}-advantages", data, max_steps=1, **settings))
        assert sorted(seen[0])[:4] == pytest.approx([expected[name][0]] * 4, abs=1e-4)
        assert sorted(seen[0])[-4:] == pytest.approx([expected[name][3]] * 4, abs=1e-4)
        assert sum(value == 0 for value in seen[0]) == 8
        assert told.curves["reward/mean"][1] == 1.0
        assert told.curves["reward/zero_std"][1] == 0.0
        assert "kl/token" not in told.curves


@pytest.mark.slow
@both
def test_punished_answers_reach_the_loss(name: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """All score 1, so within a prompt the cut ones, at −1, must fall and the others rise."""
    batches: list[Any] = []
    all_good = Summed({"random": (1.0, lambda p, c: [1.0] * len(c))})
    monkeypatch.setattr(online_rl, "build", lambda *_: all_good)
    _watch_batches(name, batches.append, monkeypatch)
    settings = {**TINY_ONLINE, "samples_per_prompt": 8, "max_new_tokens": 20}
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    told = attempt(home, recipe(stage(name), f"{name}-cut", data, max_steps=1, **settings))
    lengths = batches[0]["completion_mask"].sum(dim=1)
    assert lengths.min() > 0, "a masked answer has no tokens in the loss"
    last = batches[0]["completion_ids"].gather(1, lengths.unsqueeze(1) - 1).squeeze(1)
    is_cut = (lengths == 20) & (last != END)
    advantages = batches[0]["advantages"]
    assert (advantages[is_cut] <= 0).all()
    assert (advantages[~is_cut] >= 0).all()
    assert (advantages[is_cut] < 0).any()
    share = float(is_cut.float().mean())
    assert told.curves["length/truncated"][1] == pytest.approx(share)
    assert told.curves["reward/mean"][1] == 1.0
    assert told.curves["reward/trained"][1] == pytest.approx(1 - 2 * share)


@pytest.mark.slow
def test_the_policy_loss_of_rloo_is_0_while_it_learns_and_not_called_a_loss(home: Home) -> None:
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings = {
        **TINY_ONLINE,
        "rewards": {"random": 1.0},
        "iterations": 2,
        "learning_rate": 1e-2,
        "warmup": 0.0,
    }
    told = attempt(home, recipe(stage("rloo"), "rloo-loss", data, max_steps=2, **settings))
    assert told.curves["policy_loss"][1] == pytest.approx(0, abs=1e-6)
    assert told.curves["grad_norm"][1] > 0.01
    assert abs(told.curves["policy_loss"][2]) > 1e-4
    assert "loss" not in told.curves


def _watch_batches(name: str, see: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    import trl

    trainer = {"grpo": trl.GRPOTrainer, "rloo": trl.RLOOTrainer}[name]
    honest = trainer._generate_and_score_completions

    def watched(self: Any, inputs: Any) -> Any:
        found = honest(self, inputs)
        see(found)
        return found

    monkeypatch.setattr(trainer, "_generate_and_score_completions", watched)


@pytest.mark.slow
@both
def test_an_adapter_that_a_reward_brings_along_is_neither_trained_nor_saved(
    name: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reward model on the same base loads its adapter beside the policy's when it is first asked."""
    from peft import LoraConfig

    policies: list[Any] = []

    def build(_: Any, context: Context) -> Summed:
        def by_an_adapter(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
            policy = context.policy()
            if not policies:
                shape = LoraConfig(r=4, target_modules=["q_proj"], inference_mode=True, task_type="CAUSAL_LM")
                policy.add_adapter("reward_model", shape)
                policies.append(policy)
            return [float(len(text)) for text in completions]

        return Summed({"random": (1.0, by_an_adapter)})

    data = small_dataset(home, DataType.DEMONSTRATIONS)
    alone = attempt(home, recipe(stage(name), f"{name}-alone", data, max_steps=2, **TINY_ONLINE))
    monkeypatch.setattr(online_rl, "build", build)
    asked = recipe(stage(name), f"{name}-beside", data, max_steps=3, **TINY_ONLINE)
    told = attempt(home, asked, stop_after=1)
    assert told.facts["trainable parameters"] == alone.facts["trainable parameters"]
    assert weights(home, f"{name}-beside").keys() == weights(home, f"{name}-alone").keys()
    assert not any(child.is_dir() for child in home.run(f"{name}-beside").checkpoint(2).iterdir())
    policies.clear()
    assert attempt(home, asked, number=2).checkpoints == [3]
    assert policies[0].active_adapter == "default"


@pytest.mark.slow
@both
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_the_reference_is_what_the_run_started_from(name: str, tuning: str, home: Home) -> None:
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    warm = f"{name}-{tuning}-warm"
    rate = 2e-2 if tuning == "lora" else 2e-3
    attempt(home, recipe(stage("sft"), warm, data, max_steps=4, learning_rate=rate, tuning=tuning))
    settings = {**TINY_ONLINE, "learning_rate": 1e-8, "tuning": tuning, "gradient_checkpointing": True}
    told = attempt(home, recipe(stage(name), f"{warm}-over", data, parent=warm, max_steps=1, **settings))
    assert told.curves["kl/token"][1] == pytest.approx(0.0, abs=1e-6)
    assert told.curves["probe/kl/seq"][0] > 0.05
    started_from = "adapter" if tuning == "lora" else "model"
    assert told.facts["reference"] == f"the {started_from} of {warm}@4, frozen"


@pytest.mark.slow
@both
def test_other_models_are_probed_with_prompts_that_were_held_out(
    name: str, home: Home, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings = {**TINY_ONLINE, "eval_share": 0.4}
    told = attempt(home, recipe(stage(name), f"{name}-own", data, base=str(base), max_steps=1, **settings))
    assert {kind for _, _, kind, *_ in told.samples} == {"held out"}
    assert "held out from the data" in str(told.facts["probe"])
    assert "probe/gold" not in told.curves
    assert "eval/loss" not in told.curves


@pytest.mark.slow
@both
@pytest.mark.parametrize("steps", [{}, {"max_steps": 2}])
def test_fewer_prompts_than_a_step_takes_are_told(name: str, steps: dict[str, int], home: Home) -> None:
    """TRL would leave the rest that fills no step out, and end as if it had trained."""
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings = {**TINY_ONLINE, "batch_size": 64, **steps}
    with pytest.raises(
        InvalidInput, match=r"prompts to train on, and a step takes 64 .*Lower the batch size"
    ):
        attempt(home, recipe(stage(name), f"{name}-few", data, **settings))
