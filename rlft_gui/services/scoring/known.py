"""The place of a reward among those of answers whose verdict is known.

A reward model keeps the rewards of its held-out answers with each checkpoint. Older ones did not: theirs are scored once, when
somebody first asks, and kept in the run's folder.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import fmean
from typing import Any, NamedTuple

from rlft_gui.data.rows import load_rows
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.turns import Message
from rlft_gui.services.scoring.scores import Place
from rlft_gui.training.models import checkpoints
from rlft_gui.training.reward_model.known import KNOWN, KnownRewards, read_known
from rlft_gui.training.reward_model.scoring import RewardCard
from rlft_gui.training.rows import MOST_HELD_OUT, held_out_keys, prompt_key, without

Row = dict[str, Any]


class KnownAnswers(Frozen):
    """Normalised rewards of known answers, ascending, the mean over attributes.

    Attributes:
        by_side: "chosen" and "rejected"; of ratings, which have no side, "completion".
        is_held_out: none of them was trained on.
    """

    by_side: dict[str, tuple[float, ...]]
    is_held_out: bool

    def place(self, reward: float) -> Place:
        """Where this normalised reward stands among them."""
        everything = sorted(value for values in self.by_side.values() for value in values)
        sides = {side: _share_below(values, reward) for side, values in self.by_side.items()}
        return Place(
            chosen=sides.get("chosen"), rejected=sides.get("rejected"), known=_share_below(everything, reward)
        )


class KnownRows(NamedTuple):
    """Rows with known answers, and in which columns those are."""

    rows: list[Row]
    columns: tuple[str, ...]
    is_held_out: bool

    def conversations(self) -> list[tuple[list[Message], str]]:
        return [(row["prompt"], row[column][-1]["content"]) for row in self.rows for column in self.columns]


def kept(folder: RunFolder, step: int) -> KnownRewards | None:
    """What the checkpoint of that step, or this program since, has kept."""
    return read_known(folder.checkpoint(step) / KNOWN) or read_known(_place(folder, step))


def keep(folder: RunFolder, step: int, known: KnownRewards) -> None:
    """Keep what was scored since."""
    place = _place(folder, step)
    place.parent.mkdir(exist_ok=True)
    draft = place.with_suffix(".draft")
    draft.write_text(known.model_dump_json(), encoding="utf-8")
    draft.replace(place)


def answers(known: KnownRewards, card: RewardCard) -> KnownAnswers:
    """Known rewards in the measure of the card, side by side."""
    by_side = {
        side: tuple(sorted(overall(row[at], card) for row in known.raw))
        for at, side in enumerate(known.columns)
    }
    return KnownAnswers(by_side=by_side, is_held_out=known.is_held_out)


def overall(raw: Sequence[float], card: RewardCard) -> float:
    """The mean over attributes of normalised rewards."""
    return fmean((value - mean) / sd for value, mean, sd in zip(raw, card.mean, card.sd, strict=True))


def known_rows(home: Home, recipe: Recipe) -> KnownRows:
    """The rows that the run held out, found again; or rows that it was trained on where it held out none.

    Raises:
        NotFound, InvalidInput: its data is not there any more, or was changed.
    """
    columns = (
        ("chosen", "rejected")
        if recipe.settings.get("objective", "bradley_terry") == "bradley_terry"
        else ("completion",)
    )
    named = str(recipe.measure.get("held_out") or "")
    apart = [row for row in (load_rows(home, named) if named else []) if all(name in row for name in columns)]
    if apart:
        return KnownRows(apart[:MOST_HELD_OUT], columns, is_held_out=True)
    given = load_rows(home, str(recipe.settings["data"]))
    own = [row for row in without(given, apart).rows if all(name in row for name in columns)]
    # Rows that the trainer left out because of their length were not known here; held out they are all the same.
    keys = held_out_keys(own, float(recipe.settings.get("eval_share", 0.0)))
    held_out = [row for row in own if prompt_key(row) in keys]
    return KnownRows((held_out or own)[:MOST_HELD_OUT], columns, is_held_out=bool(held_out))


def step_of(folder: RunFolder, step: int | None) -> int:
    """That step, or the last complete one; raises NotFound."""
    return int(checkpoints.resolve(folder, step).name.removeprefix("step-"))


def _place(folder: RunFolder, step: int) -> Any:
    return folder.path / "known" / f"step-{step}.json"


def _share_below(ascending: Sequence[float], reward: float) -> float | None:
    if not ascending:
        return None
    return (bisect_left(ascending, reward) + bisect_right(ascending, reward)) / 2 / len(ascending)
