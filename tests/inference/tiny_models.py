"""A tiny base model whose adapters do as they are told, for tests that must know who answered.

Every hidden state of the base has the same large first entry. An adapter on the output layer that looks at this entry
alone can therefore raise one word's logit everywhere: it says that word, whatever it is asked.
"""

import warnings
from pathlib import Path
from typing import Any

from rlft_gui.domain.home import Home
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "hello", "you")
WIDTH = 32
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] + ' ' + message['content'] + ' ' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
)


def make_base(folder: Path, seed: int = 0) -> Path:
    """A Llama with random weights and a tokenizer that knows `WORDS`; returns its folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer()
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        tie_word_embeddings=False,
        initializer_range=0.2,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight[:, 0] = 20.0
        model.lm_head.weight[:, 0] = 0.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def says(word: str) -> Any:
    """A recipe for `add_checkpoint`: an adapter that always says this word."""

    def fill(model: Any, tokenizer: Any) -> None:
        head = model.base_model.model.lm_head
        head.lora_A["default"].weight.zero_()[0, 0] = 1.0
        head.lora_B["default"].weight.zero_()[tokenizer.convert_tokens_to_ids(word), 0] = 100.0

    return ("lm_head",), fill


def babbles(seed: int) -> Any:
    """A recipe for `add_checkpoint`: an adapter on every layer with random weights."""

    def fill(model: Any, tokenizer: Any) -> None:
        import torch

        generator = torch.Generator().manual_seed(seed)
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.normal_(std=0.3, generator=generator)

    return ("q_proj", "v_proj", "o_proj", "up_proj", "down_proj"), fill


def add_checkpoint(
    home: Home, run_id: str, step: int, base: Path, recipe: Any, rank: int = 2, **shape: Any
) -> Path:
    """Write a complete adapter checkpoint for a run on this base; returns its folder. `shape` is PEFT's."""
    import torch
    from peft import LoraConfig, get_peft_model

    from rlft_gui.training.models.loading import base_hash, load_base

    targets, fill = recipe
    loaded, tokenizer = load_base(str(base), "cpu")
    with warnings.catch_warnings():
        # PEFT calls transformers under a name that is on its way out.
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing.*", FutureWarning)
        model = get_peft_model(
            loaded, LoraConfig(r=rank, lora_alpha=rank, target_modules=list(targets), **shape)
        )
    with torch.no_grad():
        fill(model, tokenizer)
    path = home.run(run_id).checkpoint(step)
    model.save_pretrained(path, save_embedding_layers=False)
    marker = CheckpointMarker(
        step=step, stage="sft", base=str(base), base_hash=base_hash(str(base)), kind="adapter"
    )
    mark_complete(path, marker)
    return path


def add_full_checkpoint(home: Home, run_id: str, step: int, base: Path, seed: int = 99) -> Path:
    """Write a checkpoint that is a whole model of its own."""
    from rlft_gui.training.models.loading import base_hash

    path = make_base(home.run(run_id).checkpoint(step), seed=seed)
    marker = CheckpointMarker(
        step=step, stage="sft", base=str(base), base_hash=base_hash(str(base)), kind="full"
    )
    mark_complete(path, marker)
    return path


def make_tokenizer() -> Any:
    """Knows `WORDS` alone, and ends answers with a token of its own."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ("<pad>", "<end>", "<unk>")
    words = {word: index for index, word in enumerate((*special, "user", "assistant", *WORDS))}
    plain = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="<pad>", eos_token="<end>", unk_token="<unk>"
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer
