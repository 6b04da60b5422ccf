"""A constitution: principles, and the words in which a model is asked to criticise and revise by them.

Terms as in Bai et al. 2022, "Constitutional AI: Harmlessness from AI Feedback".
"""

from pydantic import Field

from rlft_gui.domain._base import Frozen


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
    principles: tuple[Principle, ...] = Field(min_length=1)
