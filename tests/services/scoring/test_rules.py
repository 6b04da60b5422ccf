"""Rules over single answers, as pages and programs ask for them: in a thread, which no search may hold up."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.scoring.rules import by_terms, unscored
from rlft_gui.services.scoring.scores import ToScore


def test_patterns_stand_among_other_terms_in_their_order() -> None:
    items = [ToScore((), text) for text in ("Yes, it is.", "No.")]
    terms = ["regex:^Yes", "length:1-2", r"regex:\.$"]
    found = by_terms(terms, items, "lantern")
    assert found == [
        {"regex:^Yes": 1.0, "length:1-2": 0.0, r"regex:\.$": 1.0},
        {"regex:^Yes": 0.0, "length:1-2": 1.0, r"regex:\.$": 1.0},
    ]
    assert [list(own) for own in found] == [terms, terms]
    assert by_terms(terms, [], "lantern") == []


def test_why_an_answer_has_no_score_by_a_term_is_told() -> None:
    asked = [ToScore([{"role": "user", "content": "What is 1 + 1?"}], "2", right="2"), ToScore((), "3")]
    terms = ["number", "gold", "length:1-2"]
    assert unscored(terms, asked, by_terms(terms, asked, "lantern")) == (
        "1 of 2 answers have no score by number: no right answer is known.",
        "1 of 2 answers have no score by gold: there is no prompt that they answer.",
    )
    with pytest.raises(InvalidInput, match="Lantern's world only"):
        by_terms(["gold"], asked, "another")


def test_a_pattern_that_would_take_hours_is_refused_in_a_thread_too() -> None:
    items = [ToScore((), "a" * 60 + "!")]
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.raises(InvalidInput, match="takes more than 2 s over one answer"),
    ):
        threads.submit(by_terms, ["regex:(a+)+$"], items, "lantern").result()
