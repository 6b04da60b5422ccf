"""Whether a reward term can score the rows of a dataset at all."""

from functools import lru_cache

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import GENERATED_BY
from rlft_gui.training.rewards import unscorable


def unscorable_rows(home: Home, dataset_id: str, term: str) -> str | None:
    """Why a term can score none of the rows, of the last of them; None if it can score one.

    Raises:
        NotFound: there is no such dataset.
        InvalidInput: its file was changed, or there is no such term.
    """
    # What a file held never changes under its id; rows that a run made may be edited.
    look = _look if dataset_id.startswith(GENERATED_BY) else _kept
    return look(home, dataset_id, term)


def _look(home: Home, dataset_id: str, term: str) -> str | None:
    if unscorable(term, None) is None:  # it compares with nothing
        return None
    why = None
    for row in load_rows(home, dataset_id):
        if (why := unscorable(term, row.get("answer"))) is None:
            return None
    return why


_kept = lru_cache(maxsize=64)(_look)
