"""Rows of one type as rows of another, where that means something: for a stage that learns from other data than there is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.turns import said

Row = dict[str, Any]
#: A row with its number in the file that it comes from, which whatever is made of it keeps: people look for it there.
Numbered = tuple[int, Row]


@dataclass(frozen=True)
class Conversion:
    """One way to make other rows of the rows there are.

    Attributes:
        about: what is made, as a sentence.
    """

    name: str
    takes: DataType
    gives: DataType
    title: str
    about: str
    convert: Callable[[Iterable[Numbered]], Iterator[Numbered]]


def _chosen(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    for number, row in rows:
        yield number, {"prompt": row["prompt"], "completion": row["chosen"]}


def _good(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    for number, row in rows:
        if row["label"]:
            yield number, {"prompt": row["prompt"], "completion": row["completion"]}


def _marked(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    for number, row in rows:
        for name in ("chosen", "rejected"):
            yield number, {"prompt": row["prompt"], "completion": row[name], "label": name == "chosen"}


def _best_and_worst(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    """Of the answers to one prompt those with the highest and the lowest mean of points; the number is the best one's."""
    by_prompt: dict[str, list[tuple[float, Numbered]]] = {}
    for number, row in rows:
        points = row["scores"].values()
        by_prompt.setdefault(str(row["prompt"]), []).append((sum(points) / len(points), (number, row)))
    for answered in by_prompt.values():
        worst, (_, rejected) = min(answered, key=_points)
        best, (number, chosen) = max(answered, key=_points)
        if best > worst and chosen["completion"] != rejected["completion"]:
            yield (
                number,
                {
                    "prompt": chosen["prompt"],
                    "chosen": chosen["completion"],
                    "rejected": rejected["completion"],
                },
            )


def _points(answered: tuple[float, Numbered]) -> float:
    return answered[0]


def _balanced(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    """As many pairs whose chosen answer is the longer one as pairs whose rejected one is, alike in how much longer."""
    kept = list(rows)
    differences = [_difference(row) for _, row in kept]
    sides = sorted(
        (
            sorted(
                (abs(difference), place)
                for place, difference in enumerate(differences)
                if difference * side > 0
            )
            for side in (1, -1)
        ),
        key=len,
    )
    few, many = sides
    left_out = {place for _, place in many} - _matched(few, many)
    yield from (numbered for place, numbered in enumerate(kept) if place not in left_out)


def _matched(few: list[tuple[int, int]], many: list[tuple[int, int]]) -> set[int]:
    """Of the many, in order of size, one for each of the few, as near in size as the order allows."""
    taken, place = set(), 0
    for done, (size, _) in enumerate(few):
        last = len(many) - (len(few) - done)  #: beyond it too few would be left for the others
        while place < last and abs(many[place + 1][0] - size) <= abs(many[place][0] - size):
            place += 1
        taken.add(many[place][1])
        place += 1
    return taken


def _difference(row: Row) -> int:
    return len(said(row["chosen"][-1])) - len(said(row["rejected"][-1]))


CONVERSIONS = (
    Conversion(
        "chosen", DataType.PREFERENCES, DataType.DEMONSTRATIONS, "Imitate the chosen answers",
        "The chosen answer of each pair as a demonstration; the rejected ones are left out.", _chosen,
    ),
    Conversion(
        "good", DataType.THUMBS, DataType.DEMONSTRATIONS, "Imitate the good answers",
        "The answers that are marked good as demonstrations; those marked bad are left out.", _good,
    ),
    Conversion(
        "marked", DataType.PREFERENCES, DataType.THUMBS, "Mark both answers",
        "The chosen answer of each pair marked good, the rejected one bad.", _marked,
    ),
    Conversion(
        "best-and-worst", DataType.RATINGS, DataType.PREFERENCES, "Pair the best with the worst answer",
        "Of the answers to one prompt the one with the most points is chosen, the one with the fewest rejected.",
        _best_and_worst,
    ),
    Conversion(
        "balanced", DataType.PREFERENCES, DataType.PREFERENCES, "Balance lengths",
        "As many pairs whose chosen answer is the longer one as pairs whose rejected one is.", _balanced,
    ),
)  # fmt: skip


def conversion(name: str) -> Conversion | None:
    return next((one for one in CONVERSIONS if one.name == name), None)
