"""Loading a base model and its tokenizer, and telling base models apart by content.

A base is "lantern", a local folder, or a Hub name, with `#chatml` and the like behind it where a model without a chat
template is given one. Only safetensors weights are read and no code of a model is
ever run. Adapters are loaded in adapters.py; quantised loading is left out.
"""

import hashlib
import logging
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from rlft_gui.domain.base_names import joined, split_base
from rlft_gui.domain.errors import InvalidInput, NotFound, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.resources import assets_dir
from rlft_gui.training.chat import chat
from rlft_gui.training.models.known_templates import known_template

TINY = 10_000_000  #: parameters; below, more than two threads gain nothing

#: Name, inode, size and time of change of every file that counts.
Stamp = tuple[tuple[str, int, int, int], ...]

_DOWNLOADED = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")
#: What makes a base behave as it does; notes and licences beside it do not count.
_WEIGHTS = ("config.json", "*.safetensors", "tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt")
#: And how it writes a conversation: with another template, what was learnt is asked in other words.
_CHAT = (
    "chat_template.jinja",
    "chat_template.json",
    "additional_chat_templates/*.jinja",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)

logger = logging.getLogger(__name__)


def base_folder(base: str) -> Path:
    """The folder that holds this base, whatever template was chosen; a Hub model is fetched into the local cache first.

    Raises:
        NotFound: there is no such folder, nor such a model in reach.
    """
    base, _ = split_base(base)
    if base == LANTERN:
        return assets_dir() / LANTERN
    folder = Path(base).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_absolute() or base.count("/") != 1:
        raise NotFound(
            f'There is no base model "{base}". Name "lantern", a folder, or a Hub model as org/name.'
        )
    return _from_hub(base)


@blaming(FailureKind.BAD_MODEL)
def base_hash(base: str) -> str:
    """Two SHA-256: over config, weights and tokenizer, and over the files that say how conversations are written.

    They stand as "WEIGHTS+CHAT"; version 0.2.0 wrote the first alone (rlft_gui.training.models.checkpoints.is_same_base).
    """
    folder, stamp = base_folder(base), base_stamp(base)
    return f"{_hash_files(folder, _WEIGHTS, stamp)}+{joined(_hash_files(folder, _CHAT, stamp), split_base(base)[1])}"


def base_stamp(base: str) -> Stamp:
    """Changes whenever the files behind `base_hash` are written anew, and costs nothing to read."""
    stats = [(path.name, path.stat()) for path in _files(base_folder(base), (*_WEIGHTS, *_CHAT))]
    return tuple((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


@blaming(FailureKind.BAD_MODEL)
def load_base(base: str, device: str | None = None, in_float32: bool = False) -> tuple[Any, Any]:
    """The base model, in eval mode on its device, and its tokenizer.

    Args:
        device: "cpu" or "cuda"; left out, the best there is. bfloat16 on CUDA, float32 on the CPU.
        in_float32: on CUDA too, for weights that are trained themselves.

    Raises:
        NotFound: no such base.
        InvalidInput: it is there, but it is no complete causal language model in safetensors.
    """
    folder = base_folder(base)
    tokenizer = _load_tokenizer(base, folder)
    device = device or best_device()
    model = _load_model(base, folder, device, in_bfloat16=device == "cuda" and not in_float32)
    if len(tokenizer) > model.get_input_embeddings().num_embeddings:
        raise InvalidInput(
            f'The tokenizer of "{base}" has {len(tokenizer)} tokens and the model only '
            f"{model.get_input_embeddings().num_embeddings}. Use the tokenizer that belongs to the model."
        )
    model.config.get_text_config().pad_token_id = tokenizer.pad_token_id
    _end_where_answers_end(model, tokenizer)
    return model, tokenizer


@blaming(FailureKind.BAD_MODEL)
def load_tokenizer(base: str) -> Any:
    """The tokenizer of a base, with a chat template and a pad token.

    Raises:
        NotFound, InvalidInput: as `load_base`.
    """
    return _load_tokenizer(base, base_folder(base))


def best_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _load_model(base: str, folder: Path, device: str, in_bfloat16: bool) -> Any:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    try:
        model, info = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=torch.bfloat16 if in_bfloat16 else torch.float32,
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise _not_loadable(base, error) from error
    # A model class that finds no weights for a part fills it with random numbers and only prints a table.
    missing = sorted(info["missing_keys"])
    if missing:
        raise InvalidInput(
            f'The base model "{base}" lacks {len(missing)} weights that a causal language model needs, '
            f"{missing[0]} among them. Choose a complete causal language model."
        )
    return model.to(device).eval()


def _load_tokenizer(base: str, folder: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except (OSError, ValueError) as error:
        raise _not_loadable(base, error) from error
    if tokenizer.eos_token is None:
        raise InvalidInput(
            f'The tokenizer of "{base}" has no end token, so answers could not end. Set eos_token in its '
            "tokenizer_config.json."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    chosen = split_base(base)[1]
    if chosen and tokenizer.chat_template is not None:
        raise InvalidInput(f'"{base}" has a chat template of its own, which is used; leave #{chosen} out.')
    if tokenizer.chat_template is None:
        logger.info("No chat template with %s; turns are written as %s.", base, chosen or "plain headings")
        tokenizer.chat_template = known_template(chosen, tokenizer)
    elif isinstance(tokenizer.chat_template, dict):
        tokenizer.chat_template = _one_of(tokenizer.chat_template, base)
    return tokenizer


def _one_of(templates: dict[str, str], base: str) -> str:
    """The template for plain conversations, of several that have names."""
    if problem := templates_problem(tuple(templates), f'"{base}"'):
        raise InvalidInput(problem)
    return templates.get("default") or next(iter(templates.values()))


def templates_problem(names: Collection[str], called: str) -> str | None:
    """A sentence if none of a model's named chat templates is the one for plain conversations."""
    if "default" in names or len(names) < 2:
        return None
    return (
        f"{called} has the chat templates {', '.join(sorted(names))} and none is called default, so it is unclear how "
        "it is spoken to. Name one of them default."
    )


def _end_where_answers_end(model: Any, tokenizer: Any) -> None:
    """Let sampling stop at the token that the chat template ends answers with.

    It is often not the tokenizer's end token: ChatML ends at <|im_end|> over <|endoftext|>. Every loop that draws
    answers, ours and the trainers', reads the generation config.
    """
    config = model.generation_config
    known = config.eos_token_id
    several = known if isinstance(known, list) else [] if known is None else [known]
    config.eos_token_id = list(dict.fromkeys([chat(tokenizer).end, tokenizer.eos_token_id, *several]))


def _not_loadable(base: str, error: Exception) -> InvalidInput:
    detail = " ".join(str(error).split())[:300]
    return InvalidInput(
        f'The base model "{base}" cannot be loaded: {detail} It must be a causal language model with safetensors '
        "weights and a tokenizer."
    )


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=list(_DOWNLOADED)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise NotFound(
            f'The base model "{name}" is neither a folder nor in reach on the Hub: '
            f"{' '.join(str(error).split())[:200]} Check the name, or the network."
        ) from error


@cache
def _hash_files(folder: Path, patterns: tuple[str, ...], _stamp: Stamp) -> str:
    """The stamp only says when the answer kept from before is no longer right."""
    digest = hashlib.sha256()
    for path in _files(folder, patterns):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _files(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})
