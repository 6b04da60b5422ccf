"""What a run trains: a LoRA adapter beside the frozen base, or with full fine-tuning every weight of a copy of it.

Where training starts, what a checkpoint holds of it, and how it is put in words, alike for both. A full run that
continues another takes over its whole model; an adapter is never merged into a base.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.models import adapters, loading
from rlft_gui.training.models.checkpoints import CheckpointMarker

Tuning = Literal["lora", "full"]
Kind = Literal["adapter", "full"]

KINDS: Mapping[Tuning, Kind] = {"lora": "adapter", "full": "full"}  #: of a run's checkpoints
_WORDS: Mapping[Kind, str] = {"adapter": "a LoRA adapter", "full": "the whole model"}


def parent_checkpoint(
    home: Home, parent: ParentRef, base: str, base_hash: str, tuning: Tuning
) -> tuple[Path, CheckpointMarker]:
    """The checkpoint that a run continues, and its marker.

    Raises:
        NotFound: the parent has no such complete checkpoint.
        InvalidInput: it is a reward model, was trained on another base model, or was tuned in another way.
    """
    path, marker = adapters.parent_checkpoint(home, parent, base, base_hash)
    if marker.kind != KINDS[tuning]:
        other = next(name for name, kind in KINDS.items() if kind == marker.kind)
        raise InvalidInput(
            f"Run {parent.run_id} trained {_WORDS[marker.kind]}, so it cannot be continued with tuning {tuning}. Set "
            f"tuning to {other}, or start from the base."
        )
    return path, marker


def load(base: str, parent: Path | None, kind: Kind) -> tuple[Any, Any]:
    """The model to train on and its tokenizer; of an adapter's parent, the base with that adapter.

    Full fine-tuning keeps float32 weights on every device, for a small update would be lost in the rounding of
    bfloat16; on CUDA the trainer computes with them in bfloat16 (Micikevicius et al. 2017, "Mixed precision training").
    """
    if kind == "full":
        return loading.load_base(base if parent is None else str(parent), in_float32=True)
    model, tokenizer = loading.load_base(base)
    return (model if parent is None else adapters.continued(model, parent)), tokenizer


def save(model: Any, tokenizer: Any, marker: CheckpointMarker, path: Path) -> None:
    """Write what was trained into a checkpoint's folder, and nothing else that the model may carry.

    A whole model comes with config, generation config and tokenizer, so that its folder can be a base itself.
    """
    if marker.kind == "full":
        model.save_pretrained(path)
        tokenizer.save_pretrained(path)
        return
    # By name rather than by the path it was loaded from, so that a home can be moved and shared.
    model.peft_config[adapters.ADAPTER].base_model_name_or_path = marker.base
    # Left to itself PEFT asks the Hub whether the vocabulary has grown.
    model.save_pretrained(path, selected_adapters=[adapters.ADAPTER], save_embedding_layers=False)
    # PEFT writes a model card to be filled in; an empty one helps nobody.
    (path / "README.md").unlink(missing_ok=True)


def width(model: Any) -> int:
    """Of the last hidden states as they come out: what the head for words reads, which need not be `hidden_size`."""
    return int(model.get_output_embeddings().weight.shape[-1])


def facts(model: Any, marker: CheckpointMarker, *, is_mixed: bool = True) -> dict[str, str | int]:
    """For the recipe card.

    Args:
        is_mixed: on CUDA float32 weights are computed with in bfloat16, as trainers do.
    """
    start = "new" if marker.parent is None else f"continues {marker.parent}"
    device = "CUDA, bfloat16" if model.device.type == "cuda" else "CPU, float32"
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    if marker.kind == "full":
        start = "from the base" if marker.parent is None else start
        if model.device.type == "cuda":
            device = "CUDA, bfloat16 over float32 weights" if is_mixed else "CUDA, float32"
        return {
            "device": device,
            "tuning": f"full, {start}",
            "trainable parameters": trainable,
        }
    shape = f"{adapters.describe(model)}, {start}"
    return {"device": device, "adapter": shape, "trainable parameters": trainable}
