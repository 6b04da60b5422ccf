"""An adapter that is more than plain LoRA, plugged by PEFT into a copy of the base of its own.

PEFT refuses DoRA in a batch of several adapters, and loops over those it takes. So such a checkpoint answers alone, in one
row, as a full model does; the others wait for it.
"""

import re
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.inference import lora
from rlft_gui.inference.found import Found
from rlft_gui.training.models.adapters import check_base


def plug_in(model: Any, found: Found, source: str, base_hash: str) -> Any:
    """The base with this checkpoint's adapter.

    Raises:
        InvalidInput: it was trained on another base, or its adapter does not fit.
        NotFound: its files went or changed while they were read.
    """
    from peft import LoraConfig, PeftModelForCausalLM

    check_base(found.marker, f"Checkpoint {found.id}", source, base_hash)
    config = LoraConfig.from_pretrained(str(found.path))
    config.inference_mode = True
    _check_weights(found, config.modules_to_save or ())
    # Wrapped with untrained weights first: load_adapter fills them and says which did not fit.
    plugged = PeftModelForCausalLM(model, config, adapter_name=found.slot)
    result = plugged.load_adapter(str(found.path), found.slot, torch_device=str(model.device))
    if result.missing_keys or result.unexpected_keys:
        how = f"{len(result.missing_keys)} weights are missing and {len(result.unexpected_keys)} are unknown"
        raise lora.does_not_fit(found, how)
    found.check_unchanged()
    return plugged.eval()


def _check_weights(found: Found, replaced: tuple[str, ...] | list[str]) -> None:
    """Refuse what would change the base unannounced: no training measured such a model."""
    allowed = re.compile("|".join([r"\.lora_", *(rf"\b{re.escape(name)}\b" for name in replaced)]))
    foreign = next((name for name in lora.weight_names(found) if not allowed.search(name)), None)
    if foreign:
        raise InvalidInput(
            f"Checkpoint {found.id} holds {foreign}, which is no part of a LoRA adapter but replaces a part of the "
            "base. Such a checkpoint cannot be compared beside others."
        )
