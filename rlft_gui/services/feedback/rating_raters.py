"""What votes tell of those who vote: whether they agree, with others and with themselves, read before they judge, and like a side."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rlft_gui.domain.votes import CHARACTERS_READ_A_SECOND, AnswerVerdict, Control, RaterKind
from rlft_gui.services.feedback.rating_facts import Agreement, Rate, RaterFacts
from rlft_gui.services.feedback.rating_rates import share
from rlft_gui.services.feedback.rating_table import Table

_VERDICTS = 3  #: the other one, a tie, this one
_LEAST_OF_A_SIDE = (
    0.1  #: of the votes on two models, that either must stand left in, or the sides tell nothing
)


def is_too_fast(table: Table) -> npt.NDArray[np.bool_]:
    """Which pairs a person judged in less time than reading takes; False where the time is not known."""
    is_person = np.array([kind is RaterKind.PERSON for _, kind in table.raters], dtype=bool)
    reading = (table.length_a + table.length_b) / CHARACTERS_READ_A_SECOND
    fast: npt.NDArray[np.bool_] = table.seconds < reading  # NaN is never less
    by_person: npt.NDArray[np.bool_] = is_person[table.rater]
    return fast & by_person


def left_share(table: Table) -> Rate | None:
    """How often the left answer won, as if each model had stood left as often as right; None where the sides never changed.

    Of two models that always stood on the same sides, nobody can tell liking for a side from liking for a model.
    """
    lower_left = (table.a < table.b) == table.is_a_left
    models = len(table.models)
    couple = np.minimum(table.a, table.b) * models + np.maximum(table.a, table.b)
    _, couple = np.unique(couple, return_inverse=True)
    of_side = np.bincount(couple * 2 + lower_left, minlength=2 * (couple.max() + 1 if len(couple) else 0))
    sides = of_side.reshape(-1, 2)
    counts = sides.sum(axis=1)
    is_told = sides.min(axis=1) >= np.maximum(_LEAST_OF_A_SIDE * counts, 1)
    kept = is_told[couple] if len(couple) else np.zeros(0, dtype=bool)
    own = table.where(kept)
    weights = (counts[couple] / 2 / np.maximum(of_side[couple * 2 + lower_left], 1))[kept]
    return share(np.where(own.is_a_left, own.won, 1 - own.won), own.prompt, weights)


def verdicts_by_pair(table: Table) -> npt.NDArray[np.int64]:
    """0, 1 or 2 for each vote: the pair's second answer, a tie, its first; whichever way round they stood."""
    won = np.where(table.turned, 1 - table.won, table.won)
    return np.sign(won - 0.5).astype(np.int64) + 1


def agreement(table: Table, kind: RaterKind) -> Agreement | None:
    """Among raters of a kind; None where no two judged the same pair."""
    import krippendorff

    own = table.of_kinds([kind])
    if len(np.unique(own.rater)) < 2:
        return None
    last = _one_each(own)
    counts = _counts(last)
    counts = counts[counts.sum(axis=1) > 1]
    if not len(counts):
        return None
    is_varied = len(np.flatnonzero(counts.sum(axis=0))) > 1
    alpha = (
        float(krippendorff.alpha(value_counts=counts, level_of_measurement="interval")) if is_varied else None
    )
    met = counts.sum(axis=1)
    alike = (counts * (counts - 1)).sum() / (met * (met - 1)).sum()
    return Agreement(
        kind=kind, alpha=alpha, same=100 * float(alike), pairs=len(counts), raters=len(np.unique(last.rater))
    )


def rater_facts(
    table: Table, judged: Sequence[AnswerVerdict], controls: Sequence[Control]
) -> tuple[RaterFacts, ...]:
    """Each rater, by the most votes. With whom they agree: with people who judged the same pair."""
    names: dict[tuple[str, RaterKind], None] = dict.fromkeys(
        (
            *table.raters,
            *((one.rater, one.rater_kind) for one in judged),
            *((one.rater, one.rater_kind) for one in controls),
        )
    )
    answers = Counter((one.rater, one.rater_kind) for one in judged)
    fast = np.bincount(table.rater, is_too_fast(table), minlength=len(table.raters))
    with_people = _with_people(table)
    codes = {who: code for code, who in enumerate(table.raters)}
    found = []
    for who in names:
        code = codes.get(who)
        own = table.where(table.rater == code) if code is not None else None
        alike, meetings = with_people.get(who, (0, 0))
        again = [one for one in controls if (one.rater, one.rater_kind) == who]
        repeats = [
            np.sign(one.won - 0.5) == np.sign(one.before - 0.5) for one in again if one.before is not None
        ]
        checks = [one.is_right for one in again if one.is_right is not None]
        found.append(
            RaterFacts(
                name=who[0],
                kind=who[1],
                pairs=0 if own is None else len(own),
                answers=answers[who],
                too_fast=0 if code is None else int(fast[code]),
                with_others=_percent(alike, meetings),
                meetings=meetings,
                with_itself=_percent(sum(map(bool, repeats)), len(repeats)),
                repeats=len(repeats),
                checks_right=_percent(sum(checks), len(checks)),
                checks=len(checks),
                left=left_share(own) if own is not None and len(own) else None,
            )
        )
    return tuple(sorted(found, key=lambda one: -(one.pairs + one.answers)))


def _with_people(table: Table) -> dict[tuple[str, RaterKind], tuple[int, int]]:
    """For each rater: in how many meetings with people on a pair they said the same, and how many there were."""
    if len(table.raters) < 2:
        return {}
    last = _one_each(table)
    is_person = np.array([kind is RaterKind.PERSON for _, kind in table.raters], dtype=bool)[last.rater]
    people = _counts(last.where(is_person), int(last.pair.max()) + 1)
    verdict = verdicts_by_pair(last)
    same = people[last.pair, verdict] - is_person
    met = people.sum(axis=1)[last.pair] - is_person
    alike, meetings = np.bincount(last.rater, same), np.bincount(last.rater, met)
    return {
        table.raters[code]: (int(alike[code]), int(meetings[code]))
        for code in range(len(meetings))
        if meetings[code]
    }


def _one_each(table: Table) -> Table:
    """Of several votes of one rater on one pair, the last."""
    key = table.rater * (int(table.pair.max()) + 1) + table.pair
    _, place = np.unique(key[::-1], return_index=True)
    return table.where(np.sort(len(key) - 1 - place))


def _counts(table: Table, pairs: int | None = None) -> npt.NDArray[np.int64]:
    """Shape (pairs, verdicts): how many raters said what."""
    size = pairs if pairs is not None else int(table.pair.max()) + 1
    key = table.pair * _VERDICTS + verdicts_by_pair(table)
    return np.bincount(key, minlength=size * _VERDICTS).reshape(size, _VERDICTS)


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
