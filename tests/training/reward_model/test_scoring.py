"""Loading a reward model: beside a policy on the same base it says what the classifier it was trained as says."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.models import adapters, loading
from rlft_gui.training.reward_model.scoring import RewardModel, load
from tests.training.reward_models import (
    CONVERSATIONS,
    as_checkpoint,
    classified,
    classifier,
    remark,
    with_adapter,
)

pytestmark = [
    pytest.mark.slow,
    # PEFT reads it under its old name; stages silence this for their whole process.
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing. is deprecated:FutureWarning"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def loaded(home: Home, policy: Any = None, run_id: str = "rm") -> RewardModel:
    base_hash = loading.base_hash("lantern")
    return load(home, ParentRef(run_id=run_id), "lantern", base_hash, policy and (lambda: policy))


def a_policy() -> Any:
    from peft import get_peft_model

    model, _ = loading.load_base("lantern")
    return get_peft_model(model, adapters.new_adapter(model, 8, 16, "attention"))


def test_beside_a_policy_it_equals_the_classifier_and_leaves_the_policy_as_it_was(home: Home) -> None:
    import torch

    original = with_adapter(classifier(2, seed=1))
    as_checkpoint(home, "rm", original, ("helpfulness", "safety"))
    policy = a_policy().train()
    policy.base_model.model.model.layers[0].eval()  # a mode of its own must survive too
    # By identity: a layer that only the reward model adapts moves one name deeper.
    parameters = [(p, p.requires_grad, p.clone()) for p in policy.parameters()]
    modes = [(module, module.training) for module in policy.modules()]
    logits = policy(torch.tensor([[3, 4, 5]])).logits

    model = loaded(home, policy)
    for _ in range(2):
        scores = model.score(CONVERSATIONS)
        assert (scores - classified(original, CONVERSATIONS)).abs().max() < 1e-5
    assert scores.std() > 0.1
    assert model.attributes == ("helpfulness", "safety")
    assert all(p.requires_grad == was_trained and torch.equal(p, was) for p, was_trained, was in parameters)
    assert not any(p.requires_grad for name, p in policy.named_parameters() if ".reward." in name)
    assert policy.active_adapter == "default"
    assert all(module.training == was_training for module, was_training in modes)
    assert torch.equal(policy(torch.tensor([[3, 4, 5]])).logits, logits)


def test_with_a_policy_that_is_trained_whole_it_has_a_base_of_its_own(home: Home) -> None:
    original = with_adapter(classifier(1, seed=2))
    as_checkpoint(home, "rm", original)
    policy, _ = loading.load_base("lantern")
    assert (
        loaded(home, policy).score(CONVERSATIONS) - classified(original, CONVERSATIONS)
    ).abs().max() < 1e-5
    assert not any("lora" in name for name, _ in policy.named_parameters())
    assert (loaded(home).score(CONVERSATIONS) - classified(original, CONVERSATIONS)).abs().max() < 1e-5


def test_one_that_was_trained_whole_is_a_second_model(home: Home) -> None:
    original = classifier(1, seed=3)
    as_checkpoint(home, "rm", original)
    policy = a_policy()
    scores = loaded(home, policy).score(CONVERSATIONS)
    assert (scores - classified(original, CONVERSATIONS)).abs().max() < 1e-5
    assert list(policy.peft_config) == ["default"]


def test_two_reward_models_fit_beside_one_policy(home: Home) -> None:
    policy = a_policy()
    originals = [with_adapter(classifier(1, seed)) for seed in (4, 5)]
    for number, original in enumerate(originals):
        as_checkpoint(home, f"rm-{number}", original)
    models = [loaded(home, policy, f"rm-{number}") for number in range(2)]
    for _ in range(2):
        for model, original in zip(models, originals, strict=True):
            assert (model.score(CONVERSATIONS) - classified(original, CONVERSATIONS)).abs().max() < 1e-5


def test_scores_are_normalised_by_the_card(home: Home) -> None:
    as_checkpoint(home, "rm", with_adapter(classifier(1, seed=6)), mean=(1.5,), sd=(2.0,))
    model = loaded(home)
    assert model.score(CONVERSATIONS) == pytest.approx((model.score_raw(CONVERSATIONS) - 1.5) / 2.0)
    assert model.score([]).shape == (0, 1)


def test_a_run_of_another_stage_is_refused(home: Home) -> None:
    remark(as_checkpoint(home, "rm", classifier(1, 0)), stage="sft")
    with pytest.raises(InvalidInput, match="Run rm is no reward model: its stage is sft"):
        loaded(home)


def test_another_base_is_refused(home: Home) -> None:
    remark(as_checkpoint(home, "rm", classifier(1, 0)), base="other", base_hash="f" * 64)
    with pytest.raises(
        InvalidInput, match=r'trained on the base model "other", and this run .* ffffffffffff against'
    ):
        loaded(home)


def test_another_tokenizer_is_refused(home: Home) -> None:
    as_checkpoint(home, "rm", classifier(1, 0), tokenizer="another")
    with pytest.raises(InvalidInput, match="another tokenizer or chat template"):
        loaded(home)


def test_a_run_without_a_checkpoint_is_refused(home: Home) -> None:
    with pytest.raises(NotFound, match="Run rm has no complete checkpoint yet"):
        loaded(home)
