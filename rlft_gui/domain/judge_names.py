"""The judges that can be asked for, read from one text and checked. No torch, so the wizard checks the same way."""

import math
from dataclasses import dataclass
from typing import Literal

from rlft_gui.domain.errors import InvalidInput

Kind = Literal["base", "model", "reward_model", "endpoint", "biased"]


@dataclass(frozen=True)
class JudgeName:
    """A kind, and what it needs: a model's folder or Hub name, a run, a server's model, or biases."""

    kind: Kind
    argument: str = ""


@dataclass(frozen=True)
class Biases:
    """The failings of the scripted judge.

    Attributes:
        position: liking for the answer shown first, in points of utility.
        length: liking for each word.
        blind: share of answers whose facts it does not check.
    """

    position: float = 1.2
    length: float = 0.0
    blind: float = 0.0


def parse(text: str) -> JudgeName:
    """Read a judge, e.g. "base", "org/model", "reward_model:RUN" or "endpoint:MODEL".

    Raises:
        InvalidInput: a kind lacks what it needs, or biases cannot be read.
    """
    kind, _, argument = text.partition(":")
    if text == "base":
        return JudgeName("base")
    if kind == "biased":
        biases(argument)
        return JudgeName("biased", argument)
    if kind == "reward_model":
        return JudgeName("reward_model", _needed(text, argument, "reward_model:RUN"))
    if kind == "endpoint":
        return JudgeName("endpoint", _needed(text, argument, "endpoint:MODEL"))
    return JudgeName("model", text)


def biases(argument: str) -> Biases:
    """Read "position=1.2,length=0.08,blind=0.3"; what is left out keeps its default."""
    found: dict[str, float] = {}
    for part in filter(None, argument.split(",")):
        name, _, value = part.partition("=")
        found[name.strip()] = _number(part, value)
    unknown = found.keys() - {"position", "length", "blind"}
    if unknown:
        raise InvalidInput(f'There is no bias "{min(unknown)}". Choose from position, length and blind.')
    if not 0 <= found.get("blind", 0) <= 1:
        raise InvalidInput(f"blind is a share from 0 to 1, found {found['blind']:g}.")
    return Biases(**found)


def _number(part: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(f'A bias is NAME=NUMBER, e.g. position=1.2, found "{part}".')
    return number


def _needed(text: str, argument: str, form: str) -> str:
    if not argument:
        raise InvalidInput(f'The judge "{text}" says too little. Write {form}.')
    return argument
