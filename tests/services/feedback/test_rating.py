"""Ratings by hand-checked numbers."""

import math
from statistics import mean, stdev

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import AnswerVerdict, Control, RaterKind, Side
from rlft_gui.services.feedback.rating_columns import Columns
from rlft_gui.services.feedback.rating_counting import rated
from rlft_gui.services.feedback.rating_facts import ModelRating, Ratings
from rlft_gui.services.feedback.rating_table import pairs_of_thumbs
from tests.services.feedback.cast import cast, rate

JUDGE = RaterKind.JUDGE
#: base stands left and wins three of four, then stands right and loses three of four.
_SIDES: tuple[tuple[Side, list[int]], ...] = (("a", [1, 1, 1, 0]), ("b", [0, 0, 0, 1]))


def _of(found: Ratings, name: str) -> ModelRating:
    return next(one for one in found.models if one.name == name)


def test_a_win_rate_is_the_mean_of_shares_and_its_error_that_of_a_mean() -> None:
    shares = [0.9, 0.1, 0.5, 1.0, 0.3]
    found = _of(rate(*(cast("base", "dpo", 1 - share) for share in shares)), "dpo")
    assert found.win is not None
    assert found.win.rate == pytest.approx(100 * mean(shares))
    assert found.win.se == pytest.approx(100 * stdev(shares) / math.sqrt(5))
    assert (found.wins, found.losses, found.draws, found.win.n, found.baseline) == (2, 2, 1, 5, "base")


def test_votes_on_one_prompt_are_one_witness() -> None:
    once = [cast("base", "dpo", won) for won in (0, 1, 0, 0)]
    again = [vote._replace(rater=rater) for vote in once for rater in ("Anna", "Ben", "Cleo")]
    first, second = _of(rate(*once), "dpo").win, _of(rate(*again), "dpo").win
    assert first is not None
    assert second is not None
    assert second.n == 3 * first.n
    assert (second.rate, second.se, second.low, second.high) == pytest.approx(
        (first.rate, first.se, first.low, first.high)
    )


def test_two_models_have_the_odds_of_their_win_rate_as_rating() -> None:
    found = rate(*(cast("base", "dpo", won) for won in [0] * 30 + [1] * 10))
    dpo = _of(found, "dpo")
    assert dpo.bt == pytest.approx(400 * math.log10(3))
    assert _of(found, "base").bt == _of(found, "base").low == _of(found, "base").high == 0
    # The robust error of a log odds: √(n/(n−1) · p(1−p)/n) / (p(1−p)), by Student's t with 39 degrees of freedom.
    error = math.sqrt(40 / 39 / (40 * 0.75 * 0.25)) * 400 / math.log(10)
    assert dpo.low is not None
    assert dpo.high is not None
    assert (dpo.high - dpo.low) / 2 == pytest.approx(2.0227 * error, rel=1e-3)


def test_a_chain_of_votes_ranks_models_that_never_met() -> None:
    votes = [cast("base", "sft", won) for won in [0, 0, 0, 1] * 5] + [
        cast("sft", "dpo", won) for won in [0, 0, 0, 1] * 5
    ]
    dpo = _of(rate(*votes, baseline="base"), "dpo")
    assert dpo.win is None
    assert dpo.bt == pytest.approx(2 * 400 * math.log10(3))


def test_a_baseline_of_ones_own_moves_the_zero_and_no_distance() -> None:
    votes = [cast("base", "sft", won) for won in [0, 0, 1] * 5] + [
        cast("sft", "dpo", won) for won in [0, 1] * 5
    ]
    first, second = rate(*votes, baseline="base"), rate(*votes, baseline="dpo")
    assert _of(second, "dpo").bt == 0
    assert _of(first, "dpo").bt - _of(first, "base").bt == pytest.approx(-_of(second, "base").bt)
    assert {one.baseline for one in second.models} == {"dpo"}
    with pytest.raises(InvalidInput, match='on "kto"'):
        rate(*votes, baseline="kto")


