"""A constitution: principles, and the words in which a model is asked to criticise and revise by them.

Terms as in Bai et al. 2022, "Constitutional AI: Harmlessness from AI Feedback".
"""

from typing import Self

from pydantic import Field, field_validator, model_validator

from rlft_gui.domain._base import Frozen
from rlft_gui.domain._templates import check_labels, check_places


class Principle(Frozen):
    """One principle. `text` is what stands for {principle} in the templates."""

    name: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=2_000)


class Constitution(Frozen):
    """Principles and templates.

    `critique` is filled with {prompt}, {answer} and {principle}; `revision` with {critique} too. `compare` asks which
    of {first} and {second} answers {prompt} better by {principle}; the judge says `first_label` or `second_label`.
    """

    name: str = Field(min_length=1, max_length=60)
    about: str = ""
    critique: str
    revision: str
    compare: str
    first_label: str = "A"
    second_label: str = "B"
    principles: tuple[Principle, ...]

    @field_validator("principles")
    @classmethod
    def _has_principles(cls, principles: tuple[Principle, ...]) -> tuple[Principle, ...]:
        if not principles:
            raise ValueError(
                "The constitution has no principle, so there is nothing to criticise by. Write at least one, with a name "
                "and a text."
            )
        return principles

    @model_validator(mode="after")
    def _asks_for_what_it_needs(self) -> Self:
        check_places("critique", self.critique, "prompt", "answer", "principle", reader="the model")
        check_places("revision", self.revision, "prompt", "answer", "critique", reader="the model")
        check_places("compare", self.compare, "prompt", "first", "second", "principle", reader="the model")
        check_labels(f'the constitution "{self.name}"', self.first_label, self.second_label)
        return self
