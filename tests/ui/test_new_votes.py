"""What /new?votes=SET opens: a draft that could be launched, on the data step, with a word on the votes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidPipeline
from rlft_gui.domain.votes import VoteKind
from rlft_gui.services import Services, open_services
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from rlft_gui.ui.pages.new.review import DATA, MODEL
from rlft_gui.ui.pages.new.view import from_address, furthest
from tests.fakes.homes import fresh_home
from tests.services.feedback.ballot_box import BallotBox


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = open_services(fresh_home(tmp_path).path)
    yield services
    services.storage.close()


def simulated(services: Services, kind: VoteKind = VoteKind.PAIR) -> None:
    services.simulating.simulate(40, votes="week 1", kind=kind, pool=True, user="local")


@pytest.mark.parametrize(
    ("asked", "kind", "method", "taker", "type"),
    [
        ("", VoteKind.PAIR, "dpo", "dpo", DataType.PREFERENCES),
        ("rlhf", VoteKind.PAIR, "rlhf", "reward_model", DataType.PREFERENCES),
        ("", VoteKind.THUMB, "kto", "kto", DataType.THUMBS),
        ("", VoteKind.RATING, "rlhf", "reward_model", DataType.RATINGS),
    ],
)
def test_votes_open_a_wizard_that_can_be_launched(
    services: Services, asked: str, kind: VoteKind, method: str, taker: str, type: DataType
) -> None:
    simulated(services, kind)
    query = {"votes": "week 1", **({"method": asked} if asked else {})}
    draft, step, told = from_address(services, query, Draft(), "local")
    resolved = ResolvedDraft(services, draft)
    assert (draft.method, draft.start, step) == (method, "lantern", DATA)
    assert services.datasets.get(draft.data[taker]).type is type
    assert told.startswith("40 votes of week 1 gave ")
    assert "votes of week 1" in draft.title
    assert furthest(resolved) >= DATA
    assert services.launching.room(resolved.spec) is not None, "its plan holds together"


def test_weights_of_thumbs_and_the_objective_of_points_come_with_them(services: Services) -> None:
    simulated(services, VoteKind.RATING)
    draft, _, _ = from_address(services, {"votes": "week 1"}, Draft(), "local")
    assert ResolvedDraft(services, draft).effective("reward_model")["objective"] == "regression"


def test_answers_of_models_that_nobody_knows_leave_the_model_open(services: Services) -> None:
    box = BallotBox(services, "from a file")
    from rlft_gui.domain.votes import VoteSet

    services.votes.create(VoteSet(name="from a file", sources=("file:abc",)), user="local")
    box.pair("Hello!", "Go away.")
    draft, step, told = from_address(services, {"votes": "from a file"}, Draft(), "local")
    assert step == MODEL
    assert "choose the one to train" in told
    assert draft.data["dpo"]


def test_a_set_that_is_not_there_leaves_the_draft_alone(services: Services) -> None:
    kept = Draft(method="sft", title="mine")
    assert from_address(services, {"votes": "nobody's"}, kept, "local") == (
        kept,
        MODEL,
        "There are no votes yet. Judge answers on the page Vote, or: rlft votes import FILE.",
    )


def test_no_other_method_than_those_that_learn_from_votes(services: Services) -> None:
    simulated(services)
    draft, _, told = from_address(services, {"votes": "week 1", "method": "grpo"}, Draft(), "local")
    assert draft == Draft(launch_id=draft.launch_id)
    assert "does not learn from votes" in told
    with pytest.raises(InvalidPipeline):
        _ = ResolvedDraft(services, draft).spec
