"""Constitutional AI has two phases; imitating revisions alone is only the first."""

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.methods import method
from rlft_gui.stages import stage

METHOD = method("constitutional")


def test_unless_asked_otherwise_preferences_by_principle_follow_the_revisions() -> None:
    links = METHOD.plan({})
    assert [link.stage for link in links] == ["critique_revision", "sft", "ai_feedback", "dpo"]
    labels = links[2]
    assert labels.defaults == {"by": "constitution"}
    assert (labels.parent, links[3].parent, links[3].data) == (1, 1, 2)
    assert stage("ai_feedback").produces == DataType.PREFERENCES


def test_the_second_phase_may_be_reinforcement_learning_on_a_reward_model_of_the_labels() -> None:
    links = METHOD.plan({"second_phase": "ppo"})
    assert [link.stage for link in links[2:]] == ["ai_feedback", "reward_model", "ppo"]
    assert (links[3].data, links[4].reward) == (2, 3)


@pytest.mark.parametrize("second_phase", ["dpo", "ppo", "none"])
def test_the_first_phase_imitates_what_critique_and_revision_made(second_phase: str) -> None:
    _, imitation, *rest = METHOD.plan({"second_phase": second_phase})
    assert (imitation.stage, imitation.data) == ("sft", 0)
    assert bool(rest) == (second_phase != "none")
