"""Which votes of a set count for data, and the texts that they are about."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rlft_gui.domain.votes import Answer, JudgedPrompt, RaterKind, Vote, VoteKind, reading_seconds
from rlft_gui.services.feedback.judging_mixed import mixed
from rlft_gui.storage.votes import VoteRows

REPEAT = "the vote repeats an earlier one, to see whether a rater agrees with himself"
CHECK = "the vote was a check of its rater: an answer beside itself with its words in disorder"
TOO_FAST = "the vote was cast faster than its answers can be read"
CORRECTED = "the same rater judged the same answers again later"
OTHER_RATER = "the vote is of another kind of rater than asked for"
NOT_IN_MIX = "people decide this pair, or should: a judge's vote counts only where it is sure and nobody else has voted"
OF_SUITE = "its prompt is one of the suite that runs are probed with"

#: Verdicts that a later one of the same rater on the same answers replaces. Points are given attribute by attribute, and there
#: may be several remarks.
_REPLACED = (VoteKind.PAIR, VoteKind.THUMB, VoteKind.EDIT)

Row = dict[str, Any]
#: An answer to a prompt by what it says, whoever wrote it: prompt id and text.
Said = tuple[str, str]


@dataclass(frozen=True)
class Counted:
    """Votes that count, oldest first, with what they are about by id, and why others do not count.

    Attributes:
        repeats: votes that repeat others, by which raters are told to agree with themselves.
        standing: every vote of the set that was not taken back.
    """

    votes: tuple[Vote, ...]
    answers: Mapping[str, Answer]
    prompts: Mapping[str, JudgedPrompt]
    dropped: Counter[str]
    repeats: tuple[Vote, ...]
    standing: tuple[Vote, ...]

    def of(self, *kinds: VoteKind) -> Iterable[Vote]:
        return (vote for vote in self.votes if vote.kind in kinds)

    def said(self, answer_id: str) -> Said:
        answer = self.answers[answer_id]
        return answer.prompt_id, answer.text

    def asked(self, prompt_id: str) -> list[dict[str, Any]]:
        """The prompt as a row has it."""
        return [dict(message) for message in self.prompts[prompt_id].messages]


def counted(
    rows: VoteRows,
    standing: Sequence[Vote],
    raters: Sequence[RaterKind],
    suite: bool,
    kinds: Sequence[VoteKind],
    is_mixed: bool = False,
) -> Counted:
    """Of the votes of a set those by which rows are made.

    Args:
        raters: whose votes count; () for everybody's.
        suite: whether votes on prompts of Lantern's suite count.
        kinds: the kinds of vote that are looked at; others are not accounted for.
        is_mixed: whether judges' votes count only where judges are sure and no person has voted.
    """
    asked = [vote for vote in standing if vote.kind in kinds]
    others_decide = mixed(standing).left_out if is_mixed else frozenset()
    answers = rows.answers({one for vote in asked for one in (vote.a, vote.b) if one})
    prompts = rows.prompts({vote.prompt_id for vote in asked})
    newest = {_subject(vote): vote.number for vote in asked if _is_replaced(vote)}
    dropped: Counter[str] = Counter()
    kept = []
    for vote in asked:
        reason = _why_not(vote, answers, raters)
        if not reason and vote.number in others_decide:
            reason = NOT_IN_MIX
        if not reason and not suite and prompts[vote.prompt_id].item_id in suite_ids():
            reason = OF_SUITE
        if not reason and _is_replaced(vote) and newest[_subject(vote)] != vote.number:
            reason = CORRECTED
        if reason:
            dropped[reason] += 1
        else:
            kept.append(vote)
    repeats = tuple(vote for vote in asked if vote.repeat_of is not None)
    return Counted(tuple(kept), answers, prompts, dropped, repeats, tuple(asked))


def suite_ids() -> frozenset[str]:
    """Ids of the prompts with which runs on Lantern are probed."""
    from rlft_gui.lantern.suite import suite

    return frozenset(item.id for item in suite())


def _why_not(vote: Vote, answers: Mapping[str, Answer], raters: Sequence[RaterKind]) -> str:
    if vote.repeat_of is not None:
        return REPEAT
    if vote.expected is not None:
        return CHECK
    if raters and vote.rater.kind not in raters:
        return OTHER_RATER
    return TOO_FAST if is_too_fast(vote, answers) else ""


def is_too_fast(vote: Vote, answers: Mapping[str, Answer]) -> bool:
    """Whether a person judged before the answers could be read; what took an unknown time is believed."""
    if vote.seconds is None or vote.rater.kind is not RaterKind.PERSON:
        return False
    return vote.seconds < reading_seconds(*(answers[one] for one in (vote.a, vote.b) if one))


def _is_replaced(vote: Vote) -> bool:
    return vote.kind in _REPLACED and vote.repeat_of is None and vote.expected is None


def _subject(vote: Vote) -> tuple[Any, ...]:
    return vote.kind, vote.rater.name, vote.rater.kind, vote.prompt_id, frozenset((vote.a, vote.b))
