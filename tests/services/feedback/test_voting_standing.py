"""How two models stand while people vote is what ratings say of the same votes."""

import pytest

from rlft_gui.domain.votes import RaterKind
from rlft_gui.services.feedback.rating_columns import Columns
from rlft_gui.services.feedback.voting_standing import standing
from tests.services.feedback.cast import cast, rate


@pytest.mark.parametrize("votes", [1, 5, 29, 30, 400])
@pytest.mark.parametrize("a_prompt", [1, 3])
def test_one_question_has_one_figure(votes: int, a_prompt: int) -> None:
    pairs = [
        cast(
            *(("sft", "base") if n % 2 else ("base", "sft")),
            (0.0, 1.0, 0.5)[n % 3],
            prompt=f"{n // a_prompt}",
            rater=f"rater {n % a_prompt}",
        )
        for n in range(votes)
    ]
    rated = next(one.win for one in rate(*pairs, baseline="base").models if one.name == "sft")
    found = standing(Columns(pairs).table, ("sft", "base"))
    assert found is not None
    assert rated is not None
    assert [100 * found.share, 100 * found.low, 100 * found.high, found.n] == pytest.approx(
        [rated.rate, rated.low, rated.high, rated.n]
    )


def test_the_exact_interval_of_few_votes_is_clopper_and_pearsons() -> None:
    """As by statsmodels.stats.proportion.proportion_confint(…, method="beta")."""
    from statsmodels.stats.proportion import proportion_confint

    for won in range(6):
        pairs = [cast("sft", "base", float(n < won)) for n in range(5)]
        found = standing(Columns(pairs).table, ("sft", "base"))
        assert found is not None
        assert (found.low, found.high) == pytest.approx(proportion_confint(won, 5, method="beta"))


def test_where_nobody_names_two_models_those_most_often_judged_are_told() -> None:
    pairs = [cast("base", "sft", 1), cast("sft", "dpo", 1), cast("dpo", "sft", 0), cast("base", "sft", 1)]
    found = standing(Columns([*pairs, cast("sft", "dpo", 0)]).table)
    assert found is not None
    assert {found.first, found.second} == {"sft", "dpo"}
    assert found.n == 3
    assert standing(Columns(pairs).table, ("base", "dpo")) is None
    assert standing(Columns(pairs).table, ("base", "nobody")) is None
    assert standing(Columns().table) is None


def test_a_gap_tells_how_many_votes_settle_it_and_none_tells_nothing() -> None:
    some = standing(Columns([cast("sft", "base", float(n % 10 < 7)) for n in range(10)]).table)
    even = standing(Columns([cast("sft", "base", float(n % 2)) for n in range(10)]).table)
    assert some is not None
    assert even is not None
    assert some.needed is not None
    assert some.needed > 10
    assert even.needed is None


def test_machines_count_where_no_person_voted() -> None:
    table = Columns([cast("sft", "base", 1, kind=RaterKind.JUDGE), cast("sft", "base", 0)]).table
    assert table.first_kind() is RaterKind.PERSON
    assert table.of_kinds([RaterKind.JUDGE]).first_kind() is RaterKind.JUDGE
