"""Packed layers compute what the plain ones do, and keep no second copy of their weights."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.comparison import Sampling
from rlft_gui.inference import loaded as loaded_module
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.packed import can_pack, pack
from rlft_gui.training.models.sampling import sample
from tests.inference.tiny_models import make_base


def models() -> list[Any]:
    """One of plain linear layers with tied weights, and one of GPT-2's transposed ones with biases."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    llama = LlamaConfig(
        vocab_size=50,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
    )
    gpt2 = GPT2Config(vocab_size=50, n_positions=64, n_embd=32, n_layer=2, n_head=4)
    return [LlamaForCausalLM(llama).eval(), GPT2LMHeadModel(gpt2).eval()]


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1], ids=["llama", "gpt2"])
def test_a_packed_model_computes_what_the_plain_one_does(which: int) -> None:
    import torch

    model = models()[which]
    if not can_pack(model):
        pytest.skip("no oneDNN here")
    tokens = torch.arange(15).view(3, 5)
    with torch.no_grad():
        plain = model(input_ids=tokens).logits
        assert pack(model)
        packed = model(input_ids=tokens).logits
    assert torch.allclose(plain, packed, atol=1e-5)
    kept = {name for name, weights in model.named_parameters() if weights.dim() == 2 and weights.numel()}
    assert all("embed" in name or name.endswith(("wte.weight", "wpe.weight")) for name in kept)


@pytest.mark.slow
def test_a_model_that_reads_a_layers_weights_by_itself_is_not_served_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch.nn.functional import linear
    from transformers.models.llama.modeling_llama import LlamaMLP

    def reads_weights(self: Any, x: Any) -> Any:
        return linear(self.act_fn(linear(x, self.gate_proj.weight)) * self.up_proj(x), self.down_proj.weight)

    monkeypatch.setattr(loaded_module, "FLOAT64_PARAMETERS", 0)
    monkeypatch.setattr(LlamaMLP, "forward", reads_weights)
    loaded = LoadedModel(str(make_base(tmp_path / "base")), "cpu")
    assert loaded.model.lm_head.weight.numel() > 0
    [answer] = sample(loaded.model, loaded.tokenizer, [[{"role": "user", "content": "hello"}]], Sampling())
    assert answer.token_ids


@pytest.mark.slow
def test_what_is_no_float32_keeps_its_own_products() -> None:
    model = models()[0]
    assert not can_pack(model.double())
    assert not can_pack(model.bfloat16())
