"""What the wizard asks and is told, step by step."""

from collections.abc import Mapping
from typing import Any, Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.services.models.auditing import Audit, AuditedData
from rlft_gui.services.models.small import SmallModelState
from rlft_gui.services.pipelines.estimating import PipelineEstimate
from rlft_gui.services.pipelines.room import Room
from rlft_gui.ui.components.controls.payloads import FormField
from rlft_gui.ui.contract import Nothing, ServerFunction
from rlft_gui.ui.pages.new.draft import Draft

#: Stage → field → sentence.
Sentences = dict[str, dict[str, str]]


class WizardState(Frozen):
    """The open step, from 1; `labels` are name and value of each step, "" if it is not done; `is_fine`: the notice tells of
    nothing that went wrong; what stands behind its first line is told below that."""

    notice: str
    is_fine: bool
    step: int
    method: str
    labels: tuple[tuple[str, str], ...]


# Model


class ContinuedRun(Frozen):
    title: str
    step: int
    palette: str
    address: str


class KnownModel(Frozen):
    """What is known of a base before anything is launched."""

    title: str
    parameters: int | None
    context: int | None
    architecture: str
    note: str
    run: ContinuedRun | None


class SmallModelShown(Frozen):
    """How far the small real model is, as its service tells it."""

    state: SmallModelState


class PresetLink(Frozen):
    """`name`: as in the address; `tried`: run by us."""

    name: str
    title: str
    about: str
    source: str
    tried: bool


class PresetGroup(Frozen):
    """The presets of one method; `learns_from` is the line of its card."""

    method: str
    title: str
    palette: str
    learns_from: str
    presets: tuple[PresetLink, ...]


class PresetList(Frozen):
    groups: tuple[PresetGroup, ...]


# Method


class PlannedStage(Frozen):
    """A stage that will run.

    Attributes:
        takes: role, and position of the stage that it takes from, from 0.
        makes: what its rows are called; "" if it makes none.
        round: from 1, of a stage that is repeated.
    """

    title: str
    about: str
    takes: tuple[tuple[Literal["weights", "rows", "reward"], int], ...]
    makes: str
    round: int | None


class OptionalStage(Frozen):
    """`without` says what happens if it is left out."""

    name: str
    title: str
    without: str


class MethodPlan(Frozen):
    """What a method unfolds into; `problems` are sentences by option."""

    options: tuple[FormField, ...]
    problems: dict[str, str]
    stages: tuple[PlannedStage, ...]
    optional: tuple[OptionalStage, ...]
    generates_rows: bool


class MethodCard(Frozen):
    name: str
    title: str
    palette: str
    learns_from: str
    needs: str
    costs: str
    tag: str
    you_have: str
    warm_ups: tuple[str, ...]


class MethodChoice(Frozen):
    """What the part holds: the method with its options, what is left out, and whether a run is continued."""

    method: str = ""
    options: Mapping[str, Any] = {}
    skip: tuple[str, ...] = ()
    review: bool = False
    continued: bool = False


class MethodStep(MethodChoice):
    methods: tuple[MethodCard, ...]
    plan: MethodPlan | None


class Unfolded(Frozen):
    """The choice as far as it makes sense, and what it unfolds into."""

    method: str
    options: Mapping[str, Any]
    skip: tuple[str, ...]
    review: bool
    plan: MethodPlan | None


# Data


class BoxTitle(Frozen):
    """Of the data of one stage, named as in the pipeline."""

    stage: str
    title: str
    sub: str


# Settings


class SettingsGroup(Frozen):
    """The settings of a stage; `matters`: for each the others that it depends on, with the word that must stand there."""

    name: str
    title: str
    sub: str
    fields: tuple[FormField, ...]
    matters: dict[str, tuple[tuple[str, str], ...]]


class SettingsStep(Frozen):
    """`reshaping`: settings whose change changes what is proposed."""

    draft: Draft
    groups: tuple[SettingsGroup, ...]
    problems: Sentences
    reshaping: tuple[str, ...]


class MeasureStep(SettingsStep):
    """`kept_out`: sentences on rows that are not trained on, for their prompts are held out; `unjudged`: why nothing would say
    whether answers are right, "" where something does."""

    kept_out: tuple[str, ...]
    unjudged: str


class SettingsProblems(Frozen):
    problems: Sentences


# Review


class Obstacle(Frozen):
    """What stands in the way of a launch, and the step where it can be put right."""

    message: str
    step: int


class ChosenMethod(Frozen):
    title: str
    palette: str


class StageDataset(Frozen):
    stage: str
    name: str
    rows: int | None
    dropped: int
    reasons: dict[str, int]


class ChangedSetting(Frozen):
    """One setting that is not as proposed, in words; `source` is "preset lantern-dpo" or "the default"."""

    stage: str
    title: str
    value: str
    proposed: str
    source: str


class JudgingSetting(Frozen):
    """By what a stage tells good from bad."""

    stage: str
    title: str
    value: str


class RecipeFile(Frozen):
    name: str
    text: str


class AuditAsked(Frozen):
    """The base whose chat template is to be tried, and the datasets whose rows to try it on."""

    base: str
    data: tuple[AuditedData, ...]


class TemplateAudit(Frozen):
    """None where the model is not on this machine yet."""

    found: Audit | None


class EstimateAsked(Frozen):
    """A pipeline as JSON; `measures`: with this machine's speed, where nothing else tells how long it takes."""

    spec: str
    measures: bool


class EstimateShown(Frozen):
    found: PipelineEstimate


class ReviewStep(Frozen):
    """What would run. `audit` is None where there is nothing to try yet; `probing` is the share of the time that probes took
    in earlier runs of its stages on its base, None where there are none; `kept_out` are sentences on rows with held-out
    prompts, `few_pairs` on stages that have too few pairs to learn from; `room` is what its checkpoints take of the disk, None where that cannot be told; `estimated` is the pipeline as
    JSON, "" while something is missing."""

    title: str
    problems: tuple[Obstacle, ...]
    model: KnownModel | None
    method: ChosenMethod | None
    options: tuple[tuple[str, str], ...]
    review: bool
    stages: tuple[PlannedStage, ...]
    data: tuple[StageDataset, ...]
    judged: tuple[JudgingSetting, ...]
    kept_out: tuple[str, ...]
    few_pairs: tuple[str, ...]
    probing: float | None
    room: Room | None
    file: RecipeFile | None
    changes: tuple[ChangedSetting, ...]
    audit: AuditAsked | None
    estimated: str


class ReviewShown(Frozen):
    """Once it is launched, `go` is the address of what was started."""

    go: str = ""
    review: ReviewStep | None = None


SMALL_MODEL = ServerFunction("small_model", Nothing, SmallModelShown)
GET_SMALL_MODEL = ServerFunction("get_small_model", Nothing, SmallModelShown)
UNFOLD = ServerFunction("unfold", MethodChoice, Unfolded)
FILL_SETTINGS = ServerFunction("fill_settings", Draft, SettingsStep)
FILL_MEASURE = ServerFunction("fill_measure", Draft, MeasureStep)
VALIDATE_SETTINGS = ServerFunction("validate_settings", Draft, SettingsProblems)
ESTIMATE = ServerFunction("estimate", EstimateAsked, EstimateShown)
AUDIT = ServerFunction("audit", AuditAsked, TemplateAudit)
