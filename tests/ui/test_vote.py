"""The page of votes without a browser: what goes over the wire, and what is told when."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Answer, Choice, Rater, Verdict, Vote, VoteKind, VoteSet, prompt_of
from rlft_gui.services import Services, open_services
from rlft_gui.storage import tables
from rlft_gui.ui.pages.vote.page import Answers
from rlft_gui.ui.pages.vote.payloads import (
    BallotsAsked,
    BallotSkipped,
    BallotView,
    RaterAsked,
    VoteCast,
    VoteChoicesAsked,
    VoteSetAsked,
    VoteState,
)
from tests.fakes.broken_homes import held
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline
from tests.services.feedback.voting_home import CHECKPOINTS, PANES, answer_of, compared
from tests.ui.serving import app_over
from tests.ui.test_trouble import ask

#: Whatever could tell which side is whose, but for the words of the answers themselves.
SECRETS = [
    *(pane.title for pane in PANES),
    *(pane.palette for pane in PANES if pane.palette != "base"),
    *CHECKPOINTS,
    *("gold", "score", "tokens", "model", "run", "lantern", "left", "comparison", "expected", "repeat"),
]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    fresh_home(tmp_path)
    services = open_services(tmp_path)
    compared(services.storage, "c-1", 30)
    yield services
    services.storage.close()


def probed(services: Services, *stages: str) -> list[str]:
    """Runs of these stages, each of which has kept an answer."""
    made = pipeline(*stages)
    services.storage.transitions.add(made, launch_id=made.id)
    kept = {"step": 1, "item_id": "k1", "kind": "known", "prompt": "2 + 2?", "completion": "4", "scores": {}}
    with services.storage.write() as connection:
        for one in made.runs:
            number = connection.scalar(sa.select(tables.run.c.number).where(tables.run.c.id == one.id))
            connection.execute(sa.insert(tables.sample).values(run_number=number, **kept))
    return [one.id for one in made.runs]


@pytest.fixture
def answers(services: Services) -> Answers:
    return Answers(services)


def made(answers: Answers, **changes: object) -> str:
    asked = {"name": "week 1", "sources": ("comparison:c-1",)} | changes
    return answers.make(VoteSetAsked.model_validate(asked), "local").name


def first(answers: Answers, name: str, rater: str = "Anna") -> BallotView:
    return answers.next(BallotsAsked(votes=name, rater=rater), "local").ballots[0]


def cast(answers: Answers, ballot: BallotView, **said: object) -> VoteState:
    asked = VoteCast.model_validate({"ballot": ballot.id, "rater": "Anna", "seconds": 5} | said)
    state = answers.cast(asked, "local").state
    assert state is not None
    return state


def test_the_bytes_of_ballots_name_nobody(services: Services) -> None:
    client = TestClient(app_over(services), base_url="http://127.0.0.1:7860")
    name = made(Answers(services))
    asked = {"votes": name, "rater": "Anna", "n": 20}
    told = json.dumps(ask(client, "vote_next", **asked)).encode()

    assert told.count(b'"id"') == 20
    for secret in SECRETS:
        assert secret.encode() not in told.replace(b"answers question", b"").replace(b"Question", b""), secret
    ballot = json.loads(told)["ok"]["ballots"][0]
    assert set(ballot) == {"id", "turns", "a", "b"}
    # The state that is asked for beside it tells of no ballot that is open either.
    state = json.dumps(ask(client, "vote_state", votes=name, rater="Anna"))
    assert ballot["id"] not in state
    assert "Quick tour" not in state


def test_the_side_on_screen_is_the_answer_that_wins(services: Services, answers: Answers) -> None:
    name = made(answers)
    for number in range(30):
        ballot = first(answers, name)
        if ballot.b is None:
            break
        zero_is_left = ballot.a.startswith("zero")
        state = cast(answers, ballot, choice="a" if zero_is_left else "b", strength=3)
        last = state.last
        assert last is not None
        if last.check is None:
            assert (last.outcome, last.chosen.title, last.strength) == ("better", "Base of everything", 3), (
                number
            )
            assert [(one.name, one.agrees) for one in last.scores] == [("gold", False)]
    pairs = services.storage.votes.pairs(name)
    assert {(pair.a, pair.won) for pair in pairs} == {("base", 1.0)}
    assert {pair.left for pair in pairs} == {"a", "b"}
    assert state.standing is not None
    assert (state.standing.first.title, state.standing.share) == ("Base of everything", 1.0)


def test_names_come_with_the_vote_and_with_a_reload(answers: Answers) -> None:
    name = made(answers)
    before = answers.state(RaterAsked(votes=name, rater="Anna"), "local")
    assert (before.last, before.standing) == (None, None)
    cast(answers, first(answers, name), choice="tie", strength=2)
    again = answers.state(RaterAsked(votes=name, rater=" Anna "), "local")
    assert again.last is not None
    assert (again.last.outcome, again.last.strength) == ("tie", None)
    assert again.progress.judged == 1
    stranger = answers.state(RaterAsked(votes=name, rater="Ben"), "local")
    assert stranger.last is None
    assert stranger.standing is not None, "how models stand is of all raters"


def test_models_keep_their_names_where_a_set_is_about_nothing_any_more(
    services: Services, answers: Answers
) -> None:
    prompt = prompt_of("Which?")
    said = [
        Answer(prompt_id=prompt.id, model=model, title=title, text=model)
        for model, title in (("base", "Lantern"), ("dpo-1", "Tour, DPO"))
    ]
    services.votes.create(VoteSet(name="from elsewhere"), user="local")
    vote = Vote(
        votes="from elsewhere",
        rater=Rater(name="Anna"),
        kind=VoteKind.PAIR,
        prompt_id=prompt.id,
        a=said[0].id,
        b=said[1].id,
        left="a",
        verdict=Verdict(choice=Choice.B),
    )
    services.votes.record([prompt], said, [vote])
    found = answers.state(RaterAsked(votes="from elsewhere", rater="Ben"), "local").standing
    assert found is not None
    assert {found.first.title, found.second.title} == {"Lantern", "Tour, DPO"}


def test_what_never_counts_is_refused_and_what_may_pass_is_told_as_trouble(
    services: Services, answers: Answers
) -> None:
    client = TestClient(app_over(services), base_url="http://127.0.0.1:7860")
    ballot = first(answers, made(answers))
    strange = ask(client, "vote_cast", ballot="made up", rater="Anna", choice="a")["ok"]
    assert "never shown" in strange["refused"]
    foreign = ask(client, "vote_cast", ballot=ballot.id, rater="Ben", choice="a")["ok"]
    assert "shown to Anna" in foreign["refused"]
    with held(services.home.database):
        locked = ask(client, "vote_cast", ballot=ballot.id, rater="Anna", choice="a")
    assert "problem" in locked
    assert (
        ask(client, "vote_cast", ballot=ballot.id, rater="Anna", choice="a")["ok"]["state"]["progress"][
            "judged"
        ]
        == 1
    )


def test_undo_asks_the_same_again(answers: Answers) -> None:
    name = made(answers)
    ballot = first(answers, name)
    cast(answers, ballot, choice="a")
    undone = answers.undo(RaterAsked(votes=name, rater="Anna"), "local")
    assert undone.ballot is not None
    assert (undone.ballot.a, undone.ballot.b) == (ballot.a, ballot.b)
    assert undone.state.progress.judged == 0
    assert answers.undo(RaterAsked(votes=name, rater="Anna"), "local").ballot is None


def test_a_pair_that_was_passed_over_comes_no_more(answers: Answers) -> None:
    name = made(answers)
    ballot = first(answers, name)
    assert answers.skip(BallotSkipped(ballot=ballot.id, rater="Anna"), "local").refused == ""
    assert first(answers, name).a != ballot.a


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question.LIKERT, {"scores": {"overall": 4}}),
        (Question.ATTRIBUTES, {"scores": {"kind": 4, "short": 2}}),
        (Question.THUMB, {"is_good": True}),
        (Question.CRITIQUE, {"text": "It rambles."}),
        (Question.EDIT, {"text": "Lima."}),
    ],
)
def test_every_question_is_asked_and_answered(
    answers: Answers, question: Question, said: dict[str, object]
) -> None:
    name = made(answers, question=question, attributes=("kind", "short"), rubric="Kindness.")
    ballot = first(answers, name)
    assert ballot.b is None
    state = cast(answers, ballot, **said)
    assert state.last is not None
    assert (state.last.chosen.title, state.last.other) in [(pane.title, None) for pane in PANES]
    assert state.votes.question is question
    assert state.votes.rubric == "Kindness."
    assert state.standing is None


def test_what_can_be_voted_on(services: Services, answers: Answers) -> None:
    name = made(answers)
    cast(answers, first(answers, name), choice="a")
    choices = answers.choices(VoteChoicesAsked(comparison="c-1"), "local")
    (one,) = choices.sets
    assert (one.name, one.votes, one.waiting) == ("week 1", 1, 29)
    (comparison,) = choices.comparisons
    assert (comparison.id, comparison.prompts, comparison.models) == ("c-1", 30, 2)
    services.voting.next(name, Rater(name="Ben"), 3, user="local")
    assert answers.choices(VoteChoicesAsked(), "local").sets[0].waiting == 26


def test_the_better_answer_goes_along_as_it_should_be(services: Services, answers: Answers) -> None:
    name = made(answers)
    ballot = first(answers, name)
    zero_is_left = ballot.a.startswith("zero")
    cast(answers, ballot, choice="a" if zero_is_left else "b", edited="zero, in fewer words")
    edit = services.votes.cast(name)[-1]
    edited = services.storage.votes.answers([edit.a])[edit.a]
    assert edited.text.split()[0] == "zero"
    assert edited.text in [answer_of(0, index) for index in range(30)]


def test_runs_that_answer_are_offered_and_reward_models_are_not(services: Services, answers: Answers) -> None:
    policy, _reward_model = probed(services, "sft", "reward_model")
    assert [run.id for run in answers.choices(VoteChoicesAsked(), "local").runs] == [policy]
