"""Two visitors in one real app: whatever one of them asks, with the other's ids and right after him, tells nothing of the other.

Every server function and every event of every page is asked, so a page that keeps something of whoever asked first is found
without anybody having thought of it. That a leak is found is tried first, with a demo that answers all from one home.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.demo.door import Call, Demo
from rlft_gui.demo.gates import GATES
from rlft_gui.demo.limits import Limits
from rlft_gui.demo.opening import open_demo, shipped
from rlft_gui.domain.home import Home
from rlft_gui.services.notice import Notice
from tests.browser_types import server_functions
from tests.demo.visiting import OPEN, PROMPT, Visitor, as_text, served, sums

pytestmark = pytest.mark.slow

RUBRIC, RATER, SET = "canary in a rubric", "Canary Rater", "canary set"


class Facts(dict[str, Any]):
    """What A has made, by the names of arguments that may name it."""


def life_of(visitor: Visitor) -> Facts:
    """He compares, makes a set of votes and a dataset of none, and votes."""
    started = visitor.compare()["view"]["comparison"]["id"]
    visitor.answered(started)
    sources = next(one for one in visitor.ok("vote_choices")["sets"] if one["name"] == OPEN)["sources"]
    visitor.ok("vote_make", name=SET, rubric=RUBRIC, sources=sources)
    held = visitor.ok("vote_next", votes=SET, rater=RATER, n=2)["ballots"]
    visitor.ok("vote_cast", ballot=held[0]["id"], rater=RATER, choice="a", seconds=5.0)
    models = visitor.ok("compare_choices", models=[])["runs"]
    return Facts(
        id=started,
        comparison=started,
        votes=SET,
        rater=RATER,
        ballot=held[1]["id"],
        run=models[0]["id"],
        model=models[0]["id"],
        runs=[[models[0]["id"], ""]],
        models=["base", models[0]["id"]],
        prompts=[PROMPT],
        prompt=PROMPT,
        item="",
        columns=[],
        sources=sources,
        name="another",
    )


def asked_with(name: str, facts: Facts) -> dict[str, Any]:
    """Arguments of a server function: what the facts name, and something harmless for what is required beside."""
    fields = server_functions()[name].asked.model_fields
    spare = {
        "answers": [],
        "data": [],
        "types": [],
        "mapping": {},
        "amount": 1.0,
        "seed": 0,
        "number": 1,
        "held_out": True,
    }
    choices = {"action": "stop", "format": "md", "unit": "prompts", "asked": "all", "measures": False}
    known = {**spare, **choices, **facts}
    if name == "shared_metrics":
        known["runs"] = [facts["run"]]
    return {
        field: known.get(field, "x")
        for field, told in fields.items()
        if told.is_required() or field in ("comparison", "votes", "id", "run")
    }


def told_of(facts: Facts, asked: Any, answer: Any) -> list[str]:
    """Which of A's secrets an answer holds that were not in the question."""
    secrets = (facts["id"], SET, RATER, RUBRIC, facts["ballot"])
    return [one for one in secrets if one in as_text(answer) and one not in as_text(asked)]


def compared_in(answer: dict[str, Any]) -> str | None:
    """The id of the comparison that is shown; it was in the question too."""
    view = (answer.get("ok") or {}).get("view")
    return view["comparison"]["id"] if view else None


def leaks(a: Visitor, b: Visitor, facts: Facts) -> list[str]:
    """What B learns of A, by function or event."""
    found = []
    for name in sorted(a.parts()):
        asked = asked_with(name, facts)
        if name not in ("compare_delete", "vote_undo", "vote_skip"):  # A keeps what he has
            a.call(name, **asked)
        answer = b.call(name, **asked)
        found += [f"{name}: {one}" for one in told_of(facts, asked, answer)]
        found += [f"{name}: his comparison"] * (compared_in(answer) == facts["id"])
    for event in (one for one in a.events if one["backend_fn"]):
        data = [facts["votes"] if place == 0 else None for place, _ in enumerate(event["inputs"])]
        a.event(event["id"], data)
        found += [f"event {event['id']}: {one}" for one in told_of(facts, data, b.event(event["id"], data))]
    return found


@contextmanager
def two_visitors(folder: Path, demo: Demo) -> Iterator[tuple[Visitor, Visitor]]:
    with served(demo, folder) as address:
        yield Visitor(address), Visitor(address)


def test_a_demo_that_answers_all_from_one_home_is_found_out(tmp_path: Path) -> None:
    demo = open_demo(tmp_path, shipped())

    def from_one_home(call: Call) -> Any:
        with demo.sandboxes.using("visitor-" + "0" * 20, makes=True) as sandbox:
            assert sandbox is not None
            return call.on(sandbox.services)

    broken = Demo(demo.sandboxes, Limits(), dict.fromkeys(GATES, from_one_home), Notice(title="", text=""))
    with two_visitors(tmp_path, broken) as (a, b):
        found = leaks(a, b, life_of(a))
    assert {"vote_choices", "compare_recent"} <= {one.partition(":")[0] for one in found}


def test_nobody_learns_anything_of_another_and_the_seed_stays_as_it_is(tmp_path: Path) -> None:
    demo = open_demo(tmp_path, shipped())
    (folder,) = (tmp_path / "seeds").iterdir()
    before = sums(Home(folder).path)
    with two_visitors(tmp_path, demo) as (a, b):
        facts = life_of(a)
        assert sorted(a.parts()) == sorted(server_functions()), "every declared function is on some page"
        assert leaks(a, b, facts) == []
        assert facts["id"] in json.dumps(a.ok("compare_recent")), "A still has what he made"
        assert RATER in json.dumps(a.ok("vote_state", votes=SET, rater=RATER))
    assert sums(Home(folder).path) == before
