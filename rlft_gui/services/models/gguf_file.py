"""What a GGUF file holds, and whether it can become a folder that can be trained: from its header, without torch.

The file itself is never trained on. It is converted once (converting.py), by transformers' own loader.
"""

import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.models.architectures import gguf_kinds
from rlft_gui.training.models.gguf_header import GgufHeader, Listed, read_header
from rlft_gui.training.models.gguf_rope import rope_parameters

SUFFIX = ".gguf"
_BLOCK = re.compile(r"blk\.(\d{1,9})\.")
_MOST_BLOCKS = 2_000
NEEDS_PACKAGE = (
    "GGUF files are read with the package gguf, which is not installed; install it: pip install gguf."
)


class GgufFacts(Frozen):
    """What the header says."""

    name: str
    architecture: str
    parameters: int
    context: int | None
    vocabulary: int
    quantisation: str
    licence: str | None
    has_chat_template: bool
    bytes: int


def gguf_file(path: Path, called: str) -> Path | None:
    """The GGUF file that a path names: itself, or the only one of a folder without config.json. None if it names none.

    Raises:
        InvalidInput: the folder holds several.
    """
    if path.is_file():
        return path if path.suffix.lower() == SUFFIX or _begins_as_gguf(path) else None
    if not path.is_dir() or (path / "config.json").exists():
        return None
    found = sorted(file for file in path.iterdir() if file.suffix.lower() == SUFFIX and file.is_file())
    if len(found) > 1:
        raise InvalidInput(
            f"{called} holds {len(found)} GGUF files, {found[0].name} and {found[1].name} among them; name the one to "
            "use."
        )
    return found[0] if found else None


def _begins_as_gguf(path: Path) -> bool:
    """Ollama names its files by their hash alone."""
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"


def has_package() -> bool:
    return importlib.util.find_spec("gguf") is not None


def read_gguf(file: Path, called: str) -> GgufFacts:
    """Check the header and read its facts.

    Raises:
        InvalidInput: the file is damaged, or holds what cannot be converted. One sentence each.
    """
    try:
        stat = file.stat()
    except OSError as error:
        raise InvalidInput(f"{called} cannot be read: {error.strerror}.") from None
    return _read(file, called, (stat.st_size, stat.st_mtime_ns, stat.st_ino))


@lru_cache(maxsize=32)
def _read(file: Path, called: str, stamp: tuple[int, int, int]) -> GgufFacts:
    """Kept until the file changes: screens ask often."""
    header = read_header(file, called)
    if problem := _kind_problem(header) or _tokenizer_problem(header) or _shape_problem(header):
        raise InvalidInput(f"{called} {problem}.")
    rope_parameters(file, header, called)
    if not has_package():
        raise InvalidInput(NEEDS_PACKAGE)
    return GgufFacts(
        name=str(header.metadata.get("general.name") or file.stem),
        architecture=header.architecture,
        parameters=header.parameters,
        context=header.of_model("context_length"),
        vocabulary=_tokens(header),
        quantisation=header.quantisation,
        licence=_text(header, "general.license"),
        has_chat_template=bool(_text(header, "tokenizer.chat_template")),
        bytes=stamp[0],
    )


def _kind_problem(header: GgufHeader) -> str | None:
    """Why it is no whole language model of a kind that transformers' loader knows; words behind its name."""
    parts = header.metadata.get("split.count")
    if isinstance(parts, int) and parts > 1:
        return f"is one of {parts} parts; put them together first: llama-gguf-split --merge"
    kind = header.metadata.get("general.type")
    if kind not in (None, "model"):
        return f"holds no model but a kind of {kind}; choose the model's own file"
    if not header.architecture:
        return "does not say its architecture (general.architecture); copy or download it again"
    models, _ = gguf_kinds()
    if _spelt_alike(header.architecture) not in {_spelt_alike(name) for name in models}:
        return (
            f"is of the architecture {header.architecture[:80]}, which transformers' GGUF loader does not know; take this "
            "model as a folder with safetensors"
        )
    return None


def _spelt_alike(name: str) -> str:
    """qwen2moe and qwen2_moe are one."""
    return re.sub(r"[-_]", "", name)


def _tokenizer_problem(header: GgufHeader) -> str | None:
    kind, _tokens_listed = header.metadata.get("tokenizer.ggml.model"), _tokens(header)
    if kind is None or not _tokens_listed:
        return "has no tokenizer in it; choose a file that was made of model and tokenizer"
    if kind not in (known := gguf_kinds()[1]):
        return f"has a tokenizer of the kind {str(kind)[:80]}, and only {', '.join(sorted(known))} can be taken over"
    end = header.metadata.get("tokenizer.ggml.eos_token_id")
    if end is None:
        return "has no end token (tokenizer.ggml.eos_token_id), so answers could not end"
    for name in ("eos", "bos", "padding", "unknown"):
        token = header.metadata.get(f"tokenizer.ggml.{name}_token_id")
        if token is not None and not (isinstance(token, int) and 0 <= token < _tokens_listed):
            return f"names {token!r} as its {name} token and has {_tokens_listed:,} tokens; copy or download it again"
    return None


def _shape_problem(header: GgufHeader) -> str | None:
    """Whether the settings agree with the tensors, as far as one can see without making the model."""
    for key in ("context_length", "embedding_length", "block_count"):
        value = header.of_model(key)
        if value is not None and (not isinstance(value, int) or value < 1):
            return f"says {key} {str(value)[:80]!r}, which is no number above 0; copy or download it again"
    width, blocks = header.of_model("embedding_length"), header.of_model("block_count")
    if width is None or blocks is None:
        return "lacks embedding_length or block_count in its header; copy or download it again"
    embedding = header.tensor("token_embd.weight")
    if embedding is None or len(embedding.shape) != 2:
        return "lacks token_embd.weight, the embedding of tokens; copy or download it again"
    rows, columns = embedding.shape
    if columns != width:
        return f"says embedding_length {width:,}, and its embedding is {columns:,} wide; copy or download it again"
    if rows < _tokens(header):
        return f"has {_tokens(header):,} tokens and an embedding of {rows:,}; copy or download it again"
    held = {int(found[1]) for tensor in header.tensors if (found := _BLOCK.match(tensor.name))}
    if blocks > _MOST_BLOCKS or held != set(range(blocks)):
        return f"says block_count {blocks:,} and holds {len(held):,} blocks; copy or download it again"
    return None


def _tokens(header: GgufHeader) -> int:
    listed = header.metadata.get("tokenizer.ggml.tokens")
    return listed.count if isinstance(listed, Listed) else 0


def _text(header: GgufHeader, key: str) -> str | None:
    value: Any = header.metadata.get(key)
    return value if isinstance(value, str) and value else None
