"""Ways to run a stage with less memory: other settings, from those that cost least to those that cost most."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rlft_gui.services.pipelines.settings import bounds
from rlft_gui.stages import Stage

Settings = Mapping[str, Any]
_SHORTEST_ROW, _SHORTEST_ANSWER = 128, 32  #: tokens; less than that is another task


class Change(NamedTuple):
    words: str
    costs: str
    settings: dict[str, Any]


def kinds_of_changes(kind: Stage, settings: Settings) -> list[list[Change]]:
    """Of each kind one after the other, the mildest first; a kind that this stage has no setting for is empty."""
    makers = (_batches, _checkpointing, _answers_at_once, _rows, _answers, _adapter)
    return [list(make(kind, settings)) for make in makers]


def _batches(kind: Stage, settings: Settings) -> Iterator[Change]:
    if "batch_size" not in settings:
        return
    before = int(settings["batch_size"])
    least = bounds(kind.settings.model_fields["batch_size"])[0] or 1
    accumulation = settings.get("gradient_accumulation")
    for size in _halves(before, int(least)):
        if accumulation is None:
            yield Change(
                f"Batch size {size} instead of {before}",
                "The result stays the same; it takes a little longer.",
                {"batch_size": size},
            )
        else:
            passes = int(accumulation) * before // size
            yield Change(
                f"Batch size {size} instead of {before}, gradient accumulation {passes}",
                "As many rows a step; it takes a little longer.",
                {"batch_size": size, "gradient_accumulation": passes},
            )


def _checkpointing(_: Stage, settings: Settings) -> Iterator[Change]:
    if settings.get("gradient_checkpointing") is False:
        costs = "The result stays the same; each step takes about a third longer."
        yield Change("Gradient checkpointing", costs, {"gradient_checkpointing": True})


def _answers_at_once(_: Stage, settings: Settings) -> Iterator[Change]:
    if "generation_batch_size" in settings:
        before = int(settings["generation_batch_size"] or settings["rollouts"])
        for size in _halves(before, 1):
            costs = "The same number of answers; drawing them takes longer."
            yield Change(
                f"{size} answers at once instead of {before}", costs, {"generation_batch_size": size}
            )


def _rows(_: Stage, settings: Settings) -> Iterator[Change]:
    for size in _halves(int(settings.get("max_length", 0)), _SHORTEST_ROW):
        costs = "What is longer is cut, or dropped."
        yield Change(f"Longest row {size:,} tokens", costs, {"max_length": size})


def _answers(_: Stage, settings: Settings) -> Iterator[Change]:
    for size in _halves(int(settings.get("max_new_tokens", 0)), _SHORTEST_ANSWER):
        yield Change(f"Longest answer {size:,} tokens", "Longer answers are cut.", {"max_new_tokens": size})


def _adapter(_: Stage, settings: Settings) -> Iterator[Change]:
    if settings.get("tuning") == "full":
        costs = "A tenth of the memory for what is learnt; it wants about ten times the learning rate."
        yield Change("LoRA instead of full tuning", costs, {"tuning": "lora"})


def _halves(size: int, least: int) -> Iterator[int]:
    while size // 2 >= least:
        size //= 2
        yield size