def test_models_that_no_chain_connects_are_not_ranked_together() -> None:
    votes = [
        *(cast("base", "sft", won) for won in [0, 1, 1, 0, 0]),
        *(cast("llama", "qwen", won) for won in [1, 0, 0, 1]),
    ]
    found = rate(*votes, baseline="qwen")
    assert found.islands == (("llama", "qwen"), ("base", "sft"))
    assert [(one.name, one.island, one.baseline) for one in found.models if one.name in ("llama", "sft")] == [
        ("llama", 0, "qwen"),
        ("sft", 1, "base"),
    ]
    assert any("2 groups that no vote connects" in warning for warning in found.warnings)
    assert "sft" not in found.headline


def test_who_won_every_vote_has_a_finite_rating_and_it_is_said() -> None:
    found = rate(*(cast("base", "dpo", 0) for _ in range(12)))
    dpo = _of(found, "dpo")
    assert dpo.win is not None
    assert dpo.win.high == 100
    assert 70 < dpo.win.low < 80, "the exact interval of 12 wins of 12 begins at 73.5"
    assert dpo.bt == pytest.approx(400 * math.log10(25)), "12 wins and a tie"
    assert any("won or lost every vote" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("won", "said"),
    [
        ([0] * 15 + [1] * 11, "Too early to tell: 58 % of 26 votes for dpo, ±20 points"),
        ([0] * 4, "Too early to tell: 100 % of 4 votes for dpo"),
        ([0] * 40 + [1] * 10, "dpo was better than base: 80 % of 50 votes"),
        ([1] * 40 + [0] * 10, "base was better than dpo: 80 % of 50 votes"),
        ([0, 1] * 2_000, "are about as good: 50 % of 4,000 votes"),
    ],
)
def test_the_first_sentence_says_who_was_better_or_that_nobody_knows(won: list[float], said: str) -> None:
    assert said in rate(*(cast("base", "dpo", share) for share in won)).headline


def test_too_early_says_how_many_votes_it_takes() -> None:
    votes = [cast("base", "dpo", won) for won in [0] * 27 + [1] * 23]
    assert "about 620 votes" in rate(*votes).headline, (
        "half an interval of 14 points, a gap of 4: 50 · (14 / 4)²"
    )
    assert "±14 points" in rate(*votes).headline


def test_of_several_models_the_strongest_must_be_ahead_of_the_next() -> None:
    clear = [cast("base", "sft", won) for won in [0, 1] * 40] + [
        cast("sft", "dpo", won) for won in [0, 0, 0, 1] * 20
    ]
    assert "dpo was best: it is clearly ahead of" in rate(*clear, baseline="base").headline
    close = [*clear, *(cast("dpo", "kto", won) for won in [0, 1, 1, 0, 0] * 4)]
    said = rate(*close, baseline="base").headline
    assert said.startswith("Too early to tell which is best: kto is ahead of dpo by ")
    assert "pairs." in said


def test_votes_that_all_say_the_same_have_no_error_and_no_interval_of_zero_width() -> None:
    ties = rate(*(cast("base", "dpo", 0.5) for _ in range(5)))
    for found, least in ((ties, 9.4), (rate(*(cast("base", "dpo", 0) for _ in range(3))), 29.2)):
        dpo = _of(found, "dpo")
        assert dpo.win is not None
        assert dpo.win.se is None
        assert dpo.win.low == pytest.approx(least, abs=0.1)
        assert dpo.win.high > dpo.win.low
        assert any("dpo and base all say the same" in warning for warning in found.warnings)
    assert (_of(ties, "dpo").bt, _of(ties, "dpo").low, _of(ties, "dpo").high) == (0, None, None)
    assert ties.headline.startswith(
        "dpo and base cannot be told apart: 50 % of 5 votes for dpo, true rate anywhere"
    )
    many = _of(rate(*(cast("base", "dpo", 0.5, lengths=(40, 40 + at)) for at in range(30))), "dpo")
    assert (many.lc_win_rate, many.lc_low) == (None, None)


def test_a_lead_of_no_points_is_no_lead() -> None:
    even = [cast("base", "sft", won) for won in (0, 1) * 3] + [cast("base", "dpo", won) for won in (1, 0) * 3]
    said = rate(*even).headline
    assert "cannot be told apart: either may be ahead by up to" in said
    assert "by 0 points" not in said


