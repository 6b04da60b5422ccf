"""Simulated raters vote on what runs have answered, or on what comes with Lantern."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from statistics import fmean

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.events import SampleEvent
from rlft_gui.domain.run import Run
from rlft_gui.domain.vote_plan import Question, VotePlan
from rlft_gui.domain.votes import RaterKind, Vote, VoteKind, VoteSet
from rlft_gui.lantern.annotators import ANNOTATORS
from rlft_gui.lantern.suite import suite
from rlft_gui.services import Services, open_services
from rlft_gui.services.feedback.simulating import POOL
from rlft_gui.services.feedback.views import ViewKind
from rlft_gui.storage.events import EventBatch
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline

KNOWN = [item for item in suite() if item.kind == "known"][:10]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = open_services(fresh_home(tmp_path).path)
    yield services
    services.storage.close()


def probed(services: Services, *answers: tuple[int, str], base: str = "lantern") -> Run:
    """A run with these answers to each of ten prompts: step and text."""
    made = pipeline("sft")
    run = made.runs[0].model_copy(update={"base": base})
    assert services.storage.transitions.add(made.model_copy(update={"runs": (run,)}), launch_id=made.id)
    events = [
        SampleEvent(
            attempt=1,
            seq=number,
            time=1.0,
            step=step,
            item_id=item.id,
            item_kind=item.kind,
            prompt=item.prompt,
            completion=text,
        )
        for number, ((step, text), item) in enumerate(product(answers, KNOWN), start=1)
    ]
    assert services.storage.events.store(EventBatch(run.id, 0, 1, events))
    return run


def votes_of(services: Services, name: str) -> Sequence[Vote]:
    return services.votes.cast(name)


def test_raters_judge_the_newest_answers_of_runs_and_the_bases_own(services: Services) -> None:
    first = probed(services, (0, "Base."), (10, "Early."), (20, "Late."))
    second = probed(services, (0, "Base."), (30, "Other."))
    done = services.simulating.simulate(30, user="local")
    votes = votes_of(services, done.votes.name)
    answers = services.storage.votes.answers({one for vote in votes for one in (vote.a, vote.b) if one})
    models = {answer.model: (answer.text, answer.run_id) for answer in answers.values()}
    assert models == {
        "base": ("Base.", None),
        f"{first.id}@20": ("Late.", first.id),
        f"{second.id}@30": ("Other.", second.id),
    }
    assert (done.stored, len(votes)) == (30, 30)
    assert {vote.rater.kind for vote in votes} == {RaterKind.SIMULATED}
    assert done.votes.sources == (f"run:{first.id}", f"run:{second.id}")
    assert {vote.left for vote in votes} == {"a", "b"}, "sides are drawn"
    assert all(answer.facts["sampling"]["seed"] == 0 for answer in answers.values())


def test_where_runs_have_too_few_answers_the_others_come_with_lantern(services: Services) -> None:
    probed(services, (0, "Base."), (20, "Late."))
    done = services.simulating.simulate(40, user="local")
    assert (done.stored, len(done.numbers), done.votes.sources[1]) == (10, 40, POOL)
    fresh = services.simulating.simulate(40, votes="pool", pool=True, user="local")
    assert (fresh.stored, fresh.votes.sources) == (0, (POOL,))
    ids = {item.id for item in suite()}
    prompts = services.storage.votes.prompts({vote.prompt_id for vote in votes_of(services, "pool")})
    assert not [one for one in prompts.values() if one.item_id in ids], "no run is probed with these"


def test_only_of_named_runs_there_may_be_fewer_than_asked_for(services: Services) -> None:
    run = probed(services, (0, "Base."), (20, "Late."))
    probed(services, (0, "Base."), (20, "Else."))
    done = services.simulating.simulate(50, runs=(run.id,), user="local")
    assert (len(done.numbers), done.stored) == (10, 10)


def test_what_cannot_be_simulated_is_told(services: Services) -> None:
    with pytest.raises(NotFound, match="no annotator"):
        services.simulating.simulate(5, annotator="bob", user="local")
    with pytest.raises(NotFound, match="no run"):
        services.simulating.simulate(5, runs=("sft-9",), user="local")
    other = probed(services, (0, "Base."), (20, "Late."), base="/models/tiny")
    with pytest.raises(InvalidInput, match="only Lantern's world"):
        services.simulating.simulate(5, runs=(other.id,), user="local")
    silent = probed(services, (20, "Same."))
    with pytest.raises(InvalidInput, match="no different answers"):
        services.simulating.simulate(5, runs=(silent.id,), user="local")
    with pytest.raises(InvalidInput, match=r"1 to 5,000"):
        services.simulating.simulate(0, user="local")
    with pytest.raises(InvalidInput, match="pair, thumb, rating"):
        services.simulating.simulate(5, kind=VoteKind.EDIT, user="local")
    assert services.votes.list() == (), "nothing was made of what was refused"


def test_two_raters_judge_the_same_pairs_and_the_coin_agrees_by_chance(services: Services) -> None:
    for annotator in ("careful", "shuffled"):
        services.simulating.simulate(300, annotator=annotator, votes="both", pool=True, user="local")
    votes = votes_of(services, "both")
    careful, shuffled = votes[:300], votes[300:]
    assert [(one.a, one.b) for one in careful] == [(one.a, one.b) for one in shuffled]
    found = services.vote_views.view("both", ViewKind.PAIRS).report
    assert found.agreement == pytest.approx(0.5, abs=0.1)


def test_a_rater_goes_on_with_other_pairs(services: Services) -> None:
    for _ in range(2):
        services.simulating.simulate(20, votes="more", pool=True, user="local")
    votes = votes_of(services, "more")
    assert {(one.a, one.b) for one in votes[:20]} != {(one.a, one.b) for one in votes[20:]}
    again = [
        services.simulating.simulate(20, votes=name, pool=True, seed=7, user="local") for name in ("x", "y")
    ]
    said = [[(vote.a, vote.verdict) for vote in votes_of(services, one.votes.name)] for one in again]
    assert said[0] == said[1]


def test_thumbs_and_points_are_given_too(services: Services) -> None:
    for kind in (VoteKind.THUMB, VoteKind.RATING):
        services.simulating.simulate(50, votes="all", kind=kind, pool=True, user="local")
    thumbs = services.vote_views.view("all", ViewKind.KTO)
    assert {row["label"] for row in thumbs.rows} == {True, False}
    rated = services.vote_views.view("all", ViewKind.RATINGS)
    assert set(rated.rows[0]["scores"]) == {"helpful", "accurate", "safe"}


@pytest.mark.parametrize("name", [name for name, _ in ANNOTATORS])
def test_annotators_have_the_failings_they_are_called_by(services: Services, name: str) -> None:
    services.simulating.simulate(600, annotator=name, votes="v", pool=True, seed=1, user="local")
    votes = votes_of(services, "v")
    answers = services.storage.votes.answers({one for vote in votes for one in (vote.a, vote.b) if one})
    left = fmean((vote.verdict.choice == "a") == (vote.left == "a") for vote in votes)
    longer = fmean(
        (len(answers[vote.a].text) > len(answers[vote.b or ""].text)) == (vote.verdict.choice == "a")
        for vote in votes
    )
    assert (left > 0.62) == (name == "position-biased"), left
    assert (longer > 0.62) == (name == "length-biased"), longer


def made(services: Services, question: Question, *sources: str) -> str:
    new = VoteSet(name="asked", sources=sources, plan=VotePlan(question=question))
    return services.votes.create(new, user="local").name


def test_a_rater_goes_on_with_what_a_set_is_about(services: Services) -> None:
    first = probed(services, (0, "Base."), (20, "Late."))
    services.simulating.simulate(5, votes="first", runs=(first.id,), user="local")
    second = probed(services, (0, "Base."), (20, "Else."))
    again = services.simulating.simulate(50, votes="first", annotator="careful", user="local")
    assert (len(again.numbers), again.stored) == (10, 10), "of no other run, and of no pool"
    with pytest.raises(InvalidInput, match=f'"first" is not about {second.id}. Its sources: run:{first.id}.'):
        services.simulating.simulate(5, votes="first", runs=(second.id,), user="local")
    with pytest.raises(InvalidInput, match='"first" is not about answers that come with Lantern'):
        services.simulating.simulate(5, votes="first", pool=True, user="local")
    assert len(votes_of(services, "first")) == 15


@pytest.mark.parametrize(
    ("question", "source", "said"),
    [
        (Question.PAIR, "file:1", '"asked" was imported from a file'),
        (Question.EDIT, POOL, '"asked" asks people for votes of the kind edit, and these would be of the kind pair'),
        (Question.THUMB, POOL, "Ask for thumb, or name no set"),
        (Question.PAIR, "comparison:c1", '"asked" is about no run on Lantern. Its sources: comparison:c1'),
    ],
)  # fmt: skip
def test_nobody_votes_in_a_set_that_asks_for_something_else(
    services: Services, question: Question, source: str, said: str
) -> None:
    probed(services, (0, "Base."), (20, "Late."))
    name = made(services, question, source)
    with pytest.raises(InvalidInput, match=said):
        services.simulating.simulate(5, votes=name, user="local")
    assert votes_of(services, name) == ()
