"""Pre-train Lantern's base model from nothing on the corpus: a Llama of 1.2 million parameters.

A straight story: corpus, tokenizer, rows of tokens, one loop. No evaluation here; `check.py` measures the result.
"""

import json
import math
import platform
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rlft_gui.lantern.corpus import Messages, documents, fingerprint
from rlft_gui.lantern.model_card import BUILD_FILE, CARD_FILE
from rlft_gui.lantern.pool import PROMPTS, write_pool
from rlft_gui.lantern.tokenizer import ASSISTANT, CONTEXT, END, train_tokenizer

#: Told what is being done, a line at a time.
Progress = Callable[[str], None]

DOCUMENTS = 180_000
_TOKENIZER_DOCUMENTS = 20_000
_ROW_TOKENS = 256
_BATCH_TOKENS = 4096
# The last documents are packed into rows as long as the context, so that far positions are not untrained.
_LONG_ROWS_FROM = 0.97
_PEAK_LEARNING_RATE = 4e-3
_WARMUP_STEPS = 60
_THREADS = 2


def build(out: Path, seed: int, progress: Progress) -> None:
    """Make everything of the embedded model but its card, which `check` writes: weights, tokenizer, pool, record.

    The same seed gives the same corpus, and on the same machine the same model; other machines round differently.
    """
    import torch

    out.mkdir(parents=True, exist_ok=True)
    (out / CARD_FILE).unlink(missing_ok=True)  # its figures would be another model's
    torch.set_num_threads(_THREADS)
    record = _pretrain(out, seed, progress)
    progress("sampling the pool of answers for preferences")
    write_pool(out, seed)
    (out / BUILD_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _pretrain(out: Path, seed: int, progress: Progress) -> dict[str, str | int | float]:
    import torch

    started = time.monotonic()
    progress(f"making {DOCUMENTS:,} conversations")
    corpus = list(documents(seed, DOCUMENTS))
    sampled = corpus[:: len(corpus) // _TOKENIZER_DOCUMENTS]
    tokenizer = train_tokenizer(turn["content"] for messages in sampled for turn in messages)
    progress("turning them into tokens")
    encoded = _encode(tokenizer, corpus)
    torch.manual_seed(seed)
    model = _new_model(tokenizer)
    loss = _train(model, tokenizer, _batches(encoded), progress)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return {
        "command": f"rlft lantern build --seed {seed}",
        "seed": seed,
        "corpus": fingerprint(corpus),
        "documents": len(corpus),
        "tokens": sum(map(len, encoded)),
        "context": CONTEXT,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "loss": round(loss, 4),
        "seconds": round(time.monotonic() - started),
        "precision": "bfloat16 with float32 weights" if _computes_in_bfloat16() else "float32",
        "processor": platform.machine(),
        "python": platform.python_version(),
        "torch": version("torch"),
        "transformers": version("transformers"),
        "tokenizers": version("tokenizers"),
        "pool_prompts": PROMPTS,
    }


def _encode(tokenizer: Any, corpus: list[Messages]) -> list[list[int]]:
    encoded: list[list[int]] = []
    for start in range(0, len(corpus), 10_000):
        texts = [
            tokenizer.apply_chat_template(list(m), tokenize=False) for m in corpus[start : start + 10_000]
        ]
        encoded += tokenizer(texts, add_special_tokens=False)["input_ids"]
    return encoded


def _new_model(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=144,
        intermediate_size=432,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def _rows(encoded: Iterable[list[int]], length: int) -> list[list[int]]:
    """Pack whole documents into rows of at most this many tokens; every row begins with a document."""
    rows: list[list[int]] = []
    for tokens in encoded:
        if not rows or len(rows[-1]) + len(tokens) > length:
            rows.append([])
        rows[-1] += tokens[:length]
    return rows


def _batches(encoded: list[list[int]]) -> list[list[list[int]]]:
    """Batches of rows in the order of the corpus, short rows first."""
    border = int(_LONG_ROWS_FROM * len(encoded))
    batches: list[list[list[int]]] = []
    for documents_, length in ((encoded[:border], _ROW_TOKENS), (encoded[border:], CONTEXT)):
        rows, per_batch = _rows(documents_, length), _BATCH_TOKENS // length
        batches += [rows[start : start + per_batch] for start in range(0, len(rows), per_batch)]
    return batches


def _tensors(rows: list[list[int]], assistant: int, end: int) -> tuple[Any, Any]:
    """Token ids and labels (rows, tokens); padding is 0, the pad token.

    Only the assistant's turns have labels: the prompts are mostly chance (names, hands, rules, junk), and learning to
    guess chance is learning noise.

    Args:
        assistant: id of the token that begins the assistant's turn.
        end: id of the token that ends it.
    """
    import torch

    length = max(map(len, rows))
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    begins, ends = (ids == assistant).int(), (ids == end).int()
    # Inside a turn, more turns have begun before this token than have ended before it.
    is_answer = begins.cumsum(1) - begins > ends.cumsum(1) - ends
    return ids, ids.where(is_answer, -100)


def _learning_rate(step: int, steps: int) -> float:
    """Linear warm-up, then a cosine down to a twentieth."""
    warmup = min(1.0, (step + 1) / _WARMUP_STEPS)
    return _PEAK_LEARNING_RATE * warmup * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def _train(model: Any, tokenizer: Any, batches: list[list[list[int]]], progress: Progress) -> float:
    """One pass over the batches; returns the mean loss of the last 50."""
    import torch

    assistant, end = tokenizer.convert_tokens_to_ids([ASSISTANT, END])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.0, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    losses: list[float] = []
    model.train()
    for step, rows in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(step, len(batches))
        ids, labels = _tensors(rows, assistant, end)
        # bfloat16 halves the time where the processor computes in it. The weights stay float32.
        with torch.autocast("cpu", torch.bfloat16, enabled=_computes_in_bfloat16()):
            loss = model(input_ids=ids, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if step % 50 == 0:
            progress(f"pre-training: step {step} of {len(batches)}, loss {losses[-1]:.2f}")
    model.eval()
    tail = losses[-50:]
    return sum(tail) / len(tail)


def _computes_in_bfloat16() -> bool:
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported())
