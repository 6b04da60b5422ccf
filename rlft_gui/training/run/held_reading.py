"""Reading answers to held-out prompts: how likely the good ones are, and whether pairs are told apart; and held-out documents.

Both are the same numbers whatever method trains, so methods may share an axis. The loss is nats a token of the good
answers. The accuracy is of the implicit reward of DPO, log π(answer) − log π_base(answer), whose β does not
change which of two answers has more of it (Rafailov et al. 2023, section 4). Left out: rated and ranked answers, of
which nobody says that they are good.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rlft_gui.training.models.likelihood import answer_logprobs, base_logprobs
from rlft_gui.training.models.sampling import Completion
from rlft_gui.training.rows import PIECE, TOKENS, Row, Writer, prepare, prompt_key
from rlft_gui.training.run.intervals import by_prompt

LOSS, ACCURACY = "held/loss", "held/accuracy"
MOST_READ = 64  #: prompts; enough for an interval, and a look must stay quick
#: Nats a token within which two readings of the same weights agree.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class _Read:
    """One row to read; `rejected` None where it is no pair."""

    prompt: str
    good: Completion
    rejected: Completion | None
    is_text: bool = False

    @property
    def tokens(self) -> int:
        return len(self.good.token_ids) + (len(self.rejected.token_ids) if self.rejected else 0)


@dataclass
class HeldReading:
    """The answers of held-out rows, the first prompts of them. Call within `evaluating`.

    Attributes:
        base: the pipeline's base; None if `model` is a PeftModel over it.
    """

    model: Any
    base: Any
    rows: Sequence[_Read]
    _base_leads: dict[int, float] = field(default_factory=dict)  #: by row: the base reads each pair once

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_text(self) -> bool:
        """Whether these are documents."""
        return all(row.is_text for row in self.rows)

    @property
    def has_pairs(self) -> bool:
        return any(row.rejected for row in self.rows)

    def look(self, count: int) -> dict[str, float]:
        """What the model makes of the first so many rows; nothing where there are none."""
        rows = self.rows[:count]
        if not rows:
            return {}
        good = answer_logprobs(self.model, [row.good for row in rows])
        losses = defaultdict(list)
        for row, logprob in zip(rows, good, strict=True):
            losses[row.prompt].append((-logprob, float(len(row.good.token_ids))))
        return by_prompt(LOSS, losses) | self._accuracy(rows, good)

    def _accuracy(self, rows: Sequence[_Read], good: Sequence[float]) -> dict[str, float]:
        pairs = {place: row.rejected for place, row in enumerate(rows) if row.rejected}
        if not pairs:
            return {}
        self._read_base([place for place in pairs if place not in self._base_leads])
        wins = defaultdict(list)
        for place, rejected in zip(pairs, answer_logprobs(self.model, list(pairs.values())), strict=True):
            lead = good[place] - rejected - self._base_leads[place]
            wins[rows[place].prompt].append((_win(lead, rows[place].tokens), 1.0))
        return by_prompt(ACCURACY, wins)

    def _read_base(self, places: Sequence[int]) -> None:
        good = [self.rows[place].good for place in places]
        rejected = [row for place in places if (row := self.rows[place].rejected)]
        found = base_logprobs(self.model, self.base, [*good, *rejected])
        leads = zip(found[: len(good)], found[len(good) :], strict=True)
        self._base_leads |= {place: one - other for place, (one, other) in zip(places, leads, strict=True)}


def held_reading(model: Any, base: Any, rows: Sequence[Row], chat: Writer, longest: int) -> HeldReading:
    """Of what is held out, the rows with an answer that somebody calls good.

    Args:
        rows: of any type; documents as rows.prepare makes them.
        longest: tokens of prompt and answer that are read; longer answers are cut.
    """
    documents = _documents([row for row in rows if "text" in row])
    rows = [row for row in rows if "text" not in row]
    together = [*(row for row in rows if "label" not in row), *_by_prompt(rows)]
    pairs = prepare([row for row in together if "chosen" in row], ("chosen", "rejected"), chat, longest, 0.0)
    good = prepare([row for row in together if _is_good(row)], ("completion",), chat, longest, 0.0)
    found = [_Read(prompt_key(row), _answer(row, "chosen"), _answer(row, "rejected")) for row in pairs.train]
    found += [_Read(prompt_key(row), _answer(row, "completion"), None) for row in good.train]
    kept = set(list(dict.fromkeys(row.prompt for row in found))[:MOST_READ])
    return HeldReading(model, base, [*(row for row in found if row.prompt in kept), *documents])


def _documents(rows: Sequence[Row]) -> list[_Read]:
    """Pieces of documents, the first of each before any second: many documents tell more than one that is long."""
    first = sorted(rows, key=lambda row: row[PIECE])[:MOST_READ]
    return [_Read(prompt_key(row), _answer(row, "completion"), None, is_text=True) for row in first]


def _by_prompt(rows: Sequence[Row]) -> list[Row]:
    """Marked answers, a good and a bad one to one prompt as a pair."""
    marked: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in rows:
        if "label" in row:
            marked[prompt_key(row)][bool(row["label"])].append(row)
    found = []
    for bad, good in marked.values():
        for one, other in zip(good, bad, strict=False):
            found.append(
                {"prompt": one["prompt"], "chosen": one["completion"], "rejected": other["completion"]}
            )
        found += good[len(bad) :]
    return found


def _is_good(row: Row) -> bool:
    return "completion" in row and "scores" not in row


def _answer(row: Row, column: str) -> Completion:
    tokens = row[TOKENS]
    return Completion(
        text="",
        prompt_ids=tuple(tokens["prompt"]),
        token_ids=tuple(tokens[column]),
        finish="ended by itself",
    )


def _win(lead: float, tokens: int) -> float:
    """1 for a pair ranked right, a half where the model says of both what its base says."""
    return 0.5 if abs(lead) <= _ROUNDING * tokens else float(lead > 0)
