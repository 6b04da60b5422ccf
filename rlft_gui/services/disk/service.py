"""The disk of a home as screens and the command line see it: what takes space, how much it may take, what can go."""

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.keeping import Keep
from rlft_gui.services.disk.budget import Budget, read_budget, set_budget, size_words
from rlft_gui.services.disk.cleaning import Cleaning, Going
from rlft_gui.services.disk.usage import Usage, free, usage
from rlft_gui.services.shared import Shared
from rlft_gui.storage import Storage

#: Seconds that a look may be old: each goes through all files of the home.
TICK = 3.0
#: What stays by itself, where nobody says otherwise: the newest checkpoint and the best.
BEST_AND_LAST = Keep(newest=1, best=True)


class DiskUse(Frozen):
    """Bytes. `free` is what the disk has left, `left` how much more the home may take: of the disk, and of its budget."""

    usage: Usage
    used: int
    free: int
    left: int
    limit: int | None
    cleans: bool = Field(description="whether whoever asks lets old checkpoints go once the budget is passed")


class Disk:
    """Safe to share between threads."""

    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._storage = storage
        self._cleaning = Cleaning(home, storage)
        self._shared: Shared[Usage] = Shared(1, TICK)

    def look(self, *, user: str) -> DiskUse:
        """All who look in the same moment share it."""
        found, budget, spare = self._usage(), read_budget(self._home), free(self._home)
        left = spare if budget.limit is None else min(spare, budget.limit - found.used)
        return DiskUse(
            usage=found,
            used=found.used,
            free=spare,
            left=max(0, left),
            limit=budget.limit,
            cleans=user in budget.cleans,
        )

    def room(self) -> int:
        """Bytes that more runs may take, with old checkpoints gone that go by themselves."""
        budget, spare = read_budget(self._home), free(self._home)
        if budget.limit is None:
            return spare
        left = budget.limit - self._usage().used
        going = (
            sum(one.bytes for user in budget.cleans for one in self.preview(user=user)) if left < spare else 0
        )
        return max(0, min(spare + going, left + going))

    def budget(self) -> Budget:
        return read_budget(self._home)

    def passed(self) -> str | None:
        """That the budget is passed, and what to free, as a sentence."""
        limit = read_budget(self._home).limit
        if limit is None or self.room() > 0:
            return None
        used, owners = self._usage().used, {run.owner for run in self._storage.runs.list()}
        going = sum(one.bytes for user in owners for one in self.preview(user=user))
        able = (
            f"Old checkpoints of runs that have ended take {size_words(going)} of it: remove them (rlft disk clean)"
            if going
            else "No old checkpoints are left that could go: delete runs, datasets or models that nobody needs"
        )
        return (
            f"The home {self._home.path} takes {size_words(used)}, and its budget is {size_words(limit)}. {able}, or raise the "
            "budget (rlft disk budget)."
        )

    def refuse_if_passed(self) -> None:
        """Before anything is stored that takes more.

        Raises:
            NotPossibleNow: the budget is passed.
        """
        if told := self.passed():
            raise NotPossibleNow(told)

    def preview(self, keep: Keep = BEST_AND_LAST, *, user: str) -> tuple[Going, ...]:
        """What `clean` would remove of this user's ended runs, most first."""
        return self._cleaning.preview(keep, user=user)

    def clean(self, keep: Keep = BEST_AND_LAST, *, user: str) -> tuple[Going, ...]:
        """Remove old checkpoints of this user's ended runs. Returns what went."""
        gone = self._cleaning.clean(keep, user=user)
        self._shared = Shared(1, TICK)
        return gone

    def set_budget(self, limit: int | None, *, cleans: bool, user: str) -> Budget:
        """Set how many bytes the home may take; None for as many as there are.

        Args:
            cleans: whether old checkpoints of this user's ended runs go by themselves once it is passed.

        Raises:
            InvalidInput: it is less than a megabyte.
            NotAllowed: somebody else has set it.
        """
        return set_budget(self._home, limit, cleans=cleans, user=user)

    def tidy(self) -> tuple[Going, ...]:
        """Where the budget is passed, remove what its owners let go by themselves. Returns what went."""
        budget = read_budget(self._home)
        if budget.limit is None or not budget.cleans or self._usage().used <= budget.limit:
            return ()
        return tuple(one for user in budget.cleans for one in self.clean(user=user))

    def _usage(self) -> Usage:
        return self._shared.get("", lambda: usage(self._home, self._storage))
