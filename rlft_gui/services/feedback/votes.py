"""Sets of votes and the events in them. Who shows pairs, imports or simulates verdicts stores them here."""

import difflib
import time
from collections.abc import Iterable, Sequence

from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.votes import Answer, JudgedPrompt, Rater, Vote, VoteKind, VoteSet
from rlft_gui.services.feedback.account import Account, rated_of
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

NAME_LENGTH = 80
_MOST_TOLD = 8  #: sets of votes, where a name is none
_NONE_YET = "There are no votes yet. Judge answers on the page Vote, or: rlft votes import FILE."


class Votes:
    """May be shared by threads."""

    def __init__(self, storage: Storage) -> None:
        self._rows = storage.votes
        self._rights = Rights(storage)

    def create(self, new: VoteSet, *, user: str) -> VoteSet:
        """Store a new set of votes, under its name or, where that is taken, the name with a number.

        Raises:
            InvalidInput: it has no name.
        """
        self._rights.check_change(user)
        called = shortened(new.name, NAME_LENGTH - 6)
        if not called:
            raise InvalidInput("A set of votes needs a name.")
        for number in range(1, 10_000):
            name = called if number == 1 else f"{called} {number}"
            own = {"name": name, "owner": user, "created_at": new.created_at or time.time()}
            stored = new.model_copy(update=own)
            if self._rows.add_set(stored):
                return stored
        raise InvalidInput(f'There are thousands of sets called "{called}". Choose another name.')

    def list(self) -> tuple[VoteSet, ...]:
        """Newest first."""
        return self._rows.sets()

    def newest(self) -> VoteSet:
        """The set that was made last.

        Raises:
            NotFound: there is none.
        """
        sets = self._rows.sets()
        if not sets:
            raise NotFound(_NONE_YET)
        return sets[0]

    def get(self, name: str) -> VoteSet:
        """The set of that name.

        Raises:
            NotFound: there is none; names the nearest.
        """
        found = self._rows.set_named(name)
        if found is not None:
            return found
        known = [one.name for one in self._rows.sets()]
        if not known:
            raise NotFound(_NONE_YET)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f'Did you mean "{near[0]}"?' if near else _there_are(name, known)
        raise NotFound(f'There is no set of votes "{shortened(name)}". {hint}')

    def record(
        self, prompts: Iterable[JudgedPrompt], answers: Iterable[Answer], votes: Sequence[Vote]
    ) -> tuple[int, ...]:
        """Store verdicts and what they are about; returns the numbers of the votes. Their sets must be there."""
        self._rows.put(prompts, answers)
        return self._rows.add(votes)

    def undo(self, name: str, rater: Rater) -> Vote | None:
        """Take back the newest vote of this rater in a set; None where there is none left."""
        newest = self._rows.votes(name, rater=rater, last=1)
        if not newest:
            return None
        self._rows.withdraw(newest[0].number, by=rater.name)
        return newest[0]

    def cast(self, name: str | None = None, kinds: Sequence[VoteKind] = ()) -> tuple[Vote, ...]:
        """The votes of a set, or of all, that were not taken back, oldest first.

        Raises:
            NotFound: there is no such set.
        """
        if name is not None:
            self.get(name)
        return self._rows.votes(name, kinds=kinds)

    def count(self, name: str) -> int:
        """How many votes of a set stand."""
        given, taken_back = self._rows.revision(name)
        return given - taken_back

    def account(self, name: str) -> Account:
        """How many of them say which model is better, whoever judged, and what the others are."""
        return rated_of(self._rows.tally(name))


def _there_are(name: str, known: Sequence[str]) -> str:
    """Some of the sets, those first that are called most like it."""
    nearest = difflib.get_close_matches(name, known, n=_MOST_TOLD, cutoff=0.2)
    told = [*nearest, *(one for one in known if one not in nearest)][:_MOST_TOLD]
    more = (
        f" and {len(known) - len(told):,} more; rlft votes list tells all" if len(known) > len(told) else ""
    )
    return f"There are: {', '.join(told)}{more}."
