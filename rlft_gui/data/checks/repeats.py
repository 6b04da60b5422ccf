"""What rows have in common: prompts that are almost the same, one answer to many prompts."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rlft_gui.data.checks.looked import Gathered, Looked
from rlft_gui.domain.dataset import Finding

ALIKE = 0.8  #: Jaccard similarity of three-word pieces from which prompts count as almost the same
_PERMUTATIONS, _BANDS, _SEED = 128, 16, 1
_WORD = re.compile(r"\w+")
_SAME_ANSWER = 5  #: prompts that one answer goes to
_SHORT_ANSWER = 20  #: characters; "Yes." may go to many


class RepeatChecks:
    def __init__(self) -> None:
        self._numbers: list[int] = []  #: of rows whose prompt no earlier row has
        self._seen: set[bytes] = set()
        self._pieces: list[list[str]] = []
        self._questions: list[str] = []
        self._answers: Counter[bytes] = Counter()
        self._first: dict[bytes, Looked] = {}
        self._are_texts = False

    def look(self, looked: Looked) -> None:
        self._are_texts = "text" in looked.row
        key = _digest(looked.prompt)
        if key not in self._seen:
            self._seen.add(key)
            self._numbers.append(looked.number)
            self._pieces.append(_pieces(looked.prompt))
            self._questions.append(looked.question[:200] or looked.prompt[:200])
        if len(looked.imitated) > _SHORT_ANSWER:
            answer = _digest(looked.imitated)
            self._answers[answer] += 1
            self._first.setdefault(answer, looked)

    def findings(self) -> Iterable[Finding]:
        yield from self._near().findings()
        yield from self._same_answers().findings()

    def _near(self) -> Gathered:
        """Rows whose prompt is almost that of an earlier row, and not the same (those never lie on both sides)."""
        found = Gathered(
            f"the {'text' if self._are_texts else 'prompt'} is almost the same as that of another row",
            "Leave such rows out, or held-out figures flatter: the split may put one on each side.",
        )
        for place, earlier in _alike(self._pieces):
            looked = Looked(self._numbers[place], {})
            found.add(looked, f"as row {self._numbers[earlier]}: {self._questions[place]}")
        return found

    def _same_answers(self) -> Gathered:
        found = Gathered(
            f"the same answer goes to {_SAME_ANSWER} prompts or more",
            "Look whether it answers them; a model learns to give it whatever it is asked.",
        )
        for answer, count in self._answers.most_common():
            if count < _SAME_ANSWER:
                break
            found.add(self._first[answer], f"{count:,} times: {self._first[answer].imitated}")
            found.rows += count - 1
        return found


def _alike(pieces: Sequence[Sequence[str]]) -> Iterable[tuple[int, int]]:
    """Each place whose pieces are much those of an earlier one, with that one; by MinHash (Broder 1997)."""
    from rensa import RMinHash, RMinHashLSH

    prints = RMinHash.from_token_sets(pieces, _PERMUTATIONS, _SEED)
    index = RMinHashLSH(ALIKE, _PERMUTATIONS, _BANDS)
    for place, one in enumerate(prints):
        near = [other for other in index.query(one) if one.jaccard(prints[other]) >= ALIKE]
        if near:
            yield place, min(near)
        else:  # of those that are alike one stands for all, or a thousand of them would be compared a million times
            index.insert(place, one)


def _pieces(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [" ".join(words[place : place + 3]) for place in range(max(1, len(words) - 2))]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
