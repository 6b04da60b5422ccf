"""Whether what a rater says fits what he was asked, and how long he took."""

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Answer, Ballot, Verdict, Vote, VoteKind, VoteSet, reading_seconds

SCALE = 5
LONGEST_TEXT = 20_000
LONGEST_RUBRIC = 2_000
MOST_ATTRIBUTES = 12
LONGEST_ATTRIBUTE = 40
OVERALL = "overall"


def attributes_of(question: Question, asked: tuple[str, ...]) -> tuple[str, ...]:
    """What points are given for.

    Raises:
        InvalidInput: of several attributes there is none, too many, or one twice.
    """
    if question is not Question.ATTRIBUTES:
        return (OVERALL,)
    found = tuple(name for name in (" ".join(one.split()) for one in asked) if name)
    if not 1 <= len(found) <= MOST_ATTRIBUTES:
        raise InvalidInput(
            f"Points are given for 1 to {MOST_ATTRIBUTES} attributes; found {len(found)}. Name them, one a line."
        )
    if long := next((name for name in found if len(name) > LONGEST_ATTRIBUTE), None):
        raise InvalidInput(
            f'The attribute "{long[:LONGEST_ATTRIBUTE]}…" is longer than {LONGEST_ATTRIBUTE} characters. Shorten it.'
        )
    if twice := next((name for name in found if found.count(name) > 1), None):
        raise InvalidInput(f'The attribute "{twice}" is named twice. Name each once.')
    return found


def check(ballot: Ballot, verdict: Verdict, votes: VoteSet, answer: Answer) -> None:
    """Refuse what does not answer the question. `answer` is the one that is judged, where it is one.

    Raises:
        InvalidInput: with what is missing.
    """
    check_length(verdict.text)
    if ballot.kind is VoteKind.PAIR and verdict.choice is None:
        raise InvalidInput("A pair needs a verdict: A, B, a tie, or both are bad.")
    if ballot.kind is VoteKind.RATING:
        _check_points(verdict, votes)
    if ballot.kind is VoteKind.THUMB and verdict.is_good is None:
        raise InvalidInput("Say whether the answer is good or bad.")
    if ballot.kind in (VoteKind.CRITIQUE, VoteKind.EDIT) and not verdict.text.strip():
        raise InvalidInput("There are no words yet. Write what you would say, or skip this answer.")
    if ballot.kind is VoteKind.EDIT and verdict.text.strip() == answer.text.strip():
        raise InvalidInput("The answer was not changed. Change it, or skip it if it is good as it stands.")


def check_length(text: str) -> None:
    """Refuse words that are too many."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"The text has {len(text):,} characters; {LONGEST_TEXT:,} are the most. Shorten it."
        )


def _check_points(verdict: Verdict, votes: VoteSet) -> None:
    missing = [name for name in votes.attributes if name not in verdict.scores]
    if missing:
        raise InvalidInput(f"Points are missing for: {', '.join(missing)}. Give 1 to {SCALE} for each.")
    if strange := [name for name in verdict.scores if name not in votes.attributes]:
        raise InvalidInput(
            f'This set asks no points for "{strange[0]}". It asks: {", ".join(votes.attributes)}.'
        )
    for name, points in verdict.scores.items():
        if points not in range(1, SCALE + 1):
            raise InvalidInput(f"Points go from 1 to {SCALE}; found {points:g} for {name}.")


def seconds_taken(ballot: Ballot, reported: float | None, last_vote_at: float | None, now: float) -> float:
    """From when it was on screen until it was judged.

    A ballot is fetched before it is shown, so only the browser knows when that was; but nobody can have looked for longer
    than since it was handed out. Where nobody says, it stood there since the vote before.
    """
    longest = max(0.0, now - ballot.offered_at)
    if reported is not None:
        return min(max(0.0, reported), longest)
    return min(longest, now - (last_vote_at or ballot.offered_at))


def is_too_fast(vote: Vote, *answers: Answer) -> bool:
    """Whether the answers cannot have been read in that time."""
    return vote.seconds is not None and vote.seconds < reading_seconds(*answers)
