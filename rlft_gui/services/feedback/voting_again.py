"""A ballot that is judged a second time: the same vote sent again, or another one from a tab that knows nothing of the first."""

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.votes import Choice, Vote, VoteKind
from rlft_gui.storage.votes import CastVote

_CHOICES = {Choice.TIE: "a tie", Choice.BOTH_BAD: "both bad"}


def check_same(first: CastVote, first_edit: CastVote | None, now: Vote, now_edit: Vote | None) -> None:
    """Refuse a vote that says something else than the one that its ballot has.

    Raises:
        NotPossibleNow: with what was said first; that one stands.
    """
    judged = "this pair" if now.b else "this answer"
    if first.is_taken_back:
        raise NotPossibleNow(
            f"This vote was not counted: you judged {judged} before, in another tab, and took that back. "
            "It comes again; judge it then."
        )
    words = first_edit.vote.verdict.text if first_edit else None
    if first.vote.verdict == now.verdict and (now_edit is None or now_edit.verdict.text == words):
        return
    raise NotPossibleNow(f"You judged {judged} in another tab: {_said(first.vote)}. Undo there to change it.")


def _said(vote: Vote) -> str:
    """A vote in a few words, by the sides that were on screen."""
    verdict = vote.verdict
    if vote.kind is VoteKind.PAIR and verdict.choice is not None:
        return _CHOICES.get(verdict.choice) or ("A" if verdict.choice == vote.left else "B")
    if vote.kind is VoteKind.RATING:
        points = list(verdict.scores.items())
        return ", ".join(f"{value:g}" if len(points) == 1 else f"{name} {value:g}" for name, value in points)
    if vote.kind is VoteKind.THUMB:
        return "good" if verdict.is_good else "bad"
    return "in other words"
