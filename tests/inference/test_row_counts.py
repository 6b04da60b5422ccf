"""How many rows are as good as eight: found out by computing, kept, and never assumed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.inference import loaded as loaded_module
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.row_counts import RowCounts
from rlft_gui.inference.slots import BASE_SLOT
from tests.inference.tiny_models import make_base

pytestmark = pytest.mark.slow

SLOTS = (BASE_SLOT,)


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """A tiny model that computes in float32, as a large one does."""
    monkeypatch.setattr(loaded_module, "FLOAT64_PARAMETERS", 0)
    return LoadedModel(str(make_base(tmp_path / "base")), "cpu")


def disturb(loaded: LoadedModel, change: Callable[[Any], Any]) -> None:
    """Have the model's embeddings come out as this makes of them."""
    loaded.model.get_input_embeddings().register_forward_hook(lambda _module, _in, out: change(out))


def test_eight_rows_are_taken_until_a_trial_has_shown_that_fewer_are_equal(
    tmp_path: Path, loaded: LoadedModel
) -> None:
    counts = RowCounts(Home(tmp_path))
    assert counts.rows(loaded, SLOTS, len(SLOTS)) == 8
    disturb(loaded, lambda out: out * (1 + (len(out) == 2) * 1e-6))
    counts.try_once(loaded, SLOTS)
    assert counts.rows(loaded, SLOTS, len(SLOTS)) in (4, 8), "two rows are not equal: they were disturbed"
    assert [counts.rows(loaded, SLOTS * n, len(SLOTS) * n) for n in (5, 8)] == [8, 8]


def test_rows_at_the_end_of_a_batch_must_be_equal_too(tmp_path: Path, loaded: LoadedModel) -> None:
    import torch

    last = torch.ones(8, 1, 1).index_fill(0, torch.tensor([7]), 1 + 1e-6)
    disturb(loaded, lambda out: out * last if len(out) == 8 else out)
    counts = RowCounts(Home(tmp_path))
    counts.try_once(loaded, SLOTS)
    assert counts.rows(loaded, SLOTS, len(SLOTS)) == 8
    assert "takes" in str(counts.note(loaded, SLOTS))


def test_a_trial_is_made_once_and_kept_with_the_home(tmp_path: Path, loaded: LoadedModel) -> None:
    passes: list[int] = []
    disturb(loaded, lambda out: passes.append(len(out)))
    first = RowCounts(Home(tmp_path))
    first.try_once(loaded, SLOTS)
    assert {2, 4, 8} == set(passes)
    made = len(passes)
    later = RowCounts(Home(tmp_path))
    later.try_once(loaded, SLOTS)
    assert len(passes) == made
    assert later.rows(loaded, SLOTS, len(SLOTS)) == first.rows(loaded, SLOTS, len(SLOTS))


def test_another_number_of_threads_needs_a_trial_of_its_own(tmp_path: Path, loaded: LoadedModel) -> None:
    import torch

    counts, threads = RowCounts(Home(tmp_path)), torch.get_num_threads()
    disturb(loaded, lambda out: out * (1 + (len(out) != 8) * 1e-6))
    counts.try_once(loaded, SLOTS)
    assert counts.note(loaded, SLOTS) is not None
    torch.set_num_threads(threads + 1)
    try:
        assert counts.note(loaded, SLOTS) is None
    finally:
        torch.set_num_threads(threads)


def test_a_model_that_cannot_be_tried_goes_on_in_eight_rows(tmp_path: Path, loaded: LoadedModel) -> None:
    def breaks(_out: object) -> None:
        raise ZeroDivisionError

    counts = RowCounts(Home(tmp_path))
    disturb(loaded, breaks)
    counts.try_once(loaded, SLOTS)
    assert counts.rows(loaded, SLOTS, len(SLOTS)) == 8
    assert counts.note(loaded, SLOTS) is None


def test_what_computes_exactly_needs_no_spare_rows(tmp_path: Path) -> None:
    exact = LoadedModel(str(make_base(tmp_path / "base")), "cpu")
    assert RowCounts(Home(tmp_path)).rows(exact, SLOTS, len(SLOTS)) == 1
