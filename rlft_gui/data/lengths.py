"""How long rows are in tokens, estimated without torch, transformers or a chat template.

A chat template may hold any code, so the app renders none. What it adds to a row is taken as a few tokens a turn;
for the templates in use that is off by a handful of tokens a row. Workers count exactly.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rlft_gui.domain.turns import Message, said

TOKENS_PER_TURN = 4  #: role, marks and end of a turn, as common templates write them
_AT_ONCE = 512  #: rows tokenized together


def token_lengths(rows: Sequence[dict[str, Any]], tokenizer_file: Path) -> list[tuple[int, int]]:
    """Tokens per row, as (prompt alone, prompt with its longest answer).

    Args:
        tokenizer_file: a `tokenizer.json`.

    Raises:
        ValueError: it is no tokenizer. (The library raises a bare Exception.)
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
    except Exception as error:  # noqa: BLE001 - all that the library raises
        raise ValueError(f"{tokenizer_file} is not a tokenizer: {error}.") from None
    tokenizer.no_truncation()
    lengths: list[tuple[int, int]] = []
    for start in range(0, len(rows), _AT_ONCE):
        lengths += _lengths(rows[start : start + _AT_ONCE], tokenizer)
    return lengths


def _lengths(rows: Sequence[dict[str, Any]], tokenizer: Any) -> Iterator[tuple[int, int]]:
    written = [(row["prompt"], *_answers(row)) for row in rows]
    texts = [said(turn) for conversation in written for turns in conversation for turn in turns]
    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    counts = iter(len(encoding) + TOKENS_PER_TURN for encoding in encodings)
    for conversation in written:
        prompt, *answers = [sum(next(counts) for _ in turns) for turns in conversation]
        yield prompt, prompt + max(answers, default=0)


def _answers(row: dict[str, Any]) -> list[list[Message]]:
    """Every answer of a row, of whatever type it is; other columns hold no messages."""
    named = [row[name] for name in ("completion", "chosen", "rejected") if name in row]
    return [*named, *row.get("candidates", ())]
