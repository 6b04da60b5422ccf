"""People where judges are unsure, judges elsewhere; and how far judges say what people say."""

from pathlib import Path

import pytest

from rlft_gui.domain.vote_plan import PairOrder
from rlft_gui.domain.votes import Choice, Rater, RaterKind, Verdict, Vote, VoteKind, VoteSet, prompt_of
from rlft_gui.services.feedback.judging_agreement import judges
from rlft_gui.services.feedback.judging_mixed import mixed
from rlft_gui.services.feedback.views import ViewChoices, ViewKind
from rlft_gui.services.feedback.views_counted import NOT_IN_MIX
from rlft_gui.services.feedback.voting_pool import pool
from tests.services.feedback.voting_home import Case

ANNA = Rater(name="Anna")
JUDGE = Rater(name="lantern", kind=RaterKind.JUDGE)


def by_judge(number: int, straight: float, turned: float, prompt: str = "", rater: Rater = JUDGE) -> Vote:
    share = (straight + turned) / 2
    name = prompt or f"p{number}"
    verdict = Verdict(share=share, orders={"overall": (straight, turned)})
    return _vote(number, rater, name, verdict)


def by_person(number: int, choice: Choice, prompt: str, rater: Rater = ANNA, *, turned: bool = False) -> Vote:
    vote = _vote(number, rater, prompt, Verdict(choice=choice))
    return vote.model_copy(update={"a": vote.b, "b": vote.a}) if turned else vote


def points(number: int, prompt: str, side: str, given: float) -> Vote:
    verdict = Verdict(scores={"safe": given}, scale=5)
    vote = _vote(number, ANNA, prompt, verdict)
    return vote.model_copy(update={"kind": VoteKind.RATING, "a": f"{prompt}-{side}", "b": None})


def _vote(number: int, rater: Rater, prompt: str, verdict: Verdict) -> Vote:
    return Vote(
        votes="w", rater=rater, kind=VoteKind.PAIR, prompt_id=prompt, a=f"{prompt}-1", b=f"{prompt}-2",
        verdict=verdict, number=number,
    )  # fmt: skip


def test_who_decides() -> None:
    other = Rater(name="other", kind=RaterKind.JUDGE)
    votes = [
        by_judge(1, 0.9, 0.8),  # sure
        by_judge(2, 0.6, 0.55),  # near a half
        by_judge(3, 1.0, 0.45),  # each order has another winner, and the mean is far from a half
        by_judge(4, 0.9, 0.8, "p4"), by_judge(5, 0.1, 0.2, "p4", other),  # two judges, against each other
        by_judge(6, 0.9, 0.9, "p6"), by_person(7, Choice.B, "p6"),  # a person's verdict stands
        by_judge(8, 0.5, 0.5, "p8"), by_person(9, Choice.A, "p8", turned=True),
        by_person(10, Choice.TIE, "p10"),
    ]  # fmt: skip
    found, left_out = mixed(votes)
    assert (found.judges, found.people, found.open, found.pairs) == (1, 3, 3, 7)
    assert left_out == {2, 3, 4, 5, 6, 8}


def test_agreement_is_by_criterion_whichever_way_round_the_pair_lies() -> None:
    votes = [
        by_judge(1, 0.9, 0.8, "p1"), by_person(2, Choice.A, "p1"),
        by_judge(3, 0.9, 0.8, "p3"), by_person(4, Choice.B, "p3", turned=True),
        by_judge(5, 0.2, 0.1, "p5"), by_person(6, Choice.A, "p5"),
        by_judge(7, 0.2, 0.6, "p7"), by_person(8, Choice.BOTH_BAD, "p7"),
    ]  # fmt: skip
    [found] = judges(votes)
    [overall] = found.agreement
    assert overall.same is not None
    assert (round(overall.same.rate), overall.same.n, overall.ties) == (67, 3, 1)
    assert overall.same.low < 67 < overall.same.high
    assert found.consistent == 0.75
    # Shown first were a (0.9, 0.9, 0.2, 0.2) and b (0.2, 0.2, 0.9, 0.4).
    assert found.first == pytest.approx((0.9 + 0.2 + 0.9 + 0.2 + 0.2 + 0.9 + 0.2 + 0.4) / 8)


