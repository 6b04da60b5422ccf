"""Several answers to one prompt, with points or ranks beside them: the best is chosen, the worst rejected.

UltraFeedback keeps its answers so (Cui et al. 2023), and so do older files of LLaMA-Factory, whose `output` is a list of
the better and the worse answer.
"""

from typing import Any

from rlft_gui.data.shapes.faults import OtherShape, RowFault
from rlft_gui.data.shapes.verdicts import points

Row = dict[str, Any]

LISTS = ("responses", "completions", "answers", "candidates", "outputs", "generations")
#: Columns with a number for each answer. Of ranks the lowest is the best.
POINTS = ("scores", "ratings", "rewards", "rating", "score", "overall_scores")
RANKS = ("ranks", "rank", "ranking")
#: What Nectar says beside a list, of the list and of its question.
OF_THE_LIST = ("num_responses", "good_natured")
_POINTS_OF_ONE = ("overall_score", "score", "rating", "reward", "points")
_TEXTS = ("response", "completion", "text", "content", "answer", "output", "generated_text")

BEST_AND_WORST = "of several ranked answers the best is chosen and the worst rejected"
FIRST_IS_BEST = "of the listed answers the first is taken as the better one"


def is_ranked(row: Row, column: str) -> bool:
    """Whether the column lists answers and something says which is better."""
    listed = row.get(column)
    if not isinstance(listed, list) or len(listed) < 2:
        return False
    if column == "output":
        return all(isinstance(one, str) for one in listed)
    return _beside(row, len(listed)) is not None or all(_own(one) is not None for one in listed)


def best_and_worst(row: Row, column: str) -> Row:
    """The row with chosen and rejected in place of the list.

    Raises:
        RowFault: the answers are ranked alike, or one has no text.
    """
    listed = row[column]
    rest = {name: value for name, value in row.items() if name not in (column, *POINTS, *RANKS, *OF_THE_LIST)}
    if column == "output":
        return {**rest, "chosen": listed[0], "rejected": listed[1]}
    worth = _beside(row, len(listed)) or [_own(one) for one in listed]
    known = [(number, place) for place, number in enumerate(worth) if number is not None]
    if len(known) < 2 or min(known)[0] == max(known)[0]:
        raise RowFault("no answer is ranked above another")
    best, worst = max(known, key=lambda one: (one[0], -one[1]))[1], min(known)[1]
    return {**rest, "chosen": _text(listed[best], column), "rejected": _text(listed[worst], column)}


def _beside(row: Row, count: int) -> list[float | None] | None:
    """How good each answer is, from a list beside them."""
    for names, sign in ((POINTS, 1), (RANKS, -1)):
        for name in names:
            listed = row.get(name)
            if isinstance(listed, list) and len(listed) == count:
                numbers = [points(one) for one in listed]
                if all(number is not None for number in numbers):
                    return [sign * number for number in numbers if number is not None]
    return None


def _own(one: Any) -> float | None:
    """How good an answer is, from what stands beside its text."""
    if not isinstance(one, dict):
        return None
    rank = points(one.get("rank"))
    if rank is not None:
        return -rank
    return next((number for name in _POINTS_OF_ONE if (number := points(one.get(name))) is not None), None)


def _text(one: Any, column: str) -> Any:
    if not isinstance(one, dict) or "role" in one:
        return one
    found = next((one[name] for name in _TEXTS if isinstance(one.get(name), str)), None)
    if found is None:
        raise OtherShape(
            f'an answer in "{column}" has no text', fix=f"Call its text one of: {', '.join(_TEXTS[:5])}."
        )
    return found
