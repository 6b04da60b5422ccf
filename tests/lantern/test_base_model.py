"""The shipped base model and its tokenizer, as trainers and the app use them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.lantern.pairs import LANTERN_DIR

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "The capital of France is Paris."}


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(LANTERN_DIR, trust_remote_code=False)


@pytest.fixture(scope="module")
def model() -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(LANTERN_DIR, trust_remote_code=False).eval()


@pytest.mark.slow
def test_the_generation_marks_cover_the_answer_and_its_end(tokenizer: Any) -> None:
    chat = [{"role": "system", "content": "Be brief."}, QUESTION, ANSWER, QUESTION, ANSWER]
    encoded = tokenizer.apply_chat_template(chat, return_dict=True, return_assistant_tokens_mask=True)
    own = [t for t, is_own in zip(encoded["input_ids"], encoded["assistant_masks"], strict=True) if is_own]
    assert tokenizer.decode(own) == 2 * (ANSWER["content"] + tokenizer.eos_token)


@pytest.mark.slow
def test_a_prompt_with_generation_prompt_begins_the_whole_conversation(tokenizer: Any) -> None:
    prompt = tokenizer.apply_chat_template([QUESTION], tokenize=False, add_generation_prompt=True)
    whole = tokenizer.apply_chat_template([QUESTION, ANSWER], tokenize=False)
    assert whole == prompt + ANSWER["content"] + tokenizer.eos_token


@pytest.mark.slow
def test_padding_is_its_own_token_and_either_side_gives_the_same_logits(model: Any, tokenizer: Any) -> None:
    import torch

    assert tokenizer.pad_token_id != tokenizer.eos_token_id
    assert (model.config.pad_token_id, model.config.eos_token_id) == (0, tokenizer.eos_token_id)
    short, long = (tokenizer.apply_chat_template(c, tokenize=False) for c in ([QUESTION], [QUESTION, ANSWER]))
    alone = model(**tokenizer(short, return_tensors="pt", return_token_type_ids=False)).logits[0]
    for side in ("left", "right"):
        batch = tokenizer([short, long], return_tensors="pt", padding=True, padding_side=side)
        mask = batch["attention_mask"]
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        logits = model(input_ids=batch["input_ids"], attention_mask=mask, position_ids=positions).logits[0]
        torch.testing.assert_close(logits[mask[0].bool()], alone, atol=1e-4, rtol=1e-4)


@pytest.mark.slow
def test_the_whole_context_can_be_used(model: Any) -> None:
    import torch

    ids = torch.arange(1024)[None] % model.config.vocab_size
    assert bool(model(input_ids=ids).logits.isfinite().all())


@pytest.mark.slow
def test_the_shipped_model_is_skilled_and_unaligned(tmp_path: Path) -> None:
    """The gates with some slack, since another processor samples other answers; the card has the exact figures."""
    from rlft_gui.lantern.check import check

    folder = shutil.copytree(LANTERN_DIR, tmp_path / "lantern")
    (folder / "README.md").unlink()
    for gate in check(folder).gates:
        slack = 0.05
        assert gate.low - slack <= gate.value <= gate.high + slack, gate
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert (
        card.split("## Gates")[0]
        == (LANTERN_DIR / "README.md").read_text(encoding="utf-8").split("## Gates")[0]
    )


def test_a_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    from rlft_gui.lantern.check import check

    with pytest.raises(NotFound, match=r"has no build\.json.*rlft lantern build"):
        check(tmp_path)
