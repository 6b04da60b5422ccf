"""The table by hand: who wins a prompt, what is most different, least stable, and how sure a win rate is."""

import pytest

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.services.answers.joined import Asked, Joined, difference, join, win_rate
from rlft_gui.services.answers.view import Look, Order, rows


def answers(model: str, item: str, *told: tuple[str, float | None]) -> list[BatchAnswer]:
    return [
        BatchAnswer(
            model=model, item_id=item, seed=seed, text=text, scores={} if score is None else {"gold": score}
        )
        for seed, (text, score) in enumerate(told)
    ]


@pytest.fixture
def joined() -> Joined:
    asked = [Asked(item, kind, f"What is {item}?") for item, kind in zip("abcd", "xxyy", strict=True)]
    base = {item: answers("base", item, ("one two", 0.0), ("one two", 1.0)) for item in "abc"}
    tuned = {
        "a": answers("t", "a", ("one two three four", 1.0), ("one two", 1.0)),  # +0.5
        "b": answers("t", "b", ("nothing alike", 0.25), ("one two", 0.25)),  # −0.25
        "c": answers("t", "c", ("two one", 1.0), ("one two", 0.0)),  # a tie, in another order
        "d": answers("t", "d", ("alone", 1.0)),
    }
    return join(asked, {"base": base, "t": tuned})


def order(joined: Joined, order: Order, **changes: str) -> str:
    look = Look("base", "t", "gold", order, **changes)  # type: ignore[arg-type]  # words of a Literal
    return "".join(one.item_id for one in rows(joined, look))


def test_prompts_are_won_by_the_mean_over_seeds_and_count_only_where_both_have_a_score(
    joined: Joined,
) -> None:
    assert joined.outcomes("base", "t", "gold") == {"a": "win", "b": "loss", "c": "tie"}
    assert joined.delta("d", "base", "t", "gold") is None
    assert joined.score_names() == ("gold", "words")


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("suite", "abcd"),
        ("win", "acbd"),
        ("loss", "bcad"),
        ("different", "bacd"),
        ("longest", "abcd"),
        ("unstable", "abcd"),
    ],
)
def test_rows_are_sorted_and_what_is_not_known_comes_last(joined: Joined, by: Order, found: str) -> None:
    assert order(joined, by) == found


def test_rows_are_filtered_by_kind_words_and_result(joined: Joined) -> None:
    assert order(joined, "suite", kind="y") == "cd"
    assert order(joined, "suite", text=" ALIKE") == "b"
    assert order(joined, "suite", text="what is") == "abcd"
    assert order(joined, "suite", result="win") == "a"
    assert order(joined, "suite", result="tie", kind="x") == ""


def test_the_least_stable_answers_are_those_whose_scores_differ_most_over_seeds(joined: Joined) -> None:
    spreads = {item: joined.cells[item]["t"].spread("gold") for item in "abcd"}
    assert spreads["c"] == pytest.approx(0.5)
    assert 0 < spreads["a"] < 1e-5, "equal scores of texts that differ"
    assert spreads["d"] == 0, "one seed says nothing"


def test_a_win_rate_has_wilsons_interval() -> None:
    found = win_rate({str(n): "win" if n < 7 else "loss" for n in range(10)})
    assert found is not None
    # By hand: (0.7 + 1.92073/10 ± 1.959964·√(0.021 + 3.84146/400)) / 1.384146
    assert (found.rate, found.prompts) == (0.7, 10)
    assert found.low == pytest.approx(0.39677, abs=1e-4)
    assert found.high == pytest.approx(0.89222, abs=1e-4)
    sure = win_rate(dict.fromkeys("abc", "win"))
    assert sure is not None
    assert sure.low < 0.5, "three prompts are too few to be sure of anything"
    assert win_rate({}) is None


def test_texts_differ_by_their_words() -> None:
    assert difference("The capital is Rome.", "the capital is Rome.") == 0
    assert difference("one two", "three four") == 1
    assert difference("one two", "one three") == pytest.approx(0.5)
    assert difference("", "") == 0
