"""A base of SmolLM2-135M's shape with random weights, and LoRA runs on it: what costs the same as the real one.

It needs no download; real_model.py makes the real one. Its tokenizer is a small one of our own.
"""

from pathlib import Path

from rlft_gui.domain.home import Home
from tests.inference.tiny_models import add_checkpoint, make_tokenizer

RANK = 16
_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def make_base(folder: Path) -> Path:
    """Llama, 134.5 million parameters, float32; returns its folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer()
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49_152,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        max_position_embeddings=8192,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def add_run(home: Home, run_id: str, base: Path, seed: int) -> None:
    """A run whose adapter has random weights on every linear layer."""
    add_checkpoint(home, run_id, 1, base, (_LINEAR, _noise(seed)), rank=RANK)


def _noise(seed: int) -> object:
    def fill(model: object, _tokenizer: object) -> None:
        import torch

        generator = torch.Generator().manual_seed(seed)
        for name, parameter in model.named_parameters():  # type: ignore[attr-defined]
            if "lora_" in name:
                parameter.normal_(std=0.02, generator=generator)

    return fill
