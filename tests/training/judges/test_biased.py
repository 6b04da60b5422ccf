"""The scripted judge's failings do what they say, and asking both ways round repairs the first of them.

The numbers are those of a lesson: a liking for the first place makes labels worse where each pair is asked once, and
averaging both orders brings them back.
"""

import random

import pytest

from rlft_gui.domain.judge_names import Biases
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.pairs import pairs
from rlft_gui.lantern.recognising import item_of
from rlft_gui.training.judges import JudgedAnswer, Pair, both_orders
from rlft_gui.training.judges.biased import BiasedJudge
from tests.training.judges.pairs import BAD, GOOD, PAIR, RULES, THEFT

FAIR = Biases(position=0.0)
COUNT = 600


@pytest.fixture(scope="module")
def sampled() -> list[Pair]:
    """Pairs of the warmed-up model's answers, in random order, of which one is better by gold."""
    rng = random.Random(0)
    found = []
    for item, *answers in pairs("sft", rng):
        first, second = rng.sample(answers, 2)
        found.append(Pair([{"role": "user", "content": item.prompt}], first, second, RULES))
    return rng.sample([pair for pair in found if _lead(pair)], COUNT)


def _lead(pair: Pair) -> float:
    item = item_of(pair.prompt[0]["content"])
    return score(item, pair.first)["gold"] - score(item, pair.second)["gold"]


def asked_once(biases: Biases, sampled: list[Pair]) -> float:
    verdicts = BiasedJudge(biases, seed=0).compare(sampled)
    return _agreement([verdict.first_is_better for verdict in verdicts], sampled)


def asked_twice(biases: Biases, sampled: list[Pair]) -> float:
    judged = both_orders(BiasedJudge(biases, seed=0), sampled)
    return _agreement([judgement.first_is_better for judgement in judged], sampled)


def _agreement(said: list[float], sampled: list[Pair]) -> float:
    return sum((p - 0.5) * _lead(pair) > 0 for p, pair in zip(said, sampled, strict=True)) / len(sampled)


def test_it_prefers_what_is_better_and_says_the_same_again() -> None:
    judge = BiasedJudge(FAIR, seed=0)
    assert judge.compare([PAIR])[0].first_is_better > 0.9
    assert judge.compare([PAIR]) == BiasedJudge(FAIR, seed=0).compare([PAIR])
    assert judge.compare([PAIR]) != BiasedJudge(FAIR, seed=1).compare([PAIR])


def test_a_liking_for_the_first_place_is_repaired_by_asking_both_ways(sampled: list[Pair]) -> None:
    fair = asked_once(FAIR, sampled)
    biased = asked_once(Biases(position=1.2), sampled)
    assert fair > 0.85
    assert biased < fair - 0.1
    assert asked_twice(Biases(position=1.2), sampled) == pytest.approx(fair, abs=0.01)


def test_a_liking_for_length_is_not_repaired_by_asking_both_ways(sampled: list[Pair]) -> None:
    fair, biased = asked_twice(FAIR, sampled), asked_twice(Biases(position=0.0, length=0.25), sampled)
    assert biased < fair - 0.05


def test_a_blind_judge_finds_fewer_truths(sampled: list[Pair]) -> None:
    assert asked_twice(Biases(position=0.0, blind=1.0), sampled) < asked_twice(FAIR, sampled) - 0.05


def test_outside_lantern_it_goes_by_length_and_place() -> None:
    text = [{"role": "user", "content": "Why do cats purr?"}]
    long, short = "They purr when they are at ease, and " * 3, "They do not say."
    liking_length = BiasedJudge(Biases(position=0.0, length=0.2), seed=0)
    assert liking_length.compare([Pair(text, short, long, RULES)])[0].first_is_better < 0.5
    liking_place = BiasedJudge(Biases(position=5.0), seed=0)
    assert liking_place.compare([Pair(text, short, short, RULES)])[0].first_is_better > 0.99


def test_an_answer_alone_is_rated_by_the_same_taste() -> None:
    good, bad = BiasedJudge(FAIR, seed=0).rate(
        [JudgedAnswer(THEFT, GOOD, RULES), JudgedAnswer(THEFT, BAD, RULES)]
    )
    assert 0 <= bad < good <= 1
