"""Runs that a keeper has started, without one: for tests whose writers and takers are processes of their own."""

from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.storage import Storage
from tests.fakes.pipelines import pipeline


def claimed(home: Home, storage: Storage, count: int) -> list[Run]:
    """Whoever opens an app over this home holds its keeper's lock, for a keeper would end runs that no worker has."""
    runs = []
    for number in range(count):
        made = pipeline("sft")
        storage.transitions.add(made, launch_id=made.id)
        found = storage.transitions.claim_next([f"gpu:{device}" for device in range(number + 1)], "local")
        assert found is not None
        home.run(found[0].id).path.mkdir(parents=True)
        runs.append(found[0])
    return runs
