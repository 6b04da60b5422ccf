"""A rubric: the criteria by which answers are judged, and the words in which a judge is asked."""

from typing import Self

from pydantic import Field, model_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain._templates import check_labels, check_places


class Criterion(Frozen):
    """One thing to judge by. `question` is what the judge is asked about two answers."""

    name: str = Field(min_length=1, max_length=60)
    question: str = Field(min_length=1, max_length=2_000)
    weight: float = Field(1.0, ge=0, le=100)


class Rubric(Frozen):
    """Criteria and templates.

    `compare` is filled with {prompt}, {first}, {second} and {question}; the judge answers `first_label` or
    `second_label`. `rate` is filled with {prompt}, {answer} and {question}; the judge answers `yes_label` or
    `no_label`, and its score is the share of yes. Without `rate`, the judge cannot score one answer alone.
    """

    name: str = Field(min_length=1, max_length=60)
    about: str = ""
    compare: str
    first_label: str = "A"
    second_label: str = "B"
    rate: str = ""
    yes_label: str = "Yes"
    no_label: str = "No"
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _judges_see_both_answers(self) -> Self:
        check_places("compare", self.compare, "prompt", "first", "second", "question", reader="the judge")
        if self.rate:
            check_places("rate", self.rate, "prompt", "answer", "question", reader="the judge")
        check_labels(f'the rubric "{self.name}"', self.first_label, self.second_label)
        check_labels(f'the rubric "{self.name}"', self.yes_label, self.no_label)
        if not any(criterion.weight for criterion in self.criteria):
            raise ValueError(f'All criteria of the rubric "{self.name}" weigh 0. Give one a weight.')
        return self
