"""DPO over an SFT adapter: what it is compared with, and what it continues."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages import stage
from rlft_gui.training.chat import chat
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.adapters import continued
from rlft_gui.training.models.likelihood import answer_logprobs
from rlft_gui.training.models.loading import load_base
from rlft_gui.training.models.sampling import Completion, encode_prompt
from rlft_gui.training.rows import Row, prepare
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

SFT, DPO = stage("sft"), stage("dpo")
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def warmed_up(home: Home) -> str:
    """An SFT run whose adapter is far from the base; its shape is not DPO's default."""
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    attempt(
        home,
        recipe(SFT, "warm", data, max_steps=6, learning_rate=2e-2, lora_rank=4, lora_targets="attention"),
    )
    return "warm"


@pytest.fixture(scope="module")
def data(home: Home) -> str:
    return small_dataset(home, DataType.PREFERENCES)


@slow
def test_the_reference_is_the_adapter_that_the_run_started_from(
    home: Home, data: str, warmed_up: str
) -> None:
    told = attempt(home, recipe(DPO, "over", data, parent=warmed_up, max_steps=2))
    # Policy and reference agree before the first update, which they would not with the adapter off.
    assert told.curves["loss"][1] == pytest.approx(math.log(2), abs=1e-6)
    assert told.curves["pref/margin"][1] == 0.0
    assert told.curves["eval/loss"][0] == pytest.approx(math.log(2), abs=1e-6)
    assert told.curves["probe/kl/seq"][0] > 0.05
    assert told.facts["reference"] == "the adapter of warm@6, frozen"


