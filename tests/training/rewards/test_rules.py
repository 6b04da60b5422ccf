"""Rules as rewards, by answers whose score can be read off."""

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reward_terms import parse
from rlft_gui.training.rewards import patterns
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rows import Row

ROW: Row = {"prompt": [{"role": "user", "content": "Add 3 and 14."}], "answer": "17"}


def scored(term: str, *texts: str, row: Row = ROW) -> list[float]:
    return rule(parse(term))([row] * len(texts), texts)


def test_number_compares_the_last_number_with_the_rows_answer() -> None:
    texts = "3 + 14 is 17.", "17, no, 18", "none", "17.0", "20-3=17", "20-17"
    assert scored("number", *texts) == [1, 0, 0, 1, 1, 1]
    assert scored("number", "-17") == [0]
    assert scored("number", "It is -17", row={**ROW, "answer": -17}) == [1]
    assert scored("number", "1,234", row={**ROW, "answer": "1234"}) == [1]


@pytest.mark.parametrize(
    "text", ["1,234", "1{,}234", "1 234", "$1,234.00", "1234.", "1.234e3", "#### 1234\nDone in 2."]
)
def test_number_reads_what_people_write(text: str) -> None:
    assert scored("number", text, row={**ROW, "answer": "1 234"}) == [1]


@pytest.mark.parametrize(
    ("text", "right"), [(".5", "0.5"), ("1/2", "0.5"), ("0,5", ".5"), ("−3", "-3"), ("1/3", "2/6")]
)
def test_number_compares_values_and_not_writing(text: str, right: str) -> None:
    assert scored("number", text, row={**ROW, "answer": right}) == [1]


def test_what_is_no_number_never_equals_what_is_none_either() -> None:
    assert scored("number", "version 1.2.3", row={**ROW, "answer": "many"}) == [0]


@pytest.mark.parametrize("term", ["number", "exact", "json"])
def test_verifiers_need_a_column_to_compare_with(term: str) -> None:
    with pytest.raises(InvalidInput, match='compares with a column "answer", which these rows do not have'):
        scored(term, "17", row={"prompt": ROW["prompt"]})


def test_exact_compares_all_that_is_said_but_for_case_spaces_and_marks_at_the_ends() -> None:
    row = {**ROW, "answer": "Buenos Aires"}
    assert scored("exact", "Buenos Aires", " buenos  aires.\n", '"Buenos Aires"', row=row) == [1, 1, 1]
    assert scored("exact", "It is Buenos Aires.", "Buenos", "", row=row) == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ('{"name": "Ada", "age": 36}', 1),
        ('{\n  "age": 36,\n  "name": "Ada"\n}', 1),
        ('{"name": "Ada", "age": "36"}', 0.5),
        ('{"name": "Ada"}', 0.5),
        ('{"name": "Ada", "age": 36, "city": "London"}', 2 / 3),
        ('{"name": "Bob", "age": 1}', 0),
        ("{}", 0),
        ('"Ada"', 0),
        ('[{"name": "Ada", "age": 36}]', 0),
        ('```json\n{"name": "Ada", "age": 36}\n```', 0),
        ('{"name": "Ada", "age": 36} That is all.', 0),
        ('{"name": "Ada", "age": 36.0}', 1),
        ('{"name": "Ada", "age": true}', 0.5),
    ],
)
def test_json_is_the_share_of_keys_with_the_right_value(text: str, score: float) -> None:
    assert scored("json", text, row={**ROW, "answer": '{"name": "Ada", "age": 36}'}) == [pytest.approx(score)]


def test_regex_is_searched_anywhere() -> None:
    assert scored(r"regex:\bYes\b", "Yes.", "Oh Yes", "Yesterday", "yes") == [1, 1, 0, 0]


def test_length_counts_words_at_both_bounds() -> None:
    assert scored("length:2-3", "one", "one two", "one two three", "one two three four") == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("one sentence", "It is 3.5 metres.", "Yes. It is."),
        ("one sentence", 'He said: "No!"', "no end"),
        ("one sentence", "Really?!", "One. and more"),
        ("json", '{"a": [1, null]}', "{'a': 1}"),
        ("json", "[]", "[" * 100_000),
        ("list", "- one\n- two", "- one"),
        ("list", "1. one\n\n2) two", "Look:\n- one\n- two"),
        ("no markdown", "snake_case, 2*3 and #5 - fine", "**bold**"),
        ("no markdown", "plain", "# Heading"),
        ("no markdown", "plain\nlines", "fine\n- item"),
        ("no markdown", "it costs 5`", "```x```"),
    ],
)
def test_a_format_is_kept_or_not(kind: str, good: str, bad: str) -> None:
    assert scored(f"format:{kind}", good, bad) == [1, 0]


def test_keywords_give_plus_one_minus_one_or_nothing_and_bad_outweighs_good() -> None:
    texts = "Thank you", "you idiot", "thanks, idiot", "hello", "THANKS"
    assert scored("keywords:good=thank you,thanks;bad=idiot", *texts) == [1, -1, -1, 0, 1]


def test_keywords_are_whole_words() -> None:
    assert scored("keywords:bad=ass", "a class", "an ass.") == [0, -1]


def test_random_depends_on_prompt_and_answer_only() -> None:
    texts = [f"answer {number}" for number in range(400)]
    scores = scored("random", *texts)
    assert scored("random", *texts) == scores
    assert scored("random", *texts[:3], row={**ROW, "answer": "other"}) == scores[:3]
    assert scored("random", texts[0], row={"prompt": [{"role": "user", "content": "Other?"}]}) != scores[:1]
    assert all(0 <= score < 1 for score in scores)
    assert sum(scores) / len(scores) == pytest.approx(0.5, abs=0.05)


def test_a_pattern_that_would_never_end_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "LONGEST", 0.2)
    with pytest.raises(InvalidInput, match="without repeats inside repeats"):
        scored("regex:(a+)+$", "a" * 60 + "!")
    assert scored("regex:(a+)+$", "aaa", "b") == [1, 0]
