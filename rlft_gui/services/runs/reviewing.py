"""The rows that a run makes: looked at while they are made, edited afterwards, and let pass where a stage waits for it.

Rows can be changed from when all are made until a run that takes them begins: what it learnt from must stay what it is.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from rlft_gui.data.generated import GeneratedRow, edit, generated_rows, left_out, row_numbers
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.audit import Audit
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.labels import name_of, takes
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import Storage

_DONE = RunStatus.SUCCEEDED
Which = Literal["all", "edited", "dropped"]


class RowsPage(Frozen):
    """Some of a run's rows, how many there are of each kind, and what gave none, by reason."""

    rows: tuple[GeneratedRow, ...]
    counts: dict[Which, int]
    left_out: dict[str, int]


class Reviewing:
    """Safe to share between threads."""

    def __init__(self, home: Home, storage: Storage, runs: Runs) -> None:
        self._home = home
        self._storage = storage
        self._runs = runs
        self._rights = Rights(storage)
        self._audit = Audit(storage)

    def version(self, run_id: str) -> str:
        """Changes whenever the rows do, and costs far less than reading them."""
        folder = self._home.run(self._generating_run(run_id).id).dataset
        stats = [(file.name, file.stat()) for file in sorted(folder.glob("*"))]
        return " ".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in stats)

    def rows(self, run_id: str, *, which: Which = "all", offset: int = 0, limit: int = 20) -> RowsPage:
        """A page of the rows made so far, as they stand after edits.

        Raises:
            NotPossibleNow: this run makes no rows.
        """
        run = self._generating_run(run_id)
        folder = self._home.run(run.id)
        numbers = row_numbers(folder)
        kinds: dict[Which, Sequence[int]] = {
            "all": numbers.all,
            "edited": numbers.edited,
            "dropped": numbers.dropped,
        }
        return RowsPage(
            rows=generated_rows(folder, only=kinds[which][offset : offset + limit]),
            counts={kind: len(rows) for kind, rows in kinds.items()},
            left_out=dict(left_out(folder)),
        )

    def waiting(self, run_id: str) -> tuple[Run, ...]:
        """The runs that begin when somebody lets this run's rows pass."""
        reviews = self._storage.runs.reviews()
        return self._storage.runs.named([taker for taker, source in reviews.items() if source == run_id])

    def to_look_at(self) -> dict[str, str]:
        """For each queued run that waits for nothing but a review: the run whose rows are to be looked at."""
        reviews = self._storage.runs.reviews()
        generated = {run.id for run in self._storage.runs.named(set(reviews.values())) if run.status is _DONE}
        return {taker: source for taker, source in reviews.items() if source in generated}

    def why_fixed(self, run_id: str) -> str | None:
        """Why the rows cannot be changed; None if they can."""
        run = self._generating_run(run_id)
        if begun := self._storage.runs.learning_from(run.id):
            names = " and ".join(name_of(one) for one in begun)
            return f"{names} took these rows when it began, so they stay as they are."
        if run.status is not _DONE:
            return "Rows can be changed once all of them are made."
        return None

    def edit_row(
        self,
        run_id: str,
        number: int,
        *,
        columns: Mapping[str, str] | None = None,
        drop: bool | None = None,
        user: str,
    ) -> GeneratedRow:
        """Rewrite answers of one row, drop it, or with `drop` False take it back in. Returns the row as it now stands.

        Raises:
            NotAllowed: it is somebody else's run.
            NotPossibleNow: not all rows are made yet, or a run that takes them has begun.
            NotFound, InvalidInput: there is no such row, or it would not be one to learn from.
        """
        run = self._changeable(run_id, user)
        folder, edited = self._home.run(run.id), list[GeneratedRow]()
        is_done = self._storage.transitions.before_use(
            run.id, lambda: edited.append(edit(folder, number, columns, drop, user=user))
        )
        if not is_done:
            raise NotPossibleNow(self.why_fixed(run.id) or f"The rows of {name_of(run)} cannot be changed.")
        return edited[0]

    def approve(self, run_id: str, *, user: str) -> tuple[Run, ...]:
        """Let the runs begin that wait for a review of this run's rows. Returns them.

        Raises:
            NotAllowed: it is somebody else's run.
            NotPossibleNow: not all rows are made yet, all were dropped, or nothing waits for them.
        """
        run = self._owned(run_id, user)
        if run.status is not _DONE:
            raise NotPossibleNow(
                f"{name_of(run)} is {run.status}. Its rows can pass once all of them are made."
            )
        numbers = row_numbers(self._home.run(run.id))
        if len(numbers.dropped) == len(numbers.all):
            raise NotPossibleNow(
                f"All rows of {name_of(run)} were dropped, so there is nothing to learn from. Take some back in."
            )
        waiting = self.waiting(run.id)
        with self._storage.write():
            if not waiting or not self._storage.transitions.approve(run.id):
                raise NotPossibleNow(f"Nothing waits for a review of the rows of {name_of(run)}.")
            self._audit.add(user, "approved", run.id)
        self._runs.tend()
        return waiting

    def how_to_approve(self, run: Run) -> str | None:
        """What a person has to do before this queued run can begin, as a sentence; None if nothing."""
        source = self.to_look_at().get(run.id)
        if source is None:
            return None
        return (
            f"{run.id} {takes('data', source)} and waits until somebody has reviewed them. Look at them on the run's "
            f"page, then let them pass there or with: rlft approve {source}"
        )

    def _generating_run(self, run_id: str) -> Run:
        run = self._runs.get(run_id)
        if output_of(run) != "rows":
            raise NotPossibleNow(f"{name_of(run)} makes no rows.")
        return run

    def _owned(self, run_id: str, user: str) -> Run:
        self._rights.check_change(user)
        run = self._generating_run(run_id)
        self._rights.check_owner(user, run.owner, name_of(run), "change the rows of")
        return run

    def _changeable(self, run_id: str, user: str) -> Run:
        run = self._owned(run_id, user)
        if reason := self.why_fixed(run.id):
            raise NotPossibleNow(reason)
        return run
