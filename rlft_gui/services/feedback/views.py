"""Data that is made of votes: a view over the votes of a set that stand, never the votes themselves.

The same votes under the same choices give the same rows in the same order, and so the same dataset. What is taken back or
voted later changes the next view, and no dataset that is there already.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rlft_gui.data.converting import conversion
from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows, encoded
from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo, DataType, VoteOrigin
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.run import Run
from rlft_gui.domain.votes import RaterKind, Vote, VoteKind
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.feedback.account import OTHER_KIND, Account, account
from rlft_gui.services.feedback.views_counted import Counted, Row, counted
from rlft_gui.services.feedback.views_marks import critiques, edits, marks
from rlft_gui.services.feedback.views_pairs import attribute_pairs, pairs
from rlft_gui.services.feedback.views_ratings import points, table
from rlft_gui.services.feedback.views_rows import Made
from rlft_gui.services.feedback.views_told import ViewReport, report, sentences
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

REPEATED = "the row repeats an earlier one"
BALANCED = "the pair was left out to balance lengths"
_HASH_DIGITS = 12


class ViewKind(StrEnum):
    """What is made of votes.

    PAIRS       which of two answers is better, by how much, and how sure that is: for DPO and reward models
    KTO         answers marked good or bad
    RATINGS     answers with their points by attribute: for regression
    ATTRIBUTES  pairs for each attribute by itself
    CRITIQUES   a draft, what is wrong with it, and its revision, to imitate
    EDITS       answers as people wrote them, to imitate
    """

    PAIRS = "pairs"
    KTO = "kto"
    RATINGS = "ratings"
    ATTRIBUTES = "attributes"
    CRITIQUES = "critiques"
    EDITS = "edits"


class ViewChoices(Frozen):
    """By which votes, and how, rows are made.

    Attributes:
        raters: whose votes count; () for everybody's.
        mixed: people's where judges are unsure, judges' elsewhere.
        balanced: as many pairs whose chosen answer is the longer one as others.
        z_scored: points as deviations of each rater from his own mean, for RATINGS.
        attributes: of ATTRIBUTES, those to make pairs by; () for all.
        suite: whether rows may ask prompts of the suite that runs on Lantern are probed with.
        start: the model that a policy would start from, to tell what was written by others; it changes no row.
    """

    raters: tuple[RaterKind, ...] = ()
    mixed: bool = False
    balanced: bool = False
    z_scored: bool = False
    attributes: tuple[str, ...] = ()
    suite: bool = True
    start: str = ""


_KINDS: dict[ViewKind, tuple[VoteKind, ...]] = {
    ViewKind.PAIRS: (VoteKind.PAIR, VoteKind.THUMB, VoteKind.RATING, VoteKind.EDIT),
    ViewKind.KTO: (VoteKind.PAIR, VoteKind.THUMB, VoteKind.RATING),
    ViewKind.RATINGS: (VoteKind.RATING,),
    ViewKind.ATTRIBUTES: (VoteKind.RATING,),
    ViewKind.CRITIQUES: (VoteKind.CRITIQUE, VoteKind.EDIT),
    ViewKind.EDITS: (VoteKind.EDIT,),
}
_TYPES = {
    ViewKind.PAIRS: DataType.PREFERENCES,
    ViewKind.KTO: DataType.THUMBS,
    ViewKind.RATINGS: DataType.RATINGS,
    ViewKind.ATTRIBUTES: DataType.PREFERENCES,
    ViewKind.CRITIQUES: DataType.DEMONSTRATIONS,
    ViewKind.EDITS: DataType.DEMONSTRATIONS,
}
_MAKERS: dict[ViewKind, Callable[[Counted, ViewChoices], Made]] = {
    ViewKind.PAIRS: lambda judged, _: pairs(judged, points(judged)),
    ViewKind.KTO: lambda judged, _: marks(judged, points(judged)),
    ViewKind.RATINGS: lambda judged, choices: table(judged, points(judged, choices.z_scored)),
    ViewKind.ATTRIBUTES: lambda judged, choices: attribute_pairs(judged, points(judged), choices.attributes),
    ViewKind.CRITIQUES: lambda judged, _: critiques(judged),
    ViewKind.EDITS: lambda judged, _: edits(judged),
}


@dataclass(frozen=True)
class View:
    """Rows of votes. `read` is the sum of the rows and of what is in `dropped`, by reason.

    Attributes:
        changes: what was done to rows that are there → how many.
        notes: sentences that a person should read.
        account: of all votes of the set those that went in.
    """

    kind: ViewKind
    type: DataType
    rows: tuple[Row, ...]
    dropped: dict[str, int]
    changes: dict[str, int]
    report: ViewReport
    notes: tuple[str, ...]
    account: Account
    origin: VoteOrigin

    @property
    def read(self) -> int:
        return len(self.rows) + sum(self.dropped.values())

    def check_some(self) -> None:
        """Raises InvalidInput if no row came of the votes, with what they would give instead."""
        if self.rows:
            return
        why = "; ".join(f"{count:,}: {reason}" for reason, count in self.dropped.items())
        raise InvalidInput(
            f"The votes of {self.origin.votes} give no {_NOUNS[self.kind]}. "
            + (f"Left out were {why}." if why else f"They need {_NEEDS[self.kind]}, and there are none.")
        )


_NOUNS = {
    ViewKind.PAIRS: "pairs", ViewKind.KTO: "marked answers", ViewKind.RATINGS: "rated answers",
    ViewKind.ATTRIBUTES: "pairs by attribute", ViewKind.CRITIQUES: "revisions", ViewKind.EDITS: "edited answers",
}  # fmt: skip
_NEEDS = {
    ViewKind.PAIRS: "votes on pairs, thumbs, points or edits", ViewKind.KTO: "thumbs, points or votes on pairs",
    ViewKind.RATINGS: "points", ViewKind.ATTRIBUTES: "points by attribute",
    ViewKind.CRITIQUES: "critiques of answers that somebody edited", ViewKind.EDITS: "edited answers",
}  # fmt: skip


class VoteViews:
    """May be shared by threads."""

    def __init__(self, storage: Storage, votes: Votes, datasets: Datasets) -> None:
        self._storage = storage
        self._votes = votes
        self._datasets = datasets
        self._rights = Rights(storage)

    def view(self, name: str, kind: ViewKind, choices: ViewChoices | None = None) -> View:
        """What the votes of a set that stand by now give.

        Raises:
            NotFound: there is no such set.
        """
        choices = choices or ViewChoices()
        standing = self._votes.cast(name)
        judged = counted(
            self._storage.votes, standing, choices.raters, choices.suite, _KINDS[kind], choices.mixed
        )
        of_others = {OTHER_KIND: len(standing) - len(judged.standing)}
        counts = account(len(standing), judged.dropped | of_others)
        made = _MAKERS[kind](judged, choices)
        made.dropped += judged.dropped
        _without_repeats(made)
        if choices.balanced and _TYPES[kind] is DataType.PREFERENCES:
            _balance(made)
        told = report(kind, judged, made, choices.start)
        return View(
            kind=kind,
            type=_TYPES[kind],
            rows=tuple(made.rows),
            dropped={reason: count for reason, count in made.dropped.most_common() if count},
            changes={"several votes on the same answers are one row": made.joined} if made.joined else {},
            report=told,
            notes=sentences(len(made.rows), told),
            account=counts,
            origin=self._origin(name, kind, choices, judged),
        )

    def keep(
        self, name: str, kind: ViewKind, choices: ViewChoices | None = None, *, user: str
    ) -> DatasetInfo:
        """Store what the votes give as a dataset, which stays as it is whatever is voted later.

        Raises:
            NotFound: there is no such set.
            InvalidInput: its votes give no row.
            NotPossibleNow: there is no room.
        """
        self._rights.check_change(user)
        return self.store(self.view(name, kind, choices), user=user)

    def store(self, view: View, *, user: str) -> DatasetInfo:
        """Store a view as a dataset, as `keep` does.

        Raises:
            InvalidInput: it has no row.
            NotPossibleNow: there is no room.
        """
        self._rights.check_change(user)
        view.check_some()
        found = Detection(
            name=f"{view.origin.votes}, {view.kind}",
            type=view.type,
            format="made of votes",
            rows_read=view.read,
            rows=KeptRows(view.rows),
            dropped=view.read - len(view.rows),
            drop_reasons=view.dropped,
            changes=view.changes,
            notes=(view.account.told(view.origin.votes), *view.notes),
            votes=view.origin,
        )
        return self._up_to_date(self._datasets.keep(found, user=user), view.origin)

    def behind(self, run: Run) -> DatasetInfo | None:
        """The dataset that a run learns from, if it was made of votes."""
        info = self._storage.datasets.get(str(run.recipe.settings.get("data", "")))
        return info if info and info.votes else None

    def newer(self, info: DatasetInfo) -> int:
        """How many votes of its set were cast or taken back since a dataset was made of them; 0 of other datasets."""
        if info.votes is None:
            return 0
        given, back = self._storage.votes.revision(info.votes.votes)
        return max(0, given - info.votes.given) + max(0, back - info.votes.taken_back)

    def _up_to_date(self, stored: DatasetInfo, origin: VoteOrigin) -> DatasetInfo:
        """Where newer votes of the same set give the same rows, they are what the dataset was made of."""
        known = stored.votes
        if known is None or known.votes != origin.votes or known == origin:
            return stored
        told = {"origin": origin.told} if stored.origin == known.told else {}
        return self._storage.datasets.change(stored.id, votes=origin, **told)

    def _origin(self, name: str, kind: ViewKind, choices: ViewChoices, judged: Counted) -> VoteOrigin:
        given, back = self._storage.votes.revision(name)
        by = choices.model_dump(mode="json", exclude={"start"})
        return VoteOrigin(
            votes=name,
            view=kind,
            counted=len(judged.votes),
            up_to=max((vote.number for vote in judged.standing), default=0),
            given=given,
            taken_back=back,
            hash=_hashed([name, kind, by], judged.standing),
        )


def _hashed(asked: Any, votes: Sequence[Vote]) -> str:
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    for vote in votes:
        digest.update(vote.model_dump_json().encode())
    return digest.hexdigest()[:_HASH_DIGITS]


def _without_repeats(made: Made) -> None:
    """Each row once, and none whose text cannot be stored."""
    seen: set[bytes] = set()
    rows, writers = made.rows, made.writers
    made.rows, made.writers = [], []
    for row, wrote in zip(rows, writers, strict=True):
        try:
            key = encoded(row)
        except RowFault as fault:
            made.dropped[fault.reason] += 1
            continue
        if key in seen:
            made.dropped[REPEATED] += 1
        else:
            seen.add(key)
            made.add(row, wrote)


def _balance(made: Made) -> None:
    way = conversion("balanced")
    assert way is not None
    kept = [place for place, _ in way.convert(enumerate(made.rows))]
    made.dropped[BALANCED] += len(made.rows) - len(kept)
    made.rows = [made.rows[place] for place in kept]
    made.writers = [made.writers[place] for place in kept]