def test_equal_length_takes_out_what_length_won() -> None:
    """Here the longer answer wins three times of four, whoever wrote it, and dpo writes the longer one mostly."""
    votes = [
        cast("base", "dpo", won, lengths=lengths)
        for lengths, shares in (((100, 300), [0, 0, 0, 1] * 15), ((300, 100), [1, 1, 1, 0] * 5))
        for won in shares
    ]
    dpo = _of(rate(*votes), "dpo")
    assert dpo.win is not None
    assert dpo.win.rate == pytest.approx(62.5)
    assert dpo.lc_win_rate == pytest.approx(50, abs=0.01)
    assert _of(rate(*votes[:10]), "dpo").lc_win_rate is None, "too few to tell"
    assert _of(rate(*votes[:60]), "dpo").lc_win_rate is None, "all are longer by as much"


def test_one_odd_vote_on_answers_of_an_odd_length_tells_no_effect_of_length() -> None:
    odd = cast("base", "dpo", 0, lengths=(22, 12))
    alike = [cast("base", "dpo", 0.75, lengths=(22, 9 + (n > 9) + (n > 99))) for n in range(1_000)]
    assert _of(rate(odd, *alike), "dpo").lc_win_rate is None


def test_a_side_that_wins_whatever_stands_there_is_told_apart_from_a_model() -> None:
    votes = [
        cast("base", "dpo", won, left=left, prompt=f"{left}{number}")
        for left, shares in _SIDES
        for number, won in enumerate(shares * 20)
    ]
    found = rate(*votes)
    assert found.left is not None
    assert found.left.rate == pytest.approx(75)
    assert any("The left answer won 75 %" in warning for warning in found.warnings)
    assert rate(*(cast("base", "dpo", 0) for _ in range(9))).left is None, "base always stood left"


def test_a_side_is_not_blamed_for_the_model_that_stood_there_more_often() -> None:
    """dpo wins everything, and stood left three times of four."""
    votes = [
        *(cast("base", "dpo", 0, left="b") for _ in range(30)),
        *(cast("base", "dpo", 0, left="a") for _ in range(10)),
    ]
    found = rate(*votes)
    assert found.left is not None
    assert found.left.rate == pytest.approx(50)


def test_people_and_judges_are_never_counted_together_in_silence() -> None:
    votes = [
        *(cast("base", "dpo", 1) for _ in range(3)),
        *(cast("base", "dpo", 0, rater="gpt", kind=JUDGE) for _ in range(5)),
    ]
    people = rate(*votes)
    assert (people.counted, people.pairs, people.kinds_of_raters) == (
        RaterKind.PERSON,
        3,
        {"person": 3, "judge": 5},
    )
    assert "5 pairs by judges are not" in people.warnings[0]
    judges, everybody = rate(*votes, raters=JUDGE), rate(*votes, raters="all")
    assert (judges.pairs, everybody.pairs) == (5, 8)
    assert "counted together" in everybody.warnings[0]
    assert rate(*votes[3:]).counted is JUDGE, "where no person voted"


def test_raters_agree_with_others_and_with_themselves() -> None:
    both = [("p1", 1, 1), ("p2", 1, 1), ("p3", 0, 0), ("p4", 1, 0)]
    votes = [
        cast("base", "dpo", won, prompt=prompt, rater=rater)
        for prompt, *shares in both
        for rater, won in zip(("Anna", "Ben"), shares, strict=True)
    ]
    turned = votes[0]._replace(
        a="dpo", b="base", answer_a="p1/dpo", answer_b="p1/base", won=0, rater="gpt", rater_kind=JUDGE
    )
    controls = [
        Control("Anna", RaterKind.PERSON, 1, 1, None),
        Control("Anna", RaterKind.PERSON, 0.5, 1, None),
        Control("Ben", RaterKind.PERSON, 1, None, False),
    ]
    found = rated(None, Columns([*votes, turned]), (), (), controls, {})
    (people,) = found.agreement
    assert (people.same, people.pairs, people.raters) == (75, 4, 2)
    # Krippendorff: observed disagreement 2/8; expected 2 · 5 · 3 / (8 · 7).
    assert people.alpha == pytest.approx(1 - (2 / 8) / (30 / 56))
    raters = {one.name: one for one in found.raters}
    assert (raters["Anna"].with_others, raters["Anna"].meetings) == (75, 4)
    assert (raters["Anna"].with_itself, raters["Anna"].repeats) == (50, 2)
    assert (raters["Ben"].checks_right, raters["Ben"].checks) == (0, 1)
    assert (raters["gpt"].with_others, raters["gpt"].meetings) == (100, 2), (
        "though it saw them the other way round"
    )
    assert found.ceiling == 75


