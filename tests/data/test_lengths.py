"""Token counts without a chat template."""

from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from rlft_gui.data.lengths import TOKENS_PER_TURN, token_lengths


@pytest.fixture
def tokenizer_file(tmp_path: Path) -> Path:
    """One token per word."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0, "a": 1}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.enable_truncation(5)  # as some models ship it
    file = tmp_path / "tokenizer.json"
    tokenizer.save(str(file))
    return file


def turn(role: str, words: int) -> dict[str, str]:
    return {"role": role, "content": "a " * words}


def test_a_row_is_as_long_as_its_longest_answer(tokenizer_file: Path) -> None:
    rows = [
        {"prompt": [turn("user", 3)], "completion": [turn("assistant", 10)]},
        {
            "prompt": [turn("system", 1), turn("user", 2)],
            "chosen": [turn("assistant", 4)],
            "rejected": [turn("assistant", 400)],
        },
        {"prompt": [turn("user", 7)]},
    ]
    t = TOKENS_PER_TURN
    assert token_lengths(rows, tokenizer_file) == [
        (3 + t, 13 + 2 * t),
        (3 + 2 * t, 403 + 3 * t),
        (7 + t, 7 + t),
    ]


def test_what_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ValueError, match="is not a tokenizer"):
        token_lengths([], tmp_path / "tokenizer.json")


def test_only_messages_are_counted_and_candidates_are_answers(tokenizer_file: Path) -> None:
    prompt, short, long = [turn("user", 3)], [turn("assistant", 2)], [turn("assistant", 10)]
    rows = [
        {"prompt": prompt, "completion": long, "label": True, "source": "forum", "made": {"Draft": "a a a"}},
        {"prompt": prompt, "candidates": [short, long], "answer": "a", "margin": 2.0},
    ]
    t = TOKENS_PER_TURN
    assert token_lengths(rows, tokenizer_file) == [(3 + t, 13 + 2 * t)] * 2


def test_a_document_has_no_prompt_and_an_end(tokenizer_file: Path) -> None:
    rows: list[dict[str, Any]] = [{"text": "a " * 300}, {"prompt": [turn("user", 3)]}, {"text": "a"}]
    assert token_lengths(rows, tokenizer_file) == [(0, 301), (3 + TOKENS_PER_TURN,) * 2, (0, 2)]
