"""What the safetensors files of a model hold, from their headers."""

import math
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.models.json_files import read_json

_WEIGHTS, _INDEX = "model.safetensors", "model.safetensors.index.json"
_FLOATS = ("F64", "F32", "F16", "BF16")


class Incomplete(InvalidInput):
    """Files are missing; where the model comes from the Hub, they may still be fetched."""


class Tensor(NamedTuple):
    shape: tuple[int, ...]
    dtype: str

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


def read_tensors(folder: Path, called: str) -> dict[str, Tensor]:
    """Every tensor by its name.

    Raises:
        Incomplete: weights are missing.
        InvalidInput: they are damaged, or of another kind.
    """
    if (folder / _WEIGHTS).is_file():
        tensors = _tensors(folder / _WEIGHTS, called)
    elif (folder / _INDEX).is_file():
        tensors = _sharded(folder, called)
    else:
        raise _no_weights(folder, called)
    if (kind := main_dtype(tensors)) not in _FLOATS:
        raise InvalidInput(
            f"{called} has weights of the kind {kind}, which cannot be trained; choose the full model."
        )
    return tensors


def main_dtype(tensors: dict[str, Tensor]) -> str:
    """The one that holds most numbers."""
    held: Counter[str] = Counter()
    for tensor in tensors.values():
        held[tensor.dtype] += tensor.numbers
    return held.most_common(1)[0][0] if held else "nothing"


def _sharded(folder: Path, called: str) -> dict[str, Tensor]:
    index = read_json(folder / _INDEX, called).get("weight_map")
    if not isinstance(index, dict) or not index or not all(isinstance(f, str) for f in index.values()):
        raise InvalidInput(f"{called} has a {_INDEX} without a weight_map; copy the model again.")
    found: dict[str, Tensor] = {}
    for shard in sorted(set(index.values())):
        if Path(shard).name != shard or not (folder / shard).is_file():
            raise Incomplete(f"{called} lacks the weights file {shard}, which {_INDEX} names.")
        tensors = _tensors(folder / shard, called)
        missing = next((name for name, file in index.items() if file == shard and name not in tensors), None)
        if missing:
            raise InvalidInput(f"{called}: {shard} lacks {missing}, which {_INDEX} says it holds.")
        found |= tensors
    return found


def _tensors(file: Path, called: str) -> dict[str, Tensor]:
    """Opening checks that the file is as long as its header says."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="numpy") as tensors:
            slices = {name: tensors.get_slice(name) for name in tensors.keys()}  # noqa: SIM118 - it is no mapping
            return {
                name: Tensor(tuple(one.get_shape()), str(one.get_dtype())) for name, one in slices.items()
            }
    except SafetensorError as error:
        raise InvalidInput(
            f"{called} has a cut-off or damaged weights file {file.name} ({error}); copy or download it again."
        ) from None


def _no_weights(folder: Path, called: str) -> InvalidInput:
    pickles = sorted([*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")])
    if pickles:
        return InvalidInput(
            f"{called} has its weights only as {pickles[0].name}, a format that can run code when it is opened; "
            "save the model again with save_pretrained, which writes safetensors."
        )
    return Incomplete(f"{called} has no weights; expected {_WEIGHTS} beside config.json.")
