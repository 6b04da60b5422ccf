"""The page of ratings over 50,000 votes: what its server function takes, after the app began, after a new vote, and again.

Eight models, 5,000 prompts of six kinds, four people and a judge. The first question of a process imports statsmodels; a new
vote makes the ratings stale, so they are counted anew; without one they are handed out as they were.
"""

import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from rlft_gui.domain.votes import (
    Answer,
    Choice,
    Rater,
    RaterKind,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
    prompt_of,
)
from rlft_gui.services import Services, open_services
from rlft_gui.ui.pages.ratings.page import _Answers
from rlft_gui.ui.pages.ratings.payloads import RatingsAsked

VOTES, PROMPTS, MODELS = 50_000, 5_000, 8
LOOKS = 7
LONGEST = 0.5  #: s
_KINDS = ("facts", "advice", "code", "harm", "writing", "sums")
_RATERS = (
    *(Rater(name=name) for name in ("Anna", "Ben", "Cleo", "Dora")),
    Rater(name="judge", kind=RaterKind.JUDGE),
)


def main() -> None:
    """Print seconds of each look: wall time, and what the processor worked."""
    folder = Path(tempfile.mkdtemp())
    try:
        services = open_services(folder)
        began = time.perf_counter()
        spare = _cast(services)
        print(
            f"{VOTES:,} votes on {PROMPTS:,} prompts, {MODELS} models, stored in {time.perf_counter() - began:.1f} s"
        )
        answers = _Answers(services)
        _print("first look of a process, which imports statsmodels", [_look(answers)])
        stale = []
        for vote in spare[:LOOKS]:
            services.votes.record([], [], [vote])
            stale.append(_look(answers))
        _print("after a new vote", stale)
        _print("the same votes again", [_look(answers) for _ in range(LOOKS)])
        services.storage.close()
    finally:
        shutil.rmtree(folder)


def _look(answers: _Answers) -> tuple[float, float]:
    wall, work = time.perf_counter(), time.process_time()
    answers.ratings(RatingsAsked(votes="many"), "bench").model_dump_json()
    return time.perf_counter() - wall, time.process_time() - work


def _print(what: str, took: list[tuple[float, float]]) -> None:
    wall, work = (statistics.median(column) for column in zip(*took, strict=True))
    verdict = "" if wall <= LONGEST else f"  more than {LONGEST} s"
    print(f"{what:52} {wall:6.3f} s, processor {work:6.3f} s{verdict}")


def _cast(services: Services) -> list[Vote]:
    """Stores all votes but some, which are returned."""
    rng = random.Random(0)
    services.votes.create(VoteSet(name="many"), user="bench")
    prompts, answers, votes = [], [], []
    for number in range(PROMPTS):
        prompt = prompt_of(f"Question {number}?").model_copy(update={"kind": rng.choice(_KINDS)})
        told = [
            Answer(prompt_id=prompt.id, model=f"model {model}", text="word " * rng.randint(20, 200))
            for model in range(MODELS)
        ]
        prompts.append(prompt)
        answers += told
        votes += [_vote(rng, prompt.id, told) for _ in range(VOTES // PROMPTS)]
    services.votes.record(prompts, answers, votes)
    return [_vote(rng, prompts[0].id, answers[:MODELS]) for _ in range(LOOKS)]


def _vote(rng: random.Random, prompt_id: str, told: list[Answer]) -> Vote:
    a, b = sorted(rng.sample(range(MODELS), 2), key=lambda _: rng.random())
    wins = rng.random() < 1 / (1 + 2.718 ** (0.2 * (b - a)))
    choice = Choice.TIE if rng.random() < 0.1 else Choice.A if wins else Choice.B
    return Vote(
        votes="many", rater=rng.choice(_RATERS), kind=VoteKind.PAIR, prompt_id=prompt_id, a=told[a].id, b=told[b].id,
        left=rng.choice(("a", "b")), verdict=Verdict(choice=choice), seconds=rng.uniform(1, 60),
    )  # fmt: skip


if __name__ == "__main__":
    main()