def test_votes_faster_than_reading_are_flagged() -> None:
    long = (2_000, 2_000)  # a thousand tokens, 50 s
    votes = [
        cast("base", "dpo", 1, lengths=long, seconds=49),
        cast("base", "dpo", 1, lengths=long, seconds=51),
        cast("base", "dpo", 1, lengths=long),
        cast("base", "dpo", 1, lengths=long, seconds=1, rater="gpt", kind=JUDGE),
    ]
    found = rate(*votes)
    assert {one.name: one.too_fast for one in found.raters} == {"Anna": 1, "gpt": 0}
    assert any("1 vote was given faster" in warning for warning in found.warnings)


def _points(model: str, prompt: str, scores: dict[str, float], *, is_thumb: bool = False) -> AnswerVerdict:
    scale = 1.0 if is_thumb else 5.0
    return AnswerVerdict(
        1, prompt, "", "Anna", RaterKind.PERSON, model, f"{prompt}/{model}", 9, is_thumb, scores, scale
    )


def test_points_are_told_by_attribute() -> None:
    judged = tuple(
        _points(model, f"p{number}", {"helpful": helpful, "safe": 5})
        for model, given in (("base", [2, 3, 4]), ("dpo", [4, 5, 4]))
        for number, helpful in enumerate(given)
    )
    found = rate(judged=judged)
    assert [(one.criterion, one.model, one.mean, one.n) for one in found.criteria[:2]] == [
        ("helpful", "dpo", pytest.approx(13 / 3), 3),
        ("helpful", "base", 3, 3),
    ]
    assert found.criteria[1].low == pytest.approx(3 - 1.96 / math.sqrt(3), abs=1e-3)
    assert found.headline == "No two models were compared yet."


def test_thumbs_on_one_prompt_become_pairs() -> None:
    thumbs = [
        _points(model, prompt, {"good": good}, is_thumb=True)
        for prompt, judged in (
            ("p1", {"base": 0, "dpo": 1}),
            ("p2", {"base": 1, "dpo": 1}),
            ("p3", {"dpo": 1}),
        )
        for model, good in judged.items()
    ]
    derived = pairs_of_thumbs(thumbs)
    assert [(one.prompt_id, one.a, one.b, one.won) for one in derived] == [
        ("p1", "base", "dpo", 0.0),
        ("p2", "base", "dpo", 0.5),
    ]
    found = rated(None, Columns(), derived, thumbs, (), {})
    assert _of(found, "dpo").win is not None
    assert (found.pairs, found.from_thumbs) == (2, 2)
    assert any("2 pairs follow from thumbs" in warning for warning in found.warnings)


def test_prompts_of_each_kind_have_a_rate_of_their_own() -> None:
    votes = [
        cast("base", "dpo", won, about=about)
        for about, won in [("facts", 0)] * 3 + [("advice", 1)] * 2 + [("", 1)]
    ]
    found = rate(*votes)
    assert [(one.kind, one.model, one.win.rate, one.win.n) for one in found.kinds] == [
        ("facts", "dpo", 100, 3),
        ("advice", "dpo", 0, 2),
    ]


def test_nothing_was_judged() -> None:
    found = rate()
    assert (found.headline, found.models, found.pairs) == ("No two models were compared yet.", (), 0)


def test_votes_added_one_by_one_are_rated_as_those_read_at_once() -> None:
    votes = [
        cast("base", "dpo", 0, about="facts"),
        cast("sft", "base", 1, rater="Ben"),
        cast("dpo", "sft", 0.5, about="advice"),
        cast("base", "sft", 1, prompt="p1", rater="gpt", kind=JUDGE),
    ]
    grown = Columns()
    for vote in votes:
        grown = grown.plus([vote])
    assert grown.last == votes[-1].number
    assert rated(None, grown, (), (), (), {}) == rated(None, Columns(votes), (), (), (), {})
    assert len(Columns(votes[:1]).plus(votes[1:]).table) == 4
