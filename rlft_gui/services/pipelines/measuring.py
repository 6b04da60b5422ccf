"""By what a pipeline is judged: what is wrong with it, and what it keeps out of training."""

from collections.abc import Callable, Mapping
from typing import Any

from rlft_gui.domain.dataset import ANY_PROMPTS, DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput, NotFound, Problem, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import GENERATED_BY, ParentRef, PipelineSpec
from rlft_gui.domain.reward_terms import parse
from rlft_gui.domain.run import Run
from rlft_gui.methods import method
from rlft_gui.services.datasets.overlap import Overlap, overlap, told
from rlft_gui.services.datasets.scoring import unscorable_rows
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.services.runs.labels import name_of
from rlft_gui.stages import stage
from rlft_gui.stages._shared.measure import MeasureSettings

#: Documents are answers too: how likely held-out ones are is told.
_WITH_ANSWERS = (DataType.DEMONSTRATIONS, DataType.PREFERENCES, DataType.THUMBS, DataType.TEXT)

#: A reward model run's name → why it cannot be used on this pipeline's base.
Unfit = Callable[[str], str | None]


def held_out_of(measure: Mapping[str, Any]) -> str:
    """The dataset of held-out prompts that a measure names; empty for none."""
    return str(measure.get("held_out") or "")


def whole_measure(spec: PipelineSpec) -> dict[str, Any]:
    """As a recipe keeps it; empty where nothing is named."""
    return MeasureSettings.model_validate(spec.measure).model_dump(mode="json") if spec.measure else {}


def measure_problems(home: Home, datasets: Datasets, spec: PipelineSpec, unfit: Unfit) -> list[Problem]:
    """Everything wrong with a pipeline's measure but its judge, which is judged as every other is."""
    problems = list(settings_problems(MeasureSettings, spec.measure, path="measure", title="the measure"))
    if problems:
        return problems
    measure = MeasureSettings.model_validate(spec.measure)
    if any(parse(name).kind == "reward_model" for name in measure.rewards):
        told_unfit = (
            unfit(measure.reward_model)
            if measure.reward_model
            else "Reward model is empty. Name a finished one."
        )
        problems += [Problem("measure.reward_model", told_unfit)] if told_unfit else []
    if measure.held_out:
        problems += [
            Problem("measure.held_out", why) for why in _unfit_data(home, datasets, spec, measure.held_out)
        ]
    told_useless = (_scores_nothing(home, datasets, spec, term) for term in measure.rewards)
    return problems + [Problem("measure.rewards", why) for why in told_useless if why]


def knows_what_is_right(datasets: Datasets, spec: PipelineSpec) -> bool:
    """Whether something will say if answers to held-out prompts are right: answers beside them, a score, or what a stage
    learns from."""
    links = method(spec.method).unfold(spec)
    if spec.measure.get("rewards") or any(
        "rewards" in stage(one.stage).settings.model_fields for one in links
    ):
        return True
    if held_out := held_out_of(spec.measure):
        return _has_answers(datasets, held_out)
    # What an earlier stage makes has answers.
    return any(one.data is not None for one in links) or any(
        _has_answers(datasets, data) for data in _learnt_from(spec)
    )


def _has_answers(datasets: Datasets, data: str) -> bool:
    try:
        return datasets.get(data).type in _WITH_ANSWERS
    except RlftError:  # told where it is chosen
        return True


def kept_out(home: Home, spec: PipelineSpec) -> dict[str, Overlap]:
    """For each dataset that the pipeline learns from, what its held-out prompts keep out of training; where that is
    nothing, it is left out.

    Raises:
        NotFound, InvalidInput: a dataset cannot be read.
    """
    held_out = held_out_of(spec.measure)
    if not held_out:
        return {}
    found = {data: overlap(home, data, held_out) for data in _learnt_from(spec)}
    return {data: one for data, one in found.items() if one.held_out}


def kept_out_in_words(home: Home, datasets: Datasets, spec: PipelineSpec) -> tuple[str, ...]:
    """A sentence for each; none where a dataset cannot be read, which is told elsewhere."""
    if not held_out_of(spec.measure):
        return ()
    try:
        judge = datasets.get(held_out_of(spec.measure))
        return tuple(
            told(one, datasets.get(data).called, judge.called) for data, one in kept_out(home, spec).items()
        )
    except (NotFound, InvalidInput):
        return ()


def seen_before(
    home: Home, datasets: Datasets, find: Callable[[str], Run | None], spec: PipelineSpec
) -> tuple[str, ...]:
    """A sentence for each earlier run whose weights the pipeline goes on from, if it learnt from held-out prompts."""
    held_out, found = held_out_of(spec.measure), list[str]()
    run = find(ParentRef.parse(spec.start_from).run_id) if spec.start_from and held_out else None
    while run is not None:
        data = str(run.recipe.settings.get("data", ""))
        if held_out_of(run.recipe.measure) != held_out and (seen := _seen(home, datasets, data, held_out)):
            found.append(
                f"{name_of(run)}, from which this goes on, learnt from {seen}. It may know them by heart."
            )
        run = find(run.recipe.parent.run_id) if run.recipe.parent else None
    return tuple(found)


def _seen(home: Home, datasets: Datasets, data: str, held_out: str) -> str:
    try:
        count = overlap(home, data, held_out).held_out
        return f"{count:,} rows with held-out prompts of {datasets.get(held_out).called}" if count else ""
    except (NotFound, InvalidInput):
        return ""


def _learnt_from(spec: PipelineSpec) -> list[str]:
    named = dict.fromkeys(str(settings.get("data", "")) for settings in spec.stages.values())
    return [data for data in named if data]


def _unfit_data(home: Home, datasets: Datasets, spec: PipelineSpec, held_out: str) -> list[str]:
    try:
        info = datasets.get(held_out)
        if info.type not in ANY_PROMPTS:
            return [f"{info.called} holds {info.type}, which asks nothing. Choose rows with prompts."]
        return [why for data in _learnt_from(spec) if (why := _leaves_none(home, datasets, data, info))]
    except RlftError as error:
        return [str(error)]


def _scores_nothing(home: Home, datasets: Datasets, spec: PipelineSpec, term: str) -> str | None:
    """Why a term would leave every held-out prompt without a score, where that is known: it would be no measure at all."""
    held_out = held_out_of(spec.measure)
    if not held_out and any(one.data is not None for one in method(spec.method).unfold(spec)):
        return None  # what an earlier stage makes is split too
    why = None
    for data in [held_out] if held_out else _learnt_from(spec):
        try:
            called, why = datasets.get(data).called, unscorable_rows(home, data, term)
        except RlftError:  # told where it is chosen
            return None
        if why is None:
            return None
    if why is None:
        return None
    return (
        f"No prompt of {called} could be scored: {why}. Choose held-out prompts with right answers, or score by another "
        "term."
    )


def _leaves_none(home: Home, datasets: Datasets, data: str, held_out: DatasetInfo) -> str | None:
    try:
        info = datasets.get(data)
    except NotFound:  # told beside the stage's data
        return None
    if data.startswith(GENERATED_BY) or not overlap(home, data, held_out.id).leaves_none:
        return None
    return (
        f"Every prompt of {info.called} is among the held-out prompts of {held_out.called}, so nothing would be left "
        "to learn from. Choose other held-out prompts, or leave them out: then a share of the prompts is held out."
    )
