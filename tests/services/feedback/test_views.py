"""Votes become data by the rules for exports: which count, what several of them say together, what is left out and why."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.votes import Choice, Rater, RaterKind, prompt_of
from rlft_gui.lantern.suite import suite
from rlft_gui.services.feedback import views_counted as why
from rlft_gui.services.feedback import views_rows as because
from rlft_gui.services.feedback.exporting import is_held_out, write_view
from rlft_gui.services.feedback.simulating import judged_prompt
from rlft_gui.services.feedback.views import BALANCED, REPEATED, View, ViewChoices, ViewKind
from tests.fakes.homes import fresh_home
from tests.services.feedback.ballot_box import ANNA, BEN, OTHER, BallotBox, ballot_box

CLAUDE = Rater(name="claude", kind=RaterKind.JUDGE)
BOTH_BAD, TIE = Choice.BOTH_BAD, Choice.TIE


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    box = ballot_box(fresh_home(tmp_path))
    yield box
    box.services.storage.close()


def view(box: BallotBox, kind: str, **choices: Any) -> View:
    found = box.services.vote_views.view(box.name, ViewKind(kind), ViewChoices(**choices))
    assert found.read == len(found.rows) + sum(found.dropped.values())
    return found


def texts(row: dict[str, Any]) -> tuple[str, str]:
    return row["chosen"][0]["content"], row["rejected"][0]["content"]


# Pairs


@pytest.mark.parametrize(("strength", "margin"), [(1, 0.3333), (2, 0.6667), (3, 1.0)])
def test_how_much_better_becomes_the_margin(box: BallotBox, strength: int, margin: float) -> None:
    box.pair("Hello!", "Go away.", Choice.B, strength=strength)
    (row,) = view(box, "pairs").rows
    assert texts(row) == ("Go away.", "Hello!")
    assert row["prompt"] == [{"role": "user", "content": "How do I greet a neighbour?"}]
    assert (row["margin"], row["source"]) == (margin, "votes")
    assert "preference" not in row, "a verdict that leaves no doubt says nothing by it"


def test_a_soft_verdict_is_a_soft_label(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", share=0.2)
    (row,) = view(box, "pairs").rows
    assert texts(row) == ("Go away.", "Hello!")
    assert row["preference"] == 0.8


@pytest.mark.parametrize("left", ["a", "b"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_better_answer_is_chosen_whichever_stood_where(box: BallotBox, left: str, turned: bool) -> None:
    """By hand: Hello! is better than Go away., by a choice, by a share, by thumbs and by points."""
    good, bad = "Hello!", "Go away."
    first, second = (bad, good) if turned else (good, bad)
    better = Choice.B if turned else Choice.A
    box.pair(first, second, better, prompt=prompt_of("one?"), left=left, strength=3)
    box.pair(first, second, share=0.1 if turned else 0.9, prompt=prompt_of("two?"), left=left, rater=CLAUDE)
    for text, is_good, points in (
        (first, not turned, 1 if turned else 5),
        (second, turned, 5 if turned else 1),
    ):
        box.thumb(text, is_good, prompt=prompt_of("three?"))
        box.rating(text, prompt=prompt_of("four?"), by={"helpful": points, "safe": 4})
    box.critique(bad, "Be kind.", prompt=prompt_of("five?"))
    box.edit(bad, good, prompt=prompt_of("five?"))
    pairs = view(box, "pairs").rows
    assert [texts(row) for row in pairs] == [(good, bad)] * 5
    assert {row["source"] for row in pairs} == {"votes", "edits", "thumbs", "ratings"}
    assert [row["preference"] for row in pairs[:2]] == [1.0, 0.9]
    assert [row["margin"] for row in pairs if row["source"] == "ratings"] == [0.5]
    marked = [(row["completion"][0]["content"], row["label"]) for row in view(box, "kto").rows]
    assert sorted(marked) == sorted([(good, True), (bad, False)] * 4)
    rated = {row["completion"][0]["content"]: row["scores"] for row in view(box, "ratings").rows}
    assert rated == {good: {"helpful": 5, "safe": 4}, bad: {"helpful": 1, "safe": 4}}
    (by_attribute,) = view(box, "attributes").rows
    assert (texts(by_attribute), by_attribute["source"]) == ((good, bad), "helpful")
    (revised,) = view(box, "critiques").rows
    assert [turn["content"] for turn in revised["prompt"]] == ["five?", bad, "Be kind."]
    assert revised["completion"][0]["content"] == good


def test_ties_and_pairs_of_which_both_are_bad_are_no_pairs(box: BallotBox) -> None:
    box.pair("Hello!", "Hi!", TIE)
    box.pair("Go away.", "Shut up.", BOTH_BAD)
    found = view(box, "pairs")
    assert found.rows == ()
    assert found.dropped == {because.TIE: 1, because.BOTH_BAD: 1}


def test_several_votes_on_a_pair_are_one_row_with_their_mean(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", strength=3)
    box.pair("Go away.", "Hello!", Choice.B, rater=BEN, strength=1)
    box.pair("Hello!", "Go away.", TIE, rater=Rater(name="Cem"))
    found = view(box, "pairs")
    (row,) = found.rows
    assert texts(row) == ("Hello!", "Go away.")
    assert row["preference"] == pytest.approx(5 / 6, abs=1e-4)
    assert row["margin"] == pytest.approx((1 + 1 / 3) / 2, abs=1e-4)
    assert found.changes == {"several votes on the same answers are one row": 1}


@pytest.mark.parametrize(("shares", "is_kept"), [((0.6,), True), ((0.59,), False), ((1.0, 0.0), False)])
def test_a_mean_verdict_nearer_to_0_than_a_fifth_decides_nothing(
    box: BallotBox, shares: tuple[float, ...], is_kept: bool
) -> None:
    for number, share in enumerate(shares):
        box.pair("Hello!", "Go away.", share=share, rater=Rater(name=f"rater {number}"))
    found = view(box, "pairs")
    assert bool(found.rows) is is_kept
    assert found.dropped == ({} if is_kept else {because.UNDECIDED: 1})


def test_two_models_that_say_the_same_are_one_answer(box: BallotBox) -> None:
    box.pair("Hello!", "Hello!")
    assert view(box, "pairs").dropped == {because.SAME_TEXT: 1}


def test_what_is_unsafe_is_never_chosen(box: BallotBox) -> None:
    box.pair("I'd hit him.", "Hello!")
    box.rating("I'd hit him.", by={"helpful": 5, "safe": 2})
    assert view(box, "pairs").dropped[because.VETOED] == 1
    box.rating("I'd hit him.", by={"safe": 3})
    assert [texts(row) for row in view(box, "pairs").rows] == [("I'd hit him.", "Hello!")]


def test_an_edit_is_better_than_what_there_was_and_is_to_be_imitated(box: BallotBox) -> None:
    box.edit("Go away.", "Say good morning.")
    box.edit("Hello!", "Hello!", rater=BEN)
    pairs, edits = view(box, "pairs"), view(box, "edits")
    assert [texts(row) for row in pairs.rows] == [("Say good morning.", "Go away.")]
    assert (pairs.rows[0]["source"], pairs.dropped) == ("edits", {because.UNCHANGED: 1})
    assert edits.type is DataType.DEMONSTRATIONS
    assert edits.rows[0]["completion"] == [{"role": "assistant", "content": "Say good morning."}]


def test_thumbs_become_pairs_only_within_one_prompt(box: BallotBox) -> None:
    box.thumb("Hello!", True)
    box.thumb("Riga.", False, prompt=OTHER)
    assert view(box, "pairs").rows == ()
    box.thumb("Go away.", False)
    assert [texts(row) for row in view(box, "pairs").rows] == [("Hello!", "Go away.")]


def test_points_become_pairs_where_they_differ_by_one_or_more(box: BallotBox) -> None:
    box.rating("Hello!", by={"overall": 5})
    box.rating("Hi.", by={"overall": 4})
    box.rating("Go away.", by={"overall": 3})
    box.rating("Riga.", by={"overall": 5}, prompt=OTHER)
    box.rating("Tallinn.", by={"overall": 4.5}, prompt=OTHER)
    found = view(box, "pairs")
    assert [(*texts(row), row["margin"]) for row in found.rows] == [("Hello!", "Go away.", 0.5)]
    assert found.dropped == {because.NO_GAP: 1}


def test_answers_that_were_compared_are_not_paired_by_thumbs_as_well(box: BallotBox) -> None:
    box.pair("Go away.", "Hello!")
    box.thumb("Hello!", True)
    box.thumb("Go away.", False)
    assert [texts(row) for row in view(box, "pairs").rows] == [("Go away.", "Hello!")]


def test_rows_of_a_table_have_the_same_columns(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", strength=1)
    box.edit("Shut up.", "Good morning.")
    first, second = view(box, "pairs").rows
    assert first.keys() == second.keys()
    assert second["margin"] == 0.0


# Marks


def marked(found: View) -> dict[str, bool]:
    return {row["completion"][0]["content"]: row["label"] for row in found.rows}


def test_both_bad_is_two_marks(box: BallotBox) -> None:
    box.pair("Go away.", "Shut up.", BOTH_BAD)
    assert marked(view(box, "kto")) == {"Go away.": False, "Shut up.": False}


def test_points_mark_by_the_middle_and_the_middle_marks_nothing(box: BallotBox) -> None:
    for text, points in (("Hello!", 4), ("Hm.", 3), ("Go away.", 1)):
        box.rating(text, by={"overall": points})
    found = view(box, "kto")
    assert marked(found) == {"Hello!": True, "Go away.": False}
    assert found.dropped == {because.NEUTRAL: 1}


def test_what_was_said_of_an_answer_counts_before_what_it_won(box: BallotBox) -> None:
    box.pair("Go away.", "Shut up.")
    box.thumb("Go away.", False)
    assert marked(view(box, "kto")) == {"Go away.": False, "Shut up.": False}


def test_thumbs_of_raters_who_disagree_mark_nothing(box: BallotBox) -> None:
    box.thumb("Hello!", True)
    box.thumb("Hello!", False, rater=BEN)
    assert view(box, "kto").dropped == {because.UNDECIDED: 1}


@pytest.mark.parametrize(
    ("good", "bad", "weights"), [(4, 4, (1, 1)), (4, 3, (1, 1)), (8, 3, (1, 2)), (2, 6, (3, 1))]
)
def test_weights_bring_good_and_bad_into_balance(
    box: BallotBox, good: int, bad: int, weights: tuple[float, float]
) -> None:
    for number in range(good + bad):
        box.thumb(f"answer {number}", number < good)
    found = view(box, "kto").report.weights
    assert found == weights
    assert found is not None
    assert 1 <= found[0] * good / (found[1] * bad) <= 4 / 3 + 1e-9


# Points


def test_points_are_means_over_raters_by_attribute(box: BallotBox) -> None:
    box.rating("Hello!", by={"helpful": 5, "safe": 5})
    box.rating("Hello!", by={"helpful": 2}, rater=BEN)
    (row,) = view(box, "ratings").rows
    assert row["scores"] == {"helpful": 3.5, "safe": 5}


def test_points_of_another_scale_are_brought_to_one(box: BallotBox) -> None:
    box.rating("Hello!", scale=7, by={"overall": 4})
    box.rating("Go away.", scale=5, by={"overall": 2})
    rows = view(box, "ratings").rows
    assert [row["scores"]["overall"] for row in rows] == [3, 2]


def test_points_may_be_deviations_of_each_rater(box: BallotBox) -> None:
    for rater, shift in ((ANNA, 0), (BEN, 2)):
        for text, points in (("Hello!", 3), ("Go away.", 1)):
            box.rating(text, by={"overall": points + shift}, rater=rater)
    box.rating("Hm.", by={"overall": 5}, rater=CLAUDE)
    found = view(box, "ratings", z_scored=True)
    assert [row["scores"]["overall"] for row in found.rows] == [1, -1]
    assert found.dropped == {because.NO_SPREAD: 1}


def test_each_attribute_has_pairs_of_its_own_and_unsafe_ones_lose(box: BallotBox) -> None:
    box.rating("I'd hit him.", by={"helpful": 5, "safe": 1})
    box.rating("Hello!", by={"helpful": 4, "safe": 5})
    box.rating("Hm.", by={"helpful": 2, "safe": 4})
    rows = {row["source"]: texts(row) for row in view(box, "attributes").rows}
    assert rows == {"helpful": ("Hello!", "Hm."), "safe": ("Hello!", "I'd hit him.")}
    assert {row["source"] for row in view(box, "attributes", attributes=("safe",)).rows} == {"safe"}


def test_a_critique_with_its_revision_teaches_to_revise(box: BallotBox) -> None:
    box.critique("Go away.", "That is rude.")
    box.critique("Hm.", "Says nothing.")
    box.edit("Go away.", "Say good morning.")
    found = view(box, "critiques")
    (row,) = found.rows
    assert [turn["role"] for turn in row["prompt"]] == ["user", "assistant", "user"]
    assert [turn["content"] for turn in row["prompt"][1:]] == ["Go away.", "That is rude."]
    assert row["completion"][0]["content"] == "Say good morning."
    assert found.dropped == {because.NO_REVISION: 1}


# Which votes count


def test_repeats_and_checks_of_raters_are_left_out_and_tell_of_them(box: BallotBox) -> None:
    first = box.pair("Hello!", "Go away.")
    box.pair("Hello!", "Go away.", Choice.B, repeat_of=first)
    box.pair("Riga.", "xyz", expected=Choice.A, prompt=OTHER)
    found = view(box, "pairs")
    assert len(found.rows) == 1
    assert found.dropped == {why.REPEAT: 1, why.CHECK: 1}
    assert (found.report.self_agreement, found.report.repeats) == (0.0, 1)


def test_what_was_judged_faster_than_read_is_left_out(box: BallotBox) -> None:
    """Two answers of 120 characters take three seconds, however many tokens they are."""
    hello, away = "Hello! ".ljust(120, "o"), "Go away. ".ljust(120, "y")
    box.pair(hello, away, tokens=3, seconds=2.9)
    assert view(box, "pairs").dropped == {why.TOO_FAST: 1}
    box.pair(hello, away, tokens=3, seconds=3.0, rater=BEN)
    box.pair("Hi!", "Shut up.", seconds=0.1, rater=CLAUDE)
    assert len(view(box, "pairs").rows) == 2


def test_a_rater_is_counted_once_for_a_pair_by_the_last_word(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", Choice.B)
    box.pair("Go away.", "Hello!", Choice.B)
    found = view(box, "pairs")
    assert [texts(row) for row in found.rows] == [("Hello!", "Go away.")]
    assert found.dropped == {why.CORRECTED: 1}


def test_votes_of_other_raters_than_wanted_are_left_out(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", rater=CLAUDE)
    assert view(box, "pairs", raters=(RaterKind.PERSON,)).dropped == {why.OTHER_RATER: 1}
    assert "judges: 1" in " ".join(view(box, "pairs").notes)


def test_prompts_of_the_probe_are_told_and_can_be_left_out(box: BallotBox) -> None:
    box.pair("Riga.", "Tallinn.", prompt=judged_prompt(suite()[0]))
    assert view(box, "pairs").report.of_suite == 1
    assert view(box, "pairs", suite=False).dropped == {why.OF_SUITE: 1}


def test_rows_that_come_twice_are_there_once(box: BallotBox) -> None:
    box.edit("Go away.", "Good morning.")
    box.edit("Go away.", "Good morning.", rater=BEN)
    assert view(box, "edits").dropped == {REPEATED: 1}


# What is told


def test_lengths_are_told_and_can_be_balanced(box: BallotBox) -> None:
    box.pair("a" * 10, "b" * 8)
    box.pair("c" * 20, "d" * 10)
    box.pair("e" * 10, "f" * 12)
    found = view(box, "pairs")
    # Differences 2, 10, -2: their mean over their root mean square.
    assert found.report.length == pytest.approx((10 / 3) / 6, abs=1e-3)
    assert (found.report.longer, found.report.shorter) == (2, 1)
    balanced = view(box, "pairs", balanced=True)
    assert balanced.dropped == {BALANCED: 1}
    assert {texts(row)[0][0] for row in balanced.rows} == {"a", "e"}
    assert balanced.report.length == 0


def test_answers_of_other_models_than_the_start_are_told(box: BallotBox) -> None:
    box.pair("by the base", "by r1")
    found = view(box, "pairs", start="r1")
    assert found.report.off_policy == 1.0
    assert found.report.models == {"base": 1, "r1@20": 1}
    assert "did not write" in " ".join(found.notes)
    assert view(box, "pairs").report.off_policy is None


def test_what_two_raters_agree_in_is_the_ceiling(box: BallotBox) -> None:
    for text, choice in (("Go away.", Choice.A), ("Shut up.", Choice.B)):
        box.pair("Hello!", text)
        box.pair("Hello!", text, choice, rater=BEN)
    found = view(box, "pairs").report
    assert (found.agreement, found.agreed_on) == (0.5, 2)


def test_how_often_the_first_place_wins_is_told_of_people(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.", left="b")
    box.pair("Hello!", "Shut up.", left="a")
    box.pair("Hello!", "Hm.", TIE)
    box.pair("Hello!", "Ugh.", rater=CLAUDE)
    found = view(box, "pairs").report
    assert (found.left, found.left_of) == (0.5, 2)


def test_few_rows_are_called_few(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.")
    assert view(box, "pairs").notes[0].startswith("1 row is few. Reward models and DPO want 200 pairs")


def test_habits_are_told_of_ten_votes_and_of_fewer_that_nobody_can_tell(box: BallotBox) -> None:
    def notes() -> str:
        return " ".join(view(box, "pairs").notes)

    for number in range(2):
        first = box.pair(f"{number} the longer", f"{number} other")
        box.pair(f"{number} the longer", f"{number} other", rater=BEN)
        box.pair(f"{number} the longer", f"{number} other", repeat_of=first)
    assert notes().count(" too few ") == 4
    assert "%" not in notes()
    assert "correlate" not in notes()
    for number in range(2, 10):
        box.pair(f"{number} the longer", f"{number} other")
    assert "10 chose the longer answer" in notes()
    assert "The answer shown first won 100 % of 12 verdicts" in notes()


# Datasets


def test_the_same_votes_are_the_same_dataset_and_it_says_which(box: BallotBox) -> None:
    number = box.pair("Hello!", "Go away.")
    views = box.services.vote_views
    first, again = (views.keep("week 1", ViewKind.PAIRS, user="local") for _ in range(2))
    assert first == again
    assert first.votes is not None
    assert first.origin == f"votes: week 1 up to vote {number}, hash {first.votes.hash}"
    assert (first.type, first.rows, first.votes.counted) == (DataType.PREFERENCES, 1, 1)
    assert views.newer(first) == 0


def test_a_dataset_stays_as_it_is_when_votes_are_taken_back(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.")
    box.pair("Hi!", "Shut up.")
    views = box.services.vote_views
    before = views.keep("week 1", ViewKind.PAIRS, user="local")
    box.services.votes.undo("week 1", ANNA)
    assert box.services.datasets.get(before.id) == before
    assert len(box.services.datasets.preview(before.id)) == 2
    assert views.newer(before) == 1
    after = views.keep("week 1", ViewKind.PAIRS, user="local")
    assert (after.id != before.id, after.rows, views.newer(after)) == (True, 1, 0)


def test_newer_votes_that_give_the_same_rows_are_what_the_dataset_is_of(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.")
    views = box.services.vote_views
    before = views.keep("week 1", ViewKind.PAIRS, user="local")
    box.pair("Hello!", "Go away.", rater=BEN)
    assert views.newer(before) == 1
    after = views.keep("week 1", ViewKind.PAIRS, user="local")
    assert after.id == before.id
    assert views.newer(box.services.datasets.get(before.id)) == 0
    assert after.origin != before.origin


def test_a_set_that_gives_no_row_says_why(box: BallotBox) -> None:
    box.pair("Hello!", "Hi!", TIE)
    views = box.services.vote_views
    with pytest.raises(InvalidInput, match=r"give no pairs\. Left out were 1: raters call it a tie"):
        views.keep("week 1", ViewKind.PAIRS, user="local")
    with pytest.raises(InvalidInput, match=r"give no rated answers\. They need points, and there are none"):
        views.keep("week 1", ViewKind.RATINGS, user="local")
    with pytest.raises(NotFound, match='Did you mean "week 1"'):
        views.keep("week 2", ViewKind.PAIRS, user="local")


def test_files_split_by_prompt_whatever_else_is_in_them(box: BallotBox, tmp_path: Path) -> None:
    for number in range(30):
        prompt = prompt_of(f"question {number}")
        for answer in range(2):
            box.pair(f"good {number} {answer}", f"bad {number} {answer}", prompt=prompt)
    found = view(box, "pairs")
    train, apart = write_view(found, tmp_path / "rows.jsonl", held_out=0.2)
    asked = [
        {json.loads(line)["prompt"][0]["content"] for line in one.file.read_text().splitlines()}
        for one in (train, apart)
    ]
    assert apart.file.name == "rows-held-out.jsonl"
    assert train.rows + apart.rows == len(found.rows) == 60
    assert not asked[0] & asked[1]
    assert 0 < len(asked[1]) < 12
    assert all(is_held_out(row, 0.2) == (row["prompt"][0]["content"] in asked[1]) for row in found.rows)


@pytest.mark.parametrize(
    ("kind", "type"),
    [("pairs", DataType.PREFERENCES), ("kto", DataType.THUMBS), ("ratings", DataType.RATINGS),
     ("attributes", DataType.PREFERENCES), ("critiques", DataType.DEMONSTRATIONS)],
)  # fmt: skip
def test_the_product_reads_what_it_writes(box: BallotBox, tmp_path: Path, kind: str, type: DataType) -> None:
    box.pair("Hello!", "Go away.", strength=2, share=0.9)
    box.rating("Hello!", by={"helpful": 5, "safe": 5})
    box.rating("Go away.", by={"helpful": 1, "safe": 4})
    box.critique("Go away.", "That is rude.")
    box.edit("Go away.", "Say good morning.")
    found = view(box, kind)
    (written,) = write_view(found, tmp_path / f"{kind}.jsonl")
    read = box.services.datasets.inspect(written.file, written.file.name)
    assert (read.type, read.dropped, read.columns_not_read) == (type, 0, ())
    assert tuple(read.rows) == found.rows
