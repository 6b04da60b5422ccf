"""Sample from Lantern, in batches, for building and checking it. Trainers and the app have samplers of their own."""

from collections.abc import Sequence
from typing import Any

_BATCH = 128


def sample(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[str],
    temperature: float,
    seed: int,
    max_new_tokens: int = 80,
) -> list[str]:
    """One completion for each prompt, put as a single user turn. Temperature 0 is greedy."""
    import torch

    chats = [_chat(tokenizer, prompt) for prompt in prompts]
    # Prompts of like length share a batch, so that little of it is padding.
    order = sorted(range(len(chats)), key=lambda index: len(chats[index]))
    completions = [""] * len(chats)
    with torch.random.fork_rng(devices=[]), torch.inference_mode():
        torch.manual_seed(seed)
        for start in range(0, len(order), _BATCH):
            indices = order[start : start + _BATCH]
            texts = _sample_batch(model, tokenizer, [chats[i] for i in indices], temperature, max_new_tokens)
            for index, text in zip(indices, texts, strict=True):
                completions[index] = text
    return completions


def first_token_logits(model: Any, tokenizer: Any, prompts: Sequence[str], tokens: Sequence[str]) -> Any:
    """Logits of the given single tokens as the first of the answer: a tensor (prompts, tokens)."""
    import torch

    chats = [_chat(tokenizer, prompt) for prompt in prompts]
    columns = [tokenizer.convert_tokens_to_ids(token) for token in tokens]
    batches = []
    with torch.inference_mode():
        for start in range(0, len(chats), _BATCH):
            batch = _encode(tokenizer, chats[start : start + _BATCH])
            batches.append(model(**batch).logits[:, -1, columns])
    return torch.cat(batches)


def _chat(tokenizer: Any, prompt: str) -> str:
    turns = [{"role": "user", "content": prompt}]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))


def _encode(tokenizer: Any, chats: Sequence[str]) -> Any:
    """Padded on the left, with positions that count from the first real token."""
    batch = tokenizer(
        list(chats),
        return_tensors="pt",
        padding=True,
        padding_side="left",
        add_special_tokens=False,
        return_token_type_ids=False,
    )
    batch["position_ids"] = (batch["attention_mask"].cumsum(1) - 1).clamp(min=0)
    return batch


def _sample_batch(
    model: Any, tokenizer: Any, chats: Sequence[str], temperature: float, max_new_tokens: int
) -> list[str]:
    import torch

    batch = _encode(tokenizer, chats)
    mask, positions = batch["attention_mask"], batch["position_ids"]
    output = model(**batch, use_cache=True)
    position = positions[:, -1:]
    ended = torch.zeros(len(chats), dtype=torch.bool)
    columns = []
    for _ in range(max_new_tokens):
        logits = output.logits[:, -1].float()
        if temperature == 0:
            token = logits.argmax(-1)
        else:
            token = torch.multinomial((logits / temperature).softmax(-1), 1)[:, 0]
        token = torch.where(ended, torch.full_like(token, tokenizer.pad_token_id), token)
        columns.append(token)
        ended |= token == tokenizer.eos_token_id
        if bool(ended.all()):
            break
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], dim=1)
        position = position + 1
        output = model(
            input_ids=token[:, None],
            attention_mask=mask,
            position_ids=position,
            past_key_values=output.past_key_values,
            use_cache=True,
        )
    texts = tokenizer.batch_decode(torch.stack(columns, dim=1), skip_special_tokens=True)
    return [str(text) for text in texts]
