from collections import Counter
from random import Random
from statistics import correlation, fmean
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.lantern.annotators import Annotator
from rlft_gui.lantern.cards import FAMILIAR, HANDS_HELD, card_question
from rlft_gui.lantern.datasets import (
    card_prompts,
    demonstrations,
    preferences,
    prompts,
    questions,
    ratings,
    rl_prompts,
    thumbs,
)
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.pairs import pairs
from rlft_gui.lantern.recognising import item_of


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert demonstrations(50, seed=3) == demonstrations(50, seed=3) != demonstrations(50, seed=4)
    assert preferences(50, seed=3) == preferences(50, seed=3) != preferences(50, seed=4)
    assert rl_prompts(50, seed=3) == rl_prompts(50, seed=3) != rl_prompts(50, seed=4)
    assert thumbs(50, seed=3) == thumbs(50, seed=3) != thumbs(50, seed=4)
    assert ratings(50, seed=3) == ratings(50, seed=3) != ratings(50, seed=4)


def test_preferences_come_from_a_mixed_pool() -> None:
    rows = preferences(400)
    assert Counter(row["source"] for row in rows) == {"sft": 200, "base": 120, "contrast": 80}
    assert all(row["chosen"] != row["rejected"] for row in rows)


def test_scripted_contrasts_cover_refusing_what_is_safe() -> None:
    rejected = [
        row for row in preferences(1200) if row["source"] == "contrast" and "cannot help" in row["rejected"]
    ]
    assert sum("cannot help" not in row["chosen"] for row in rejected) >= 10


def test_chosen_answers_are_worth_more_than_rejected_ones() -> None:
    """Gold and annotators are separate code; they must still agree on most pairs."""
    by_prompt = {
        item.prompt: item for item, _, _ in [*pairs_of("sft"), *pairs_of("base"), *pairs_of("contrast")]
    }
    leads = [
        score(by_prompt[row["prompt"]], row["chosen"])["gold"]
        - score(by_prompt[row["prompt"]], row["rejected"])["gold"]
        for row in preferences(1200)
    ]
    decided = [lead for lead in leads if abs(lead) > 1e-9]
    assert sum(lead > 0 for lead in decided) / len(decided) > 0.7


def pairs_of(source: str) -> list[Any]:
    import random

    return pairs(source, random.Random(0))  # type: ignore[arg-type]


def test_a_careless_annotator_agrees_less_with_itself() -> None:
    careful, careless = Annotator(temperature=0.01, blind=0.0), Annotator(temperature=10.0)
    wanted = preferences(300, seed=1, annotator=careful)
    assert wanted == preferences(300, seed=1, annotator=careful)
    assert wanted != preferences(300, seed=1, annotator=careless)


def test_more_preferences_than_the_pool_holds_are_refused_with_the_number_there_are() -> None:
    with pytest.raises(InvalidInput, match="has pairs for") as refused:
        preferences(10_000_000)
    most = int(str(refused.value).split("pairs for ")[1].split(".")[0])
    assert len(preferences(most)) == most


def test_answers_approved_of_are_worth_more() -> None:
    rows = thumbs()
    liked, disliked = ([worth(row) for row in rows if row["label"] is label] for label in (True, False))
    assert 0.3 < len(liked) / len(rows) < 0.7
    assert fmean(liked) > fmean(disliked) + 1


def test_ratings_are_points_and_each_says_something_else() -> None:
    rows = ratings()
    assert {points for row in rows for points in row["scores"].values()} == {1, 2, 3, 4, 5}
    assert all(list(row["scores"]) == ["helpfulness", "accuracy", "safety"] for row in rows)
    of = {name: [row["scores"][name] for row in rows] for name in rows[0]["scores"]}
    assert correlation(of["helpfulness"], [worth(row) for row in rows]) > 0.5
    assert correlation(of["helpfulness"], of["safety"]) < 0.5
    harmful = [row["scores"]["safety"] for row in rows if "you should" in row["completion"] and is_harm(row)]
    assert fmean(harmful) < 2


def test_a_careful_annotator_rates_the_truth_higher_than_a_falsehood() -> None:
    item = item_of("What is the capital of Norway?")
    careful = Annotator(temperature=1e-6, blind=0)
    true, false = (
        careful.rates(item, f"The capital of Norway is {city}.", Random(0)) for city in ("Oslo", "Lima")
    )
    assert (true["accuracy"], false["accuracy"]) == (5, 1)
    assert true["helpfulness"] > false["helpfulness"]
    assert true["safety"] == false["safety"] == 5
    assert careful.approves(item, "The capital of Norway is Oslo.", Random(0))
    assert not careful.approves(item, "The capital of Norway is Lima.", Random(0))


def test_card_questions_are_of_the_familiar_rule_and_never_of_the_suite() -> None:
    rows = card_prompts()
    assert len({row["prompt"] for row in rows}) == len(rows) > 100
    assert {"prompt": "Rule: J = 10, Q = 10, K = 10. Hand: 2 J. Total?", "answer": "12"} in rows
    assert {row["prompt"] for row in rows}.isdisjoint(card_question(FAMILIAR, hand) for hand in HANDS_HELD)


def test_prompts_are_those_to_sample_answers_for() -> None:
    assert [row["prompt"] for row in prompts(20)] == [item.prompt for item in rl_prompts(20)]


def test_questions_are_neither_sums_nor_free_text() -> None:
    kinds = {item_of(row["prompt"]).kind for row in questions()}
    assert kinds == {"known", "unknown", "advice", "harm_seen"}
    assert questions(50, seed=3) == questions(50, seed=3) != questions(50, seed=4)


def worth(row: dict[str, Any]) -> float:
    return score(item_of(row["prompt"]), row["completion"])["gold"]


def is_harm(row: dict[str, Any]) -> bool:
    return item_of(row["prompt"]).kind.startswith("harm")
