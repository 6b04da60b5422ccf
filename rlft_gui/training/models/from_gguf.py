"""Makes a Transformers folder of a GGUF file, and compares what was saved with what was read.

Runs as a short process (`python -m rlft_gui.training.models.from_gguf`, see services.short_work). Weights are unpacked by
transformers' loader and saved in bfloat16. What that loader loses is put right here or refused.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.models.gguf_header import GgufHeader, GgufTensor, read_header
from rlft_gui.training.models.gguf_rope import rope_parameters

_SAMPLED_ROWS = 8  #: of the embedding, at its beginning and at its end
_BFLOAT16_ERROR = 1 / 128
_TEXTS = ("The capital of France is Paris.", "  two\n\nlines, 1,234.50 and 2026", "Grüße, 你好 🙂")
#: Before bytes are paired, these split off every digit (llama.cpp, llama-vocab.cpp), and transformers' table lacks them.
_DIGITS_APART = ("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b")
_AS_GPT2 = ("default", "gpt-2", "gpt2", "")


@dataclass(frozen=True)
class _Source:
    """The file, and what sentences call it."""

    file: Path
    called: str
    header: GgufHeader

    @property
    def place(self) -> dict[str, Any]:
        """How transformers is told where it lies."""
        return {"pretrained_model_name_or_path": str(self.file.parent), "gguf_file": self.file.name}


def convert(request: dict[str, Any]) -> dict[str, Any]:
    """Write config, tokenizer and weights.

    Args:
        request: {"file": the GGUF file, "called": its name in sentences, "into": an empty folder}.

    Returns:
        {"notes": sentences on what is not quite as in the file}.
    """
    file, into = Path(request["file"]), Path(request["into"])
    source = _Source(file, request["called"], read_header(file, request["called"]))
    _quietly()
    tokenizer, notes = _tokenizer(source)
    model = _model(source)
    _check_whole(source, model)
    _save(model, tokenizer, into)
    _check_saved(source, model, tokenizer, into)
    for path in into.iterdir():
        _flush(path)
    return {"notes": notes}


def _quietly() -> None:
    """Bars of thousands of lines would push what matters out of the last words."""
    from transformers.utils import logging

    logging.disable_progress_bar()


def _tokenizer(source: _Source) -> tuple[Any, list[str]]:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(**source.place)
    except Exception as error:
        raise _not_taken(source, "tokenizer", error) from error
    kind, split = (str(source.header.metadata.get(f"tokenizer.ggml.{key}", "")) for key in ("model", "pre"))
    notes = _put_right(tokenizer, split) if kind == "gpt2" else []
    _check_tokenizer(source, tokenizer)
    return tokenizer, notes


def _put_right(tokenizer: Any, split: str) -> list[str]:
    from tokenizers import pre_tokenizers
    from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

    if split in _DIGITS_APART:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    elif split not in GGUF_PRE_TOKENIZER_SPLITS and split not in _AS_GPT2:
        return [
            f"How it splits text into words ({split}) is not known here, so text is split as GPT-2 does and some tokens "
            "may be other ones than the model learnt."
        ]
    return []


def _check_tokenizer(source: _Source, tokenizer: Any) -> None:
    """Special tokens and the template are those that the file names."""
    named = source.header.metadata
    found = {"eos": tokenizer.eos_token_id, "bos": tokenizer.bos_token_id, "padding": tokenizer.pad_token_id}
    for name, token in found.items():
        asked = named.get(f"tokenizer.ggml.{name}_token_id")
        if asked is not None and asked != token:
            raise _mismatch(source, f"its {name} token is {asked} and became {token}")
    if named.get("tokenizer.chat_template") and tokenizer.chat_template != named["tokenizer.chat_template"]:
        raise _mismatch(source, "its chat template became another one")
    listed = named["tokenizer.ggml.tokens"].count
    if len(tokenizer) > listed:
        raise _mismatch(source, f"its {listed:,} tokens became {len(tokenizer):,}")


def _model(source: _Source) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    try:
        model, info = AutoModelForCausalLM.from_pretrained(
            **source.place,
            config=_config(source),
            dtype=torch.bfloat16,
            use_safetensors=True,
            output_loading_info=True,
        )
    except MemoryError:
        raise
    except Exception as error:
        raise _not_taken(source, "weights", error) from error
    if missing := sorted(info["missing_keys"]):
        raise _mismatch(source, f"{len(missing)} weights are not in it, {missing[0]} among them")
    return model.eval()


def _config(source: _Source) -> Any:
    """Only where it must be another than the loader makes: reading it takes seconds."""
    from transformers import AutoConfig

    stretched = rope_parameters(source.file, source.header, source.called)
    width = _width_of_heads(source.header)
    if stretched is None and width is None:
        return None
    config = AutoConfig.from_pretrained(**source.place)
    if stretched is not None:
        config.rope_parameters = stretched
    if width is not None and hasattr(config, "head_dim"):
        config.head_dim = width  # Qwen3's is said in the file and not read
    return config


def _width_of_heads(header: GgufHeader) -> int | None:
    """Where it does not follow from the width of the model."""
    width, heads = header.of_model("attention.key_length"), header.of_model("attention.head_count")
    if not isinstance(width, int) or not isinstance(heads, int):
        return None
    return None if width * heads == header.of_model("embedding_length") else width


def _check_whole(source: _Source, model: Any) -> None:
    """Every number of the file has its place in the model, which the loader does not tell by itself."""
    is_tied = model.config.get_text_config().tie_word_embeddings
    passed_over = {"rope_freqs.weight", *(("output.weight",) if is_tied else ())}
    held = sum(tensor.numbers for tensor in source.header.tensors if tensor.name not in passed_over)
    taken = sum(parameter.numel() for parameter in model.parameters())
    if held != taken:
        raise _mismatch(source, f"it holds {held:,} numbers and the model takes {taken:,}")
    rows = model.get_input_embeddings().weight
    embedding = source.header.tensor("token_embd.weight")
    if embedding is None or tuple(rows.shape) != embedding.shape:
        raise _mismatch(source, f"its embedding became one of {tuple(rows.shape)}")
    for first in (0, embedding.shape[0] - _SAMPLED_ROWS):
        _check_rows(source, rows, embedding, max(0, first))


def _check_rows(source: _Source, rows: Any, embedding: GgufTensor, first: int) -> None:
    """A few rows, unpacked apart from the loader."""
    import numpy as np
    import torch
    from gguf import GGMLQuantizationType, dequantize

    count = min(_SAMPLED_ROWS, embedding.shape[0])
    width = embedding.bytes // embedding.shape[0]
    raw = np.fromfile(
        source.file, dtype=np.uint8, count=count * width, offset=embedding.start + first * width
    )
    kind = GGMLQuantizationType[embedding.type]
    as_stored = {"F32": np.float32, "F16": np.float16}.get(embedding.type, np.uint8)
    wanted = torch.from_numpy(
        np.array(dequantize(raw.view(as_stored).reshape(count, -1), kind), dtype=np.float32)
    )
    made = rows[first : first + count].detach().float()
    if not torch.allclose(made, wanted, rtol=_BFLOAT16_ERROR, atol=1e-6):
        raise _mismatch(
            source, f"rows {first:,} to {first + count - 1:,} of its embedding came out otherwise"
        )


def _save(model: Any, tokenizer: Any, into: Path) -> None:
    """As a plain model: as read it counts as quantized, which cannot be saved."""
    from transformers import AutoModelForCausalLM

    config = model.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    if hasattr(config, "_model_name_or_path"):
        del config._model_name_or_path
    import torch

    with torch.device("meta"):
        plain = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    plain.load_state_dict(model.state_dict(), assign=True)
    plain.tie_weights()
    plain.generation_config = model.generation_config
    plain.save_pretrained(into)
    tokenizer.save_pretrained(into)


def _check_saved(source: _Source, model: Any, tokenizer: Any, into: Path) -> None:
    """The folder, opened as training opens it, is the same model with the same tokens."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    again = AutoTokenizer.from_pretrained(into, local_files_only=True)
    _check_tokenizer(source, again)
    if any(again(text)["input_ids"] != tokenizer(text)["input_ids"] for text in _TEXTS):
        raise _mismatch(source, "texts became other tokens once the tokenizer was saved")
    saved = AutoModelForCausalLM.from_pretrained(into, dtype=torch.bfloat16, local_files_only=True).eval()
    kept = dict(saved.named_parameters())
    for name, parameter in model.named_parameters():
        if name not in kept or not torch.equal(kept[name], parameter):
            raise _mismatch(source, f"{name} was saved otherwise than it was read")
    tokens = torch.tensor([again(_TEXTS[0])["input_ids"]])
    with torch.no_grad():
        if not torch.equal(saved(tokens).logits, model(tokens).logits):
            raise _mismatch(source, "it answers otherwise once it was saved")
    ends = {saved.generation_config.eos_token_id, saved.config.get_text_config().eos_token_id}
    if again.eos_token_id not in ends:
        raise _mismatch(source, f"its end token {again.eos_token_id} is not the model's")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_taken(source: _Source, what: str, error: Exception) -> InvalidInput:
    detail = " ".join(str(error).split())[:200].rstrip(".")
    return InvalidInput(
        f"{source.called} cannot be converted, its {what} could not be taken over ({type(error).__name__}: {detail}); "
        "take this model as a folder with safetensors."
    )


def _mismatch(source: _Source, what: str) -> InvalidInput:
    return InvalidInput(
        f"{source.called} cannot be converted without losing something: {what}; take this model as a folder with "
        "safetensors."
    )


if __name__ == "__main__":
    answer(convert)
