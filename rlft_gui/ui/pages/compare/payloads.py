"""What Compare asks and is told."""

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import Comparison, Pane, Sampling
from rlft_gui.ui.contract import Nothing, ServerFunction


class SamplingField(Frozen):
    """A setting of how answers are drawn, as the form shows it."""

    name: str
    title: str
    about: str
    default: float | int


class CompareForm(Frozen):
    """What the page knows before it asks."""

    sampling: tuple[SamplingField, ...]


class ComparableRun(Frozen):
    """A run that can be compared. `step` is of its last complete checkpoint; `title` names its stage too."""

    id: str
    title: str
    palette: str
    base: str
    pipeline: str
    step: int


class SuitePrompt(Frozen):
    id: str
    kind: str
    prompt: str
    note: str


class CompareChoices(Frozen):
    """Runs, newest first; the titles of their bases; the suite's prompts, kind by kind."""

    runs: tuple[ComparableRun, ...]
    bases: dict[str, str]
    suite: tuple[SuitePrompt, ...]


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


class ComparisonView(Frozen):
    """A comparison as it stands now.

    Attributes:
        criteria: by prompt, what its answers are scored for; empty where it was typed.
        runs: by model, the run that it is of; None for the base, and for a run that is gone.
    """

    comparison: Comparison
    criteria: tuple[tuple[str, ...], ...]
    runs: dict[str, ComparableRun | None]


class ComparisonAsked(Frozen):
    """What the form holds. The sampling values are as typed: they are judged with a sentence each."""

    models: tuple[str, ...]
    prompt: str
    item_id: str | None = None
    sampling: dict[str, str | int | float | None] = Field(default_factory=dict)


class ComparisonStarted(Frozen):
    """What was started, or by field a sentence on what stands in its way; then nothing was stored."""

    view: ComparisonView | None = None
    problems: dict[str, str] = Field(default_factory=dict)


class ProgressAsked(Frozen):
    """A comparison, and the version that the page has of it; 0 for none."""

    id: str
    version: int = 0


class ComparisonProgress(Frozen):
    """`view` is None while nothing has changed since the version that the page has."""

    view: ComparisonView | None


class StopAsked(Frozen):
    id: str


COMPARE_CHOICES = ServerFunction("compare_choices", Nothing, CompareChoices)
COMPARE_RECENT = ServerFunction("compare_recent", Nothing, EarlierComparisons)
COMPARE_START = ServerFunction("compare_start", ComparisonAsked, ComparisonStarted)
COMPARE_POLL = ServerFunction("compare_poll", ProgressAsked, ComparisonProgress)
COMPARE_STOP = ServerFunction("compare_stop", StopAsked, Nothing)
