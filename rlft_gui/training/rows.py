"""From stored rows to what a trainer sees: as tokens, some prompts held out, every row that is lost counted.

Rows are {"prompt": [message, …], <answer>: [message]} as in rlft_gui.domain.dataset.DataType, or {"text": str}: documents, which
become one row or several (training/windows).
"""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.turns import said
from rlft_gui.training.chat import Document, Refusal, Turn
from rlft_gui.training.windows import windows

Row = dict[str, Any]
Tokens = dict[str, Sequence[int]]

PROMPT_REPEATED = "the prompt repeats an earlier one"
HELD_OUT = "its prompt is one of the held-out prompts"
PROMPT_TOO_LONG = "the prompt alone has {} tokens or more"
REFUSED = "the chat template refuses it: {}"
SAME_AFTER_CUT = "chosen and rejected are the same after the cut"
MOST_HELD_OUT = 256  #: rows; enough for a steady mean, and a probe must stay quick
NO_ROOM = "a row of {} tokens has no room for its text"
#: Of the pieces of a document: its hash, and which piece, from 0.
DOCUMENT, PIECE = "document", "piece"
#: Column of prepared rows with the tokens of "prompt" and of each answer, an answer through its end or cut.
#: Of a document "prompt" has what is only read, and "completion" what is learnt.
TOKENS = "tokens"


class Writer(Protocol):
    """What writes conversations as tokens (rlft_gui.training.chat.Chat)."""

    def asked(self, conversations: Sequence[Any]) -> list[list[int] | Refusal]: ...
    def turns(self, asked: Sequence[tuple[Any, Any]]) -> list[Turn | Refusal]: ...
    def documents(self, texts: Sequence[str]) -> list[Document | Refusal]: ...


class Arranged(NamedTuple):
    """Rows as a stage learns from them, and why it left others out: reason → how many."""

    rows: list[Row]
    dropped: Mapping[str, int]


@dataclass(frozen=True)
class Rows:
    """What is trained on, what is held out, and what became of the rest."""

    train: tuple[Row, ...]
    held_out: tuple[Row, ...]
    longest: int  #: tokens of prompt and answer that are kept
    cut: int  #: rows with an answer cut at `longest`
    dropped: Mapping[str, int]  #: reason → rows left out
    past_template: Mapping[str, int] = field(
        default_factory=dict
    )  #: reason → answers put behind their prompts
    notes: tuple[str, ...] = ()  #: what is unusual about the chat template
    #: Where a person keeps held-out prompts apart: all of those rows, of which `held_out` are those that the stage's trainer reads.
    kept_apart: tuple[Row, ...] = ()
    is_split: bool = True  #: `held_out` are some of the rows that were given

    @property
    def judged_on(self) -> tuple[Row, ...]:
        """Every held-out row, of whatever type."""
        return self.kept_apart or self.held_out

    def facts(self) -> dict[str, str | int]:
        """For the recipe card."""
        facts: dict[str, str | int] = {"training rows": len(self.train), "held-out rows": len(self.judged_on)}
        facts["longest row"] = f"{self.longest} tokens"
        pieces = [row[PIECE] for row in (*self.train, *self.held_out) if PIECE in row]
        if any(pieces):
            facts["documents"] = (
                f"{pieces.count(0)}, of which {pieces.count(1)} are longer than {self.longest} tokens and are split into rows"
            )
        if self.cut:
            facts["rows cut"] = (
                f"{self.cut}, their answers are longer than {self.longest} tokens with the prompt"
            )
        if self.dropped:
            facts["rows dropped"] = _told(self.dropped)
        if self.notes:
            facts["chat template"] = " ".join(self.notes)
        if self.past_template:
            facts["answers put behind their prompts"] = _told(self.past_template)
        return facts

    def account(self) -> RowAccount:
        trained, dropped = _given(self.train), dict(self.dropped)
        held_out = _given(self.held_out) if self.is_split else 0  # rows kept apart are none of those given
        return RowAccount(
            given=trained + held_out + sum(dropped.values()),
            trained=trained,
            held_out=held_out,
            cut=self.cut,
            dropped=dropped,
        )

    @blaming(FailureKind.BAD_DATA)
    def check_some_left(self) -> None:
        """Raises InvalidInput if there is nothing to train on."""
        if self.train:
            return
        left_out = [f"{count} are left out ({reason})" for reason, count in self.dropped.items()]
        why = ", ".join([*left_out, f"{self.account().held_out} are held out"])
        raise InvalidInput(
            f"No row is left to train on: of {self.account().given} rows, {why}. Give other rows, or raise max_length "
            "where prompts are too long."
        )


def _given(rows: Sequence[Row]) -> int:
    """Rows of the data: the pieces of a document are one."""
    return sum(row.get(PIECE, 0) == 0 for row in rows)


