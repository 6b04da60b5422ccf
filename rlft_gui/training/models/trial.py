"""Tries what the stages do with a base on a small random copy of its architecture.

Runs as a short process (`python -m rlft_gui.training.models.trial`, see services.short_work), because the app imports no
torch. The copy has the model's own kinds of layers and widths, but few of them and few tokens; weights are not read.
"""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from rlft_gui.answering import answer
from rlft_gui.domain.errors import InvalidInput

_LAYERS, _TOKENS, _INNER = 2, 128, 64


def trial(request: dict[str, Any]) -> dict[str, Any]:
    """What cannot be done with a base.

    Args:
        request: {"base": a base model on this machine}.

    Returns:
        {"shapes", "words", "answers", "all-linear", "attention", "reward_head": a sentence each, or None if it can}.
        Where weights and config contradict each other, nothing else is tried.
    """
    from rlft_gui.training.models.adapters import Targets
    from rlft_gui.training.models.loading import base_folder
    from rlft_gui.training.models.shapes import check_shapes

    folder = base_folder(request["base"])
    if told := _told(partial(check_shapes, folder, f'"{request["base"]}"')):
        return {"shapes": told}
    model = small_copy(folder)
    found = {"words": _told(partial(_words, request["base"])), "answers": _told(partial(_answers, model))}
    for targets in get_args(Targets):
        found[targets] = _told(partial(_adapter, copy.deepcopy(model), targets))
    return {**found, "reward_head": _told(partial(_reward_head, model))}


def _words(base: str) -> None:
    """Open the tokenizer, and find out what the chat template does."""
    from rlft_gui.training.chat import chat
    from rlft_gui.training.models.loading import load_tokenizer

    _ = chat(load_tokenizer(base)).habits


def small_copy(folder: Any) -> Any:
    """A model of that folder's architecture with random weights."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    config.vocab_size = _TOKENS
    for name in ("pad_token_id", "bos_token_id", "eos_token_id"):
        setattr(config, name, 0)
    _cut_layers(config)
    if isinstance(getattr(config, "intermediate_size", None), int):
        config.intermediate_size = min(config.intermediate_size, _INNER)
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(config, trust_remote_code=False).float().eval()


def _cut_layers(config: Any) -> None:
    """Keep the first layers; where kinds are listed, so many that each kind is there."""
    kinds = vars(config).get("layer_types") or []  # else it follows from other settings
    config.num_hidden_layers = min(
        config.num_hidden_layers, max([_LAYERS, *(kinds.index(kind) + 1 for kind in set(kinds))])
    )
    if kinds:
        config.layer_types = kinds[: config.num_hidden_layers]


def _told(attempt: Callable[[], None]) -> str | None:
    try:
        attempt()
    except InvalidInput as error:
        return str(error)
    return None


def _answers(model: Any) -> None:
    from rlft_gui.training.models.sampling import try_drawing

    try:
        try_drawing(model)
    except AttributeError as error:
        raise InvalidInput(
            f"{type(model).__name__} keeps no cache of a kind that answers can be drawn with ({error}). Choose another "
            "base model."
        ) from error


def _adapter(model: Any, targets: Any) -> None:
    from peft import get_peft_model

    from rlft_gui.training.models.adapters import new_adapter

    shape = new_adapter(model, rank=2, alpha=2, targets=targets)
    try:
        get_peft_model(model, shape)
    except ValueError as error:
        raise InvalidInput(
            f"LoRA cannot be put on {type(model).__name__} ({' '.join(str(error).split())[:200]}). Set tuning to "
            '"full", or choose another base model.'
        ) from error


def _reward_head(model: Any) -> None:
    from rlft_gui.training.reward_model.head import as_reward_model

    as_reward_model(model, None, 1, seed=0)


if __name__ == "__main__":
    answer(trial)
