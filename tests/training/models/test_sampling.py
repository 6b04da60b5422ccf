"""Drawing completions: each row on its own, and the same numbers as generate()."""

from collections.abc import Sequence
from typing import Any

import pytest

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.models.likelihood import answer_logprobs
from rlft_gui.training.models.sampling import Completion, encode_prompt, end_tokens, sample

pytestmark = pytest.mark.slow

PROMPTS = tuple(
    ({"role": "user", "content": text},)
    for text in (
        "What is the capital of Italy?",
        "Hi",
        "How can I relax after a long and tiring day at work?",
        "Why?",
    )
)
FREE = Sampling(temperature=1.0, max_new_tokens=12, seed=3)


@pytest.fixture(scope="module")
def lantern() -> tuple[Any, Any]:
    from rlft_gui.training.models.loading import load_base

    return load_base("lantern", "cpu")


@pytest.fixture(scope="module")
def tokenizer(lantern: tuple[Any, Any]) -> Any:
    return lantern[1]


def _tiny(architecture: str, vocabulary: int) -> Any:
    """A random model of another architecture, in eval mode."""
    import torch
    from transformers import (
        BloomConfig,
        BloomForCausalLM,
        GPT2Config,
        GPT2LMHeadModel,
        Qwen3Config,
        Qwen3ForCausalLM,
    )

    torch.manual_seed(0)
    made = {
        "gpt2": lambda: GPT2LMHeadModel(
            GPT2Config(vocab_size=vocabulary, n_positions=128, n_embd=32, n_layer=2, n_head=2)
        ),
        "bloom": lambda: BloomForCausalLM(
            BloomConfig(vocab_size=vocabulary, hidden_size=32, n_layer=2, n_head=2)
        ),
        "qwen3": lambda: Qwen3ForCausalLM(
            Qwen3Config(
                vocab_size=vocabulary,
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=2,
                num_key_value_heads=1,
                head_dim=16,
            )
        ),
    }[architecture]()
    return made.eval()


def _texts(completions: Sequence[Completion]) -> list[tuple[int, ...]]:
    return [completion.token_ids for completion in completions]


def test_an_answer_is_the_same_alone_and_among_others(lantern: tuple[Any, Any]) -> None:
    together = sample(*lantern, PROMPTS, FREE)
    alone = [sample(*lantern, [prompt], FREE)[0] for prompt in PROMPTS]
    backwards = sample(*lantern, PROMPTS[::-1], FREE)[::-1]
    assert _texts(together) == _texts(alone) == _texts(backwards)


def test_a_seed_repeats_and_another_differs(lantern: tuple[Any, Any]) -> None:
    other = FREE.model_copy(update={"seed": 4})
    assert _texts(sample(*lantern, PROMPTS, FREE)) == _texts(sample(*lantern, PROMPTS, FREE))
    assert _texts(sample(*lantern, PROMPTS, FREE)) != _texts(sample(*lantern, PROMPTS, other))


def test_sampling_leaves_the_global_random_state_alone(lantern: tuple[Any, Any]) -> None:
    import torch

    before = torch.get_rng_state()
    sample(*lantern, PROMPTS, FREE)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "qwen3", "bloom"])
def test_greedy_answers_are_those_of_generate(
    architecture: str, lantern: tuple[Any, Any], tokenizer: Any
) -> None:
    import torch

    model = lantern[0] if architecture == "llama" else _tiny(architecture, len(tokenizer))
    greedy = Sampling(temperature=0, max_new_tokens=10)
    for prompt, ours in zip(PROMPTS, sample(model, tokenizer, PROMPTS, greedy), strict=True):
        ids = torch.tensor([encode_prompt(tokenizer, prompt)])
        theirs = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=10,
            do_sample=False,
            eos_token_id=sorted(end_tokens(model, tokenizer)),
            pad_token_id=tokenizer.pad_token_id,
        )
        assert ours.token_ids == tuple(theirs[0, ids.shape[1] :].tolist())


