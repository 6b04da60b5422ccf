"""The files that are shipped: small, complete, and a tokenizer that can write anything."""

import json

import pytest
from tokenizers import Tokenizer

from rlft_gui.lantern.pairs import LANTERN_DIR
from rlft_gui.lantern.tokenizer import CHAT_TEMPLATE, CONTEXT, SPECIAL_TOKENS


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(LANTERN_DIR / "tokenizer.json"))


def test_the_assets_stay_under_eight_megabytes() -> None:
    assert sum(file.stat().st_size for file in LANTERN_DIR.iterdir()) <= 8 * 1024**2


def test_the_model_has_one_to_one_and_a_half_million_parameters_and_the_promised_context() -> None:
    build = json.loads((LANTERN_DIR / "build.json").read_text(encoding="utf-8"))
    config = json.loads((LANTERN_DIR / "config.json").read_text(encoding="utf-8"))
    assert 1_000_000 <= build["parameters"] <= 1_500_000
    assert config["max_position_embeddings"] == CONTEXT
    assert config["pad_token_id"] != config["eos_token_id"]


@pytest.mark.parametrize("number", range(100))
def test_numbers_below_a_hundred_are_single_tokens(number: int, tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode(str(number)).ids) == 1
    assert tokenizer.encode(f"is {number}.").tokens[1] == f"Ġ{number}"


@pytest.mark.parametrize("text", ["Ünïcödé 日本語 🙂", " two  spaces\n\n\ttab ", "\x00\x7f", "12345.678"])
def test_any_text_survives(text: str, tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_a_user_cannot_be_told_apart_from_the_template_only_by_special_tokens(tokenizer: Tokenizer) -> None:
    ids = [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS]
    assert ids == list(range(len(SPECIAL_TOKENS)))


def test_the_chat_template_is_the_code_s() -> None:
    assert (LANTERN_DIR / "chat_template.jinja").read_text(encoding="utf-8") == CHAT_TEMPLATE


def test_the_model_card_reports_every_gate() -> None:
    card = (LANTERN_DIR / "README.md").read_text(encoding="utf-8")
    rows = [
        line for line in card.splitlines() if line.startswith("| ") and ("met |" in line or "missed" in line)
    ]
    assert len(rows) == 10
