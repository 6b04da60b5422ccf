"""Everything that is told about the votes of a set, counted from the votes alone."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import AnswerVerdict, Control, PairVerdict, RaterKind
from rlft_gui.services.feedback.rating_columns import Columns
from rlft_gui.services.feedback.rating_facts import (
    Counted,
    CriterionMean,
    KindRate,
    ModelRating,
    Ratings,
)
from rlft_gui.services.feedback.rating_length import length_controlled
from rlft_gui.services.feedback.rating_raters import agreement, left_share, rater_facts
from rlft_gui.services.feedback.rating_rates import mean_points, share
from rlft_gui.services.feedback.rating_strength import Strength, Strengths, islands, strengths
from rlft_gui.services.feedback.rating_table import Table, against
from rlft_gui.services.feedback.rating_words import about_models, about_raters, about_votes, headline

_MOST_KINDS = 30  #: of prompts, those with the most votes


def rated(
    votes: str | None,
    pairs: Columns,
    derived: Sequence[PairVerdict],
    judged: Sequence[AnswerVerdict],
    controls: Sequence[Control],
    titles: dict[str, str],
    *,
    baseline: str | None = None,
    raters: Counted | None = None,
) -> Ratings:
    """Everything that is told, from the votes alone.

    Args:
        derived: pairs that follow from thumbs.
        titles: model → what it is called.

    Raises:
        InvalidInput: the baseline is in none of the votes.
    """
    asked, whole = pairs.counted(derived)
    by_kind = whole.by_rater_kind()
    counted: Counted = whole.first_kind() if raters is None else raters
    kinds = {kind.value: by_kind[kind] for kind in RaterKind if by_kind[kind]}
    wanted = tuple(RaterKind) if counted == "all" else (counted,)
    shown, own = asked.of_kinds(wanted), whole.of_kinds(wanted)
    groups = islands(own)
    anchors = _anchors(own, groups, baseline, titles)
    found, strengths_found = _models(own, groups, anchors, titles)
    facts = rater_facts(asked, judged, controls)
    agreed = tuple(one for kind in RaterKind if (one := agreement(asked, kind)))
    left = left_share(shown)
    from_thumbs = len(own) - len(shown)
    ahead = strengths_found[0].ahead if strengths_found else None
    first = [one for one in found if one.island == 0]
    return Ratings(
        votes=votes,
        titles=titles,
        counted=counted,
        kinds_of_raters=kinds,
        pairs=len(own),
        prompts=len(np.unique(own.prompt)),
        from_thumbs=from_thumbs,
        replaced=len(pairs.table.of_kinds(wanted)) - len(shown),
        headline=headline(first, ahead),
        models=tuple(found),
        islands=tuple(tuple(own.models[model] for model in group) for group in groups),
        kinds=_kinds(own, anchors),
        criteria=_criteria([one for one in judged if one.rater_kind in wanted]),
        raters=facts,
        agreement=agreed,
        ceiling=next((one.same for one in agreed if one.kind is RaterKind.PERSON), None),
        left=left,
        warnings=(
            *about_raters(counted, kinds),
            *about_models(found, len(groups), any(one.is_held for one in strengths_found)),
            *about_votes(left, [one for one in facts if one.kind in wanted], from_thumbs),
        ),
    )


def _anchors(
    table: Table, groups: list[list[int]], baseline: str | None, titles: dict[str, str]
) -> dict[int, int]:
    """The baseline of each model: the one that was asked for in its island, and the likeliest in others.

    The island of the baseline that was asked for becomes the first.
    """
    chosen = _named(table, baseline, titles) if baseline else None
    if chosen is not None:
        groups.sort(key=lambda group: chosen not in group)
    anchors: dict[int, int] = {}
    for group in groups:
        anchor = chosen if chosen is not None and chosen in group else _likeliest(table, group)
        anchors |= dict.fromkeys(group, anchor)
    return anchors


def _named(table: Table, baseline: str, titles: dict[str, str]) -> int:
    there: list[int] = np.union1d(table.a, table.b).tolist()
    for model in there:
        if baseline in (table.models[model], titles.get(table.models[model])):
            return model
    names = ", ".join(table.models[model] for model in there[:8]) or "none"
    raise InvalidInput(f'No vote that counts here is on "{shortened(baseline)}". There are: {names}.')


def _likeliest(table: Table, group: list[int]) -> int:
    """The base; else the model that most others met; of two that met, the one that was put first, as in AlpacaEval."""
    met: dict[int, set[int]] = {model: set() for model in group}
    couples, counts = np.unique(table.a * len(table.models) + table.b, return_counts=True)
    firsts: Counter[int] = Counter()
    for couple, count in zip(couples.tolist(), counts.tolist(), strict=True):
        first, second = divmod(couple, len(table.models))
        if first in met:
            met[first].add(second)
            met[second].add(first)
            firsts[first] += count
    return max(group, key=lambda model: (table.models[model] == "base", len(met[model]), firsts[model]))


def _models(
    table: Table, groups: list[list[int]], anchors: dict[int, int], titles: dict[str, str]
) -> tuple[list[ModelRating], list[Strengths]]:
    found, all_strengths = [], []
    for island, group in enumerate(groups):
        strong = strengths(table, group, anchors[group[0]])
        all_strengths.append(strong)
        for model in sorted(group, key=lambda one: -strong.of[one].points):
            found.append(_model(table, model, anchors[model], strong.of[model], island, titles))
    return found, all_strengths


def _model(
    table: Table, model: int, anchor: int, strength: Strength, island: int, titles: dict[str, str]
) -> ModelRating:
    name = table.models[model]
    is_in = (table.a == model) | (table.b == model)
    lengths = np.concatenate([table.length_a[table.a == model], table.length_b[table.b == model]])
    won, longer, prompt = against(table, model, anchor)
    controlled = length_controlled(won, longer, prompt) if model != anchor else None
    return ModelRating(
        name=name,
        title=titles.get(name, name),
        baseline=table.models[anchor],
        win=share(won, prompt) if model != anchor else None,
        wins=int((won > 0.5).sum()),
        losses=int((won < 0.5).sum()),
        draws=int((won == 0.5).sum()),
        lc_win_rate=controlled and controlled.rate,
        lc_low=controlled and controlled.low,
        lc_high=controlled and controlled.high,
        bt=strength.points,
        low=strength.low,
        high=strength.high,
        votes=int(is_in.sum()),
        island=island,
        length=float(lengths.mean()),
    )


def _kinds(table: Table, anchors: dict[int, int]) -> tuple[KindRate, ...]:
    found = []
    for kind in np.argsort(-np.bincount(table.kind, minlength=len(table.kinds)))[:_MOST_KINDS].tolist():
        if table.kinds[kind]:
            own = table.where(table.kind == kind)
            for model, anchor in anchors.items():
                won, _, prompt = against(own, model, anchor)
                if win := share(won, prompt):
                    found.append(KindRate(kind=table.kinds[kind], model=table.models[model], win=win))
    return tuple(found)


def _criteria(judged: Sequence[AnswerVerdict]) -> tuple[CriterionMean, ...]:
    """Attributes in the order in which they were met; points of other scales are brought to the largest.

    Of several points of one rater for one answer the last count.
    """
    last = {
        (one.rater, one.rater_kind, one.answer, one.asked, criterion): one
        for one in judged
        for criterion in one.scores
    }
    prompts: dict[str, int] = {}
    given: dict[tuple[str, str], list[tuple[float, int]]] = {}
    scales: dict[str, float] = {}
    for (*_, criterion), one in last.items():
        prompt = prompts.setdefault(one.prompt_id, len(prompts))
        given.setdefault((criterion, one.model), []).append((one.scores[criterion] / one.scale, prompt))
        scales[criterion] = max(scales.get(criterion, 0), one.scale)
    found = []
    for (criterion, model), pairs in given.items():
        scale = scales[criterion]
        values, places = np.array([each[0] for each in pairs]), np.array([each[1] for each in pairs])
        mean, low, high = mean_points(scale * values, places)
        found.append(
            CriterionMean(
                criterion=criterion,
                model=model,
                mean=mean,
                low=None if low is None else max(low, 0.0),
                high=None if high is None else min(high, scale),
                scale=scale,
                n=len(pairs),
            )
        )
    order = list(scales)
    return tuple(sorted(found, key=lambda one: (order.index(one.criterion), -one.mean)))
