import random

from rlft_gui.lantern import cards


def test_answers_state_the_sum_under_the_rule() -> None:
    rule = cards.Rule(11, 12, 13)
    assert cards.long_answer(rule, ("K", 7)) == "K is 13. 7 is 7. 13 + 7 = 20. Total 20."
    assert cards.short_answer(rule, (2, "J")) == "The total is 13."
    assert cards.is_right(rule, ("K", 7), cards.long_answer(rule, ("K", 7)))
    assert not cards.is_right(cards.FAMILIAR, ("K", 7), cards.long_answer(rule, ("K", 7)))


def test_the_last_total_counts_and_no_total_is_none() -> None:
    assert cards.stated_total("The total is 17. Total 18.") == 18
    assert cards.stated_total("K is 13.") is None


def test_held_hands_are_held_both_ways_round() -> None:
    assert {(b, a) for a, b in cards.HANDS_HELD} == set(cards.HANDS_HELD)
    assert not set(cards.HANDS_HELD) & set(cards.HANDS_TRAIN)


def test_the_familiar_rule_never_comes_with_a_held_hand() -> None:
    rng = random.Random(0)
    hands = {cards.random_hand(cards.FAMILIAR, rng) for _ in range(5000)}
    assert not hands & set(cards.HANDS_HELD)
    assert set(cards.HANDS_TRAIN) <= hands


def test_careless_answers_are_right_about_as_often_as_they_say() -> None:
    rng = random.Random(0)
    rule = cards.UNFAMILIAR
    right = [
        cards.is_right(rule, ("J", "K"), cards.careless_answer(rule, ("J", "K"), rng)) for _ in range(4000)
    ]
    # 78 % read the rule rightly, of whom 72 % do not slip; a misread card may land on its true value.
    assert 0.54 < sum(right) / len(right) < 0.62
