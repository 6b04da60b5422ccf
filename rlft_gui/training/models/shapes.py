"""Whether the weights of a base have the names and shapes that its config asks for, as the loader itself compares them.

Nothing is read but headers: on the device "meta" tensors have no content. Runs as a short process
(`python -m rlft_gui.training.models.shapes`, see services.short_work), and at the beginning of a trial.
"""

import re
from pathlib import Path
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.domain.errors import InvalidInput

_IN_A_LAYER = re.compile(r"\.\d+\.")


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Answers {} for a base whose weights fit; {"base": a folder, "called": its name in sentences}."""
    check_shapes(Path(request["base"]), request["called"])
    return {}


def check_shapes(folder: Path, called: str) -> None:
    """Raises InvalidInput where config and weights contradict each other."""
    found = _compared(folder, called)
    if missing := sorted(found["missing_keys"]):
        raise _contradiction(called, f"lacks {_some(missing)}, which its config.json asks for")
    if others := sorted(found["mismatched_keys"]):
        name, held, asked = others[0]
        more = f" ({len(others)} such weights in all)" if len(others) > 1 else ""
        raise _contradiction(
            called, f"has {name} of shape {tuple(held)} and a config.json that asks for {tuple(asked)}{more}"
        )
    # Outside of layers there may be heads of other programs, such as a value head; they are no part of the model.
    if unasked := sorted(name for name in found["unexpected_keys"] if _IN_A_LAYER.search(name)):
        raise _contradiction(called, f"has {_some(unasked)}, for which its config.json has no place")


def _compared(folder: Path, called: str) -> dict[str, Any]:
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        _, found = AutoModelForCausalLM.from_pretrained(
            folder,
            device_map="meta",
            dtype=torch.bfloat16,
            ignore_mismatched_sizes=True,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except MemoryError:
        raise
    except Exception as error:
        detail = " ".join(str(error).split())[:240].rstrip(".")
        raise InvalidInput(
            f"{called} has a config.json of which no model can be made ({type(error).__name__}: {detail}); copy the model "
            "again."
        ) from error
    return dict(found)


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} other weights"


def _contradiction(called: str, what: str) -> InvalidInput:
    return InvalidInput(f"{called} {what}; config and weights belong to two models, so copy the model again.")


if __name__ == "__main__":
    answer(check)
