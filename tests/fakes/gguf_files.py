"""Small GGUF files, as llama.cpp writes them: sound ones, and settings to make them unsound with."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType, GGUFWriter, get_tensor_name_map

from tests.fakes.chats import CHATML, SPECIAL

WIDTH, HEADS, KEY_HEADS, INNER, BLOCKS, CONTEXT = 32, 4, 2, 64, 2, 256
KIND = "llama"


def alphabet() -> list[str]:
    """The special ones, one token a byte, and one that is put together."""
    from tokenizers import pre_tokenizers

    return [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet()), "ab"]


def random_tensors(rows: int | None = None, seed: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """Of a Llama with output weights of its own."""
    rows = rows or len(alphabet())
    key = WIDTH // HEADS * KEY_HEADS
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (rows, WIDTH), "output_norm.weight": (WIDTH,)}
    for block in range(BLOCKS):
        shapes |= {
            f"blk.{block}.attn_norm.weight": (WIDTH,),
            f"blk.{block}.ffn_norm.weight": (WIDTH,),
            f"blk.{block}.attn_q.weight": (WIDTH, WIDTH),
            f"blk.{block}.attn_k.weight": (key, WIDTH),
            f"blk.{block}.attn_v.weight": (key, WIDTH),
            f"blk.{block}.attn_output.weight": (WIDTH, WIDTH),
            f"blk.{block}.ffn_gate.weight": (INNER, WIDTH),
            f"blk.{block}.ffn_up.weight": (INNER, WIDTH),
            f"blk.{block}.ffn_down.weight": (WIDTH, INNER),
        }
    shapes["output.weight"] = (rows, WIDTH)
    chance = np.random.default_rng(seed)
    return {name: chance.normal(scale=0.1, size=shape).astype("float32") for name, shape in shapes.items()}


def tensors_of(model: Any, kind: str = KIND) -> dict[str, np.ndarray[Any, Any]]:
    """Those of a model of transformers as llama.cpp names them; of a Llama, queries and keys turned as it wants them."""
    config = model.config
    (architecture,) = [one for one, name in MODEL_ARCH_NAMES.items() if name == kind]
    names = get_tensor_name_map(architecture, config.num_hidden_layers)
    heads = (
        {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads} if kind == KIND else {}
    )
    found = {}
    for name, value in model.state_dict().items():
        layer, _, suffix = name.rpartition(".")
        if layer == "lm_head" and config.tie_word_embeddings:
            continue
        turned = heads.get(layer.rpartition(".")[2])
        numbers = value.float().numpy()
        found[f"{names.get_name(layer)}.{suffix}"] = _turned(numbers, turned) if turned else numbers
    return found


def _turned(weight: np.ndarray[Any, Any], heads: int) -> np.ndarray[Any, Any]:
    """`LlamaModel.permute` of llama.cpp's converter."""
    turned = weight.reshape(heads, 2, weight.shape[0] // heads // 2, weight.shape[1])
    return np.ascontiguousarray(turned.swapaxes(1, 2).reshape(weight.shape))


def write_gguf(
    file: Path,
    tensors: dict[str, np.ndarray[Any, Any]] | None = None,
    *,
    kind: str = KIND,
    quantised: GGMLQuantizationType | None = None,
    template: str | None = CHATML,
    tokens: list[str] | None = None,
    split: str = "gpt-2",
    sentencepiece: bool = False,
    without: tuple[str, ...] = (),
    top: dict[str, Any] | None = None,
    **settings: Any,
) -> Path:
    """A whole file; `settings` replace numbers of the architecture, `without` leaves parts out, `top` adds others."""
    writer = GGUFWriter(file, kind)
    numbers = {
        "context_length": CONTEXT, "embedding_length": WIDTH, "block_count": BLOCKS, "feed_forward_length": INNER,
        "attention.head_count": HEADS, "attention.head_count_kv": KEY_HEADS, "rope.dimension_count": WIDTH // HEADS,
    } | settings  # fmt: skip
    writer.add_name("Tiny")
    writer.add_license("apache-2.0")
    for name, value in numbers.items():
        if name not in without:
            _add(writer, f"{kind}.{name}", value)
    for name, value in (top or {}).items():
        _add(writer, name, value)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    if sentencepiece:
        _add_sentencepiece(writer)
    elif "tokenizer" not in without:
        _add_tokenizer(writer, tokens or alphabet(), template, split, without)
    for name, values in (tensors or random_tensors()).items():
        _add_tensor(writer, name, values, quantised)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _add(writer: GGUFWriter, key: str, value: Any) -> None:
    if isinstance(value, str):
        writer.add_string(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    elif value < 0:
        writer.add_int32(key, value)
    else:
        writer.add_uint32(key, value)


def _add_tokenizer(
    writer: GGUFWriter, tokens: list[str], template: str | None, split: str, without: tuple[str, ...]
) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(split)
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])
    writer.add_token_merges(["a b"])
    if "eos" not in without:
        writer.add_eos_token_id(SPECIAL.index("<|im_end|>"))
    writer.add_bos_token_id(SPECIAL.index("<s>"))
    writer.add_pad_token_id(SPECIAL.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    if template:
        writer.add_chat_template(template)


def pieces() -> list[str]:
    """As SentencePiece has them: special ones, one a byte, and some that are put together."""
    return ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "a", "b", "ab", "▁ab"]


def _add_sentencepiece(writer: GGUFWriter) -> None:
    listed = pieces()
    together = len(listed) - 259
    writer.add_tokenizer_model("llama")
    writer.add_token_list(listed)
    writer.add_token_scores([0.0] * 259 + [-10.0, -11.0, -12.0, -1.0, -2.0][:together])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * together)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)


def _add_tensor(
    writer: GGUFWriter, name: str, values: np.ndarray[Any, Any], quantised: GGMLQuantizationType | None
) -> None:
    from gguf import quantize

    if quantised is None or values.ndim < 2:
        writer.add_tensor(name, values)
    else:
        writer.add_tensor(name, quantize(values, quantised), raw_dtype=quantised)


def header(version: int = 3, tensors: int = 1, keys: int = 0) -> bytes:
    """The first bytes of a file, with the counts that it claims."""
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)
