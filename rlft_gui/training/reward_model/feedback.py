"""The two kinds of feedback that reward models learn from: pairs, and ratings of single answers.

Each kind knows which rows it can use, how a Trainer reads them, and what to measure on held-out ones. Where a run
begins and what it reports otherwise is in stages/reward_model.py.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any, Protocol

from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.training.reward_model.known import KNOWN, KnownRewards
from rlft_gui.training.reward_model.losses import bradley_terry, squared_error
from rlft_gui.training.reward_model.measures import (
    accuracy,
    accuracy_by_source,
    calibration_error,
    rank_correlation,
)
from rlft_gui.training.reward_model.scoring import CARD, RewardCard
from rlft_gui.training.rows import Arranged, Row, prompt_key
from rlft_gui.training.run.intervals import Share, by_prompt
from rlft_gui.training.run.longest_first import LongestFirst
from rlft_gui.training.run.trainers import InRunFolder

if TYPE_CHECKING:
    from torch import Tensor

#: Gives the tokens of the row's prompt with the answer in that column.
Encode = Callable[[Row, str], list[int]]


class Feedback(Protocol):
    """One kind of feedback.

    Attributes:
        columns: of the rows, those that hold answers.
        attributes: what the head's outputs are called.
        facts: for the recipe card, known once the rows are arranged.
    """

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def attributes(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> dict[str, str | int | float]: ...

    def arrange(self, rows: list[Row]) -> Arranged:
        """The rows that can be learned from, and how many cannot.

        Raises:
            InvalidInput: they are of another kind, or their ratings tell nothing apart.
        """
        ...

    def fitting(self, rows: list[Row]) -> list[Row]:
        """Of rows of any type, those that can be measured."""
        ...

    def trainer_class(self) -> type:
        """A Trainer that learns from what `examples` gives."""
        ...

    def examples(self, rows: Sequence[Row], encode: Encode) -> list[dict[str, Any]]:
        """The rows as the trainer reads them."""
        ...

    def measure(self, rows: Sequence[Row], rewards: "Tensor") -> dict[str, float]:
        """Canonical metrics of held-out rows.

        Args:
            rewards: shape (rows × columns, attributes), raw; a row's answers follow one another.
        """
        ...


@dataclass
class Pairs:
    """Preferences: chosen and rejected answers, with margins and soft labels where rows have them."""

    centering: float
    columns: tuple[str, ...] = ("chosen", "rejected")
    attributes: tuple[str, ...] = ("reward",)
    facts: dict[str, str | int | float] = field(default_factory=dict)

    def arrange(self, rows: list[Row]) -> Arranged:
        if any("chosen" not in row for row in rows):
            raise InvalidInput(
                "Bradley-Terry learns from pairs, and this data has single answers. Choose preferences, or set objective "
                "to regression or multi_attribute for ratings."
            )
        kept = [row for row in rows if row["chosen"][-1]["content"] != row["rejected"][-1]["content"]]
        if sources := Counter(row["source"] for row in kept if row.get("source")):
            self.facts["sources"] = ", ".join(f"{name} {count}" for name, count in sorted(sources.items()))
        for name, about in (("margin", "margins"), ("preference", "soft labels")):
            if has := sum(name in row for row in kept):
                self.facts[about] = f"{has} of {len(kept)} pairs"
        return _arranged(rows, kept, "both answers are the same")

    def fitting(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if "chosen" in row]

    def trainer_class(self) -> type:
        return _pair_trainer()

    def examples(self, rows: Sequence[Row], encode: Encode) -> list[dict[str, Any]]:
        return [
            {
                "chosen_ids": encode(row, "chosen"),
                "rejected_ids": encode(row, "rejected"),
                "margin": _margin(row),
                "preference": _preference(row),
            }
            for row in rows
        ]

    def measure(self, rows: Sequence[Row], rewards: "Tensor") -> dict[str, float]:
        import torch

        chosen, rejected = rewards[::2, 0], rewards[1::2, 0]
        margin, preference = (torch.tensor([of(row) for row in rows]) for of in (_margin, _preference))
        leads = (chosen - rejected).tolist()
        by_source = accuracy_by_source(leads, [str(row.get("source", "")) for row in rows])
        return {
            "eval/loss": float(bradley_terry(chosen, rejected, margin, preference, self.centering)),
            **self._accuracy(rows, leads),
            "eval/ece": calibration_error(leads),
            **{f"eval/source/{source}": share for source, share in by_source.items()},
        }

    def _accuracy(self, rows: Sequence[Row], leads: Sequence[float]) -> dict[str, float]:
        by_key: dict[str, list[Share]] = {}
        for row, lead in zip(rows, leads, strict=True):
            by_key.setdefault(prompt_key(row), []).append((accuracy([lead]), 1.0))
        return by_prompt("eval/pref/accuracy", by_key)


@dataclass
class Ratings:
    """Answers with a score for each of some attributes, z-scored over the data.

    Attributes:
        wanted: the attributes to predict, one output each; () to predict the mean of whatever a row has.
    """

    wanted: tuple[str, ...]
    columns: tuple[str, ...] = ("completion",)
    facts: dict[str, str | int | float] = field(default_factory=dict)
    _scale: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def attributes(self) -> tuple[str, ...]:
        return self.wanted or ("reward",)

    def arrange(self, rows: list[Row]) -> Arranged:
        if any("scores" not in row for row in rows):
            raise InvalidInput(
                "This objective learns from ratings of single answers, and this data has none. Choose ratings, or set "
                "objective to bradley_terry for pairs."
            )
        kept = [row for row in rows if any(isfinite(rating) for rating in self._ratings(row))]
        known = sorted({name for row in rows for name in row["scores"]})
        for place, name in enumerate(self.attributes):
            values = [rating for row in kept if isfinite(rating := self._ratings(row)[place])]
            self._scale[name] = _scale(name, values, known)
        self.facts["ratings"] = ", ".join(
            f"{name} {mean:.3g} ± {sd:.2g}" for name, (mean, sd) in self._scale.items()
        )
        return _arranged(rows, kept, "none of the attributes is rated")

    def fitting(self, rows: list[Row]) -> list[Row]:
        rated = [row for row in rows if "scores" in row]
        return [row for row in rated if any(isfinite(rating) for rating in self._ratings(row))]

    def trainer_class(self) -> type:
        return _rating_trainer()

    def examples(self, rows: Sequence[Row], encode: Encode) -> list[dict[str, Any]]:
        return [{"ids": encode(row, "completion"), "ratings": self._scaled(row)} for row in rows]

    def measure(self, rows: Sequence[Row], rewards: "Tensor") -> dict[str, float]:
        import torch

        ratings = torch.tensor([self._scaled(row) for row in rows])
        values = {"eval/loss": float(squared_error(rewards, ratings))}
        for place, name in enumerate(self.attributes):
            is_rated = ~torch.isnan(ratings[:, place])
            agreement = rank_correlation(rewards[is_rated, place].tolist(), ratings[is_rated, place].tolist())
            if agreement is not None:
                values[f"eval/rating/{name}"] = agreement
        return values

    def _ratings(self, row: Row) -> list[float]:
        scores: Mapping[str, float] = row["scores"]
        if not self.wanted:
            return [fmean(scores.values()) if scores else nan]
        return [float(scores.get(name, nan)) for name in self.wanted]

    def _scaled(self, row: Row) -> list[float]:
        return [
            (rating - self._scale[name][0]) / self._scale[name][1]
            for name, rating in zip(self.attributes, self._ratings(row), strict=True)
        ]


class WithCard(InRunFolder):
    """Mixed into a Trainer class: its checkpoints say what their rewards mean.

    Attributes:
        card: gives the card of the model as it is after that step.
        known: and its rewards of answers whose verdict is known.
    """

    card: Callable[[int], RewardCard]
    known: Callable[[int], KnownRewards]

    def _save_state(self, path: Path) -> None:
        super()._save_state(path)
        trainer: Any = self
        step = trainer.state.global_step
        (path / CARD).write_text(self.card(step).model_dump_json(), encoding="utf-8")
        (path / KNOWN).write_text(self.known(step).model_dump_json(), encoding="utf-8")


def _arranged(rows: list[Row], kept: list[Row], reason: str) -> Arranged:
    left_out = len(rows) - len(kept)
    return Arranged(kept, {reason: left_out} if left_out else {})


def _margin(row: Row) -> float:
    return float(row.get("margin", 0.0))


def _preference(row: Row) -> float:
    return float(row.get("preference", 1.0))


@blaming(FailureKind.BAD_DATA)
def _scale(name: str, values: Sequence[float], known: Sequence[str]) -> tuple[float, float]:
    """Mean and standard deviation of an attribute's ratings."""
    if not values:
        raise InvalidInput(
            f'No row rates "{name}". The ratings are of: {", ".join(known) or "nothing"}. Name those in attributes.'
        )
    if min(values) == max(values):
        raise InvalidInput(
            f'All {len(values)} ratings of "{name}" are {values[0]:g}, so there is nothing to learn. Choose ratings that '
            "differ, or leave the attribute out."
        )
    return fmean(values), pstdev(values)


