"""RLAIF learns from a judge's labels or its live score. Imitating the judge's favourites is best-of-n, and is called so."""

import pytest

from rlft_gui.methods import method

METHOD = method("rlaif")


@pytest.mark.parametrize("options", [{}, {"route": "dpo"}, {"route": "ppo"}, {"route": "live"}])
def test_no_route_but_best_of_n_imitates_the_best_of_several(options: dict[str, str]) -> None:
    links = METHOD.plan(options)
    assert "best_of_n" not in {link.stage for link in links}
    assert links[-1].stage in ("dpo", "ppo")
    assert all(link.optional for link in links if link.stage == "sft")


@pytest.mark.parametrize(("route", "learner"), [("dpo", "dpo"), ("ppo", "reward_model")])
def test_what_learns_from_labels_learns_from_the_judges(route: str, learner: str) -> None:
    links = METHOD.plan({"route": route})
    [taker] = [link for link in links if link.stage == learner]
    assert taker.data is not None
    assert links[taker.data].stage == "ai_feedback"


def test_the_live_route_is_rewarded_by_the_judge_itself() -> None:
    assert METHOD.plan({"route": "live"})[-1].defaults["rewards"] == {"judge": 1.0}


def test_best_of_n_goes_by_its_own_name() -> None:
    made, imitated = METHOD.plan({"route": "best_of_n"})[1:]
    assert (made.stage, made.defaults["rewards"]) == ("best_of_n", {"judge": 1.0})
    assert (imitated.stage, imitated.name, imitated.data) == ("sft", "imitate", 1)
