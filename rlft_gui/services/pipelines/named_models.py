"""The models that a pipeline names: its base, and judges that are models themselves."""

from collections.abc import Callable, Mapping
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.judge_names import parse
from rlft_gui.domain.recipe import PipelineSpec


def judging_model(settings: Mapping[str, Any]) -> str | None:
    """The model that a stage's judge is: a folder, a GGUF file or a name; None for all other judges."""
    judge = settings.get("judge")
    try:
        name = parse(judge) if isinstance(judge, str) and judge else None
    except InvalidInput:  # which the settings themselves tell
        return None
    return name.argument if name is not None and name.kind == "model" else None


def named_models(spec: PipelineSpec) -> tuple[str, ...]:
    judges = (judging_model(settings) for settings in (*spec.stages.values(), spec.measure))
    return (spec.base, *(judge for judge in judges if judge is not None))


def renamed(spec: PipelineSpec, rename: Callable[[str], str]) -> PipelineSpec:
    """With every model under another name."""

    def judged(settings: dict[str, Any]) -> dict[str, Any]:
        judge = judging_model(settings)
        return settings if judge is None else {**settings, "judge": rename(judge)}

    stages = {name: judged(settings) for name, settings in spec.stages.items()}
    update = {"base": rename(spec.base), "measure": judged(spec.measure), "stages": stages}
    return spec.model_copy(update=update)