def _pair_trainer() -> type:
    import torch
    from trl import RewardTrainer
    from trl.trainer.reward_trainer import DataCollatorForPreference

    class Collator(DataCollatorForPreference):
        def torch_call(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
            preference = torch.tensor([example["preference"] for example in examples])
            return {**super().torch_call(examples), "preference": preference}

    class PairTrainer(LongestFirst, WithCard, RewardTrainer):
        def __init__(self, *, processing_class: Any, **others: Any) -> None:
            collator = Collator(pad_token_id=processing_class.pad_token_id)
            super().__init__(processing_class=processing_class, data_collator=collator, **others)

        def _set_signature_columns_if_needed(self) -> None:
            self._signature_columns = ["chosen_ids", "rejected_ids", "margin", "preference"]

        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **others: Any
        ) -> Any:
            """TRL's with soft labels; TRL still counts tokens, accuracy and the like."""
            preference = inputs.pop("preference")
            _, outputs = super().compute_loss(model, dict(inputs), return_outputs=True, **others)
            chosen, rejected = outputs.logits.squeeze(-1).float().chunk(2)
            centering = self.args.center_rewards_coefficient
            loss = bradley_terry(chosen, rejected, inputs["margin"], preference, centering)
            return (loss, outputs) if return_outputs else loss

    return PairTrainer


def _rating_trainer() -> type:
    import torch
    from torch.nn.utils.rnn import pad_sequence
    from transformers import Trainer

    class Collator:
        def __init__(self, pad: int) -> None:
            self._pad = pad

        def __call__(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
            rows = [torch.tensor(example["ids"]) for example in examples]
            masks = [torch.ones_like(row) for row in rows]
            return {
                "input_ids": pad_sequence(rows, batch_first=True, padding_value=self._pad),
                "attention_mask": pad_sequence(masks, batch_first=True),
                "ratings": torch.tensor([example["ratings"] for example in examples]),
            }

    class RatingTrainer(LongestFirst, WithCard, Trainer):
        loss_is_scaled_for_ga = False

        def __init__(self, *, processing_class: Any, **others: Any) -> None:
            collator = Collator(processing_class.pad_token_id)
            super().__init__(processing_class=processing_class, data_collator=collator, **others)

        def _set_signature_columns_if_needed(self) -> None:
            self._signature_columns = ["ids", "ratings"]

        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
        ) -> Any:
            ratings = inputs.pop("ratings")
            outputs = model(**inputs, use_cache=False)
            loss = squared_error(outputs.logits.float(), ratings)
            return (loss, outputs) if return_outputs else loss

    return RatingTrainer
