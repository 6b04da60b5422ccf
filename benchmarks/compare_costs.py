"""What eight adapters hold beside their base alone, and what scores and votes take beside the answers they are about.

The base has SmolLM2-135M's shape and random weights (smollm2.py), or is the folder that is given, as `python -m
benchmarks.compare_costs FOLDER` does with the real one (real_model.py). Memory is the most that a process held which
answered eight times at once, by the base alone or by eight adapters of it, less what it held before it loaded
anything. Seconds are by the clock, the median of the turns: a fresh reward model on the same base reads the answers, each pair of
neighbours is voted on once. What is loaded once, at the first asking, is left out, as it is of the answers.
"""

import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from benchmarks.compare import RANDOM_PROMPT, REAL_PROMPT
from benchmarks.peak import peak
from benchmarks.scoring import RUN as REWARD
from benchmarks.scoring import make_reward_model
from benchmarks.smollm2 import add_run, make_base
from rlft_gui.domain.comparison import Generation, Sampling
from rlft_gui.domain.home import Home
from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import Choice, Rater, Verdict, VoteSet
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.protocol import Ask, BasedModel, GenerationRequest, Reply
from rlft_gui.inference.scoring import ScoringRequest
from rlft_gui.services import Services, open_services
from tests.services.feedback.voting_home import compared

PANES = (4, 8)
MOST = max(PANES)
TURNS = 5
SAMPLING = Sampling(temperature=0.7, max_new_tokens=128)
MOST_MEMORY, MOST_TIME = 1.3, 0.1
WHO = ("base", "adapters")
ANNA = Rater(name="Anna")


def main(real: Path | None = None) -> None:
    """`real` is the folder of a base that answers at length."""
    with tempfile.TemporaryDirectory() as folder:
        home, base = Home(Path(folder) / "home"), real or make_base(Path(folder) / "base")
        for number in range(MOST):
            add_run(home, f"run-{number}", base, seed=number)
        prompt = REAL_PROMPT if real else RANDOM_PROMPT
        _print_memory(home, base, prompt)
        _print_time(home, base, prompt)


def _print_memory(home: Home, base: Path, prompt: str) -> None:
    alone, adapters = (_held(home, base, prompt, who) for who in WHO)
    late = "" if adapters / alone <= MOST_MEMORY else "  above target"
    print(
        f"\nMemory, {MOST} panes: base {alone / 2**20:,.0f} MB, {MOST} adapters {adapters / 2**20:,.0f} MB, "
        f"ratio {adapters / alone:.2f}, target {MOST_MEMORY:.2f}{late}",
        flush=True,
    )


def _held(home: Home, base: Path, prompt: str, who: str) -> int:
    """By a process of its own; bytes."""
    asked = [sys.executable, "-m", "benchmarks.compare_costs", who, str(home.path), str(base), prompt]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    return int(json.loads(done.stdout.splitlines()[-1]))


def _hold(who: str, home: str, base: str, prompt: str) -> None:
    """Answer, and tell what that needed."""
    _be_quiet()
    engine = Engine(Home(Path(home)))
    before = peak()
    _answer(engine, Path(base), prompt, MOST, is_base=who == "base")
    print(json.dumps(peak() - before))


def _print_time(home: Home, base: Path, prompt: str) -> None:
    _be_quiet()
    make_reward_model(home, str(base))
    engine, services = Engine(home), open_services(home.path)
    print(f"\nBeside {SAMPLING.max_new_tokens} tokens in each pane, median of {TURNS} turns")
    print(f"{'':10}{'answers':>10}{'scores':>10}{'votes':>10}{'ratio':>8}{'target':>8}{'load':>8}")
    for panes in PANES:
        _score(engine, prompt, _answer(engine, base, prompt, panes))  # loads what is missing
        turns = [_turn(engine, services, base, prompt, panes, number) for number in range(TURNS)]
        answers, scores, votes = (statistics.median(column) for column in zip(*turns, strict=True))
        ratio = (scores + votes) / answers
        late = "" if ratio <= MOST_TIME else "  above target"
        print(
            f"{f'{panes} panes':10}{answers:10.2f}{scores:10.2f}{votes:10.3f}{ratio:8.3f}{MOST_TIME:8.2f}"
            f"{os.getloadavg()[0]:8.1f}{late}",
            flush=True,
        )
    services.storage.close()


def _turn(
    engine: Engine, services: Services, base: Path, prompt: str, panes: int, number: int
) -> tuple[float, float, float]:
    answers: list[Generation] = []
    answering = _seconds(lambda: answers.extend(_answer(engine, base, prompt, panes)))
    scoring = _seconds(lambda: _score(engine, prompt, answers))
    texts = {(pane, index): f"{pane} {index}" for pane in range(2) for index in range(panes // 2)}
    name = f"c-{panes}-{number}"
    source = compared(services.storage, name, panes // 2, texts=texts)
    votes = services.voting.create(VoteSet(name=name, sources=(source,), plan=VotePlan()), user="local")
    return answering, scoring, _seconds(lambda: _vote(services, votes.name, panes // 2))


def _answer(
    engine: Engine, base: Path, prompt: str, panes: int, *, is_base: bool = False
) -> list[Generation]:
    runs = [None if is_base else f"run-{number}" for number in range(panes)]
    request = GenerationRequest(
        id="one",
        panes=tuple(BasedModel(base=str(base), run_id=run) for run in runs),
        conversations=(({"role": "user", "content": prompt},),),
        asks=tuple(
            Ask(pane=pane, prompt_index=0, draw=0, conversation=0, seed=pane) for pane in range(panes)
        ),
        sampling=SAMPLING,
    )
    replies: list[Reply] = []
    engine.answer(request, replies.append, lambda: False)
    last = [answer for reply in replies for answer in reply.answers if answer.status.is_ended]
    if len(last) != panes or any(answer.error for answer in last):
        raise AssertionError(f"Every pane should have answered: {last}")
    return last


def _score(engine: Engine, prompt: str, answers: list[Generation]) -> None:
    turns = [
        ({"role": "user", "content": prompt}, {"role": "assistant", "content": answer.text})
        for answer in answers
    ]
    replies: list[Reply] = []
    engine.answer(
        ScoringRequest(id="x", run_id=REWARD, conversations=tuple(turns)), replies.append, lambda: False
    )
    scored = replies[-1].scored
    if scored is None or any(answer.error for answer in scored.answers):
        raise AssertionError(f"Every answer should have a score: {replies[-1]}")


def _vote(services: Services, name: str, most: int) -> None:
    """Once on each pair."""
    for _ in range(most):
        ballot = services.voting.next(name, ANNA, 1, user="local")[0]
        services.voting.cast(ballot.id, Verdict(choice=Choice.A, strength=2), ANNA, user="local")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _be_quiet() -> None:
    from transformers.utils import logging as transformers_logging

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WHO:
        _hold(*sys.argv[1:])
    else:
        main(*map(Path, sys.argv[1:2]))
