"""Before a launch: what a model's template makes of one's own rows, without torch in this process."""

import time
from pathlib import Path

import pytest

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.store import store
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.services.models.auditing import Audit, AuditedData, Auditing
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.storage import open_storage
from tests.fakes import chats

pytestmark = pytest.mark.slow


def _audited(tmp_path: Path, template: str, answer: str = "Yes.", longest: int = 512):  # type: ignore[no-untyped-def]
    home = Home(tmp_path / "home")
    row = {
        "prompt": [{"role": "user", "content": "Is it red?"}],
        "completion": [{"role": "assistant", "content": answer}],
    }
    made = Detection(
        name="own", type=DataType.DEMONSTRATIONS, format="test", rows_read=1, rows=KeptRows((row,)), dropped=0
    )
    base = chats.tiny_base(tmp_path / "base", template)
    data = AuditedData(dataset=store(home, made, owner="local").id, longest=longest)
    return Auditing(home, Models(home), Rights(open_storage(home))).audit(str(base), [data], user="local")


def test_documents_are_shown_without_the_chat_template_and_in_rows(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = KeptRows(({"text": "It is red."}, {"text": "a" * 20}))
    made = Detection(name="own", type=DataType.TEXT, format="text", rows_read=2, rows=rows, dropped=0)
    base = chats.tiny_base(tmp_path / "base", chats.DELETES_REASONING, begins=True, ends=True)
    data = AuditedData(dataset=store(home, made, owner="local").id, longest=16)
    found = Auditing(home, Models(home), Rights(open_storage(home))).audit(str(base), [data], user="local")
    assert found is not None
    assert (found.notes, found.refused, found.past_template, found.rows) == ((), {}, (), 2)
    assert [
        (one.answer, [(piece.text, piece.is_learnt, piece.is_special) for piece in one.pieces], one.cut)
        for one in found.conversations
    ] == [
        ("text", [("<s>", False, True), ("It is red.", True, False), ("<|endoftext|>", True, True)], 0),
        ("text", [("<s>", False, True), ("a" * 15, True, False)], 0),
        (
            "goes_on",
            [
                ("<s>", False, True),
                ("a", False, False),
                ("a" * 5, True, False),
                ("<|endoftext|>", True, True),
            ],
            0,
        ),
    ]


def _pieces(found: Audit | None) -> list[tuple[str, str]]:
    """What the only conversation is made of, with the first letters of what each piece is."""
    assert found is not None
    (conversation,) = found.conversations
    return [
        (
            piece.text,
            "".join(
                letter
                for letter, is_so in (("l", piece.is_learnt), ("s", piece.is_special), ("c", piece.is_cut))
                if is_so
            ),
        )
        for piece in conversation.pieces
    ]


def test_the_learnt_text_is_shown_with_every_special_token(tmp_path: Path) -> None:
    found = _audited(tmp_path, chats.CHATML)
    assert found is not None
    assert _pieces(found) == [
        ("<|im_start|>", "s"),
        ("user\nIs it red?", ""),
        ("<|im_end|>", "s"),
        ("\n", ""),
        ("<|im_start|>", "s"),
        ("assistant\n", ""),
        ("Yes.", "l"),
        ("<|im_end|>", "ls"),
    ]
    assert (found.notes, found.refused, found.past_template, found.rows) == ((), {}, (), 1)


def test_what_is_unusual_is_said(tmp_path: Path) -> None:
    found = _audited(tmp_path, chats.DELETES_REASONING, "<think>Hm.</think>Yes.")
    assert found is not None
    assert "deletes reasoning" in found.notes[0]
    assert found.past_template == ("the chat template would change the answer",)
    learnt = "".join(text for text, kind in _pieces(found) if "l" in kind)
    assert learnt == "<think>Hm.</think>Yes.<|im_end|>"


def test_what_the_limit_cuts_is_marked_and_counted(tmp_path: Path) -> None:
    whole = _audited(tmp_path, chats.CHATML)
    tokens = len(_pieces(whole))
    found = _audited(tmp_path, chats.CHATML, longest=tokens)
    assert found is not None
    cut = [text for text, kind in _pieces(found) if "c" in kind]
    assert cut[-1] == "<|im_end|>"
    assert found.conversations[0].cut > 0


@pytest.mark.parametrize("template", [chats.LOOPS, chats.SWELLS, chats.BROKEN])
def test_a_template_that_cannot_be_used_is_a_sentence_in_bounded_time(tmp_path: Path, template: str) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidInput, match=r"Its chat template|a chat template that does not parse"):
        _audited(tmp_path, template)
    assert time.monotonic() - started < 60