@slow
def test_the_loss_depends_on_the_reference(
    home: Home, data: str, warmed_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from trl import DPOTrainer

    honest = DPOTrainer.train

    def with_another_reference(self: DPOTrainer, *args: object, **kwargs: object) -> object:
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if ".ref." in name and "lora_B" in name:
                    parameter.zero_()
        return honest(self, *args, **kwargs)

    monkeypatch.setattr(DPOTrainer, "train", with_another_reference)
    told = attempt(home, recipe(DPO, "other-reference", data, parent=warmed_up, max_steps=2))
    assert abs(told.curves["loss"][1] - math.log(2)) > 1e-3
    assert told.curves["pref/margin"][1] != 0.0


@slow
def test_the_loss_is_the_papers_with_this_reference_and_no_other(
    home: Home, data: str, warmed_up: str
) -> None:
    """Equation 7, worked out here from the log-probabilities of whole answers; leaving the reference out, as a known
    wrong version does, or taking the base for it, gives another number."""
    asked = recipe(
        DPO, "by-hand", data, parent=warmed_up, max_steps=4, learning_rate=5e-3, eval_share=0.3, beta=0.5
    )
    told = attempt(home, asked)
    rows = _held_out(home, asked)
    policy, reference, base = (_logprobs(home, run, rows) for run in ("by-hand", warmed_up, None))
    assert told.curves["eval/loss"][4] == pytest.approx(_dpo_loss(policy, reference, 0.5), abs=1e-5)
    assert abs(_dpo_loss(policy, base, 0.5) - told.curves["eval/loss"][4]) > 1e-3
    nothing = [(0.0, 0.0)] * len(policy)
    assert abs(_dpo_loss(policy, nothing, 0.5) - told.curves["eval/loss"][4]) > 1e-3


Pairs = list[tuple[float, float]]


def _dpo_loss(policy: Pairs, reference: Pairs, beta: float) -> float:
    """Mean of −log σ(β ((log π(w) − log π_ref(w)) − (log π(l) − log π_ref(l))))."""
    margins = [
        beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
        for (chosen, rejected), (ref_chosen, ref_rejected) in zip(policy, reference, strict=True)
    ]
    return sum(math.log1p(math.exp(-margin)) for margin in margins) / len(margins)


def _held_out(home: Home, asked: Recipe) -> list[Row]:
    _, tokenizer = load_base("lantern")
    rows = load_rows(home, asked.settings["data"])
    return list(
        prepare(rows, ("chosen", "rejected"), chat(tokenizer), 1024, asked.settings["eval_share"]).held_out
    )


def _logprobs(home: Home, run_id: str | None, rows: list[Row]) -> Pairs:
    """Of chosen and rejected answers, by the last adapter of a run, or by the base."""
    model, tokenizer = load_base("lantern")
    if run_id is not None:
        model = continued(model, checkpoints.resolve(home.run(run_id), None)).eval()

    def completion(row: Row, name: str) -> Completion:
        prompt = encode_prompt(tokenizer, row["prompt"])
        whole = tokenizer.apply_chat_template(row["prompt"] + row[name], tokenize=True, return_dict=True)
        return Completion("", tuple(prompt), tuple(whole["input_ids"][len(prompt) :]), "ended by itself")

    chosen, rejected = (
        answer_logprobs(model, [completion(row, name) for row in rows]) for name in ("chosen", "rejected")
    )
    return list(zip(chosen, rejected, strict=True))


@slow
def test_from_the_base_the_reference_is_the_base(home: Home, data: str) -> None:
    told = attempt(home, recipe(DPO, "from-base", data, max_steps=2, warmup=0))
    assert told.curves["loss"][1] == pytest.approx(math.log(2), abs=1e-6)
    assert told.curves["pref/margin"][2] != 0.0
    assert told.facts["reference"] == "the base"


@slow
def test_the_adapter_keeps_its_parents_shape_and_starts_where_it_ended(
    home: Home, data: str, warmed_up: str
) -> None:
    told = attempt(
        home, recipe(DPO, "still", data, parent=warmed_up, max_steps=1, learning_rate=1e-8, lora_rank=32)
    )
    before, after = weights(home, warmed_up), weights(home, "still")
    assert before.keys() == after.keys()
    assert all((after[name] - before[name]).abs().max() < 1e-9 for name in before)
    assert told.facts["adapter"] == "LoRA, rank 4, alpha 32, continues warm@6"
    assert checkpoints.marker(home.run("still"), 1).parent == "warm@6"


@slow
def test_the_reference_is_not_saved(home: Home, data: str, warmed_up: str) -> None:
    attempt(home, recipe(DPO, "alone", data, parent=warmed_up, max_steps=1))
    path = home.run("alone").checkpoint(1)
    assert not any("ref" in name for name in weights(home, "alone"))
    assert [child.name for child in path.iterdir() if child.is_dir()] == []


@slow
def test_resuming_over_a_parent_is_exact_even_when_the_parent_went_on(home: Home, data: str) -> None:
    demonstrations = small_dataset(home, DataType.DEMONSTRATIONS)
    parent = recipe(SFT, "paused", demonstrations, max_steps=6, learning_rate=2e-2)
    attempt(home, parent, stop_after=2)
    straight = attempt(home, recipe(DPO, "over-straight", data, parent="paused", probe_every=4))
    broken = recipe(DPO, "over-broken", data, parent="paused", probe_every=4)
    stopped = attempt(home, broken, stop_after=2)
    # The parent gets a later checkpoint; the run must keep the reference that it began with.
    attempt(home, parent, number=2)
    assert checkpoints.complete_steps(home.run("paused")) == [3, 6]
    resumed = attempt_in_fresh_process(home, broken)
    assert resumed.resumed_from == 3
    assert difference(home, "over-straight", "over-broken") == 0.0
    assert joined(stopped, resumed) == comparable(straight)


def test_label_smoothing_goes_with_the_robust_loss_only() -> None:
    with pytest.raises(ValidationError, match="has no effect with the sigmoid loss"):
        DPO.settings.model_validate({"data": "d", "label_smoothing": 0.1})
    with pytest.raises(ValidationError, match="is the sigmoid loss"):
        DPO.settings.model_validate({"data": "d", "loss": "robust"})
    assert DPO.settings.model_validate({"data": "d", "loss": "robust", "label_smoothing": 0.1})


@slow
def test_the_probe_before_the_first_step_is_the_parents_last_one(
    home: Home, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same model, asked the same: nothing is answered twice. Asked more, it answers."""
    from rlft_gui.training.run import handed_on, probe

    answered: list[int] = []
    sample = probe.sample  # type: ignore[attr-defined]

    def counting(model: Any, tokenizer: Any, prompts: Any, *rest: Any, **named: Any) -> Any:
        answered.append(len(prompts))
        return sample(model, tokenizer, prompts, *rest, **named)

    demonstrations = small_dataset(home, DataType.DEMONSTRATIONS)
    before = attempt(home, recipe(SFT, "handing-on", demonstrations, max_steps=2, probe_every=100))
    monkeypatch.setattr(probe, "sample", counting)
    shared: dict[str, Any] = {"parent": "handing-on", "max_steps": 1, "probe_every": 100}
    after = attempt(home, recipe(DPO, "taking-over", data, **shared))
    assert answered == [3, 11]  # before: three of its own data's prompts, which are only shown
    assert after.facts["first probe"] == "taken over from handing-on@2, the same model"
    for name in ("probe/gold", "probe/kl/seq", "probe/length", "probe/prompts"):
        assert after.curves[name][0] == before.curves[name][2]
    own = ("held out", "training")
    shown = [
        [s[1:] for s in told.samples if s[0] == at and s[2] not in own]
        for told, at in ((before, 2), (after, 0))
    ]
    assert shown[0] == shown[1] != []

    answered.clear()
    attempt(home, recipe(DPO, "asking-more", data, probe_prompts=16, **shared))
    assert answered == [19, 19]

    # Other sampling, or another model than the checkpoint's: made anew as well.
    answered.clear()
    with monkeypatch.context() as changed:
        changed.setattr(probe, "SAMPLING", probe.SAMPLING.model_copy(update={"seed": 1}))
        attempt(home, recipe(DPO, "sampling-otherwise", data, **shared))
    assert answered == [11, 11]
    answered.clear()
    kept = handed_on.last_probe(home.run("handing-on"))
    assert kept is not None
    assert kept.weights == handed_on.weights_hash(home.run("handing-on"), 2)
    handed_on.keep(home.run("handing-on"), kept.model_copy(update={"weights": "0" * 64}))
    attempt(home, recipe(DPO, "other-weights", data, **shared))
    assert answered == [11, 11]