def test_points_of_a_person_are_verdicts_by_attribute() -> None:
    verdict = Verdict(share=0.7, orders={"safe": (0.9, 0.9), "tone": (0.5, 0.5)})
    votes = [
        _vote(1, JUDGE, "p1", verdict), points(2, "p1", "1", 5), points(3, "p1", "2", 2),
        _vote(4, JUDGE, "p2", verdict), points(5, "p2", "1", 1), points(6, "p2", "2", 2),
        _vote(7, JUDGE, "p3", verdict), points(8, "p3", "1", 3), points(9, "p3", "2", 3),
    ]  # fmt: skip
    agreed = {one.criterion: one for one in judges(votes)[0].agreement}
    assert (agreed["safe"].same.rate, agreed["safe"].same.n, agreed["safe"].ties) == (50, 2, 1)
    assert agreed["tone"].same is None
    assert agreed["overall"].same is None


def test_people_are_asked_about_what_judges_are_unsure_of_alone(tmp_path: Path) -> None:
    case = Case(tmp_path / "home")
    name = case.a_set(4, order=PairOrder.UNSURE)
    votes = case.votes.get(name)
    found = pool(case.storage, votes)
    assert case.voting.progress(name, ANNA).left == 4, "before any judge has voted"
    sure, near, swaps, _ = found.entries
    shares = {sure: (0.9, 0.9), near: (0.55, 0.55), swaps: (1.0, 0.4)}
    cast = [
        _vote(0, JUDGE, entry.prompt_id, Verdict(share=sum(both) / 2, orders={"overall": both})).model_copy(
            update={"votes": name, "a": entry.a, "b": entry.b}
        )
        for entry, both in shares.items()
    ]
    case.votes.record(found.prompts.values(), found.answers.values(), cast)
    shown = [ballot.a for ballot in case.voting.next(name, ANNA, 10, user="local")]
    assert set(shown[:2]) == {near.a, swaps.a}
    assert sure.a not in shown
    assert len(shown) == 3
    case.storage.close()


def test_the_mix_as_data_counts_each_pair_once(tmp_path: Path) -> None:
    from rlft_gui.services import open_services

    services = open_services(tmp_path / "home")
    services.votes.create(VoteSet(name="w"), user="local")
    prompts, answers, votes = [], [], []
    from rlft_gui.domain.votes import Answer

    for number, (straight, choice) in enumerate(((0.9, None), (0.55, None), (0.9, Choice.B))):
        prompt = prompt_of(f"Question {number}?")
        pair = [Answer(prompt_id=prompt.id, model=model, text=f"{model} says {number}") for model in "xy"]
        prompts.append(prompt)
        answers += pair
        base = _vote(0, JUDGE, prompt.id, Verdict(share=straight, orders={"overall": (straight, straight)}))
        base = base.model_copy(update={"a": pair[0].id, "b": pair[1].id})
        votes.append(base)
        if choice:
            votes.append(base.model_copy(update={"rater": ANNA, "verdict": Verdict(choice=choice)}))
    services.votes.record(prompts, answers, votes)
    view = services.vote_views.view("w", ViewKind.PAIRS, ViewChoices(mixed=True))
    assert view.dropped == {NOT_IN_MIX: 2}
    assert [row["chosen"][-1]["content"][0] for row in view.rows] == ["x", "y"]
    assert services.judging_votes.standing("w").mix.open == 1
    assert services.judging_votes.standing("w").asked == "all"
    services.judging_votes.share("w", "unsure", user="local")
    assert services.votes.get("w").plan.order is PairOrder.UNSURE
    assert services.judging_votes.standing("w").asked == "unsure"
    services.judging_votes.share("w", "all", user="local")
    assert services.votes.get("w").plan.order is PairOrder.RANDOM
    services.storage.close()
