"""What stands in for a service under the pages has the service's own methods: name, parameters and their defaults."""

import inspect
from typing import Any

import pytest

from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.datasets.curating import Curating
from rlft_gui.services.datasets.fitting import Fitting
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.devices import Looking
from rlft_gui.services.feedback.judging import JudgingVotes
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.models.auditing import Auditing
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.small import SmallModel
from rlft_gui.services.pipelines.estimating import Estimating
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.runs.reviewing import Reviewing
from rlft_gui.services.runs.service import Runs
from tests.ui import fakes, fakes_new, fakes_votes

#: What tests do to the fake world itself.
OWN = {"FakeRuns": {"add", "advance"}}
PAIRS: list[tuple[type, type]] = [
    (fakes.FakeRuns, Runs),
    (fakes.FakeLaunching, Launching),
    (fakes.FakeReviewing, Reviewing),
    (fakes_new.FakeDatasets, Datasets),
    (fakes_new.FakeModels, Models),
    (fakes_new.JudgingLaunching, Launching),
    (fakes_new.FakeEstimating, Estimating),
    (fakes_new.FakeComparing, Comparing),
    (fakes_new.FakeAuditing, Auditing),
    (fakes_new.FakeFitting, Fitting),
    (fakes_new.FakeSmallModel, SmallModel),
    (fakes_new.FakeCurating, Curating),
    (fakes.FakeLooking, Looking),
    (fakes_votes.FakeVotes, Votes),
    (fakes_votes.FakeRating, Rating),
    (fakes_votes.FakeJudging, JudgingVotes),
]


def methods(fake: type) -> dict[str, Any]:
    own = OWN.get(fake.__name__, set())
    found = inspect.getmembers(fake, inspect.isfunction)
    return {name: method for name, method in found if not name.startswith("_") and name not in own}


def parameters(method: Any) -> list[tuple[str, Any, Any]]:
    found = inspect.signature(method).parameters.values()
    return [(each.name, each.kind, each.default) for each in found]


@pytest.mark.parametrize(("fake", "real"), PAIRS, ids=lambda each: each.__name__)
def test_a_fake_has_only_what_the_service_has_and_takes_what_it_takes(fake: type, real: type) -> None:
    assert methods(fake), "it stands in for something"
    for name, method in methods(fake).items():
        assert hasattr(real, name), f"{real.__name__} has no {name}"
        assert parameters(method) == parameters(getattr(real, name)), name
