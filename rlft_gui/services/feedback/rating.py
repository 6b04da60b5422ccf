"""Ratings of models by the votes of a set: read and counted once for each state of the votes."""

from threading import Lock
from typing import TYPE_CHECKING

from rlft_gui.services.feedback.account import rated_of
from rlft_gui.services.feedback.rating_facts import Counted, Ratings
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.storage import Storage

if TYPE_CHECKING:
    from rlft_gui.services.feedback.rating_columns import Columns
    from rlft_gui.services.feedback.voting_standing import Standing

_KEPT = 16  #: results, of different sets, baselines and raters


class Rating:
    """May be shared by threads. The same votes are counted once."""

    def __init__(self, storage: Storage, votes: Votes) -> None:
        self._rows = storage.votes
        self._votes = votes
        self._read: tuple[tuple[object, ...], Columns] | None = None
        self._kept: dict[tuple[object, ...], Ratings] = {}
        self._lock = Lock()

    def rate(
        self, votes: str | None = None, *, baseline: str | None = None, raters: Counted | None = None
    ) -> Ratings:
        """The ratings of a set, or of all votes of the home.

        Args:
            baseline: the model that the others are held against, by name or title; left out, "base", else the one that
                most others were compared with.
            raters: whose votes count; left out, those of people, or of judges where no person voted, or simulated ones.

        Raises:
            NotFound: there is no such set.
            InvalidInput: the baseline is in none of its votes.
        """
        if votes is not None:
            self._votes.get(votes)
        key = (votes, baseline, raters, self._rows.revision(votes))
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        found = self._rated(votes, baseline, raters)
        with self._lock:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return found

    def standing(self, votes: str, models: tuple[str, str] | None = None) -> "Standing | None":
        """How two models of a set stand, or those most often judged, by the votes that `rate` counts where nobody says whose."""
        from rlft_gui.services.feedback.rating_table import pairs_of_thumbs
        from rlft_gui.services.feedback.voting_standing import standing

        _, table = self._pairs(votes).counted(pairs_of_thumbs(self._rows.points(votes)))
        return standing(table.of_kinds([table.first_kind()]), models)

    def _rated(self, votes: str | None, baseline: str | None, raters: Counted | None) -> Ratings:
        # Numbers only where somebody asks for ratings: every process of the home imports this file.
        from rlft_gui.services.feedback.rating_counting import rated
        from rlft_gui.services.feedback.rating_table import pairs_of_thumbs

        pairs, judged = self._pairs(votes), self._rows.points(votes)
        titles = self._rows.titles({*pairs.table.models, *(one.model for one in judged)})
        derived, controls = pairs_of_thumbs(judged), self._rows.controls(votes)
        found = rated(votes, pairs, derived, judged, controls, titles, baseline=baseline, raters=raters)
        told = rated_of(self._rows.tally(votes), found.counted, found.replaced).told()
        return found.model_copy(update={"account": told})

    def _pairs(self, votes: str | None) -> "Columns":
        """The pairs of a set. Of the set that was read last only those are read that are new.

        Unless votes were taken back, or others that are older than the last one count now, for their set was completed.
        """
        from rlft_gui.services.feedback.rating_columns import Columns

        with self._lock:
            # Before the rows, so that one taken back meanwhile is noticed next time.
            state = (votes, self._rows.revision(votes)[1], self._rows.count_sets())
            known = self._read[1] if self._read is not None and self._read[0] == state else Columns()
            pairs = known.plus(self._rows.pair_rows(votes, after=known.last))
            self._read = (state, pairs)
            return pairs
