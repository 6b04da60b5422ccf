"""Where a run and a dataset were made of votes, their pages say which, and whether there are newer ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.domain.run import Run
from rlft_gui.domain.votes import Rater, RaterKind
from rlft_gui.services import Services, open_services
from rlft_gui.services.feedback.views import ViewKind
from rlft_gui.ui.pages.data.page import _Answers, _made
from rlft_gui.ui.pages.data.payloads import DatasetAsked, VotesShown
from rlft_gui.ui.pages.run.lineage import lineage_graph
from rlft_gui.ui.pages.run.payloads import LineageVotes
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline

RATER = Rater(name="unbiased", kind=RaterKind.SIMULATED)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = open_services(fresh_home(tmp_path).path)
    yield services
    services.storage.close()


@pytest.fixture
def kept(services: Services) -> DatasetInfo:
    services.simulating.simulate(20, votes="week 1", pool=True, user="local")
    return services.vote_views.keep("week 1", ViewKind.PAIRS, user="local")


def learning(services: Services, dataset: str) -> Run:
    made = pipeline("dpo", settings={"data": dataset})
    assert services.storage.transitions.add(made, launch_id=made.id)
    return made.runs[0]


def test_the_lineage_of_a_run_begins_with_its_votes(services: Services, kept: DatasetInfo) -> None:
    run = learning(services, kept.id)
    assert lineage_graph(services, run).votes == (
        LineageVotes(stage="DPO", name="week 1", counted=20, newer=0),
    )
    services.votes.undo("week 1", RATER)
    assert lineage_graph(services, run).votes[0].newer == 1
    other = learning(services, "lantern:preferences")
    assert lineage_graph(services, other).votes == ()


def test_rows_that_were_made_of_rows_of_votes_are_of_these_votes_too(
    services: Services, kept: DatasetInfo
) -> None:
    made = services.curating.convert(kept.id, "marked", user="local")
    assert made.votes == kept.votes
    assert lineage_graph(services, learning(services, made.id)).votes[0].name == "week 1"


def test_the_page_of_a_dataset_says_that_there_are_newer_votes(services: Services, kept: DatasetInfo) -> None:
    answers = _Answers(services)
    assert answers.dataset(DatasetAsked(id=kept.id), "local").votes == VotesShown(
        name="week 1", counted=20, newer=0
    )
    services.simulating.simulate(5, votes="week 1", pool=True, user="local")
    facts = answers.dataset(DatasetAsked(id=kept.id), "local")
    assert facts.votes == VotesShown(name="week 1", counted=20, newer=5)
    assert (facts.rows, _made(kept)) == (kept.rows, "made of votes")
    assert answers.dataset(DatasetAsked(id="lantern:preferences"), "local").votes is None
