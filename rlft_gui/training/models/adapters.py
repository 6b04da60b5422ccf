"""LoRA adapters: a new one for a base, or a parent run's adapter continued in its own shape.

The adapter in training is always called "default". Merging into a new base is left out.
"""

from pathlib import Path
from typing import Any, Literal

from rlft_gui.domain.errors import InvalidInput, NotFound, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.checkpoints import CheckpointMarker

ADAPTER = "default"
WEIGHTS = "adapter_model.safetensors"

Targets = Literal["all-linear", "attention"]


def new_adapter(model: Any, rank: int, alpha: int, targets: Targets, dropout: float = 0.0) -> Any:
    """The shape of a new adapter, as PEFT's LoraConfig; its update is scaled by alpha / rank (Hu et al. 2021)."""
    from peft import LoraConfig

    return LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules="all-linear" if targets == "all-linear" else _attention_layers(model),
        task_type="CAUSAL_LM",
    )


def parent_checkpoint(
    home: Home, parent: ParentRef, base: str, base_hash: str
) -> tuple[Path, CheckpointMarker]:
    """The checkpoint that a run continues, and its marker.

    Raises:
        NotFound: the parent has no such complete checkpoint, or it is damaged.
        InvalidInput: it was trained on another base model, or is a reward model.
    """
    folder = home.run(parent.run_id)
    path, marker = checkpoints.sound(folder, parent.step)
    check_base(marker, f"Run {parent.run_id}", base, base_hash)
    if marker.stage == "reward_model":
        raise InvalidInput(
            f"Run {parent.run_id} trained a reward model, which scores answers and writes none. Start from a run that "
            "trained a policy, or from the base."
        )
    if marker.kind == "adapter" and not (path / WEIGHTS).is_file():
        raise NotFound(f"The checkpoint {path} holds no {WEIGHTS}. Continue another checkpoint or run.")
    return path, marker


@blaming(FailureKind.BAD_MODEL)
def check_base(marker: CheckpointMarker, what: str, base: str, base_hash: str) -> None:
    """Refuse weights that were trained on a base with another content.

    Raises:
        InvalidInput: the bases differ.
    """
    if checkpoints.is_same_base(marker.base_hash, base_hash):
        return
    why = {
        "adapter": "An adapter only fits the base it was trained on",
        "full": "Its distance from the base could not be measured any more",
    }[marker.kind]
    raise InvalidInput(
        f'{what} was trained on the base model "{marker.base}", and "{base}" is now another: '
        f"{checkpoints.differs(marker.base_hash, base_hash)}. {why}: use that base, or start anew."
    )


def continued(model: Any, path: Path) -> Any:
    """The base with the adapter of that checkpoint, ready to train on."""
    from peft import PeftModel

    return PeftModel.from_pretrained(model, path, adapter_name=ADAPTER, is_trainable=True)


def describe(model: Any) -> str:
    """The adapter's shape in a few words, e.g. "LoRA, rank 16, alpha 32"."""
    shape = model.peft_config[ADAPTER]
    return f"LoRA, rank {shape.r}, alpha {shape.lora_alpha}"


def _attention_layers(model: Any) -> list[str]:
    """Ends of the names of all linear layers in attention blocks, such as "self_attn.q_proj"."""
    from torch.nn import Linear
    from transformers.pytorch_utils import Conv1D

    # GPT-2's layers are Conv1D, which are linear layers with their weights turned.
    linear = [
        name.split(".") for name, module in model.named_modules() if isinstance(module, Linear | Conv1D)
    ]
    # Two parts of the name, for the last alone could be called so elsewhere, too.
    ends = {tuple(path[-2:]) for path in linear if len(path) > 1 and "att" in path[-2].lower()}
    if not ends:
        raise InvalidInput(
            f'No attention layers were found by name in a {type(model).__name__}. Set lora_targets to "all-linear".'
        )
    return sorted(".".join(end) for end in ends)
