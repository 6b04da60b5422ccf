"""Ways in which a base model is broken that its files tell at once, each done to a sound copy of Lantern."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from tests.fakes.chats import BROKEN, SILENT

Break = Callable[[Path], object]


def edit(file: Path, **changes: Any) -> None:
    """Set keys of a JSON object; ... removes one."""
    content = json.loads(file.read_bytes()) | changes
    file.write_text(json.dumps({key: value for key, value in content.items() if value is not ...}))


def config(**changes: Any) -> Break:
    return lambda folder: edit(folder / "config.json", **changes)


def template(text: str) -> Break:
    return lambda folder: (folder / "chat_template.jinja").write_text(text)


def tensors(change: Callable[[dict[str, np.ndarray[Any, Any]]], object]) -> Break:
    """The weights, changed."""

    def damage(folder: Path) -> None:
        held = dict(load_file(folder / "model.safetensors"))
        change(held)
        save_file(held, folder / "model.safetensors", metadata={"format": "pt"})

    return damage


def rows_cut(held: dict[str, np.ndarray[Any, Any]]) -> None:
    held["model.embed_tokens.weight"] = held["model.embed_tokens.weight"][:-1].copy()


def as_integers(held: dict[str, np.ndarray[Any, Any]]) -> None:
    for name in list(held):
        held[name] = held[name].astype("int8")


def one_token_more(folder: Path) -> None:
    """As somebody who adds a token and forgets to resize the model."""
    content = json.loads((folder / "tokenizer.json").read_bytes())
    token = {"id": 1188, "content": "<|tool|>", "special": True}
    switches = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    content["added_tokens"].append(token | switches)
    (folder / "tokenizer.json").write_text(json.dumps(content))


def one_token_more_beside(folder: Path) -> None:
    """The same token in the settings alone, from where transformers takes it too."""
    edit(folder / "tokenizer_config.json", added_tokens_decoder={"1188": {"content": "<|tool|>"}})


#: What it is, how it comes about, and what the sentence says of it.
BROKEN_MODELS: list[tuple[str, Break, str]] = [
    ("a template that does not parse", template(BROKEN), "chat template that does not parse (line 1"),
    ("a template with an unknown tag", template("{% frob messages %}"), "Encountered unknown tag 'frob'"),
    ("a template that ignores its messages", template(SILENT), "chat template that never reads the messages"),
    ("a template of 2 MB", template("{{ messages }}" + " " * 2_000_000), "chat template that has 1,000,001 characters"),
    ("a template nested 5,000 deep", template("{{ messages" + "[(" * 5000 + ")]" * 5000 + " }}"), "chat template that"),
    ("a negative context", config(max_position_embeddings=-1), "says max_position_embeddings '-1' in config.json"),
    ("a context of zero", config(max_position_embeddings=0), "says max_position_embeddings '0' in config.json"),
    ("text where a number belongs", config(hidden_size="large"), "says hidden_size 'large' in config.json"),
    ("half a layer", config(num_hidden_layers=1.5), "says num_hidden_layers '1.5' in config.json"),
    ("a yes for a number", config(num_attention_heads=True), "says num_attention_heads 'True' in config.json"),
    ("a billion layers", config(num_hidden_layers=10**9), "says 1,000,000,000 layers in config.json"),
    ("another vocabulary", config(vocab_size=2000), "an embedding of 1,188 tokens and a config.json that says 2,000"),
    ("another width", config(hidden_size=64), "a config.json that says 64"),
    ("a layer too many", config(num_hidden_layers=9), "layers and a config.json that says 9"),
    ("another inner width", config(intermediate_size=100), "and a config.json that asks for (144, 100)"),
    ("other heads for keys", config(num_key_value_heads=1), "self_attn.k_proj.weight of shape"),
    ("no output weights", config(tie_word_embeddings=False), "lacks lm_head.weight, which its config.json asks for"),
    ("a part of a layer missing", tensors(lambda held: held.pop("model.layers.1.mlp.up_proj.weight")), "lacks model.layers.1.mlp.up_proj.weight, which"),
    ("an embedding a row too short", tensors(rows_cut), "an embedding of 1,187 tokens and a config.json that says 1,188"),
    ("whole numbers for weights", tensors(as_integers), "has weights of the kind I8, which cannot be trained"),
    ("a tokenizer with a token more", one_token_more, "a tokenizer of 1,189 tokens and a model of 1,188"),
    ("a token more in the settings", one_token_more_beside, "a tokenizer of 1,189 tokens and a model of 1,188"),
    ("an end token that is none", lambda f: edit(f / "tokenizer_config.json", eos_token="<|no|>"), "a tokenizer of 1,189 tokens"),
    ("no model type", config(model_type=...), "has a config.json without model_type"),
]  # fmt: skip
