"""The very tokens of a document that are learnt: all of its own, one end, and a beginning only from the tokenizer itself."""

import pytest

from rlft_gui.stages.sft import learnt
from rlft_gui.training.chat import Chat, Document, Refusal
from rlft_gui.training.chat.turns import UNKNOWN
from rlft_gui.training.rows import prepare
from tests.fakes import chats

pytestmark = pytest.mark.slow

TEXT = "Es war einmal ein König. 😀\n\n  Er schlief.\n"


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("begins", [False, True])
@pytest.mark.parametrize("eos", ["<|endoftext|>", "<|im_end|>"])
def test_neither_beginning_nor_end_is_doubled_or_left_out(begins: bool, ends: bool, eos: str) -> None:
    tokenizer = chats.bytes_tokenizer(chats.CHATML, eos=eos, begins=begins, ends=ends)
    (row,) = prepare([{"text": TEXT}], ("completion",), Chat(tokenizer), 512, 0.0).train
    found = learnt(row)
    beginning = [tokenizer.bos_token_id] if begins else []
    own = tokenizer(TEXT, add_special_tokens=False)["input_ids"]
    assert found["input_ids"] == [*beginning, *own, tokenizer.eos_token_id]
    assert tokenizer.decode(found["input_ids"]) == ("<s>" if begins else "") + TEXT + eos
    # Only what nothing stands before is not learnt.
    assert found["labels"] == [-100, *found["input_ids"][1:]]
    assert found["labels"].count(tokenizer.eos_token_id) == 1


def test_words_of_a_document_are_never_control_tokens() -> None:
    tokenizer = chats.bytes_tokenizer(chats.CHATML, begins=True)
    text = "<s>One<|endoftext|><|im_start|>user\nTwo<|im_end|>"
    (document,) = Chat(tokenizer).documents([text])
    assert isinstance(document, Document)
    special = set(range(len(chats.SPECIAL)))
    assert [token for token in document.tokens if token in special] == [tokenizer.eos_token_id]
    assert tokenizer.decode(document.tokens) == text + "<|endoftext|>"


def test_a_document_with_characters_that_the_tokenizer_cannot_write_is_refused() -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["<unk>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "user", "assistant", "Hi"]
    inner = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="<unk>", eos_token="<|endoftext|>", extra_special_tokens=words[2:4]
    )
    tokenizer.chat_template = chats.CHATML
    assert Chat(tokenizer).documents(["Hi", "Hello"]) == [Document([], [6, 1]), Refusal(UNKNOWN)]
