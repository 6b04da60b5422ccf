"""The datasets that come with the product, made each time they are asked for, never stored: Lantern's world, and small tasks
for real models."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rlft_gui.data.kept import encoded
from rlft_gui.data.tasks import everyday
from rlft_gui.data.tasks.records import held_out_records, record_pairs, records
from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import NotFound
from rlft_gui.lantern.datasets import (
    card_prompts,
    demonstrations,
    preferences,
    prompts,
    questions,
    ratings,
    thumbs,
)


@dataclass(frozen=True)
class BuiltIn:
    """One dataset; `make` gives rows with prompt and answers as texts, the same at every call; `held_out` ones are there to judge by."""

    id: str
    name: str
    type: DataType
    make: Callable[[], Sequence[Mapping[str, Any]]]
    held_out: bool = False

    def rows(self) -> list[dict[str, Any]]:
        """The rows as messages.

        Raises:
            NotFound: Lantern's files, which its preferences are drawn from, are not there.
        """
        try:
            return [_messages(row) for row in self.make()]
        except FileNotFoundError as error:
            raise NotFound(
                f"{self.name} need Lantern's file {error.filename}, which is missing; make it with: rlft lantern build"
            ) from None

    def info(self) -> DatasetInfo:
        """Its account; raises NotFound as `rows` does."""
        return _info(self)


def _messages(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its texts as messages; other columns stay."""
    said: dict[str, Any] = {
        key: [{"role": "assistant", "content": row[key]}]
        for key in ("completion", "chosen", "rejected")
        if key in row
    }
    if "candidates" in row:
        said["candidates"] = [[{"role": "assistant", "content": text}] for text in row["candidates"]]
    return {**row, "prompt": [{"role": "user", "content": row["prompt"]}], **said}


@lru_cache
def _info(built_in: BuiltIn) -> DatasetInfo:
    rows = built_in.rows()
    lines = b"".join(encoded(row) for row in rows)
    return DatasetInfo(
        id=built_in.id,
        name=built_in.name,
        type=built_in.type,
        format="built in",
        rows=len(rows),
        rows_read=len(rows),
        dropped=0,
        sha256=hashlib.sha256(lines).hexdigest(),
        bytes=len(lines),
        held_out=built_in.held_out,
    )


BUILT_IN = (
    BuiltIn("lantern:demonstrations", "Lantern demonstrations", DataType.DEMONSTRATIONS, demonstrations),
    BuiltIn("lantern:preferences", "Lantern preferences", DataType.PREFERENCES, preferences),
    BuiltIn("lantern:prompts", "Lantern prompts", DataType.PROMPTS, prompts),
    BuiltIn("lantern:questions", "Lantern questions", DataType.PROMPTS, questions),
    BuiltIn("lantern:cards", "Lantern card questions", DataType.PROMPTS, card_prompts),
    BuiltIn("lantern:thumbs", "Lantern thumbs", DataType.THUMBS, thumbs),
    BuiltIn("lantern:ratings", "Lantern ratings", DataType.RATINGS, ratings),
    BuiltIn("tasks:records", "Records as JSON", DataType.DEMONSTRATIONS, records),
    BuiltIn(
        "tasks:records-held-out",
        "Records as JSON, held out",
        DataType.DEMONSTRATIONS,
        held_out_records,
        held_out=True,
    ),
    BuiltIn("tasks:record-pairs", "Records as JSON, better and worse", DataType.PREFERENCES, record_pairs),
    BuiltIn("tasks:questions", "Everyday questions", DataType.PROMPTS, everyday.questions),
    BuiltIn(
        "tasks:questions-held-out",
        "Everyday questions, held out",
        DataType.PROMPTS,
        everyday.held_out_questions,
        held_out=True,
    ),
    BuiltIn(
        "tasks:short", "Everyday questions for one sentence", DataType.PROMPTS, everyday.wished_questions
    ),
    BuiltIn(
        "tasks:short-pairs", "Short and long-winded answers", DataType.PREFERENCES, everyday.question_pairs
    ),
    BuiltIn(
        "tasks:short-candidates",
        "Short and long-winded answers, not labelled",
        DataType.CANDIDATES,
        everyday.question_candidates,
    ),
    BuiltIn(
        "tasks:short-held-out",
        "Short and long-winded answers, held out",
        DataType.PREFERENCES,
        everyday.held_out_question_pairs,
        held_out=True,
    ),
)


def built_in(dataset_id: str) -> BuiltIn | None:
    return next((candidate for candidate in BUILT_IN if candidate.id == dataset_id), None)
