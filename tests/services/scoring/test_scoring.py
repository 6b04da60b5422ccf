"""Scores from asked to told: what is refused, how answers are cut into pieces, and where a reward stands."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference.scoring import MOST_ANSWERS, MOST_CHARACTERS
from rlft_gui.services.scoring import known
from rlft_gui.services.scoring.scores import ToScore, as_json
from rlft_gui.services.scoring.service import Scoring, pieces
from rlft_gui.storage import Storage, open_storage
from rlft_gui.training.reward_model.known import KnownRewards
from tests.fakes.homes import fresh_home
from tests.inference.serving import serving
from tests.services.scoring.homes import (
    CARD_OF_TWO,
    Reads,
    add_checkpoint,
    add_run,
    scoring_of,
    user,
)

KNOWN = KnownRewards(
    columns=("chosen", "rejected"), raw=tuple(((12.0 + at,), (6.0 + at,)) for at in range(4))
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fresh_home(tmp_path / "home")


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    storage = open_storage(home)
    yield storage
    storage.close()


@pytest.fixture
def scoring(home: Home, storage: Storage) -> Scoring:
    add_run(storage, "rm")
    return scoring_of(home, storage)


def test_a_score_is_normalised_with_the_raw_one_beside_and_its_place_among_known_answers(
    home: Home, scoring: Scoring
) -> None:
    add_checkpoint(home, "rm", known=KNOWN)
    reads = Reads()
    with serving(home, reads):
        scores = scoring.score(
            "rm", [(user("Hi?"), "x" * 14), (user("Hi?"), "cut"), (user("Hi?"), "unreadable")], user="local"
        )

    good, cut, refused = scores.answers
    assert (good.reward, good.raw, good.attributes) == (2.0, {"reward": 14.0}, {})
    # Chosen have 12 to 15, rejected 6 to 9; the one that has 14 too counts half.
    assert good.place is not None
    assert (good.place.chosen, good.place.rejected, good.place.known) == (2.5 / 4, 1.0, 6.5 / 8)
    assert "first 4 tokens" in cut.note
    assert cut.reward is not None
    assert refused.reward is None
    assert refused.error == "It cannot be read."
    assert scores.checkpoint == "rm@5"
    assert reads.asked[0].conversations[0][0] == {"role": "user", "content": "Hi?"}


def test_several_heads_give_attributes_and_their_mean(home: Home, scoring: Scoring) -> None:
    add_checkpoint(home, "rm", card=CARD_OF_TWO)
    with serving(home, Reads(CARD_OF_TWO)):
        (answer,) = scoring.score("rm", [((), "five!")], user="local").answers

    assert answer.attributes == {"helpfulness": 5.0, "safety": 2.0}
    assert answer.reward == 3.5
    assert answer.raw == {"helpfulness": 5.0, "safety": 5.0}


def test_many_answers_go_in_pieces_of_like_length_and_come_back_in_their_order(
    home: Home, scoring: Scoring
) -> None:
    add_checkpoint(home, "rm")
    texts = ["x" * (1 + at % 7) for at in range(2 * MOST_ANSWERS + 10)]
    reads, done = Reads(), list[int]()
    with serving(home, reads):
        scores = scoring.score("rm", [((), text) for text in texts], on_progress=done.append, user="local")

    assert [answer.raw["reward"] for answer in scores.answers] == [float(len(text)) for text in texts]
    lengths = [[len(turns[-1]["content"]) for turns in asked.conversations] for asked in reads.asked]
    assert [len(piece) for piece in lengths] == [MOST_ANSWERS, MOST_ANSWERS, 10]
    assert [length for piece in lengths for length in piece] == sorted(map(len, texts), reverse=True)
    assert done == [MOST_ANSWERS, 2 * MOST_ANSWERS, len(texts)]


def test_a_piece_holds_no_more_than_a_line_can() -> None:
    half = [{"role": "assistant", "content": "x" * (MOST_CHARACTERS // 2)}]
    assert [len(piece) for piece in pieces([half] * 5)] == [2, 2, 1]


def test_all_pieces_are_read_by_one_step_whatever_is_saved_meanwhile(home: Home, scoring: Scoring) -> None:
    add_checkpoint(home, "rm", 5)

    def saves() -> None:
        if not home.run("rm").checkpoint(9).exists():
            add_checkpoint(home, "rm", 9)

    reads = Reads(then=saves)
    with serving(home, reads):
        scoring.score("rm", [((), "x")] * (MOST_ANSWERS + 1), user="local")
    assert [asked.step for asked in reads.asked] == [5, 5]


@pytest.mark.parametrize(
    ("run", "error", "sentence"),
    [
        ("nothing", NotFound, 'There is no run "nothing"'),
        ("rm@9", NotFound, "Run rm has no checkpoint at step 9. It has: 5."),
        ("rm@x", InvalidInput, "names no checkpoint"),
        ("policy", InvalidInput, '"Try · SFT" is no reward model, so it scores nothing. Choose one of: rm.'),
    ],
)
def test_what_is_no_reward_model_is_told(
    home: Home, storage: Storage, scoring: Scoring, run: str, error: type[Exception], sentence: str
) -> None:
    add_run(storage, "policy", "sft")
    add_checkpoint(home, "rm")
    with pytest.raises(error, match=sentence.replace(".", r"\.")):
        scoring.score(run, [((), "x")], user="local")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("x" * (MOST_CHARACTERS + 1), "400,001 characters"), ("half \ud800", "half a character")],
)
def test_texts_that_cannot_be_sent_are_told_by_their_number(
    home: Home, scoring: Scoring, text: str, sentence: str
) -> None:
    add_checkpoint(home, "rm")
    with pytest.raises(InvalidInput, match=f"Answer 2.*{sentence}"):
        scoring.score("rm", [((), "fine"), ((), text)], user="local")


def test_rules_and_gold_stand_under_their_terms_name(home: Home, scoring: Scoring) -> None:
    add_checkpoint(home, "rm")
    asked = [
        ToScore(user("What is the capital of France?"), "It is Paris.", right="Paris"),
        ToScore((), "Paris"),
    ]
    with serving(home, Reads()):
        known_right, alone = scoring.score(
            "rm", asked, terms=["length:1-2", "exact", "gold"], user="local"
        ).answers

    assert known_right.terms["length:1-2"] == 0.0
    assert known_right.terms["exact"] == 0.0
    assert known_right.terms["gold"] > 0
    # Neither a right answer nor a prompt: nothing is made up.
    assert alone.terms == {"length:1-2": 1.0}
    with pytest.raises(InvalidInput, match='There is no reward "lenght:1-2"'):
        scoring.score("rm", asked, terms=["lenght:1-2"], user="local")


def test_a_process_that_is_killed_in_the_middle_is_told_in_a_sentence(home: Home, scoring: Scoring) -> None:
    add_checkpoint(home, "rm")

    def ends() -> None:
        raise NotPossibleNow("Memory ran out.")

    with serving(home, Reads(then=ends)), pytest.raises(NotPossibleNow, match="Memory ran out"):
        scoring.score("rm", [((), "x")], user="local")


def test_known_answers_that_were_not_kept_are_scored_once(
    home: Home, storage: Storage, scoring: Scoring
) -> None:
    add_checkpoint(home, "rm")
    reads = Reads()
    with serving(home, reads):
        first, again = scoring.known_answers("rm", user="local"), scoring.known_answers("rm", user="local")

    assert first is not None
    assert first == again
    assert len({asked.id for asked in reads.asked}) == len(reads.asked) > 0
    asked = sum(len(one.conversations) for one in reads.asked)
    assert asked == sum(map(len, first.by_side.values())) <= 512
    assert first.is_held_out
    assert set(first.by_side) == {"chosen", "rejected"}
    assert os.listdir(home.run("rm").path / "known") == ["step-5.json"]


def test_known_answers_whose_data_is_gone_are_none(home: Home, storage: Storage) -> None:
    add_run(storage, "rm", data="lantern:gone")
    add_checkpoint(home, "rm")
    assert scoring_of(home, storage).known_answers("rm", user="local") is None


def test_ratings_have_places_without_sides() -> None:
    ratings = KnownRewards(columns=("completion",), raw=(((0.0, 1.0),), ((2.0, 5.0),)))
    found = known.answers(ratings, CARD_OF_TWO)
    assert found.by_side == {"completion": (0.0, 2.0)}
    place = found.place(1.0)
    assert (place.chosen, place.rejected, place.known) == (None, None, 0.5)


def test_a_row_of_the_reply_has_what_was_scored_and_only_what_there_is_to_tell(
    home: Home, scoring: Scoring
) -> None:
    add_checkpoint(home, "rm")
    items = [ToScore(user("Hi?"), "x" * 12, row=3), ToScore([*user("a"), *user("b")], "y")]
    with serving(home, Reads()):
        rows = as_json(items, scoring.score("rm", items, user="local"))

    assert rows[0] == {
        "row": 3,
        "prompt": "Hi?",
        "text": "x" * 12,
        "reward": 1.0,
        "attributes": {},
        "raw": {"reward": 12.0},
        "place": {},
    }
    assert rows[1]["prompt"] == "User: a\nUser: b"
    assert "row" not in rows[1]


def test_reward_models_without_a_checkpoint_are_on_their_way_until_they_stop(
    home: Home, storage: Storage
) -> None:
    for name in ("first", "second", "saved"):
        add_run(storage, name)
    add_run(storage, "policy", "sft")
    add_checkpoint(home, "saved")
    scoring = scoring_of(home, storage)
    assert {run.id for run in scoring.coming()} == {"first", "second"}
    (first,) = [run for run in scoring.coming() if run.id == "first"]
    storage.transitions.stop_queued(first, "", "")
    assert [run.id for run in scoring.coming()] == ["second"]
