"""What ratings read beside pairs: points, thumbs, and what tells of raters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.votes import (
    Answer,
    Choice,
    JudgedPrompt,
    Rater,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
    prompt_of,
)
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home

PROMPT = prompt_of("What is the capital of Latvia?")
FIRST = Answer(prompt_id=PROMPT.id, model="base", text="Riga.")
SECOND = Answer(prompt_id=PROMPT.id, model="r1@20", text="It is Riga.", title="DPO")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(fresh_home(tmp_path))
    storage.votes.add_whole(VoteSet(name="s", sources=("file:1",)), [_said()])
    yield storage
    storage.close()


def _vote(**others: object) -> Vote:
    known = {"votes": "s", "rater": Rater(name="Anna"), "kind": VoteKind.PAIR, "prompt_id": PROMPT.id}
    pair = {"a": FIRST.id, "b": SECOND.id, "verdict": Verdict(choice=Choice.A)}
    return Vote.model_validate({**known, **pair, **others})


def _said(**others: object) -> tuple[JudgedPrompt, tuple[Answer, ...], Vote]:
    return PROMPT, (FIRST, SECOND), _vote(**others)


def test_a_set_is_stored_whole_and_its_source_once(storage: Storage) -> None:
    again = storage.votes.add_whole(VoteSet(name="t", sources=("file:1", "file:2")), [_said()])
    other = storage.votes.add_whole(VoteSet(name="s", sources=("file:3",)), [_said()])
    assert (again, other) == (("s", False), ("s 2", True))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        storage.votes.add_whole(VoteSet(name="u", sources=("file:4",)), [_said(a="none")])
    assert [(one.name, storage.votes.revision(one.name)) for one in storage.votes.sets()] == [
        ("s 2", (1, 0)),
        ("s", (1, 0)),
    ]


def test_points_and_thumbs_are_read_without_texts(storage: Storage) -> None:
    points = _vote(kind=VoteKind.RATING, b=None, verdict=Verdict(scores={"safe": 4}, scale=5))
    thumb = _vote(kind=VoteKind.THUMB, a=SECOND.id, b=None, verdict=Verdict(is_good=False))
    _, back = storage.votes.add([points, thumb])
    read = storage.votes.points("s")
    assert [(one.model, one.scores, one.scale, one.is_thumb) for one in read] == [
        ("base", {"safe": 4}, 5, False),
        ("r1@20", {"good": 0}, 1, True),
    ]
    storage.votes.withdraw(back, by="Anna")
    assert len(storage.votes.points()) == 1


def test_repeats_and_checks_tell_of_their_rater(storage: Storage) -> None:
    turned = _vote(a=SECOND.id, b=FIRST.id, verdict=Verdict(choice=Choice.A), repeat_of=1)
    check = _vote(verdict=Verdict(choice=Choice.B), expected=Choice.A)
    storage.votes.add([turned, check])
    repeat, known = storage.votes.controls("s")
    assert (repeat.won, repeat.before, repeat.is_right) == (1, 0, None), "the other answer won this time"
    assert (known.before, known.is_right) == (None, False)
    assert len(storage.votes.pairs("s")) == 1


def test_a_model_without_a_title_is_called_by_its_name(storage: Storage) -> None:
    assert storage.votes.titles(["base", "r1@20", "none"]) == {"base": "base", "r1@20": "DPO", "none": "none"}