def prepare(
    rows: Sequence[Row], answers: Sequence[str], chat: Writer, longest: int, eval_share: float
) -> Rows:
    """Fit the rows into `longest` tokens and hold out a share of their prompts. Maybe none is left to train on.

    Args:
        answers: the columns that hold answers, e.g. ("chosen", "rejected"); none where only prompts are read. All
            columns stay, and `TOKENS` comes to them.
    """
    dropped: Counter[str] = Counter()
    kept = _pieces([row for row in rows if "text" in row], chat, longest, dropped)
    rows = [row for row in rows if "text" not in row]
    past_template: Counter[str] = Counter()
    cut = 0
    for row, written in zip(rows, _written(rows, answers, chat), strict=True):
        fitted = _fitted(written, longest)
        if isinstance(fitted, str):
            dropped[fitted] += 1
            continue
        kept.append(row | {TOKENS: fitted})
        turns = [turn for turn in written.values() if isinstance(turn, Turn)]
        cut += any(len(turn.prompt) + len(turn.answer) > longest for turn in turns)
        past_template.update(turn.past_template for turn in turns if turn.past_template)
    held_out_prompts = held_out_keys(kept, eval_share)
    return Rows(
        train=tuple(row for row in kept if prompt_key(row) not in held_out_prompts),
        held_out=tuple(row for row in kept if prompt_key(row) in held_out_prompts),
        longest=longest,
        cut=cut,
        dropped=dict(dropped.most_common()),
        past_template=dict(past_template.most_common()),
    )


def prompt_key(row: Row) -> str:
    """The same for rows with the same prompt, or of one document, so that none is on both sides of a split."""
    if "text" in row:
        return str(row.get(DOCUMENT) or _hash(row["text"]))
    text = json.dumps([[m["role"], said(m)] for m in row["prompt"]], ensure_ascii=False)
    return _hash(text)


def same_prompt(row: Row) -> str:
    """The same for prompts that differ in nothing but case and spaces, by which held-out prompts are kept out of training.
    A document asks nothing, and is like no prompt."""
    if "text" in row:
        return _hash(row["text"])
    told = [[m["role"], " ".join(said(m).split()).casefold()] for m in row["prompt"]]
    return _hash(json.dumps(told, ensure_ascii=False))


def without(rows: Sequence[Row], held_out: Sequence[Row]) -> Arranged:
    """The rows whose prompts are not held out."""
    keys = {same_prompt(row) for row in held_out}
    kept = [row for row in rows if same_prompt(row) not in keys]
    left_out = len(rows) - len(kept)
    return Arranged(kept, {HELD_OUT: left_out} if left_out else {})


def _pieces(rows: Sequence[Row], chat: Writer, longest: int, dropped: Counter[str]) -> list[Row]:
    """Documents as rows of `longest` tokens at most; those that are none are counted in `dropped`."""
    found: list[Row] = []
    for row, written in zip(rows, chat.documents([row["text"] for row in rows]), strict=True):
        if isinstance(written, Refusal):
            dropped[written.reason] += 1
            continue
        # Once a document, not once a piece: of a long one that would be gigabytes.
        document = row | {DOCUMENT: _hash(row["text"])}
        pieces = [
            document | {PIECE: place, TOKENS: {"prompt": array("i", read), "completion": array("i", learnt)}}
            for place, (read, learnt) in enumerate(windows(written, longest))
        ]
        if not pieces:
            dropped[NO_ROOM.format(longest)] += 1
        found += pieces
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written(rows: Sequence[Row], answers: Sequence[str], chat: Writer) -> list[dict[str, Turn | Refusal]]:
    """Each row's answers by column; with none, the prompt alone under the name ""."""
    if not answers:
        asked = chat.asked([row["prompt"] for row in rows])
        return [{"": ids if isinstance(ids, Refusal) else Turn(ids, [], "")} for ids in asked]
    columns = [chat.turns([(row["prompt"], row[name][-1]) for row in rows]) for name in answers]
    return [dict(zip(answers, turns, strict=True)) for turns in zip(*columns, strict=True)]


def _fitted(written: Mapping[str, Turn | Refusal], longest: int) -> Tokens | str:
    """The row's tokens, cut at `longest`; or why it is dropped."""
    tokens: Tokens = {}
    for name, turn in written.items():
        if isinstance(turn, Refusal):
            return REFUSED.format(turn.reason)
        if len(turn.prompt) >= longest:
            return PROMPT_TOO_LONG.format(longest)
        tokens["prompt"] = array("i", turn.prompt)
        if name:
            tokens[name] = array("i", turn.answer[: longest - len(turn.prompt)])
    if "rejected" in tokens and tokens["chosen"] == tokens["rejected"]:
        return SAME_AFTER_CUT
    return tokens


def held_out_keys(rows: Sequence[Row], share: float) -> frozenset[str]:
    """Keys of the held-out prompts: those with the smallest hashes, whatever else is in the data.

    The last prompt is always left to train on.
    """
    held_out: set[str] = set()
    keys = sorted(prompt_key(row) for row in rows)
    for count, key in enumerate(keys):
        if int(key[:8], 16) / 2**32 >= share or (key not in held_out and count >= MOST_HELD_OUT):
            break
        held_out.add(key)
    return frozenset(held_out - set(keys[-1:]))


def _told(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{count}, {reason}" for reason, count in counts.items())
