"""How many votes of a set count for something, and why the others do not, so that the numbers of every page add up."""

from collections.abc import Mapping

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.votes import Tally, VoteKind
from rlft_gui.services.feedback.rating_facts import Counted
from rlft_gui.services.feedback.views_counted import (
    CHECK,
    CORRECTED,
    NOT_IN_MIX,
    OF_SUITE,
    OTHER_RATER,
    REPEAT,
    TOO_FAST,
)

NO_MODEL = "an edit or a critique says nothing of which model is better"
OTHER_KIND = "the vote says something else than these rows do"

#: Reason → what one such vote is, and several.
_WORDS = {
    CHECK: ("was a check", "were checks"),
    REPEAT: ("was a repeat", "were repeats"),
    TOO_FAST: ("was faster than reading", "were faster than reading"),
    CORRECTED: ("was voted anew later", "were voted anew later"),
    OTHER_RATER: ("is by another kind of rater", "are by other kinds of raters"),
    NOT_IN_MIX: ("is a judge's where people decide", "are judges' where people decide"),
    OF_SUITE: ("is on a prompt of the probe", "are on prompts of the probe"),
    NO_MODEL: ("is an edit or a critique", "are edits or critiques"),
    OTHER_KIND: ("is of another kind", "are of other kinds"),
}


class Account(Frozen):
    """`votes` of a set that stand are those that are `counted` and those that are `left_out`, by reason."""

    votes: int = 0
    counted: int = 0
    left_out: dict[str, int] = Field(default_factory=dict)

    def told(self, of: str = "") -> str:
        """ "14 votes: 13 count, 1 was a check." `of`: the set, to name it."""
        given = f"{self.votes:,} {'vote' if self.votes == 1 else 'votes'}{f' of {of}' if of else ''}"
        if not self.votes:
            return f"No votes{f' of {of}' if of else ''} yet."
        if not self.left_out:
            return f"{given}: all count." if self.votes > 1 else f"{given}: it counts."
        count = (
            "none counts"
            if not self.counted
            else f"{self.counted:,} {'counts' if self.counted == 1 else 'count'}"
        )
        left = [f"{many:,} {_WORDS[reason][many != 1]}" for reason, many in self.left_out.items()]
        return f"{given}: {', '.join((count, *left))}."


def account(votes: int, left_out: Mapping[str, int]) -> Account:
    """Of so many votes; reasons without any are not told, the others always in one order."""
    told = {reason: left_out[reason] for reason in _WORDS if left_out.get(reason)}
    return Account(votes=votes, counted=votes - sum(told.values()), left_out=told)


def rated_of(tally: Tally, counted: Counted = "all", replaced: int = 0) -> Account:
    """Which votes ratings are made of, by raters of this kind; `replaced` of them were voted anew later."""
    left_out = {CORRECTED: replaced}
    for (kind, rater, is_repeat, is_check), many in tally.items():
        reason = (
            CHECK
            if is_check
            else REPEAT
            if is_repeat
            else NO_MODEL
            if kind in (VoteKind.EDIT, VoteKind.CRITIQUE)
            else OTHER_RATER
            if counted not in ("all", rater)
            else ""
        )
        if reason:
            left_out[reason] = left_out.get(reason, 0) + many
    return account(sum(tally.values()), left_out)
