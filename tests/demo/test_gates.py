"""Deny by default: every method of the services is offered by a gate, or named as not offered."""

import inspect
import typing
from typing import Any

import pytest

from rlft_gui.demo.door import NOT_OFFERED, Demo
from rlft_gui.demo.gates import GATES, NOT_FOR_VISITORS, check_spec
from rlft_gui.demo.limits import Limits
from rlft_gui.demo.sandboxes import Sandboxes
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotPossibleNow, RlftError
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.votes import VoteSet
from rlft_gui.services import Services
from rlft_gui.services.calling import calling
from rlft_gui.services.notice import Notice
from tests.demo.conftest import Clock, Opener
from tests.demo.visiting import OPEN, PROMPT

VISITOR = "visitor-" + "a" * 20
_NO_SERVICES = ("home", "storage", "notice")


def demo_of(sandboxes: Sandboxes, **limits: float) -> Demo:
    return Demo(sandboxes, Limits.model_validate(limits), GATES, Notice(title="", text=""))


def test_every_method_has_a_gate_or_is_said_to_have_none() -> None:
    methods = {
        (part, name)
        for part, kind in typing.get_type_hints(Services).items()
        if part not in _NO_SERVICES
        for name, _ in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }
    assert methods == set(GATES) | NOT_FOR_VISITORS
    assert not set(GATES) & NOT_FOR_VISITORS


def test_what_has_no_gate_is_refused_and_so_is_whoever_is_nobody(sandboxes: Opener) -> None:
    services = demo_of(sandboxes()).services()
    with calling(VISITOR), pytest.raises(NotAllowed, match=NOT_OFFERED[:20]):
        services.adding.add("/etc")
    with pytest.raises(NotAllowed, match="Nobody"):
        services.runs.list()


@pytest.mark.parametrize(
    ("models", "prompts", "changes", "kind"),
    [
        (["base"], ["How are you?"], {}, NotAllowed),
        (["base"], [PROMPT + " "], {}, NotAllowed),
        (["base:/etc"], [PROMPT], {}, NotAllowed),
        (["endpoint:m@http://127.0.0.1:1/v1"], [PROMPT], {}, NotAllowed),
        (["base"] * 5, [PROMPT], {}, InvalidInput),
        (["base"], [PROMPT] * 4, {}, InvalidInput),
        (["base"], [PROMPT], {"system": "Be rude."}, NotAllowed),
        (["base"], [PROMPT], {"base": "/etc"}, NotAllowed),
        (["base"], [PROMPT], {"draws": 5}, InvalidInput),
        (["base"], [PROMPT], {"sampling": Sampling(max_new_tokens=129)}, InvalidInput),
        (["nobody-abcdef"], [PROMPT], {}, RlftError),
    ],
)
def test_no_model_prompt_or_length_but_what_the_demo_offers(
    sandboxes: Opener, models: list[str], prompts: list[str], changes: dict[str, Any], kind: type[RlftError]
) -> None:
    demo = demo_of(sandboxes())
    asked: dict[str, Any] = {"sampling": Sampling(max_new_tokens=8), **changes}
    with calling(VISITOR), pytest.raises(kind):
        demo.services().comparing.start(models, prompts, user=VISITOR, **asked)
    with demo.sandboxes.using(VISITOR) as mine:
        assert mine is None or not [one for one in mine.services.comparing.list(50) if one.owner == VISITOR]


@pytest.mark.parametrize("term", ["regex:(a+)+$", " regex:x", "length:" + "1" * 600])
def test_no_patterns_and_no_long_rules(sandboxes: Opener, term: str) -> None:
    with calling(VISITOR), pytest.raises(RlftError):
        demo_of(sandboxes()).services().comparing.score_by_rules("c1", [term], user=VISITOR)


@pytest.mark.parametrize(
    "spec",
    [
        {"base": "/etc"},
        {"stages": {"sft": {"data": "/etc/passwd"}}},
        {"stages": {"ppo": {"judge": "endpoint:m", "judge_url": "http://10.0.0.1"}}},
        {"measure": {"held_out": "~root/x"}},
        {"stages": {"ppo": {"rewards": {"regex:(a+)+$": 1.0}}}},
    ],
)
def test_pipelines_name_no_place_on_the_machine(spec: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        check_spec(PipelineSpec.model_validate({"method": "sft", **spec}))


def test_limits_count_by_visitor_and_by_hour_and_survive_a_restart(sandboxes: Opener, clock: Clock) -> None:
    def make(name: str) -> None:
        demo.services().voting.create(VoteSet(name=name, sources=sources), user=VISITOR)

    demo = demo_of(sandboxes(), sets=1)
    with calling(VISITOR):
        sources = demo.services().votes.get(OPEN).sources
        make("one")
        with pytest.raises(NotPossibleNow, match="1 sets of votes"):
            make("two")
        demo.sandboxes.close()
        demo = demo_of(sandboxes(), sets=1)
        with pytest.raises(NotPossibleNow, match="1 sets of votes"):
            make("two")


def test_what_was_spent_in_vain_is_given_back(sandboxes: Opener) -> None:
    demo = demo_of(sandboxes(), comparisons=1)
    with calling(VISITOR):
        for _ in range(3):
            with pytest.raises(RlftError, match="nobody"):
                demo.services().comparing.start(
                    ["nobody-abcdef"], [PROMPT], Sampling(max_new_tokens=8), user=VISITOR
                )