def _passes(model: Any) -> list[tuple[int, ...]]:
    """Rows and tokens of every forward pass from now on."""
    passes: list[tuple[int, ...]] = []
    model.get_input_embeddings().register_forward_hook(
        lambda _module, asked, _out: passes.append(tuple(asked[0].shape))
    )
    return passes


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "qwen3", "bloom"])
def test_prompts_that_are_read_one_by_one_are_answered_as_when_read_together(
    architecture: str, tokenizer: Any
) -> None:
    from rlft_gui.training.models.loading import load_base

    model = load_base("lantern", "cpu")[0] if architecture == "llama" else _tiny(architecture, len(tokenizer))
    model.double()  # so that rounding tips nothing
    asked, seeds, free = [PROMPTS[2]] * 3, [1, 2, 3], FREE.model_copy(update={"temperature": 2.0})
    together = sample(model, tokenizer, asked, free, seeds=seeds)
    passes = _passes(model)
    one_by_one = sample(model, tokenizer, asked, free, seeds=seeds, keep_shape=True)
    assert _texts(one_by_one) == _texts(together)
    assert len(set(_texts(together))) > 1
    read = [rows for rows, tokens in passes if tokens > 1]
    assert read == [1], "a prompt that stands in the batch three times is read once"
    assert {rows for rows, tokens in passes if tokens == 1} == {3}


def test_a_cache_that_cannot_be_put_together_has_its_prompts_read_together(
    tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.cache_utils import DynamicLayer

    class Recurrent(DynamicLayer):
        """As the state of a Mamba layer: not only keys and values."""

    model = _tiny("qwen3", len(tokenizer))
    expected = sample(model, tokenizer, [PROMPTS[1]] * 3, FREE, seeds=[1, 2, 3])
    monkeypatch.setattr("transformers.cache_utils.DynamicLayer", Recurrent)
    passes = _passes(model)
    assert sample(model, tokenizer, [PROMPTS[1]] * 3, FREE, seeds=[1, 2, 3], keep_shape=True) == expected
    assert [rows for rows, tokens in passes if tokens > 1] == [1, 3]


def test_draws_follow_the_softmax(tokenizer: Any) -> None:
    """With 4,000 draws a share has a standard error under 0.008; 0.04 is five of them."""
    import torch

    from rlft_gui.training.models.sampling import _choose, _Row

    shares = torch.tensor([0.5, 0.3, 0.2])
    rows = [_Row(torch.Generator().manual_seed(seed)) for seed in range(4000)]
    drawn = _choose((2 * shares.log()).expand(4000, 3), rows, Sampling(temperature=2.0))
    found = torch.bincount(drawn, minlength=3) / 4000
    assert torch.allclose(found, shares, atol=0.04)


def test_the_nucleus_holds_the_likeliest_tokens_only(tokenizer: Any) -> None:
    import torch

    from rlft_gui.training.models.sampling import _keep_nucleus

    scores = torch.tensor([[0.5, 0.3, 0.15, 0.05], [0.05, 0.15, 0.3, 0.5]]).log()
    kept = torch.isfinite(_keep_nucleus(scores, 0.7))
    assert kept.tolist() == [[True, True, False, False], [False, False, True, True]]
    assert torch.isfinite(_keep_nucleus(scores, 1e-6)).sum(dim=-1).tolist() == [1, 1]


def test_answers_say_how_they_ended(lantern: tuple[Any, Any]) -> None:
    long = sample(*lantern, PROMPTS, FREE.model_copy(update={"max_new_tokens": 200}))
    assert {completion.finish for completion in long} == {"ended by itself"}
    assert all(completion.token_ids[-1] in end_tokens(*lantern) for completion in long)
    short = sample(*lantern, PROMPTS, FREE.model_copy(update={"max_new_tokens": 2}))
    assert {completion.finish for completion in short} == {"cut at the limit"}


def test_a_caller_sees_every_token_and_may_stop(lantern: tuple[Any, Any]) -> None:
    lengths: list[list[int]] = []

    def two_tokens(rows: Sequence[Sequence[int]]) -> bool:
        lengths.append([len(row) for row in rows])
        return len(lengths) < 2

    completions = sample(*lantern, PROMPTS[:1], FREE, on_step=two_tokens)
    assert lengths == [[1], [2]]
    assert completions[0].finish == "stopped"


def test_a_prompt_that_fills_the_context_is_a_sentence(lantern: tuple[Any, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"A prompt has \d+ tokens, and the model can read 1024"):
        sample(*lantern, [({"role": "user", "content": "word " * 1500},)], FREE)


def test_log_probabilities_are_those_of_the_model_for_each_answer_alone(lantern: tuple[Any, Any]) -> None:
    import torch

    model, _ = lantern
    completions = sample(*lantern, PROMPTS, FREE)
    together = answer_logprobs(model, completions)
    for completion, found in zip(completions, together, strict=True):
        ids = torch.tensor([[*completion.prompt_ids, *completion.token_ids]])
        labels = ids.clone()
        labels[0, : len(completion.prompt_ids)] = -100
        with torch.no_grad():
            loss = model(input_ids=ids, labels=labels).loss.item()
        assert found == pytest.approx(-loss * len(completion.token_ids), abs=1e-3)
