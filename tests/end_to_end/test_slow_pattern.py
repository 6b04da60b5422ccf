"""A pattern that would take hours, asked of the running app by a program: others are answered meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from gradio_client import Client
from gradio_client.exceptions import AppError

from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage
from rlft_gui.training.reward_model.known import KnownRewards
from tests.end_to_end.running import RunningApp
from tests.fakes.homes import fresh_home
from tests.services.scoring.homes import add_checkpoint, add_run

pytestmark = pytest.mark.slow

KNOWN = KnownRewards(columns=("chosen", "rejected"), raw=(((12.0,), (6.0,)),))
HOURS = "a" * 40 + "!"
PATIENCE = 120.0  #: s; the search itself ends after 2


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A reward model that is looked up and never read. No keeper lives: one would start the run."""
    home = fresh_home(tmp_path / "home")
    storage = open_storage(home)
    add_run(storage, "rm")
    storage.close()
    add_checkpoint(home, "rm", known=KNOWN)
    with FileLock(home.keeper_lock):
        yield home


def test_others_are_answered_while_a_slow_pattern_is_searched_and_it_ends_with_a_sentence(home: Home) -> None:
    app = RunningApp(home.path)
    try:
        client = Client(app.url, headers=app.headers(), analytics_enabled=False, verbose=False)
        slow = client.submit(run="rm", text=HOURS, terms=["regex:(a+)+$"], api_name="/score")
        answered = 0
        while not slow.done():
            client.submit(api_name="/votes_list").result(timeout=PATIENCE)
            answered += not slow.done()
        assert answered > 0
        with pytest.raises(AppError, match=r"takes more than 2 s over one answer\. Write it without repeats"):
            slow.result(timeout=PATIENCE)
        client.close()
    finally:
        app.close()
