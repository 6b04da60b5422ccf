"""Which pairs come first, where answers come from, and how two models stand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.comparison import GenerationStatus
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.domain.vote_plan import PairOrder, VotePlan
from rlft_gui.domain.votes import Choice, PairVerdict, Rater, RaterKind, Verdict, Vote, VoteKind, VoteSet
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.services.feedback import voting_pool
from rlft_gui.services.feedback.queue import NO_JUDGE, NO_SCORES, ordered
from rlft_gui.services.feedback.voting_pool import Pool
from rlft_gui.storage import open_storage
from rlft_gui.training.run.reporter import EventReporter
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline
from tests.services.feedback.voting_home import Case, compared

ANNA = Rater(name="Anna")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    case = Case(tmp_path)
    yield case
    case.storage.close()


def a_set(order: PairOrder, source: str) -> VoteSet:
    return VoteSet(name="week 1", sources=(source,), plan=VotePlan(order=order))


def scored(pool: Pool, rewards: dict[tuple[str, str], float]) -> Pool:
    """With a reward model's score by model and last words of the prompt."""
    prompts = {key: prompt.messages[0]["content"] for key, prompt in pool.prompts.items()}

    def score(model: str, prompt_id: str) -> dict[str, float]:
        found = rewards.get((model, prompts[prompt_id]))
        others = {"judge:reward by default": 0.5, "regex:reward": 1.0}
        return others if found is None else {**others, "reward_model:rm": found}

    answers = {
        key: one.model_copy(update={"facts": {"scores": score(one.model, one.prompt_id)}})
        for key, one in pool.answers.items()
    }
    return Pool(pool.prompts, answers, pool.entries, pool.checks)


def asked(pool: Pool, entries: tuple[voting_pool.Entry, ...]) -> list[str]:
    return [pool.prompts[entry.prompt_id].messages[0]["content"] for entry in entries]


REWARDS = {
    ("base", "Question 0?"): 1.0,
    ("tour-dpo@40", "Question 0?"): 3.0,
    ("base", "Question 1?"): 2.0,
    ("tour-dpo@40", "Question 1?"): 1.9,
    ("base", "Question 2?"): -1.0,
    ("tour-dpo@40", "Question 2?"): 0.0,
}


def test_uncertain_pairs_are_those_that_a_reward_model_scores_alike(case: Case) -> None:
    votes = a_set(PairOrder.UNCERTAIN, compared(case.storage, "c", 4))
    pool = voting_pool.pool(case.storage, votes)
    queue = ordered(votes, "Anna", scored(pool, REWARDS), ())
    assert asked(pool, queue.entries) == ["Question 1?", "Question 2?", "Question 0?", "Question 3?"]
    assert queue.note == ""
    without = ordered(votes, "Anna", pool, ())
    assert without.note == NO_SCORES, "gold is no reward model"
    assert sorted(without.entries) == sorted(pool.entries)


def test_pairs_come_first_where_reward_model_and_judge_differ(case: Case) -> None:
    votes = a_set(PairOrder.DISAGREEMENT, compared(case.storage, "c", 4))
    pool = voting_pool.pool(case.storage, votes)
    judge = Rater(name="gpt", kind=RaterKind.JUDGE)
    judged = [
        Vote(
            votes="week 1",
            rater=judge,
            kind=VoteKind.PAIR,
            prompt_id=entry.prompt_id,
            a=entry.a,
            b=entry.b,
            verdict=Verdict(choice=Choice.A),
        )
        for entry in pool.entries
    ]
    queue = ordered(votes, "Anna", scored(pool, REWARDS), judged)
    assert set(asked(pool, queue.entries)[:2]) == {"Question 0?", "Question 2?"}
    assert queue.note == ""
    assert ordered(votes, "Anna", scored(pool, REWARDS), ()).note == NO_JUDGE
    case.voting.create(votes, user="local")
    assert case.voting.progress("week 1", ANNA).note == NO_JUDGE


def test_two_raters_meet_a_set_in_orders_of_their_own(case: Case) -> None:
    votes = a_set(PairOrder.RANDOM, compared(case.storage, "c", 30))
    pool = voting_pool.pool(case.storage, votes)
    anna, ben = (ordered(votes, rater, pool, ()).entries for rater in ("Anna", "Ben"))
    assert anna != ben
    assert sorted(anna) == sorted(ben) == sorted(pool.entries)
    assert ordered(votes, "Anna", pool, ()).entries == anna, "the same after a restart"


