"""What a model's folder holds, read without torch and without running any of it.

A folder passes if a worker can train on it: a causal language model with a tokenizer and whole safetensors weights.
Whether the weights suit the config is seen only when a worker loads them.
"""

import json
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.models.architectures import architecture_problem
from rlft_gui.training.models.loading import templates_problem

_LARGEST_JSON = 100_000_000  #: bytes; tokenizers reach some 20 MB
_CONTEXT_KEYS = ("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "n_ctx")
_WEIGHTS, _WEIGHTS_INDEX = "model.safetensors", "model.safetensors.index.json"
#: Tokenizer classes that bring no end token of their own.
_BARE_TOKENIZERS = (None, "PreTrainedTokenizerFast", "TokenizersBackend")


class ModelFacts(Frozen):
    """What the files of a model say about it."""

    architecture: str
    parameters: int
    context: int | None  #: tokens; None where the config names no limit
    has_chat_template: bool


class Incomplete(InvalidInput):
    """Files are missing; where the model comes from the Hub, they may still be fetched."""


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
    tokenizer_config = _optional_json(folder / "tokenizer_config.json", called)
    _check_tokenizer(folder, called, config, tokenizer_config)
    templates = _templates(folder, tokenizer_config)
    if problem := templates_problem(templates, called):
        raise InvalidInput(problem)
    return ModelFacts(
        architecture=config["architectures"][0],
        parameters=_parameters(folder, called),
        context=next((int(config[key]) for key in _CONTEXT_KEYS if isinstance(config.get(key), int)), None),
        has_chat_template=bool(templates),
    )


def _config(folder: Path, called: str) -> dict[str, Any]:
    if (folder / "adapter_config.json").is_file():  # transformers would load the adapter's base instead
        base = _json(folder / "adapter_config.json", called).get("base_model_name_or_path")
        raise InvalidInput(
            f"{called} is an adapter on {base}, not a model; name a run under start_from, or merge it into its base."
        )
    if not (folder / "config.json").is_file():
        raise Incomplete(f"{called} has no config.json; choose a folder that save_pretrained wrote.")
    config = _json(folder / "config.json", called)
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
    return config


def _check_tokenizer(
    folder: Path, called: str, config: dict[str, Any], tokenizer_config: dict[str, Any]
) -> None:
    if "auto_map" in tokenizer_config:
        raise InvalidInput(
            f"{called} has a tokenizer with code of its own (auto_map in tokenizer_config.json), which is never run here."
        )
    if (folder / "tokenizer.json").is_file():
        _check_vocabulary(folder, called, config)
    elif not all((folder / name).is_file() for name in ("vocab.json", "merges.txt")):
        raise Incomplete(
            f"{called} has no tokenizer.json; save it with the model: tokenizer.save_pretrained(folder)."
        )
    tokens = _optional_json(folder / "special_tokens_map.json", called) | tokenizer_config
    if not tokens.get("eos_token") and tokens.get("tokenizer_class") in _BARE_TOKENIZERS:
        raise InvalidInput(
            f"{called} has no end token, so answers could not end; set eos_token in tokenizer_config.json."
        )


def _check_vocabulary(folder: Path, called: str, config: dict[str, Any]) -> None:
    from tokenizers import Tokenizer

    try:
        tokens = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size()
    except Exception as error:  # noqa: BLE001 - all that the library raises
        raise InvalidInput(f"{called} has a broken tokenizer.json ({error}); copy the model again.") from None
    rows = config.get("vocab_size")
    if isinstance(rows, int) and tokens > rows:
        raise InvalidInput(
            f"{called} has a tokenizer of {tokens:,} tokens and a model of {rows:,}; use the tokenizer of this model."
        )


def _templates(folder: Path, tokenizer_config: dict[str, Any]) -> set[str]:
    """Names of the chat templates, as transformers reads them; a single one is the default. Files go before the config."""
    files = {file.stem for file in (folder / "additional_chat_templates").glob("*.jinja")}
    if (folder / "chat_template.jinja").is_file():
        files.add("default")
    given = tokenizer_config.get("chat_template")
    if files or not given:
        return files
    if not isinstance(given, list):
        return {"default"}
    return {str(one["name"]) for one in given if isinstance(one, dict) and "name" in one}


def _parameters(folder: Path, called: str) -> int:
    """How many numbers the weights hold, from the headers of their files."""
    if (folder / _WEIGHTS).is_file():
        return sum(_shapes(folder / _WEIGHTS, called).values())
    if not (folder / _WEIGHTS_INDEX).is_file():
        raise _no_weights(folder, called)
    index = _json(folder / _WEIGHTS_INDEX, called).get("weight_map")
    if not isinstance(index, dict) or not index or not all(isinstance(f, str) for f in index.values()):
        raise InvalidInput(f"{called} has a {_WEIGHTS_INDEX} without a weight_map; copy the model again.")
    return sum(_sharded(folder, called, index))


def _sharded(folder: Path, called: str, index: dict[str, str]) -> Iterable[int]:
    for shard in sorted(set(index.values())):
        if Path(shard).name != shard or not (folder / shard).is_file():
            raise Incomplete(f"{called} lacks the weights file {shard}, which {_WEIGHTS_INDEX} names.")
        sizes = _shapes(folder / shard, called)
        missing = next((name for name, file in index.items() if file == shard and name not in sizes), None)
        if missing:
            raise InvalidInput(f"{called}: {shard} lacks {missing}, which {_WEIGHTS_INDEX} says it holds.")
        yield sum(sizes.values())


def _shapes(file: Path, called: str) -> dict[str, int]:
    """Tensor → how many numbers it holds. Opening checks that the file is as long as its header says."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="numpy") as tensors:
            names = tensors.keys()
            return {name: math.prod(tensors.get_slice(name).get_shape()) for name in names}
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


def _optional_json(file: Path, called: str) -> dict[str, Any]:
    return _json(file, called) if file.is_file() else {}


def _json(file: Path, called: str) -> dict[str, Any]:
    if file.stat().st_size > _LARGEST_JSON:
        raise InvalidInput(
            f"{called} has a {file.name} of {file.stat().st_size:,} bytes, which is no model's."
        )
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InvalidInput(f"{called} has a {file.name} that is not a JSON object; copy the model again.")
    return content
