"""Comparisons of a run's checkpoints."""

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.services.comparisons.film import film_of
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.storage import Storage
from tests.inference.serving import serving
from tests.services.comparisons.comparing_home import SHORT, add_empty_checkpoint, add_run, echoes


def test_a_film_asks_what_the_run_began_with_and_all_its_checkpoints(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    add_run(storage, "r1")
    with pytest.raises(InvalidInput, match="no complete checkpoint yet"):
        comparing.film_models("r1")
    for step in range(1, 101):
        add_empty_checkpoint(home, "r1", step)
    models = comparing.film_models("r1")
    assert (models[0], models[1], models[-1], len(models)) == ("base", "r1@1", "r1@100", 64)
    assert film_of(models) == ("r1", (None, *(int(model[3:]) for model in models[1:])))
    with serving(home, echoes):
        done = comparing.run_sync(models, ["one"], SHORT, user="local")
    assert len(done.generations) == 64
    with pytest.raises(InvalidInput, match="1 to 8 models; found 9"):
        comparing.start(["base", *(f"base:lantern{i}" for i in range(8))], ["one"], SHORT, user="local")


@pytest.mark.parametrize(
    "models", [("base", "r1@1"), ("r1@1", "r2@2"), ("r1@1", "r1@2", "base"), ("base", "r2", "r1@1", "r1@2")]
)
def test_what_is_no_film_is_shown_side_by_side(models: tuple[str, ...]) -> None:
    assert film_of(models) is None
