"""The methods a user can pick. Adding one is one file and one name in this tuple."""

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.methods import best_of_n, constitutional, dpo, grpo, iterated, kto, rlaif, rlhf, sft
from rlft_gui.methods._base import Method, MethodOptions, StageLink
from rlft_gui.methods._look import BASE, Look

METHODS: tuple[Method, ...] = (
    sft.METHOD,
    dpo.METHOD,
    rlhf.METHOD,
    rlaif.METHOD,
    constitutional.METHOD,
    kto.METHOD,
    grpo.METHOD,
    best_of_n.METHOD,
    iterated.METHOD,
)


#: Every look there is, that of a base model first.
LOOKS: tuple[Look, ...] = (BASE, *(each.look for each in METHODS))


def method(name: str) -> Method:
    """The method of that name.

    Raises:
        InvalidInput: no method is called so.
    """
    for candidate in METHODS:
        if candidate.name == name:
            return candidate
    raise InvalidInput(f'There is no method "{name}". Choose one of: {", ".join(m.name for m in METHODS)}.')


__all__ = ["LOOKS", "METHODS", "Look", "Method", "MethodOptions", "StageLink", "method"]
