"""What each stage of a pipeline will need of memory and time, before it is launched; nothing is loaded for it.

Each stage says what it holds and computes (`Stage.holds`), training/estimate makes bytes and seconds of that. Memory is set
against all that the device has, for what is free changes until a run's turn comes; where less than that is free now, what
would fit is called tight.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.machine import Memory, device_memory, devices
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.shape import read_shape
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.pipelines.lighter import Change, kinds_of_changes
from rlft_gui.services.pipelines.named_models import judging_model
from rlft_gui.services.pipelines.planning import Plan, PlannedStage
from rlft_gui.services.pipelines.timing import StageTime, Timing
from rlft_gui.stages import Stage, stage
from rlft_gui.storage import Storage
from rlft_gui.training.estimate.held import Given, RowLengths
from rlft_gui.training.estimate.memory import Device, Parts, needed
from rlft_gui.training.estimate.shape import ModelShape
from rlft_gui.training.models.weights import Tuning
from rlft_gui.training.windows import windows_of

Verdict = Literal["fits", "tight", "will not fit"]

_VERDICTS: tuple[Verdict, ...] = ("fits", "tight", "will not fit")
#: Bytes that a trainer takes before it has a model: Python with torch, transformers and TRL (`python -m benchmarks estimate`
#: measures it); on a GPU its context and libraries.
PROCESS = {"cpu": 525_000_000, "cuda": 700_000_000}
#: Share of the memory up to which a run fits: estimates are off by about as much as is left.
COMFORTABLE = 0.85
MOST_WAYS = 3
_WORTHWHILE = 0.97  #: of what it needs now
_LONGEST = 32_768  #: tokens of a row, where a model names no limit

_NOT_SOUND = "It can be estimated once nothing is missing any more."
_NOT_HERE = (
    "The model is yet to be downloaded or converted, which the launch does, so what it needs is not known. "
    "`rlft model add` does it now."
)
_NO_MEMORY = "nvidia-smi does not tell how much memory this GPU has, so there is nothing to compare with."
_UNUSUAL = "The config of this model does not name its widths as others do, so what it needs is not known."


class Way(Frozen):
    """A change of settings that needs less, what it costs, and what it would come to."""

    words: str
    costs: str
    settings: dict[str, Any]
    bytes: int
    verdict: Verdict


class StageEstimate(Frozen):
    """Bytes at the peak, by part; `ways` only where it does not fit with ease."""

    stage: str
    title: str
    round: int
    bytes: int
    parts: dict[str, int]
    verdict: Verdict
    ways: tuple[Way, ...]
    time: StageTime | None


class PipelineEstimate(Frozen):
    """`unknown` says why there are no stages; `is_measurable`: how fast this machine is would tell times that are not known."""

    device: str
    total: int
    free: int
    stages: tuple[StageEstimate, ...] = ()
    unknown: str = ""
    is_measurable: bool = False


class Estimating:
    """Safe to share between threads."""

    def __init__(
        self, home: Home, storage: Storage, datasets: Datasets, models: Models, launching: Launching
    ) -> None:
        self._storage = storage
        self._datasets = datasets
        self._models = models
        self._launching = launching
        self._timing = Timing(home, storage)

    def estimate(self, spec: PipelineSpec, *, measures: bool = False) -> PipelineEstimate:
        """Of every stage.

        Args:
            measures: this machine's speed too, where nothing else tells how long it takes: some five seconds, once.
        """
        device = devices()[0]
        memory = device_memory(device)
        found = PipelineEstimate(device=device, total=memory.total, free=memory.free)
        if not memory.total:
            return found.model_copy(update={"unknown": _NO_MEMORY})
        plan = self._launching.outline(spec)
        if plan.problems:
            return found.model_copy(update={"unknown": _NOT_SOUND})
        base = self._models.name_in_recipe(spec.base)
        card = self._models.describe(base)
        shape = read_shape(card.folder, card.title) if card.folder else None
        if shape is None:
            return found.model_copy(update={"unknown": _UNUSUAL if card.folder else _NOT_HERE})
        stages = tuple(
            self._stage(plan, position, base, shape, _device(device, memory), measures=measures)
            for position in range(len(plan.stages))
        )
        is_measurable = any(one.time is None for one in stages) and self._timing.would_tell(
            shape, is_on_cpu=device == "cpu"
        )
        return found.model_copy(update={"stages": stages, "is_measurable": is_measurable})

    def _stage(
        self, plan: Plan, position: int, base: str, shape: ModelShape, device: Device, *, measures: bool
    ) -> StageEstimate:
        planned = plan.stages[position]
        kind, given = stage(planned.stage), self._given(plan, position, base, shape, device)
        held = kind.holds(planned.settings, given)
        parts = needed(shape, held, device)
        verdict = verdict_on(_sum(parts), device)
        return StageEstimate(
            stage=planned.key,
            title=planned.title,
            round=planned.round,
            bytes=_sum(parts),
            parts={part: round(size) for part, size in parts.items()},
            verdict=verdict,
            ways=() if verdict == "fits" else ways_to_fit(kind, planned.settings, given, shape, device),
            time=self._timing.of(kind, base, shape, held, given, measures=measures),
        )

    def _given(self, plan: Plan, position: int, base: str, shape: ModelShape, device: Device) -> Given:
        planned = plan.stages[position]
        lengths, rows = self._rows(plan, planned, base, shape)
        return Given(
            lengths=lengths,
            rows=rows,
            parent=self._tuning_of_parent(plan, planned),
            reward_model=self._tuning_of_reward(plan, planned),
            judge=self._judge(planned.settings, base),
            is_on_lantern=base == LANTERN,
            is_on_cpu=device.kind == "cpu",
        )

    def _rows(
        self, plan: Plan, planned: PlannedStage, base: str, shape: ModelShape
    ) -> tuple[RowLengths, int]:
        """Lengths of its rows in tokens, and how many there are; of rows that are yet to be made, as long as may be and one for
        each prompt."""
        if planned.data is not None:
            maker = plan.stages[planned.data]
            asked, _ = self._rows(plan, maker, base, shape)
            whole = asked.prompt + int(maker.settings["max_new_tokens"])
            return RowLengths(asked.prompt, whole, (asked.mean + whole) / 2), int(maker.settings["prompts"])
        data, limit = str(planned.settings["data"]), shape.context or _LONGEST
        try:
            lengths = self._datasets.lengths(data, base)
        except RlftError:  # its tokens cannot be counted here
            most = int(planned.settings.get("max_length", limit))
            return RowLengths(most // 2, most, most / 2), self._datasets.get(data).rows
        prompts, wholes = zip(*lengths, strict=True)
        info = self._datasets.get(data)
        if info.type is DataType.TEXT:
            return _of_documents(wholes, min(int(planned.settings["max_length"]), limit), info.rows)
        found = RowLengths(min(max(prompts), limit), min(max(wholes), limit), min(fmean(wholes), limit))
        return found, info.rows

    def _tuning_of_parent(self, plan: Plan, planned: PlannedStage) -> Tuning | None:
        if planned.parent is not None:
            return _tuning(plan.stages[planned.parent].settings)
        return self._tuning_of_run(plan.start_from.run_id) if plan.start_from else None

    def _tuning_of_reward(self, plan: Plan, planned: PlannedStage) -> Tuning:
        if planned.reward is not None:
            return _tuning(plan.stages[planned.reward].settings)
        named = str(planned.settings.get("reward_model", "")).partition("@")[0]
        return (self._tuning_of_run(named) if named else None) or "lora"

    def _tuning_of_run(self, run_id: str) -> Tuning | None:
        run = self._storage.runs.get(run_id)
        return _tuning(run.recipe.settings) if run else None

    def _judge(self, settings: Mapping[str, Any], base: str) -> int:
        """Parameters of a judge that is another model than the base; 0 for none, or where that is not known."""
        name = judging_model(settings)
        if name is None or name == base:
            return 0
        try:
            return self._models.describe(name).parameters or 0
        except RlftError:
            return 0


def verdict_on(size: float, device: Device) -> Verdict:
    if size > device.total:
        return "will not fit"
    return "fits" if size <= COMFORTABLE * min(device.total, device.free) else "tight"


def ways_to_fit(
    kind: Stage, settings: Mapping[str, Any], given: Given, shape: ModelShape, device: Device
) -> tuple[Way, ...]:
    """The cheapest that need less: first those with which it fits, in the order of what they cost, then those that save most."""
    now = _sum(needed(shape, kind.holds(settings, given), device))
    found: list[Way] = []
    for changes in kinds_of_changes(kind, settings):
        tried = [_way(change, kind, settings, given, shape, device) for change in changes]
        if lighter := [way for way in tried if way.bytes < _WORTHWHILE * now]:
            best = min((way.verdict for way in lighter), key=_VERDICTS.index)
            # The mildest that changes the verdict; where none does, the one that saves most.
            is_better = _VERDICTS.index(best) < _VERDICTS.index(verdict_on(now, device))
            found.append(next(way for way in lighter if way.verdict == best) if is_better else lighter[-1])
    found.sort(key=lambda way: (_VERDICTS.index(way.verdict), way.verdict != "fits" and way.bytes))
    return tuple(found[:MOST_WAYS])


def _way(
    change: Change,
    kind: Stage,
    settings: Mapping[str, Any],
    given: Given,
    shape: ModelShape,
    device: Device,
) -> Way:
    size = _sum(needed(shape, kind.holds({**settings, **change.settings}, given), device))
    return Way(
        words=change.words,
        costs=change.costs,
        settings=change.settings,
        bytes=size,
        verdict=verdict_on(size, device),
    )


def _of_documents(lengths: Sequence[int], longest: int, documents: int) -> tuple[RowLengths, int]:
    """Lengths and number of the rows that documents are split into, from those that were measured."""
    rows = sum(windows_of(length, longest) for length in lengths)
    mean = min(sum(lengths) / rows, longest)
    return RowLengths(0, min(max(lengths), longest), mean), round(rows * documents / len(lengths))


def _device(name: str, memory: Memory) -> Device:
    kind: Literal["cpu", "cuda"] = "cpu" if name == "cpu" else "cuda"
    return Device(kind, PROCESS[kind], memory.total, memory.free)


def _tuning(settings: Mapping[str, Any]) -> Tuning:
    return "full" if settings.get("tuning") == "full" else "lora"


def _sum(parts: Parts) -> int:
    return round(sum(parts.values()))
