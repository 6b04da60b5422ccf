"""Of the votes of a set every page says how many count and what the others are, and the numbers add up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.votes import Choice, Rater, RaterKind
from rlft_gui.services.feedback.account import account
from tests.fakes.homes import fresh_home
from tests.services.feedback.ballot_box import OTHER, BallotBox, ballot_box

JUDGE = Rater(name="a judge", kind=RaterKind.JUDGE)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    box = ballot_box(fresh_home(tmp_path))
    first = box.pair("Hello!", "Go away.", seconds=9)
    box.pair("Hello!", "Go away.", Choice.B, repeat_of=first, seconds=9)
    box.pair("Riga.", "xyz", expected=Choice.A, prompt=OTHER, seconds=9)
    box.pair("Good morning.", "Shut up.", seconds=0.01)
    box.pair("Good evening.", "No.", rater=JUDGE)
    box.edit("Hi", "Hi there!")
    box.critique("Hi there!", "Too short.")
    yield box
    box.services.storage.close()


def test_ratings_say_what_is_left_out_and_training_of_the_same_votes(box: BallotBox) -> None:
    services = box.services
    rated = services.rating.rate(box.name)
    assert rated.account == (
        "7 votes: 2 count, 1 was a check, 1 was a repeat, 1 is by another kind of rater, 2 are edits or critiques."
    )
    assert rated.pairs == 2
    assert "They count here, and training leaves them out." in " ".join(rated.warnings)
    assert "7 votes: 3 count" in services.votes.account(box.name).told(), "whoever judged"

    (told, *_) = services.training_on_votes.prepare(box.name, user="local").told
    assert told == (
        "7 votes of week 1: 3 count, 1 was a check, 1 was a repeat, 1 was faster than reading, 1 is of another kind. "
        "What counts gave 3 rows."
    )


def test_of_two_votes_on_the_same_answers_the_last_counts_on_both_pages(tmp_path: Path) -> None:
    box = ballot_box(fresh_home(tmp_path))
    box.pair("Hello!", "Go away.", seconds=9)
    box.pair("Go away.", "Hello!", seconds=9)
    rated, standing = box.services.rating.rate(box.name), box.services.rating.standing(box.name)
    box.services.storage.close()
    assert rated.account == "2 votes: 1 counts, 1 was voted anew later."
    assert standing is not None
    assert (standing.first, standing.share, standing.n) == ("base", 0.0, 1)


def test_an_account_is_a_sentence() -> None:
    assert account(0, {}).told() == "No votes yet."
    assert account(1, {}).told() == "1 vote: it counts."
    assert account(14, {}).told("week 1") == "14 votes of week 1: all count."
