"""How long rows are in tokens, estimated without torch, transformers or a chat template.

A chat template may hold any code, so the app renders none. What it adds to a row is taken as a few tokens a turn;
for the templates in use that is off by a handful of tokens a row. Workers count exactly.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rlft_gui.domain.turns import Message, said

TOKENS_PER_TURN = 4  #: role, marks and end of a turn, as common templates write them
END = 1  #: token behind a document
_AT_ONCE = 512  #: rows tokenized together


def token_lengths(rows: Sequence[dict[str, Any]], tokenizer_file: Path) -> list[tuple[int, int]]:
    """Tokens per row, as (prompt alone, prompt with its longest answer); of a document (0, all of it with its end).

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
    written = [(row["prompt"], *_answers(row)) if "prompt" in row else row["text"] for row in rows]
    texts = [text for one in written for text in _texts(one)]
    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    counts = iter(len(encoding) for encoding in encodings)
    for one in written:
        if isinstance(one, str):
            yield 0, next(counts) + END
            continue
        prompt, *answers = [sum(next(counts) + TOKENS_PER_TURN for _ in turns) for turns in one]
        yield prompt, prompt + max(answers, default=0)


def _texts(written: str | Sequence[list[Message]]) -> list[str]:
    """A document, or every turn of a conversation."""
    if isinstance(written, str):
        return [written]
    return [said(turn) for turns in written for turn in turns]


def _answers(row: dict[str, Any]) -> list[list[Message]]:
    """Every answer of a row, of whatever type it is; other columns hold no messages."""
    named = [row[name] for name in ("completion", "chosen", "rejected") if name in row]
    return [*named, *row.get("candidates", ())]