def test_a_batch_gives_pairs_of_its_models_under_what_they_were_told(case: Case) -> None:
    home = fresh_home(case.storage.database.path.parent / "batch")
    storage = open_storage(home)
    made = pipeline("batch", settings={"models": ["base", "r1@5"], "system": "Be kind.", "temperature": 0.5})
    storage.transitions.add(made, launch_id=made.id)
    batch = made.runs[0]
    home.run(batch.id).path.mkdir(parents=True)
    claimed = storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    reporter = EventReporter(home.run(batch.id), 1)
    reporter.state("running")
    reporter.asked(SuitePrompt(id="k1", kind="known", messages=({"role": "user", "content": "2 + 2?"},)))
    for model, text in (("base", "Five."), ("r1@5", "Four.")):
        reporter.answered(
            BatchAnswer(model=model, item_id="k1", seed=3, text=text, checkpoint=model, tokens=2)
        )
    reporter.answered(BatchAnswer(model="gone", item_id="k1", seed=3, error="It is gone."))
    Ingester(home, storage).ingest(batch.id)
    votes = VoteSet(name="week 1", sources=(f"run:{batch.id}",))

    pool = voting_pool.pool(storage, votes)

    (prompt,) = pool.prompts.values()
    assert [(turn["role"], turn["content"]) for turn in prompt.messages] == [
        ("system", "Be kind."),
        ("user", "2 + 2?"),
    ]
    (entry,) = pool.entries
    said = [pool.answers[name] for name in (entry.a, entry.b) if name]
    assert [(one.model, one.text, one.title) for one in said] == [
        ("base", "Five.", "Lantern"),
        ("r1@5", "Four.", "r1@5"),
    ]
    assert said[0].facts["sampling"] == {"temperature": 0.5, "top_p": None, "max_new_tokens": None, "seed": 3}
    storage.close()


def test_answers_in_a_conversation_stand_behind_all_that_was_said(case: Case) -> None:
    source = compared(case.storage, "c", 2)
    found = case.storage.comparisons.get("c")
    assert found is not None
    talk = found.model_copy(update={"id": "talk", "chat": True, "system": "Be kind."})
    case.storage.comparisons.add(talk)
    alone = voting_pool.pool(case.storage, a_set(PairOrder.RANDOM, source))
    together = voting_pool.pool(case.storage, a_set(PairOrder.RANDOM, "comparison:talk"))
    assert len(alone.entries) == 2
    assert len(together.entries) == 1, "the second turns go on from different answers"
    later = [one for one in together.prompts.values() if len(one.messages) > 2]
    assert [[turn["role"] for turn in one.messages] for one in later] == [
        ["system", "user", "assistant", "user"]
    ] * 2


def test_runs_are_joined_by_the_prompts_that_their_newest_probes_share(case: Case) -> None:
    from tests.storage.test_events import Case as Events

    first = Events(case.storage.database.path.parent / "first")
    reporter = first.reporter()
    reporter.state("running")
    reporter.sample(0, "k1", "known", "2 + 2?", "Three.", {"gold": -1.0})
    reporter.sample(5, "k1", "known", "2 + 2?", "Four.", {"gold": 1.0})
    first.ingest()
    votes = VoteSet(name="week 1", sources=(f"run:{first.run.id}",))
    pool = voting_pool.pool(first.storage, votes)
    (answer,) = [one for one in pool.answers.values() if one.model != voting_pool.BROKEN]
    assert (answer.text, answer.model, answer.run_id) == ("Four.", f"{first.run.id}@5", first.run.id)
    (prompt,) = pool.prompts.values()
    assert (prompt.item_id, prompt.kind, prompt.messages) == (
        "k1",
        "known",
        ({"role": "user", "content": "2 + 2?"},),
    )
    assert pool.entries == (), "one model is no pair"
    first.storage.close()


def test_a_source_that_is_gone_or_unheard_of_gives_nothing(case: Case) -> None:
    for source in ("comparison:none", "run:none", "file:abc", "nonsense"):
        assert list(voting_pool.read(case.storage, source)) == []


def test_what_was_answered_after_the_set_was_made_is_asked_too(case: Case) -> None:
    source = compared(case.storage, "c", 3, written=1)
    name = case.voting.create(a_set(PairOrder.RANDOM, source), user="local").name
    assert len(case.voting.next(name, ANNA, 5, user="local")) == 1
    whole = case.storage.comparisons.get("c")
    assert whole is not None
    done = [one.model_copy(update={"status": GenerationStatus.DONE}) for one in whole.generations]
    case.storage.comparisons.end("c", done)
    assert len(case.voting.next(name, ANNA, 5, user="local")) == 3


def pair(a: str, b: str, won: float) -> PairVerdict:
    return PairVerdict(1, "p", "", "Anna", RaterKind.PERSON, a, b, won, "a", 1, 1)
