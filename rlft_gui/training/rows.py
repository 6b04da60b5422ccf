"""From stored rows to what a trainer sees: some prompts held out, every row that does not fit counted.

TRL cuts and drops long rows without a word, so that is done here, by its rules, and told. Rows are
{"prompt": [message, …], <answer>: [message]} as in rlft_gui.domain.dataset.DataType.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.errors import InvalidInput

Row = dict[str, Any]
PROMPT_REPEATED = "the prompt repeats an earlier one"
PROMPT_TOO_LONG = "the prompt alone has {} tokens or more"
MOST_HELD_OUT = 256  #: rows; enough for a steady mean, and a probe must stay quick


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

    def facts(self) -> dict[str, str | int]:
        """For the recipe card."""
        facts: dict[str, str | int] = {"training rows": len(self.train), "held-out rows": len(self.held_out)}
        facts["longest row"] = f"{self.longest} tokens"
        if self.cut:
            facts["rows cut"] = (
                f"{self.cut}, their answers are longer than {self.longest} tokens with the prompt"
            )
        if self.dropped:
            facts["rows dropped"] = "; ".join(f"{count}, {reason}" for reason, count in self.dropped.items())
        return facts

    def account(self) -> RowAccount:
        trained, held_out, dropped = len(self.train), len(self.held_out), dict(self.dropped)
        return RowAccount(
            given=trained + held_out + sum(dropped.values()),
            trained=trained,
            held_out=held_out,
            cut=self.cut,
            dropped=dropped,
        )

    def check_some_left(self) -> None:
        """Raises InvalidInput if there is nothing to train on."""
        if self.train:
            return
        left_out = [f"{count} are left out ({reason})" for reason, count in self.dropped.items()]
        why = ", ".join([*left_out, f"{len(self.held_out)} are held out"])
        raise InvalidInput(
            f"No row is left to train on: of {self.account().given} rows, {why}. Give other rows, or raise max_length "
            "where prompts are too long."
        )


def prepare(
    rows: Sequence[Row], answers: Sequence[str], tokenizer: Any, longest: int, eval_share: float
) -> Rows:
    """Fit the rows into `longest` tokens and hold out a share of their prompts. Maybe none is left to train on.

    Args:
        answers: the columns that hold answers, e.g. ("chosen", "rejected"); none where only prompts are read. All
            columns stay.
    """
    lengths = [_lengths(row, answers, tokenizer) for row in rows]
    fitting = [
        (row, max(whole, default=0) > longest)
        for row, (prompt, *whole) in zip(rows, lengths, strict=True)
        if prompt < longest
    ]
    too_long = len(rows) - len(fitting)
    held_out_prompts = _held_out([row for row, _ in fitting], eval_share)
    train = tuple(row for row, _ in fitting if prompt_key(row) not in held_out_prompts)
    return Rows(
        train=train,
        held_out=tuple(row for row, _ in fitting if prompt_key(row) in held_out_prompts),
        longest=longest,
        cut=sum(is_cut for _, is_cut in fitting),
        dropped={PROMPT_TOO_LONG.format(longest): too_long} if too_long else {},
    )


def prompt_key(row: Row) -> str:
    """The same for rows with the same prompt, so that no prompt is on both sides of a split."""
    text = json.dumps([[m["role"], m["content"]] for m in row["prompt"]], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _held_out(rows: Sequence[Row], share: float) -> frozenset[str]:
    """Keys of the held-out prompts: those with the smallest hashes, whatever else is in the data."""
    held_out: set[str] = set()
    for count, key in enumerate(sorted(prompt_key(row) for row in rows)):
        if int(key[:8], 16) / 2**32 >= share or (key not in held_out and count >= MOST_HELD_OUT):
            break
        held_out.add(key)
    return frozenset(held_out)


def _lengths(row: Row, answers: Sequence[str], tokenizer: Any) -> list[int]:
    """Tokens of the prompt alone, then of prompt and answer for each answer."""
    prompt = tokenizer.apply_chat_template(
        row["prompt"], add_generation_prompt=True, tokenize=True, return_dict=True
    )["input_ids"]
    whole = [
        tokenizer.apply_chat_template(row["prompt"] + row[name], tokenize=True, return_dict=True)["input_ids"]
        for name in answers
    ]
    return [len(prompt), *map(len, whole)]
