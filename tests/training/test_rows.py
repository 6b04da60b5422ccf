"""What a trainer gets to see of the rows, and what is said about the rest."""

from collections.abc import Sequence
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.chat import Document, Refusal, Turn
from rlft_gui.training.rows import MOST_HELD_OUT, TOKENS, prepare, prompt_key, same_prompt, without

END = 99


class WordChat:
    """One token a word, numbered as they come, one more where the assistant begins to speak. It refuses "no"."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def asked(self, conversations: Sequence[Any]) -> list[list[int] | Refusal]:
        return [
            Refusal("it will not")
            if prompt[-1]["content"] == "no"
            else [*self._ids(prompt[-1]["content"]), 0]
            for prompt in conversations
        ]

    def turns(self, asked: Sequence[tuple[Any, Any]]) -> list[Turn | Refusal]:
        prompts = self.asked([prompt for prompt, _ in asked])
        return [
            prompt if isinstance(prompt, Refusal) else Turn(prompt, self._ids(answer["content"]), "")
            for prompt, (_, answer) in zip(prompts, asked, strict=True)
        ]

    def documents(self, texts: Sequence[str]) -> list[Document | Refusal]:
        return [
            Refusal("it will not") if text == "no" else Document([], [*self._ids(text), END])
            for text in texts
        ]

    def _ids(self, text: str) -> list[int]:
        return [self._known.setdefault(word, len(self._known) + 1) for word in text.split()]


def _row(prompt: str, answer: str = "fine") -> dict[str, Any]:
    return {
        "prompt": [{"role": "user", "content": prompt}],
        "completion": [{"role": "assistant", "content": answer}],
        "source": "a further column",
    }


def _prepare(rows: list[dict[str, Any]], longest: int = 10, share: float = 0.0) -> Any:
    return prepare(rows, ("completion",), WordChat(), longest, share)


def test_long_answers_are_counted_as_cut_and_long_prompts_as_dropped() -> None:
    found = _prepare([_row("a b c"), _row("a b c", "one two three four five six seven"), _row("a " * 9)])
    assert len(found.train) == 2
    assert (found.cut, found.dropped) == (1, {"the prompt alone has 10 tokens or more": 1})
    assert found.facts()["rows dropped"] == "1, the prompt alone has 10 tokens or more"
    assert set(found.train[0]) == {"prompt", "completion", "source", TOKENS}
    assert [len(row[TOKENS]["completion"]) for row in found.train] == [1, 6]


def test_a_row_that_just_fits_is_neither() -> None:
    found = _prepare([_row("a b c", "one two three four five six")])
    assert (len(found.train), found.cut, found.dropped) == (1, 0, {})
    assert "rows cut" not in found.facts()


def test_a_prompt_is_never_on_both_sides_of_the_split() -> None:
    rows = [_row(f"prompt {i % 50}", f"answer {i}") for i in range(200)]
    found = _prepare(rows, share=0.3)
    train, held_out = ({prompt_key(row) for row in part} for part in (found.train, found.held_out))
    assert not train & held_out
    assert len(found.train) + len(found.held_out) == 200
    assert 5 <= len(held_out) <= 25


def test_the_split_depends_on_the_prompts_alone() -> None:
    rows = [_row(f"prompt {i}") for i in range(100)]
    held_out = _prepare(rows, share=0.2).held_out
    assert {prompt_key(r) for r in _prepare(rows[::-1], share=0.2).held_out} == {
        prompt_key(r) for r in held_out
    }
    fewer = {prompt_key(r) for r in _prepare(rows[:50], share=0.2).held_out}
    assert fewer == {prompt_key(r) for r in held_out} & {prompt_key(r) for r in rows[:50]}


def test_large_data_holds_out_no_more_than_needed() -> None:
    found = _prepare([_row(f"prompt {i}") for i in range(4000)], share=0.5)
    assert len(found.held_out) == MOST_HELD_OUT


def test_the_account_adds_up() -> None:
    rows = [*(_row(f"prompt {i}") for i in range(40)), _row("a " * 9), _row("a b c", "one " * 9)]
    found = _prepare(rows, share=0.3)
    account = found.account()
    assert account.given == 42 == account.trained + account.held_out + sum(account.dropped.values())
    assert (account.cut, account.dropped) == (1, {"the prompt alone has 10 tokens or more": 1})
    assert (account.trained, account.held_out) == (len(found.train), len(found.held_out))
    found.check_some_left()


def test_nothing_left_to_train_on_is_a_sentence_and_has_its_account() -> None:
    found = _prepare([_row("a " * 20), _row("b " * 20)])
    assert found.account().model_dump() == {
        "given": 2,
        "trained": 0,
        "held_out": 0,
        "cut": 0,
        "dropped": {"the prompt alone has 10 tokens or more": 2},
    }
    with pytest.raises(
        InvalidInput,
        match=r"of 2 rows, 2 are left out \(the prompt alone has 10 tokens or more\), 0 are held out",
    ):
        found.check_some_left()


def _pair(prompt: str, chosen: str, rejected: str) -> dict[str, Any]:
    said = {"chosen": chosen, "rejected": rejected}
    return {
        "prompt": [{"role": "user", "content": prompt}],
        **{name: [{"role": "assistant", "content": text}] for name, text in said.items()},
    }


def test_pairs_that_are_the_same_after_the_cut_are_dropped_and_counted() -> None:
    long = "one two three four five six seven"
    rows = [_pair("a b", f"{long} good", f"{long} bad"), _pair("a b", "good", "bad")]
    found = prepare(rows, ("chosen", "rejected"), WordChat(), 6, 0.0)
    assert found.dropped == {"chosen and rejected are the same after the cut": 1}
    assert len(found.train) == 1


def test_rows_that_the_template_refuses_are_dropped_under_its_own_words() -> None:
    found = _prepare([_row("no"), _row("yes")])
    assert found.dropped == {"the chat template refuses it: it will not": 1}
    prompts = prepare([_row("no"), _row("yes")], (), WordChat(), 10, 0.0)
    assert prompts.dropped == found.dropped


def test_holding_out_never_takes_the_last_prompt() -> None:
    for number in range(40):
        for share in (0.1, 0.5):
            found = _prepare([_row(f"prompt number {number}", f"a{i}") for i in range(3)], share=share)
            assert (len(found.train), len(found.held_out)) == (3, 0)


def test_prompts_that_differ_in_a_call_alone_are_different() -> None:
    """They would be dropped as repeated, and one would keep the other out of training."""
    asked = {"role": "user", "content": "How warm is it?"}

    def called(town: str) -> dict[str, Any]:
        call = {"type": "function", "function": {"name": "warmth", "arguments": {"town": town}}}
        turn = {"role": "assistant", "content": "", "tool_calls": [call]}
        return {"prompt": [asked, turn, {"role": "tool", "content": "7"}]}

    for key in (prompt_key, same_prompt):
        assert key(called("Oslo")) == key(called("Oslo")) != key(called("Rome"))


def _texts(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text} for text in texts]


def _tokens(row: dict[str, Any]) -> tuple[list[int], list[int]]:
    return list(row[TOKENS]["prompt"]), list(row[TOKENS]["completion"])


def test_a_document_is_learnt_whole_with_one_end() -> None:
    found = _prepare(_texts("a b c"))
    # Nothing stands before the first token that it could be told from.
    assert [_tokens(row) for row in found.train] == [([1], [2, 3, END])]
    assert (found.cut, found.dropped) == (0, {})


def test_a_long_document_is_split_into_rows_and_counted_once() -> None:
    found = _prepare(_texts("a b c d e f g", "h"), longest=4)
    assert [_tokens(row) for row in found.train] == [
        ([1], [2, 3, 4]),
        ([4], [5, 6, 7]),
        ([7], [END]),
        ([8], [END]),
    ]
    assert (found.account().given, found.account().trained, found.account().cut) == (2, 2, 0)
    assert found.facts()["training rows"] == 4
    assert found.facts()["documents"] == "2, of which 1 are longer than 4 tokens and are split into rows"


def test_no_document_is_on_both_sides_of_the_split() -> None:
    texts = [f"{name} b c d e f g h" for name in "ijklmnopqrstuvwxyz"]
    found = _prepare(_texts(*texts), longest=4, share=0.5)
    held_out, trained = ({prompt_key(row) for row in rows} for rows in (found.held_out, found.train))
    assert held_out
    assert trained
    assert not held_out & trained
    account = found.account()
    assert (account.given, account.trained, account.held_out) == (18, len(trained), len(held_out))


def test_documents_that_cannot_be_written_are_dropped_and_no_prompt_keeps_one_out() -> None:
    found = _prepare(_texts("no", "a b"))
    assert found.dropped == {"it will not": 1}
    assert found.account().given == 2
    assert without(_texts("a b"), [_row("a b")]).rows == _texts("a b")
