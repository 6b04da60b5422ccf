"""What the form of Compare holds beside models and prompts, with words and bounds."""

from pydantic import Field

from rlft_gui.domain.comparison import Sampling
from rlft_gui.services.comparisons.asking import MOST_DRAWS


class CompareSettings(Sampling):
    """How answers are drawn, and what every pane is told first."""

    draws: int = Field(
        1,
        ge=1,
        le=MOST_DRAWS,
        title="Answers each",
        description="How many answers each pane gives, a seed each from this one on: the same seeds for all.",
    )
    system: str = Field(
        "",
        max_length=20_000,
        title="System prompt",
        description="What every pane is told before the prompt. Models whose chat template has no place for it refuse.",
    )

    @property
    def sampling(self) -> Sampling:
        return Sampling(**self.model_dump(include=set(Sampling.model_fields)))
