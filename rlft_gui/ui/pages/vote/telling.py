"""What is told of votes after they were cast: names, scores, and how models stand."""

from rlft_gui.domain.votes import Answer, Choice, VoteKind
from rlft_gui.services.feedback.voting import Told
from rlft_gui.services.feedback.voting_standing import Standing
from rlft_gui.ui.pages.vote.payloads import LastVote, ScoreBeside, StandingView, VotedAnswer

#: Of two scores, what is no difference.
_ALIKE = 1e-9


def last_vote(told: Told, repeated: Choice | None) -> LastVote:
    """`repeated`: what the rater chose before, where this vote repeats."""
    vote = told.vote
    verdict, a, b = vote.verdict, told.a, told.b
    first_is_chosen = verdict.won_by_a >= 0.5
    chosen, other = (a, b) if b is None or first_is_chosen else (b, a)
    is_pair = vote.kind is VoteKind.PAIR
    is_better = verdict.choice in (Choice.A, Choice.B)
    return LastVote.model_validate(
        {
            "outcome": ("better" if is_better else verdict.choice) if is_pair else vote.kind,
            "chosen": voted(chosen),
            "other": voted(other) if other else None,
            "strength": verdict.strength if is_better else None,
            "points": verdict.scores,
            "is_good": verdict.is_good,
            "scores": _scores(chosen, other, is_better) if other else (),
            "check": verdict.passes(vote.expected) if vote.expected else None,
            "repeat": verdict.choice == repeated if repeated else None,
            "is_too_fast": told.is_too_fast,
            "seconds": vote.seconds,
        }
    )


def voted(answer: Answer) -> VotedAnswer:
    return VotedAnswer(
        title=answer.title or answer.model,
        palette=str(answer.facts.get("palette") or "base"),
        model=answer.model,
    )


def standing_view(standing: Standing, first: VotedAnswer, second: VotedAnswer) -> StandingView:
    """Told of whichever is ahead."""
    share, low, high, n, needed = standing[2:]
    if share < 0.5:
        first, second, share, low, high = second, first, 1 - share, 1 - high, 1 - low
    return StandingView(first=first, second=second, share=share, low=low, high=high, n=n, needed=needed)


def _scores(chosen: Answer, other: Answer, is_better: bool) -> tuple[ScoreBeside, ...]:
    ours, theirs = chosen.facts.get("scores") or {}, other.facts.get("scores") or {}
    return tuple(
        ScoreBeside(
            name=name,
            chosen=ours[name],
            other=theirs[name],
            agrees=ours[name] > theirs[name]
            if is_better and abs(ours[name] - theirs[name]) > _ALIKE
            else None,
        )
        for name in ours
        if name in theirs
    )
