"""Word to trainers of which checkpoints somebody named, so that none of them is removed while a run goes on."""

from collections.abc import Iterable

from rlft_gui.domain.home import Home
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import leave_word


def tell_named(home: Home, storage: Storage, run_ids: Iterable[str]) -> None:
    """Call once what names them is stored."""
    for run_id in dict.fromkeys(run_ids):
        leave_word(home.run(run_id), storage.checkpoints.named(run_id).get(run_id, frozenset()))
