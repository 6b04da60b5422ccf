"""What a person should know of data that was made of votes, before something is trained on it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.turns import said
from rlft_gui.domain.votes import Rater, RaterKind, Vote, VoteKind
from rlft_gui.services.feedback.views_counted import Counted, Row, Said, suite_ids
from rlft_gui.services.feedback.views_marks import weights
from rlft_gui.services.feedback.views_rows import Made, rounded

#: Below so many rows a model learns next to nothing, and up to what people call enough.
LEAST = {
    "pairs": (200, "Reward models and DPO want 200 pairs on a tiny model and 1,000 to 5,000 on a real one."),
    "attributes": (
        200,
        "Reward models and DPO want 200 pairs on a tiny model and 1,000 to 5,000 on a real one.",
    ),
    "kto": (500, "KTO wants 500 marked answers or more."),
    "ratings": (500, "Regression wants 500 rated answers or more."),
    "critiques": (300, "Learning to revise wants 300 prompts or more, several critiques each."),
    "edits": (200, "Imitation wants some hundreds of answers."),
}
#: A correlation of choice with length beyond this may be all that is learnt.
_LENGTH_BIAS = 0.2
#: Fewer votes than this tell nothing of habits.
_FEW = 10


class ViewReport(Frozen):
    """Attributes are None where nothing tells.

    Attributes:
        votes: that went into rows or were left out of them for what they say.
        raters: kind of rater → votes.
        models: who wrote the answers in the rows → answers; `runs`: of which runs these are → answers.
        off_policy: share of rows with an answer that another model than the start wrote.
        length: correlation of being chosen with being longer, from -1 to 1; `longer` pairs chose the longer answer.
        agreement: share of verdicts on the same answers in which two raters agree, of `agreed_on` such meetings. It is
            the most that a reward model can agree with a rater.
        self_agreement: the same for one rater and repeats.
        left: share of people's decided verdicts that went to the answer shown first, of `left_of`.
        weights: for good and bad marks, so that their balance is between 1:1 and 4:3.
        least: rows that one should have; `wanted` says so.
        of_suite: rows with a prompt that runs on Lantern are probed with.
    """

    votes: int
    raters: dict[str, int]
    models: dict[str, int]
    runs: dict[str, int]
    off_policy: float | None = None
    length: float | None = None
    longer: int = 0
    shorter: int = 0
    agreement: float | None = None
    agreed_on: int = 0
    self_agreement: float | None = None
    repeats: int = 0
    left: float | None = None
    left_of: int = 0
    weights: tuple[float, float] | None = None
    least: int = 0
    wanted: str = ""
    of_suite: int = 0


def report(view: str, judged: Counted, made: Made, start: str = "") -> ViewReport:
    """What is worth knowing of these rows.

    Args:
        start: the model that a policy would start from: "base", RUN or RUN@step; "" if nobody has said.
    """
    least, wanted = LEAST[view]
    agreement, met = _agreement(judged)
    own, repeats = _self_agreement(judged)
    left, left_of = _left(judged.of(VoteKind.PAIR))
    differences = [_difference(row) for row in made.rows if "chosen" in row]
    writers = [one for row in made.writers for one in row]
    labels = Counter(row["label"] for row in made.rows if "label" in row)
    return ViewReport(
        votes=len(judged.votes),
        raters=dict(Counter(str(vote.rater.kind) for vote in judged.votes).most_common()),
        models=dict(Counter(one.model for one in writers).most_common()),
        runs=dict(Counter(one.run_id for one in writers if one.run_id).most_common()),
        off_policy=_off_policy(made, start) if start else None,
        length=_correlation(differences),
        longer=sum(one > 0 for one in differences),
        shorter=sum(one < 0 for one in differences),
        agreement=agreement,
        agreed_on=met,
        self_agreement=own,
        repeats=repeats,
        left=left,
        left_of=left_of,
        weights=weights(labels[True], labels[False]) if labels else None,
        least=least,
        wanted=wanted,
        of_suite=_of_suite(judged, made),
    )


def sentences(rows: int, told: ViewReport) -> tuple[str, ...]:
    """The report in words; only what there is to say."""
    found = (
        _small(rows, told),
        _of_machines(told),
        _written_by(told),
        _off_policy_told(told),
        _lengths(told),
        _ceiling(told),
        _places(told),
        _balance(told),
        _of_suite_told(told),
    )
    return tuple(sentence for sentence in found if sentence)


def warnings(rows: int, told: ViewReport) -> tuple[str, ...]:
    """Of the report what may spoil a training."""
    found = (_small(rows, told), _off_policy_told(told), _of_suite_told(told))
    return tuple(sentence for sentence in found if sentence)


def _small(rows: int, told: ViewReport) -> str:
    return f"{rows:,} {'row is' if rows == 1 else 'rows are'} few. {told.wanted}" if rows < told.least else ""


def _of_machines(told: ViewReport) -> str:
    if not told.raters or set(told.raters) == {str(RaterKind.PERSON)}:
        return ""
    names = {"person": "people", "judge": "judges", "simulated": "simulated raters"}
    return f"Votes of {', '.join(f'{names[kind]}: {count:,}' for kind, count in told.raters.items())}."


def _written_by(told: ViewReport) -> str:
    if not told.models:
        return ""
    shown = ", ".join(f"{model} ({count:,})" for model, count in list(told.models.items())[:6])
    return f"Answers are by {shown}."


def _off_policy_told(told: ViewReport) -> str:
    if not told.off_policy:
        return ""
    return (
        f"{100 * told.off_policy:.0f} % of the rows have an answer that the model to be trained did not write "
        "(off-policy). A stage of SFT on good answers before the others brings it nearer to them."
    )


def _of_suite_told(told: ViewReport) -> str:
    if not told.of_suite:
        return ""
    return (
        f"{told.of_suite:,} {'row asks a prompt' if told.of_suite == 1 else 'rows ask prompts'} of the suite that runs on "
        "Lantern are probed with: what learns from it has seen questions of its exam."
    )


def _lengths(told: ViewReport) -> str:
    if told.length is None or not told.longer + told.shorter:
        return ""
    if told.longer + told.shorter < _FEW:
        return "There are too few pairs to tell whether being longer decides."
    said_so = (
        f"Being chosen and being longer correlate by {told.length:+.2f} "
        f"({told.longer:,} chose the longer answer, {told.shorter:,} the shorter one)"
    )
    if abs(told.length) < _LENGTH_BIAS:
        return f"{said_so}."
    return f"{said_so}, so length may be what is learnt. Balance lengths to take that away."


def _ceiling(told: ViewReport) -> str:
    found = []
    if told.agreement is not None and told.agreed_on < _FEW:
        found.append("Raters met on too few answers to tell how far they agree.")
    elif told.agreement is not None:
        found.append(
            f"Two raters agree in {100 * told.agreement:.0f} % of {told.agreed_on:,} meetings on the same answers, which is "
            "the most that a reward model can agree with one of them."
        )
    if told.self_agreement is not None and told.repeats < _FEW:
        found.append("There are too few repeats to tell how far raters agree with themselves.")
    elif told.self_agreement is not None:
        found.append(
            f"Raters agree with themselves in {100 * told.self_agreement:.0f} % of {told.repeats:,} repeats; DPO's label "
            f"smoothing for such noise is {(1 - told.self_agreement) / 2:.2f}."
        )
    return " ".join(found)


def _places(told: ViewReport) -> str:
    if told.left is None:
        return ""
    if told.left_of < _FEW:
        return "There are too few verdicts of people to tell whether the answer shown first wins."
    return f"The answer shown first won {100 * told.left:.0f} % of {told.left_of:,} verdicts of people."


def _balance(told: ViewReport) -> str:
    if told.weights is None or told.weights == (1.0, 1.0):
        return ""
    good, bad = told.weights
    return f"Weights that keep good and bad in balance: desirable {good:g}, undesirable {bad:g}."


def _off_policy(made: Made, start: str) -> float | None:
    if not made.writers:
        return None
    own = sum(all(start in (one.model, one.model.split("@")[0]) for one in row) for row in made.writers)
    return rounded(1 - own / len(made.writers))


def _difference(row: Row) -> int:
    """Characters by which the chosen answer is longer."""
    return len(said(row["chosen"][-1])) - len(said(row["rejected"][-1]))


def _correlation(differences: Sequence[int]) -> float | None:
    """Of the choice (1 or -1) with the difference of lengths, each pair seen from both sides, so that no side counts."""
    square = sum(one * one for one in differences)
    if not square:
        return None
    return rounded(sum(differences) / math.sqrt(len(differences) * square))


def _agreement(judged: Counted) -> tuple[float | None, int]:
    """Of two raters on the same answers; a tie agrees with a tie only."""
    verdicts: dict[tuple[Said, Said], dict[Rater, int]] = defaultdict(dict)
    for vote in judged.of(VoteKind.PAIR):
        key, sign = _verdict(judged, vote)
        verdicts[key][vote.rater] = sign
    met = [a == b for given in verdicts.values() for a, b in combinations(given.values(), 2)]
    return (rounded(sum(met) / len(met)) if met else None), len(met)


def _self_agreement(judged: Counted) -> tuple[float | None, int]:
    first = {vote.number: vote for vote in judged.standing}
    met = [
        _verdict(judged, again) == _verdict(judged, first[again.repeat_of])
        for again in judged.repeats
        if again.kind is VoteKind.PAIR and again.repeat_of in first
    ]
    return (rounded(sum(met) / len(met)) if met else None), len(met)


def _verdict(judged: Counted, vote: Vote) -> tuple[tuple[Said, Said], int]:
    """Which texts, in their order, and 1 if the first is better, -1 if the second is, 0 for neither."""
    a, b = judged.said(vote.a), judged.said(vote.b or vote.a)
    lead = vote.verdict.won_by_a - 0.5
    sign = (lead > 0) - (lead < 0)
    return (min(a, b), max(a, b)), sign if a <= b else -sign


def _left(votes: Iterable[Vote]) -> tuple[float | None, int]:
    won = [
        (vote.verdict.won_by_a > 0.5) == (vote.left == "a")
        for vote in votes
        if vote.rater.kind is RaterKind.PERSON and _is_decided(vote)
    ]
    return (rounded(sum(won) / len(won)) if won else None), len(won)


def _is_decided(vote: Vote) -> bool:
    return vote.verdict.won_by_a != 0.5


def _of_suite(judged: Counted, made: Made) -> int:
    ids = suite_ids()
    asked = [list(prompt.messages) for prompt in judged.prompts.values() if prompt.item_id in ids]
    keys = {str([dict(message) for message in messages]) for messages in asked}
    return sum(str(row["prompt"]) in keys for row in made.rows)
