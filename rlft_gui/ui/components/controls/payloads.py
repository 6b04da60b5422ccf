"""A form's fields as the browser draws them: one model for each kind of control."""

from typing import Annotated, Literal

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.reward_terms import TermKind

Scalar = str | float | bool | None


class _FormField(Frozen):
    """`locked`: something else gives the value, and `help` says what; `advanced`: folded away."""

    name: str
    title: str
    help: str
    advanced: bool
    locked: bool = False


class NumberField(_FormField):
    """A value that is no number stays as it was typed, to be refused."""

    kind: Literal["number", "whole number"]
    value: float | str


class TextField(_FormField):
    kind: Literal["text"]
    value: str


class ChoiceField(_FormField):
    """`offers`: value and words of each."""

    kind: Literal["choice"]
    value: Scalar
    offers: tuple[tuple[Scalar, str], ...]


class SwitchField(_FormField):
    kind: Literal["switch"]
    value: bool


class RewardsField(_FormField):
    """Terms with their weights, one a line; or one term without a weight, or none."""

    kind: Literal["rewards", "reward"]
    value: str
    offers: tuple[TermKind, ...]


class JudgeField(_FormField):
    """`offers`: what a name begins with, words, and whether the rest is typed."""

    kind: Literal["judge"]
    value: str
    offers: tuple[tuple[str, str, bool], ...]


class RewardModelField(_FormField):
    """`offers`: run and words of each."""

    kind: Literal["reward_model"]
    value: str
    offers: tuple[tuple[str, str], ...]


class DocumentOffer(Frozen):
    """A shipped text."""

    name: str
    title: str
    about: str
    text: str


class DocumentField(_FormField):
    """The name of a shipped text, or one's own written out."""

    kind: Literal["rubric", "constitution"]
    value: str
    offers: tuple[DocumentOffer, ...]


FormField = Annotated[
    NumberField
    | TextField
    | ChoiceField
    | SwitchField
    | RewardsField
    | JudgeField
    | RewardModelField
    | DocumentField,
    Field(discriminator="kind"),
]
