"""From votes to what may be trained on them: which method fits, on which rows, from which model."""

from collections import Counter

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.votes import VoteKind
from rlft_gui.services.datasets.curating import Curating
from rlft_gui.services.feedback.simulating import POOL
from rlft_gui.services.feedback.views import View, ViewChoices, ViewKind, VoteViews
from rlft_gui.services.feedback.views_told import warnings
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage

COMPARISON = "comparison:"
BASE = "base"  #: what the base is called as the writer of an answer

#: By what most of the votes are: the method that learns from them.
_METHODS = {
    VoteKind.PAIR: "dpo",
    VoteKind.THUMB: "kto",
    VoteKind.RATING: "rlhf",
    VoteKind.EDIT: "sft",
    VoteKind.CRITIQUE: "sft",
}
#: Which stage of a method learns from votes.
_TAKERS = {"dpo": "dpo", "kto": "kto", "rlhf": "reward_model", "sft": "sft"}
#: How a dataset becomes answers to imitate, so that what prefers some answers begins with a model that gives such.
_WAYS_TO_IMITATE = {DataType.PREFERENCES: "chosen", DataType.THUMBS: "good"}


class TrainingStart(Frozen):
    """What a wizard begins with.

    Attributes:
        stage: the stage of the method that learns from `dataset`.
        base: from which base the answers are; "" where nobody here knows.
        run: "RUN@step" where one checkpoint wrote all answers, so that it is trained on its own.
        warm_up: a dataset of good answers to imitate first; "" if there is none.
        settings: stage → setting → value, that the votes ask for.
        told: sentences that a person should read before it begins.
    """

    method: str
    stage: str
    dataset: DatasetInfo
    base: str
    run: str
    warm_up: str
    settings: dict[str, dict[str, str | float]]
    told: tuple[str, ...]


class TrainingOnVotes:
    """May be shared by threads."""

    def __init__(self, storage: Storage, votes: Votes, views: VoteViews, curating: Curating) -> None:
        self._storage = storage
        self._votes = votes
        self._views = views
        self._curating = curating
        self._rights = Rights(storage)

    def prepare(self, name: str, *, method: str = "", user: str) -> TrainingStart:
        """Store what the votes of a set give as a dataset, and say what may be trained on it.

        Args:
            method: "dpo", "rlhf", "kto" or "sft"; "" for the one that fits the votes.

        Raises:
            NotFound: there is no such set.
            InvalidInput: the votes give nothing that the method could learn from.
        """
        self._rights.check_change(user)
        kinds = Counter(vote.kind for vote in self._votes.cast(name))
        method = method or (_METHODS[kinds.most_common(1)[0][0]] if kinds else "dpo")
        if method not in _TAKERS:
            raise InvalidInput(f'"{method}" does not learn from votes. These do: {", ".join(_TAKERS)}.')
        kind = _view_for(method, kinds)
        view = self._view(name, kind)
        run = _only_writer(view)
        base = self._base(name, view)
        start = run or (BASE if base else "")
        told = self._views.view(name, kind, ViewChoices(suite=view.report.of_suite > 0, start=start))
        dataset = self._views.store(told, user=user)
        warm_up = self._warm_up(dataset, user) if method != "sft" and base != LANTERN and not run else ""
        return TrainingStart(
            method=method,
            stage=_TAKERS[method],
            dataset=dataset,
            base=base,
            run=run,
            warm_up=warm_up,
            settings=_settings(method, view),
            told=(
                _gave(told),
                *warnings(len(told.rows), told.report),
            ),
        )

    def _view(self, name: str, kind: ViewKind) -> View:
        """Without prompts of the probe where anything is left without them: what learns from those has seen its exam."""
        apart = self._views.view(name, kind, ViewChoices(suite=False))
        if apart.rows:
            return apart
        whole = self._views.view(name, kind)
        whole.check_some()
        return whole

    def _base(self, name: str, view: View) -> str:
        for run_id in view.report.runs:
            if run := self._storage.runs.get(run_id):
                return run.base
        for source in self._votes.get(name).sources:
            if source == POOL:
                return LANTERN
            if source.startswith(COMPARISON):
                comparison = self._storage.comparisons.get(source.removeprefix(COMPARISON))
                if comparison is not None:
                    return comparison.base
        return ""

    def _warm_up(self, dataset: DatasetInfo, user: str) -> str:
        way = _WAYS_TO_IMITATE.get(dataset.type)
        if way is None:
            return ""
        try:
            return self._curating.convert(dataset.id, way, user=user).id
        except InvalidInput:  # no answer of it is good
            return ""


def _view_for(method: str, kinds: Counter[VoteKind]) -> ViewKind:
    match method:
        case "kto":
            return ViewKind.KTO
        case "sft":
            return ViewKind.CRITIQUES if kinds[VoteKind.CRITIQUE] > kinds[VoteKind.EDIT] else ViewKind.EDITS
        case "rlhf" if kinds[VoteKind.RATING] > kinds[VoteKind.PAIR]:
            return ViewKind.RATINGS
    return ViewKind.PAIRS


def _gave(view: View) -> str:
    rows = f"gave {len(view.rows):,} {'row' if len(view.rows) == 1 else 'rows'}."
    if not view.account.left_out:
        return f"{view.account.votes:,} votes of {view.origin.votes} {rows}"
    return f"{view.account.told(view.origin.votes)} What counts {rows}"


def _only_writer(view: View) -> str:
    models = list(view.report.models)
    return models[0] if len(models) == 1 and view.report.runs else ""


def _settings(method: str, view: View) -> dict[str, dict[str, str | float]]:
    if view.kind is ViewKind.RATINGS:
        return {"reward_model": {"objective": "regression"}}
    good, bad = view.report.weights or (1.0, 1.0)
    return {"kto": {"desirable_weight": good, "undesirable_weight": bad}} if method == "kto" else {}
