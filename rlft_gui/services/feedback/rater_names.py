"""The name that a person types to vote under: cleaned, so that what looks the same is the same rater."""

import re
import unicodedata
from collections.abc import Iterable

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Rater

LONGEST = 80
#: Between letters of Persian or Hindi, say, these are part of a name and not a disguise.
_JOINERS = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")


def named(typed: str) -> Rater:
    """A person by the name that was typed.

    Raises:
        InvalidInput: there is none, it is too long, or it has characters that cannot be seen.
    """
    name = unicodedata.normalize("NFKC", typed.strip())
    hidden = next((one for one in _JOINERS.sub("", name) if not one.isprintable()), None)
    if hidden is not None:
        raise InvalidInput(
            f"A rater's name is letters that can be seen; found {_called(hidden)}. Type the name anew on one line."
        )
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST:
        raise InvalidInput(
            f"A rater's name has 1 to {LONGEST} characters; found {len(name)}. "
            "Type the name that your votes shall stand under."
        )
    return Rater(name=name)


def known(rater: Rater, names: Iterable[str]) -> Rater:
    """The rater as those who voted already spell him: a name that differs in capitals alone is the same person's."""
    same = sorted(name for name in names if name.casefold() == rater.name.casefold())
    return rater if rater.name in same or not same else Rater(name=same[0])


def _called(character: str) -> str:
    if character in "\r\n\u2028\u2029":
        return "a line break"
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character').lower()})"
