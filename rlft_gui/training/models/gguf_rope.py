"""How a GGUF file stretches positions, as transformers would be told; its loader passes over all of it in silence.

Files of Llama 3.1 and later carry finished factors in a tensor, rope_freqs.weight, instead of the settings they were made
with; those settings are found again by making the factors from what Llama 3 uses and comparing.
"""

import math
import struct
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.models.gguf_header import GgufHeader, GgufTensor

_PLAIN = ("llama", "mistral", "qwen2", "qwen3")  #: where one setting stretches every layer alike
_FREQUENCIES = "rope_freqs.weight"
_LLAMA3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
_LLAMA3_STRETCHES = (8.0, 32.0)  #: Llama 3.1 and 3.3; Llama 3.2
_LONGEST = 4096  #: frequencies


def rope_parameters(file: Path, header: GgufHeader, called: str) -> dict[str, Any] | None:
    """What goes into `rope_parameters` of the config; None where positions are not stretched.

    Raises:
        InvalidInput: they are, in a way that would be lost.
    """
    kind, factor = header.of_model("rope.scaling.type"), header.of_model("rope.scaling.factor")
    if header.tensor("rope_factors_long.weight"):
        raise _lost(called, "longrope")
    tensor = header.tensor(_FREQUENCIES)
    factors = _factors(file, tensor, called) if tensor else ()
    if any(one != 1 for one in factors):
        return _llama3(factors, _theta(header), called)
    if (kind in (None, "none") and factor in (None, 0, 1)) or factor == 1:
        return None
    if kind not in (None, "linear", "yarn") or not _is_number(factor) or header.architecture not in _PLAIN:
        raise _lost(called, f"{kind or 'linear'}, factor {factor}")
    stretched = {"rope_type": kind or "linear", "factor": float(factor), "rope_theta": _theta(header)}
    if original := header.of_model("rope.scaling.original_context_length"):
        stretched["original_max_position_embeddings"] = original
    return stretched


def _theta(header: GgufHeader) -> float:
    theta = header.of_model("rope.freq_base")
    return float(theta) if _is_number(theta) else 10_000.0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def _factors(file: Path, tensor: GgufTensor, called: str) -> tuple[float, ...]:
    if tensor.type != "F32" or tensor.numbers > _LONGEST:
        raise _lost(called, f"{_FREQUENCIES} in {tensor.type}")
    with file.open("rb") as opened:
        opened.seek(tensor.start)
        return struct.unpack(f"<{tensor.numbers}f", opened.read(tensor.bytes))


def _llama3(factors: tuple[float, ...], theta: float, called: str) -> dict[str, Any]:
    for stretch in _LLAMA3_STRETCHES:
        made = llama3_factors(len(factors), theta, stretch)
        if all(math.isclose(one, other, rel_tol=1e-3) for one, other in zip(factors, made, strict=True)):
            return {"rope_type": "llama3", "factor": stretch, "rope_theta": theta, **_LLAMA3}
    raise _lost(called, "factors of its own")


def llama3_factors(count: int, theta: float, stretch: float) -> list[float]:
    """By how much each frequency is divided (`_compute_llama3_parameters` of transformers)."""
    low, high, context = _LLAMA3["low_freq_factor"], _LLAMA3["high_freq_factor"], 8192
    found = []
    for index in range(count):
        length = 2 * math.pi * theta ** (index / count)
        smooth = min(1.0, max(0.0, (context / length - low) / (high - low)))
        found.append(1 / ((1 - smooth) / stretch + smooth))
    return found


def _lost(called: str, how: str) -> InvalidInput:
    return InvalidInput(
        f"{called} stretches positions ({how}), which transformers' GGUF loader would lose; take this model as a folder "
        "with safetensors."
    )
