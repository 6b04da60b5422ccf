"""What became of the rows that a run was given: what reading them found and what its worker found, told together."""

from collections import Counter

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Run
from rlft_gui.services.datasets.service import Datasets


class DataAccount(Frozen):
    """`read` is the sum of `trained`, `held_out` and `dropped`; but KTO counts answers, of which a pair has two.

    What only the worker can tell is None until it has measured the rows, and `read` where the data is gone.
    """

    read: int | None
    trained: int | None
    held_out: int | None
    dropped: dict[str, int]  #: reason → how many, in reading and in training
    cut: int | None  #: rows whose answer was shortened
    columns_not_read: tuple[str, ...]
    changed: dict[str, int]  #: what reading changed in rows that it kept → how many


def data_account(datasets: Datasets, run: Run) -> DataAccount:
    """The account of a run's rows as far as it is known by now."""
    info, worker = _info(datasets, run), run.row_account
    dropped = Counter(info.drop_reasons if info else {}) + Counter(worker.dropped if worker else {})
    given = worker.given if worker else None
    return DataAccount(
        read=info.rows_read if info else given,
        trained=worker.trained if worker else None,
        held_out=worker.held_out if worker else None,
        dropped=dict(dropped.most_common()),
        cut=worker.cut if worker else None,
        columns_not_read=info.columns_not_read if info else (),
        changed=info.changes if info else {},
    )


def told(account: DataAccount) -> list[tuple[str, str]]:
    """The account as names and values for people."""
    counts = [(account.trained, "trained on"), (account.held_out, "held out"), (account.cut, "shortened")]
    known = [f"{count:,} {what}" for count, what in counts if count is not None]
    if account.read is not None:
        known.insert(0, f"{account.read:,} read")
    lines = [
        ("Rows", ", ".join(known)),
        ("Rows dropped", _by_reason(account.dropped)),
        ("Rows changed", _by_reason(account.changed)),
        ("Columns not read", ", ".join(account.columns_not_read)),
    ]
    return [(name, value) for name, value in lines if value]


def _by_reason(counts: dict[str, int]) -> str:
    return "; ".join(f"{count:,}: {reason}" for reason, count in counts.items())


def _info(datasets: Datasets, run: Run) -> DatasetInfo | None:
    """None while the rows are yet to be made, or once they are gone."""
    try:
        return datasets.get(str(run.recipe.settings.get("data", "")))
    except NotFound:
        return None
