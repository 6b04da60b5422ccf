"""What Compare asks and is told."""

from typing import Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import Comparison, Pane, Sampling
from rlft_gui.services.comparisons.exporting import Format
from rlft_gui.services.comparisons.prompts import PromptOffer
from rlft_gui.ui.components.scorers.payloads import JudgeWanted
from rlft_gui.ui.contract import Nothing, ServerFunction


class SamplingField(Frozen):
    """A setting of how answers are drawn, as the form shows it; `more` stands behind "More settings"."""

    name: str
    title: str
    about: str
    default: float | int | str
    kind: Literal["number", "text"]
    more: bool


class CompareForm(Frozen):
    """What the page knows before it asks. Where prompts are not `typed` they are chosen from the list alone."""

    sampling: tuple[SamplingField, ...]
    most_prompts: int
    typed: bool = True


class ComparableRun(Frozen):
    """A run that can be compared. `step` is of its last complete checkpoint, one of `steps`; `title` names its stage too."""

    id: str
    title: str
    palette: str
    base: str
    pipeline: str
    step: int
    steps: tuple[int, ...]


class ModelsAsked(Frozen):
    """Models as they stand in the form or in the address."""

    models: tuple[str, ...]


class CompareChoices(Frozen):
    """Runs, newest first; the titles of bases, those of runs first; prompts for the models that were asked about."""

    runs: tuple[ComparableRun, ...]
    bases: dict[str, str]
    offer: PromptOffer


class EarlierComparison(Frozen):
    """`more_prompts`: how many there are beside the first, which `prompt` is."""

    id: str
    prompt: str
    more_prompts: int
    panes: tuple[Pane, ...]
    sampling: Sampling
    created_at: float


class EarlierComparisons(Frozen):
    """Newest first."""

    comparisons: tuple[EarlierComparison, ...]


class FilmFacts(Frozen):
    """A comparison whose panes are checkpoints of one run, so that they show how an answer changed.

    Attributes:
        steps: by pane; None for what the run began with.
        reward: the run's metric that says how well it did; None if it reported none.
        kl: the run's metric that says how far it moved.
    """

    run: str
    steps: tuple[int | None, ...]
    reward: str | None
    kl: str | None


class ComparisonView(Frozen):
    """A comparison as it stands now.

    Attributes:
        criteria: by prompt, what its answers are scored for; empty where it was typed.
        runs: by model, the run that it is of; None for a base or an endpoint, and for a run that is gone.
        scorers: by run, the titles of reward models whose scores its answers have.
    """

    comparison: Comparison
    criteria: tuple[tuple[str, ...], ...]
    runs: dict[str, ComparableRun | None]
    film: FilmFacts | None
    scorers: dict[str, str]


class ComparisonAsked(Frozen):
    """What the form holds. The sampling values are as typed: they are judged with a sentence each.

    `film_of`: a run, all of whose checkpoints are asked in place of `models`.
    """

    models: tuple[str, ...] = ()
    film_of: str | None = None
    prompts: tuple[str, ...]
    sampling: dict[str, str | int | float | None] = Field(default_factory=dict)


class ComparisonStarted(Frozen):
    """What was started, or by field a sentence on what stands in its way; then nothing was stored."""

    view: ComparisonView | None = None
    problems: dict[str, str] = Field(default_factory=dict)


class FollowAsked(Frozen):
    """The next prompt of a conversation in all panes."""

    id: str
    prompt: str


class AgainAsked(Frozen):
    """Answers to draw anew: of one pane, or of all; to one prompt, or to all."""

    id: str
    pane: int | None = None
    prompt_index: int | None = None


class ComparisonScoreAsked(Frozen):
    """What is to score all answers: the reward model of a run, rules, a judge, or several of them."""

    id: str
    run: str = ""
    terms: tuple[str, ...] = Field((), max_length=20)
    judge: JudgeWanted | None = None


class ProgressAsked(Frozen):
    """A comparison, and the version that the page has of it; 0 for none."""

    id: str
    version: int = 0


class ComparisonProgress(Frozen):
    """`view` is None while nothing has changed since the version that the page has."""

    view: ComparisonView | None


class ComparisonNamed(Frozen):
    id: str


class ExportAsked(Frozen):
    id: str
    format: Format


class Exported(Frozen):
    """A file to keep."""

    name: str
    text: str


COMPARE_CHOICES = ServerFunction("compare_choices", ModelsAsked, CompareChoices)
COMPARE_PROMPTS = ServerFunction("compare_prompts", ModelsAsked, PromptOffer)
COMPARE_RECENT = ServerFunction("compare_recent", Nothing, EarlierComparisons)
COMPARE_START = ServerFunction("compare_start", ComparisonAsked, ComparisonStarted)
COMPARE_FOLLOW = ServerFunction("compare_follow", FollowAsked, ComparisonView)
COMPARE_AGAIN = ServerFunction("compare_again", AgainAsked, ComparisonView)
COMPARE_SCORE = ServerFunction("compare_score", ComparisonScoreAsked, ComparisonView)
COMPARE_POLL = ServerFunction("compare_poll", ProgressAsked, ComparisonProgress)
COMPARE_STOP = ServerFunction("compare_stop", ComparisonNamed, Nothing)
COMPARE_DELETE = ServerFunction("compare_delete", ComparisonNamed, Nothing)
COMPARE_RESTORE = ServerFunction("compare_restore", ComparisonNamed, ComparisonView)
COMPARE_EXPORT = ServerFunction("compare_export", ExportAsked, Exported)
