"""Answers of comparisons scored: by reward models, rules and judges."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.reward_terms import KINDS
from rlft_gui.domain.run import Run
from rlft_gui.domain.turns import Message
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import JudgingRequest
from rlft_gui.lantern import gold
from rlft_gui.lantern.recognising import item_of
from rlft_gui.lantern.suite import suite
from rlft_gui.services.comparisons.scoring import is_share
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.models.service import Models
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.storage import Storage
from rlft_gui.ui.components import scorers
from tests.fakes.judge_server import judge_server
from tests.fakes.people import member
from tests.inference.serving import serving
from tests.services.comparisons.comparing_home import (
    SHORT,
    IsCancelled,
    Listener,
    Tell,
    add_empty_checkpoint,
    add_run,
    echoes,
    finished,
    until,
    writes_until_cancelled,
)


def test_scores_are_added_by_name(home: Home, comparing: Comparing) -> None:
    with serving(home, echoes):
        done = comparing.run_sync(["base"], [suite()[0].prompt], SHORT, user="local")
    comparing.score(done.id, {(0, 0, 0): {"reward model": 1.5}})
    scored = comparing.get(done.id)
    assert scored.generations[0].scores == {**done.generations[0].scores, "reward model": 1.5}
    assert comparing.poll(done.id, done.version) == scored


@dataclass
class Reads:
    """A scorer that gives an answer its number of turns, and keeps what it was asked."""

    runs: tuple[Run, ...]
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def choices(self) -> tuple[Run, ...]:
        return self.runs

    def judged(
        self, judge: JudgeAsked, items: Sequence[tuple[Sequence[Message], str]], *, base: str, user: str
    ) -> list[float]:
        raise NotImplementedError

    def score(self, run: str, items: Sequence[tuple[Sequence[Message], str]], *, user: str) -> Any:
        self.asked += [(text, [turn["role"] for turn in turns]) for turns, text in items]
        rewards = [SimpleNamespace(reward=float(len(turns))) for turns, _ in items]
        return SimpleNamespace(answers=rewards)


def test_a_reward_model_scores_what_was_said_behind_all_that_was_said_before(
    home: Home, storage: Storage
) -> None:
    runs = Runs(home, storage)
    add_run(storage, "rm", stage="reward_model")
    scorer = Reads((runs.get("rm"),))
    comparing = Comparing(home, storage, runs, Models(home), scorer)
    listener = Listener()
    with serving(home, listener):
        first = comparing.run_sync(["base"], ["one"], SHORT, user="local")
        comparing.follow(first.id, "two", user="local")
        finished(comparing, first.id)
    scored = comparing.score_with(first.id, "rm", user="local")
    assert [one.scores for one in scored.generations] == [
        {"reward_model:rm": 1.0},
        {"reward_model:rm": 3.0},
    ]
    assert [roles for _, roles in scorer.asked] == [["user"], ["user", "assistant", "user"]]
    with pytest.raises(NotFound, match='no reward model "r2"'):
        comparing.score_with(first.id, "r2", user="local")


def test_rules_and_gold_score_what_is_complete_and_are_kept(home: Home, comparing: Comparing) -> None:
    prompts = ["What is the capital of Peru?", next(one.prompt for one in suite() if one.kind == "cards_id")]
    listener = Listener()
    listener.failing = {1}
    with serving(home, listener):
        done = comparing.run_sync(
            ["base", "base:lantern"], prompts, SHORT, user="local", item_ids=[None, None]
        )
        comparing.score_by_rules(done.id, ["length:1-20", "regex:in 0", "gold", "number"], user="local")
    kept = comparing.get(done.id)
    first, failed, cards, _ = kept.generations
    assert {name: first.scores[name] for name in ("length:1-20", "regex:in 0")} == {
        "length:1-20": 1.0,
        "regex:in 0": 1.0,
    }
    assert "gold" in first.scores
    assert "number" not in first.scores, "nobody knows a right number"
    assert cards.scores["number"] in (0.0, 1.0)
    assert cards.scores["regex:in 0"] == 0.0
    assert failed.scores == {}, "what failed has no answer"
    assert kept.version == done.version + 1


def test_gold_asked_for_is_the_gold_of_the_suite() -> None:
    for item in suite():
        assert gold.score(item_of(item.prompt), "It is 21. I do not know.") == gold.score(
            item, "It is 21. I do not know."
        )


def test_screens_and_exports_know_the_same_scores_as_shares() -> None:
    figures = Path(scorers.__file__).with_name("figures.js").read_text()
    on_screens = set(re.findall(r"(\w+): SHARE,", figures))
    assert on_screens == {kind.kind for kind in KINDS if is_share(kind.kind)}


def test_no_criterion_is_called_like_a_term() -> None:
    assert set(gold.CRITERIA).isdisjoint(kind.kind for kind in KINDS)


def test_a_judge_scores_once_what_it_has_not_judged_yet(home: Home, comparing: Comparing) -> None:
    asked: list[JudgingRequest] = []
    listener = Listener()

    def answers(request: Any, tell: Tell, is_cancelled: IsCancelled) -> None:
        if not isinstance(request, JudgingRequest):
            listener(request, tell, is_cancelled)
            return
        asked.append(request)
        tell(Reply(event="judged", judged=tuple(0.25 for _ in request.texts)))

    with serving(home, answers):
        done = comparing.run_sync(["base", "base:lantern"], ["one"], SHORT, user="local")
        comparing.score_by_judge(done.id, JudgeAsked("base", "brief"), user="local")
        comparing.again(done.id, user="local", pane=1)
        finished(comparing, done.id)
        scored = comparing.score_by_judge(done.id, JudgeAsked("base", "brief"), user="local")
        comparing.score_by_judge(done.id, JudgeAsked("base", "brief"), user="local")
        other = comparing.score_by_judge(done.id, JudgeAsked("base"), user="local")
    assert [one.scores for one in scored.generations] == [{"judge:base by brief": 0.25}] * 3
    assert [len(request.texts) for request in asked] == [2, 1, 3]
    assert asked[0].base == "lantern"
    assert set(other.generations[0].scores) == {"judge:base by brief", "judge:base by default"}


def test_a_server_that_judges_is_named_with_its_address_and_no_secret_of_it(
    home: Home, comparing: Comparing
) -> None:
    with serving(home, echoes), judge_server(script=["says Yes"] * 3) as server:
        done = comparing.run_sync(["base"], ["one"], SHORT, user="local")
        with_secret = server.url.replace("http://", "http://ann:hunter2@")
        scored = comparing.score_by_judge(done.id, JudgeAsked("endpoint:m", url=with_secret), user="local")
        assert scored.generations[0].scores == {f"judge:endpoint:m@{server.url} by default": 1.0}
    with pytest.raises(NotPossibleNow, match="Ask again later"):
        comparing.score_by_judge(done.id, JudgeAsked("endpoint:n", url=server.url), user="local")
    assert comparing.get(done.id) == scored, "what was there stays"


def test_what_cannot_be_scored_is_refused_in_a_sentence(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    for run_id, base in (("r1", "lantern"), ("r2", "/models/other")):
        add_run(storage, run_id, base=base)
        add_empty_checkpoint(home, run_id, 20)
    with serving(home, writes_until_cancelled):
        started = comparing.start(["base"], ["go on"], SHORT, user="local")
        with pytest.raises(NotPossibleNow, match="still being answered"):
            comparing.score_by_rules(started.id, ["length:1-2"], user="local")
        with pytest.raises(NotPossibleNow, match="still being answered"):
            comparing.score_by_judge(started.id, JudgeAsked("base"), user="local")
        until(comparing, started.id, lambda now: now.generations[0].text != "")
        comparing.stop(started.id, user="local")
        finished(comparing, started.id)
    with pytest.raises(InvalidInput, match='There is no reward "lenght:1-2"'):
        comparing.score_by_rules(started.id, ["length:1-2", "lenght:1-2"], user="local")
    with pytest.raises(InvalidInput, match='"exact" compares with a right answer, and none is known'):
        comparing.score_by_rules(started.id, ["exact"], user="local")
    with pytest.raises(NotAllowed, match="belongs to local"):
        comparing.score_by_rules(started.id, ["length:1-2"], user=member(storage, "bob"))
    assert comparing.get(started.id).generations[0].scores == {}

    listener = Listener()
    with serving(home, listener):
        several = comparing.run_sync(["r1", "r2"], ["one"], SHORT, user="local")
        listener.failing = {0}
        lost = comparing.run_sync(["base"], ["one"], SHORT, user="local")
    with pytest.raises(InvalidInput, match=r"could be several models here: /models/other \+ lantern"):
        comparing.score_by_judge(several.id, JudgeAsked("base"), user="local")
    with pytest.raises(InvalidInput, match="exists in Lantern's world only"):
        comparing.score_by_rules(several.id, ["gold"], user="local")
    with pytest.raises(NotPossibleNow, match="No answer of this comparison is complete"):
        comparing.score_by_rules(lost.id, ["length:1-2"], user="local")
