"""What a model's folder holds, read without torch and without running any of it.

A folder passes if a worker can train on it: a causal language model with a tokenizer and whole safetensors weights.
Whether the weights suit the config is seen only when a worker loads them.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.models.architectures import architecture_problem
from rlft_gui.services.models.config_numbers import CONTEXT, first, numbers_problem, shapes_problem
from rlft_gui.services.models.json_files import optional_json, read_json
from rlft_gui.services.models.tokenizer_files import read_tokenizer
from rlft_gui.services.models.usual_shapes import usual_problem
from rlft_gui.services.models.weights_files import Incomplete, main_dtype, read_tensors

_LICENCE = re.compile(r"^license:\s*[\"']?([\w.+-]{1,80})", re.MULTILINE)
_FRONT_MATTER = 10_000  #: characters of a README.md


class ModelFacts(Frozen):
    """What the files of a model say about it."""

    architecture: str
    parameters: int
    context: int | None  #: tokens; None where the config names no limit
    dtype: str
    vocabulary: int | None
    end_token: str | None  #: None where the class of its tokenizer brings one
    pad_token: str | None
    has_chat_template: bool
    licence: str | None


def read_model(folder: Path, called: str) -> ModelFacts:
    """Check the folder and read its facts.

    Args:
        called: the model's name in messages.

    Raises:
        Incomplete: files are missing.
        InvalidInput: the model cannot be trained. One sentence each.
    """
    try:
        files = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in folder.iterdir())
        return _read(folder, called, tuple(files))
    except OSError as error:
        raise InvalidInput(f"{called} cannot be read: {error.strerror}.") from None


@lru_cache(maxsize=32)
def _read(folder: Path, called: str, _files: tuple[tuple[str, int, int], ...]) -> ModelFacts:
    """Kept until a file changes: screens ask often, and a large tokenizer takes a second to open."""
    config = _config(folder, called)
    tokenizer = read_tokenizer(folder, called, config)
    tensors = read_tensors(folder, called)
    if problem := shapes_problem(config, tensors) or usual_problem(config, tensors):
        raise InvalidInput(f"{called} {problem}.")
    return ModelFacts(
        architecture=config["architectures"][0],
        parameters=sum(tensor.numbers for tensor in tensors.values()),
        context=first(config, CONTEXT),
        dtype=main_dtype(tensors),
        vocabulary=first(config, ("vocab_size",)),
        end_token=tokenizer.end,
        pad_token=tokenizer.pad,
        has_chat_template=tokenizer.template is not None,
        licence=_licence(folder, config, called),
    )


def _licence(folder: Path, config: dict[str, Any], called: str) -> str | None:
    """As the model card's front matter names it, else config.json, else the file it was made of."""
    card = folder / "README.md"
    text = card.read_bytes()[:_FRONT_MATTER].decode(errors="replace") if card.is_file() else ""
    front = text.split("---")[1] if text.startswith("---") and text.count("---") > 1 else ""
    if found := _LICENCE.search(front):
        return found[1]
    said = config.get("license") or optional_json(folder / "info.json", called).get("licence")
    return said if isinstance(said, str) else None


def _config(folder: Path, called: str) -> dict[str, Any]:
    if (folder / "adapter_config.json").is_file():  # transformers would load the adapter's base instead
        base = read_json(folder / "adapter_config.json", called).get("base_model_name_or_path")
        raise InvalidInput(
            f"{called} is an adapter on {base}, not a model; name a run under start_from, or merge it into its base."
        )
    if not (folder / "config.json").is_file():
        raise Incomplete(f"{called} has no config.json; choose a folder that save_pretrained wrote.")
    config = read_json(folder / "config.json", called)
    if "auto_map" in config:
        raise InvalidInput(
            f"{called} needs code of its own (auto_map in config.json), which is never run here."
        )
    if "quantization_config" in config:
        raise InvalidInput(
            f"{called} is quantized (quantization_config in config.json); choose the full model."
        )
    if problem := architecture_problem(config):
        raise InvalidInput(f"{called} {problem}.")
    if problem := numbers_problem(config):
        raise InvalidInput(f"{called} {problem}.")
    return config
