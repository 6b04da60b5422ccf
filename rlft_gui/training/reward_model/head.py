"""Where the training of a reward model starts: a causal model whose head for words is replaced by one for rewards.

Whatever the model has learned stays: a parent's LoRA weights are carried over into an adapter of the same shape, a
parent's whole model is taken as it is. Only the reward head is new.
"""

import copy
from typing import Any

from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.training.models import adapters, weights


@blaming(FailureKind.BAD_MODEL)
def as_reward_model(model: Any, new_adapter: Any, attributes: int, seed: int) -> Any:
    """A sequence classifier with the causal model's weights, ready to train.

    Args:
        model: a causal model; with a parent's adapter, a PeftModel, which must not be used afterwards.
        new_adapter: PEFT's config of the adapter to make; None where there is a parent's, or none is trained.
        attributes: how many rewards the head gives.

    Raises:
        InvalidInput: the model has no counterpart with a head for rewards.
    """
    import torch
    from peft import get_peft_model

    torch.manual_seed(seed)
    learned: dict[str, Any] = {}
    if hasattr(model, "peft_config"):
        new_adapter = copy.deepcopy(model.peft_config[adapters.ADAPTER])
        new_adapter.base_model_name_or_path = None  # PEFT would warn of another path to the same base
        learned = _adapter_state(model)
        model = model.unload()
    classifier = _classifier(model, attributes)
    if new_adapter is None:
        return classifier.requires_grad_(True)
    new_adapter.task_type, new_adapter.modules_to_save, new_adapter.inference_mode = (
        "SEQ_CLS",
        ["score"],
        False,
    )
    tuned = get_peft_model(classifier, new_adapter)
    _set_adapter_state(tuned, {**_adapter_state(tuned), **learned})
    return tuned


def _adapter_state(model: Any) -> dict[str, Any]:
    from peft import get_peft_model_state_dict

    # Not asked to leave embeddings alone, PEFT would look on the Hub whether their number changed.
    state: dict[str, Any] = get_peft_model_state_dict(
        model, adapter_name=adapters.ADAPTER, save_embedding_layers=False
    )
    return state


def _set_adapter_state(model: Any, state: dict[str, Any]) -> None:
    from peft import set_peft_model_state_dict

    set_peft_model_state_dict(model, state, adapter_name=adapters.ADAPTER)


def without_dropout(model: Any) -> Any:
    """The same model; a reward must not depend on luck."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def _classifier(model: Any, attributes: int) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    config = copy.deepcopy(model.config)
    config.num_labels = attributes
    try:
        with torch.device(
            "meta"
        ):  # an empty shell; weights and buffers of the body come from the causal model
            classifier = AutoModelForSequenceClassification.from_config(config)
    except ValueError:
        classifier = None
    if not isinstance(getattr(classifier, "score", None), torch.nn.Linear):
        raise InvalidInput(
            f"A {type(model).__name__} cannot become a reward model: transformers has no sequence classifier of its "
            "kind with a linear head. Choose another base model."
        )
    setattr(classifier, classifier.base_model_prefix, model.base_model)
    classifier.score = _head(weights.width(model), attributes).to(model.device)
    return classifier.eval()


def _head(hidden: int, attributes: int) -> Any:
    """Normal with deviation 1 / √(hidden + 1), so that first rewards are of the size of 1 (Stiennon et al. 2020;
    Huang et al. 2024, "The N+ Implementation Details of RLHF with PPO")."""
    import torch

    head = torch.nn.Linear(hidden, attributes, bias=False)
    torch.nn.init.normal_(head.weight, std=(hidden + 1) ** -0.5)
    return head
