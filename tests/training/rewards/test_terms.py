"""The words that rewards are written with."""

from typing import get_args

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reward_terms import KINDS, Kind, Term, parse, words


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("number", Term("number")),
        ("reward_model", Term("reward_model")),
        ("reward_model:safety", Term("reward_model", "safety")),
        ("regex:a:b", Term("regex", "a:b")),
        ("length:5-60", Term("length", "5-60")),
        ("format:one sentence", Term("format", "one sentence")),
    ],
)
def test_terms_are_read(text: str, term: Term) -> None:
    assert parse(text) == term


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nice", 'There is no reward "nice". Choose from'),
        ("gold:x", "takes nothing after a colon"),
        ("regex:", "needs a pattern"),
        ("regex:(", "is no regular expression"),
        ("length:9-5", "FEWEST-MOST"),
        ("length:5", "FEWEST-MOST"),
        ("format:xml", 'There is no format "xml". Choose one of'),
        ("keywords:", "good=WORD"),
        (f"length:{'9' * 5_000}-1", "FEWEST-MOST"),
        ("length:٥-٦", "FEWEST-MOST"),
        ("regex:a{99999999999999999999}", "more often than can be counted"),
        (f"regex:{'(' * 5_000}", "too many brackets"),
        ("regex:a\nb", "one line"),
        (f"regex:{'a' * 20_000}", "one line of at most"),
        ("keywords:good=", "good=WORD"),
        ("keywords:nice=a", "good=WORD"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        parse(text)


def test_words_of_one_side_add_up() -> None:
    assert words("good=A, b;bad=c;good=d") == (("a", "b", "d"), ("c",))


def test_a_form_offers_every_kind_and_begins_with_what_can_be_read() -> None:
    assert sorted(kind.kind for kind in KINDS) == sorted(get_args(Kind))
    for kind in KINDS:
        if kind.example:
            assert parse(f"{kind.kind}:{kind.example}").kind == kind.kind
        if not kind.parts:
            assert parse(kind.kind) == Term(kind.kind)
