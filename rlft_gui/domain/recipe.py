"""What a person asks for (PipelineSpec) and what a worker is given (Recipe)."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput

#: What a pipeline or a run calls the base model that comes with the app.
LANTERN = "lantern"


class PipelineSpec(Frozen):
    """One launch of one method, as written in YAML, made by the wizard, or shipped as a preset.

    `stages` maps a stage's name to its settings; settings left out take the stage's defaults.
    """

    title: str = Field("", title="Title", description="A short name for this pipeline.", max_length=80)
    about: str = Field("", title="About", description="One sentence on what it is for.", max_length=400)
    method: str = Field(title="Method", description="What to train with, e.g. sft or dpo.")
    base: str = Field(
        LANTERN,
        title="Base model",
        description='"lantern", a model that was added, a folder, a GGUF file, or a Hub name such as org/model.',
    )
    start_from: str | None = Field(
        None, title="Start from", description="A finished run (RUN or RUN@step) whose adapter is continued."
    )
    seed: int = Field(
        0,
        title="Seed",
        description="One number that fixes data order, initialisation and sampling.",
        ge=0,
        le=2**31 - 1,
    )
    options: dict[str, Any] = Field(
        default_factory=dict,
        title="Options",
        description="Choices of the method itself, such as which optimiser RLHF ends with.",
    )
    review: bool = Field(
        False,
        title="Pause for review",
        description="After a stage that makes data, wait until somebody has looked at the rows and let them pass.",
    )
    measure: dict[str, Any] = Field(
        default_factory=dict,
        title="Measure",
        description="By what every stage is judged: held-out prompts, and what scores answers to them.",
    )
    stages: dict[str, dict[str, Any]] = Field(
        default_factory=dict, title="Stages", description="Settings by stage."
    )


#: A step as one writes it behind a run's @: digits, and no more of them than a run could count to.
STEP = re.compile(r"[0-9]{1,15}")


class ParentRef(Frozen):
    """The run whose adapter a stage continues; `step` None means its last complete checkpoint."""

    run_id: str
    step: int | None = None

    @classmethod
    def parse(cls, text: str) -> "ParentRef":
        """Read RUN or RUN@step.

        Raises:
            InvalidInput: the step is no whole number.
        """
        run_id, at, step = text.partition("@")
        if at and not STEP.fullmatch(step):
            raise InvalidInput(f'"{text}" names no checkpoint. Write RUN or RUN@step, e.g. {run_id}@100.')
        return cls(run_id=run_id, step=int(step) if at else None)

    def __str__(self) -> str:
        return self.run_id if self.step is None else f"{self.run_id}@{self.step}"


#: Before a run's id, names the rows that this run made as a dataset.
GENERATED_BY = "run:"
#: Before a reward model run, names it as a judge.
REWARD_MODEL_AS_JUDGE = "reward_model:"


class Recipe(Frozen):
    """Everything needed to repeat one run, frozen before it starts. JSON in the run folder and in the row.

    It holds no paths but a local base model's: a parent is a sibling folder, a dataset lies under the home. `round`
    counts from 0 where a method runs the same stage several times. `measure` is the pipeline's, whole; empty where it
    named none.
    """

    run_id: str
    pipeline_id: str
    method: str
    stage: str
    base: str
    parent: ParentRef | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    measure: dict[str, Any] = Field(default_factory=dict)
    seed: int = 0
    round: int = 0
    versions: dict[str, str] = Field(default_factory=dict)

    def sources(self) -> dict[str, ParentRef]:
        """Every run that this one takes something from, by role: "adapter", "data", "reward" and "judge"; and as
        "held_out", "measure" and "measure_judge" what it is judged by."""
        found = {"adapter": self.parent} if self.parent else {}
        found |= _sources(self.settings, {"data": "data", "reward_model": "reward", "judge": "judge"})
        roles = {"held_out": "held_out", "reward_model": "measure", "judge": "measure_judge"}
        return found | _sources(self.measure, roles)


def _sources(settings: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, ParentRef]:
    """The runs that settings name, by the role of each setting that may name one."""
    named = {name: str(settings.get(name) or "") for name in roles}
    found = {}
    for name, role in roles.items():
        prefix = {"judge": REWARD_MODEL_AS_JUDGE, "reward_model": ""}.get(name, GENERATED_BY)
        if named[name] and named[name].startswith(prefix):
            found[role] = ParentRef.parse(named[name].removeprefix(prefix))
    return found
