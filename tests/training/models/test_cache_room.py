"""Answers at once follow the size of their cache."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("share", "tokens", "rows"), [(1, 64, 1), (64, 64, 8), (0, 64, 1)])
def test_rows_at_once_follow_the_caches_size(
    share: int, tokens: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2 layers of 2 heads of 8 numbers, keys and values in float32: 256 bytes a token."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from rlft_gui.training.models import cache_room

    config = LlamaConfig(
        vocab_size=8,
        hidden_size=32,
        intermediate_size=8,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
    )
    model = LlamaForCausalLM(config).to(torch.float32)
    monkeypatch.setattr(cache_room, "_memory", lambda device: share * 256 * tokens)
    assert cache_room.rows_at_once(model, tokens) == rows
