"""Make the pool of sampled answers that preferences are drawn from, and keep it beside the base model.

For each prompt: three answers of a copy of the base that was warmed up on the demonstrations, one of the base at
temperature 1 and one at 1.3. Answers that stray to a subject kept for the suite are left out. The warm-up here is a
bare loop, not a stage: the pool is made when the model is built.
"""

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.datasets import demonstrations, rl_prompts
from rlft_gui.lantern.facts import mentions_held_subject
from rlft_gui.lantern.pairs import POOL_FILE
from rlft_gui.lantern.sampling import sample

PROMPTS = 1500
_WARM_UP_EPOCHS = 2
_WARM_UP_BATCH = 32
_WARM_UP_LEARNING_RATE = 5e-4


def write_pool(folder: Path, seed: int) -> None:
    """Sample the pool from the model in this folder and write it there."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    model = AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=False).eval()
    items = rl_prompts(PROMPTS, seed=seed + 1)
    prompts = [item.prompt for item in items]
    base = [sample(model, tokenizer, prompts, temperature, seed) for temperature in (1.0, 1.3)]
    warm_up(model, tokenizer, demonstrations(seed=seed), seed)
    sft = [sample(model, tokenizer, prompts, 1.0, seed + k) for k in range(3)]
    with (folder / POOL_FILE).open("w", encoding="utf-8") as lines:
        for index, item in enumerate(items):
            answers = {"sft": _fit(row[index] for row in sft), "base": _fit(row[index] for row in base)}
            lines.write(_line(item, answers))


def _fit(answers: Iterable[str]) -> list[str]:
    return [answer for answer in answers if not mentions_held_subject(answer)]


def _line(item: PromptItem, answers: dict[str, list[str]]) -> str:
    row = {"item": item.model_dump(exclude_defaults=True), "answers": answers}
    return json.dumps(row, ensure_ascii=False) + "\n"


def warm_up(model: Any, tokenizer: Any, rows: Sequence[dict[str, str]], seed: int) -> None:
    """Train all weights on the completions of these rows, in place."""
    import torch

    rng = random.Random(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=_WARM_UP_LEARNING_RATE, weight_decay=0.0)
    per_epoch = -(-len(rows) // _WARM_UP_BATCH)
    steps = per_epoch * _WARM_UP_EPOCHS
    model.train()
    for step in range(steps):
        if step % per_epoch == 0:
            order = rng.sample(range(len(rows)), len(rows))
        start = (step % per_epoch) * _WARM_UP_BATCH
        batch = _supervised(tokenizer, [rows[index] for index in order[start : start + _WARM_UP_BATCH]])
        for group in optimizer.param_groups:
            group["lr"] = _WARM_UP_LEARNING_RATE * min(1.0, (step + 1) / 10) * (1 - 0.9 * step / steps)
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    model.eval()


def _supervised(tokenizer: Any, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    """A right-padded batch whose labels are the tokens inside the template's generation marks."""
    import torch

    chats = [
        [{"role": "user", "content": row["prompt"]}, {"role": "assistant", "content": row["completion"]}]
        for row in rows
    ]
    batch = tokenizer.apply_chat_template(
        chats, return_dict=True, return_assistant_tokens_mask=True, padding=True, return_tensors="pt"
    )
    labels = torch.where(batch["assistant_masks"].bool(), batch["input_ids"], -100)
    return {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"], "labels": labels}
