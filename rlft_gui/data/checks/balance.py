"""What the rows teach on the whole by what there is more of: one verdict, one length, one source."""

from collections import Counter
from collections.abc import Iterable

from rlft_gui.data.checks.looked import Looked
from rlft_gui.domain.dataset import Bars, Finding
from rlft_gui.domain.intervals import wilson

FEW = 30  #: rows; below, a model learns them by heart
_ONE_SIDED = 0.9
_TURNS_SHOWN = 8
#: Edges of the lengths and differences that are drawn, in characters.
_LENGTHS = (50, 100, 200, 400, 800, 1600, 3200, 6400)
_DIFFERENCES = (-1000, -300, -100, -30, 0, 30, 100, 300, 1000)


class BalanceChecks:
    def __init__(self) -> None:
        self.rows = 0
        self._are_texts = False
        self._labels: Counter[bool] = Counter()
        self._turns: Counter[int] = Counter()
        self._lengths: Counter[int] = Counter()
        self._differences: Counter[int] = Counter()
        self._longer = self._shorter = 0
        self._points: dict[str, set[float]] = {}

    def look(self, looked: Looked) -> None:
        self.rows += 1
        self._are_texts = "text" in looked.row
        self._turns[min(looked.turns, _TURNS_SHOWN)] += 1
        self._lengths[_place(len(looked.imitated or looked.prompt), _LENGTHS)] += 1
        if "label" in looked.row:
            self._labels[looked.row["label"]] += 1
        for name, value in looked.row.get("scores", {}).items():
            self._points.setdefault(name, set()).add(value)
        if "chosen" in looked.answers:
            difference = len(looked.answers["chosen"]) - len(looked.answers["rejected"])
            self._differences[_place(difference, _DIFFERENCES)] += 1
            self._longer += difference > 0
            self._shorter += difference < 0

    def findings(self) -> Iterable[Finding]:
        if self.rows < FEW:
            yield Finding(
                what=f"there are only {self.rows} rows",
                rows=self.rows,
                fix="A model learns so few by heart, and hardly any can be held out; some hundreds are a beginning.",
            )
        if finding := self._one_sided():
            yield finding
        for name, values in self._points.items():
            if len(values) == 1 and self.rows > 1:
                yield Finding(
                    what=f'every row has the same points for "{name}"',
                    rows=self.rows,
                    fix="Leave the column out: nothing can be learnt from it.",
                )
        if finding := self._length_bias():
            yield finding

    def bars(self) -> tuple[Bars, ...]:
        """What is drawn of the rows."""
        drawn = [
            Bars(title="Turns", unit="of a row", bars=tuple((_turns(count), rows) for count, rows in sorted(self._turns.items()))),
            Bars(title="Length of what is learnt", unit="in characters", bars=_bars(self._lengths, _LENGTHS)),
        ]  # fmt: skip
        if self._are_texts:  # one turn each
            del drawn[0]
        if self._labels:
            good, bad = self._labels[True], self._labels[False]
            drawn.append(Bars(title="Verdicts", unit="of answers", bars=(("good", good), ("bad", bad))))
        if self._differences:
            drawn.append(
                Bars(title="Chosen longer than rejected by", unit="in characters", bars=_bars(self._differences, _DIFFERENCES))
            )  # fmt: skip
        return tuple(drawn)

    def _one_sided(self) -> Finding | None:
        total = sum(self._labels.values())
        if total < FEW:
            return None
        label, most = self._labels.most_common(1)[0]
        if most / total < _ONE_SIDED:
            return None
        return Finding(
            what=f"{most / total:.0%} of the answers are marked {'good' if label else 'bad'}",
            rows=most,
            fix="Weigh the rarer side more (KTO's weights), or add answers of it.",
        )

    def _length_bias(self) -> Finding | None:
        """Where the interval of the share of longer chosen answers leaves one half behind (Singhal et al. 2023)."""
        decided = self._longer + self._shorter
        if not decided:
            return None
        low, high = wilson(self._longer, decided)
        if low <= 0.5 <= high:
            return None
        can_balance = min(self._longer, self._shorter) > 0
        side = "longer" if low > 0.5 else "shorter"
        share = max(self._longer, self._shorter) / decided
        ends = (low, high) if side == "longer" else (1 - high, 1 - low)
        return Finding(
            what=f"the chosen answer is the {side} one in {share:.0%} of the pairs [{ends[0]:.0%}, {ends[1]:.0%}]",
            rows=max(self._longer, self._shorter),
            fix=f"What is learnt may be to answer {side}. "
            + (
                "A copy balanced by length has as many pairs of either kind."
                if can_balance
                else "Add pairs of the other kind."
            ),
            way="balanced" if can_balance else "",
        )


def _place(value: int, edges: tuple[int, ...]) -> int:
    return sum(value > edge for edge in edges)


def _bars(counts: Counter[int], edges: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
    """Every bar between the first and the last that has rows."""
    names = [f"≤ {edges[0]:,}", *(f"≤ {edge:,}" for edge in edges[1:]), f"> {edges[-1]:,}"]
    first, last = min(counts), max(counts)
    return tuple((names[place].replace("-", "−"), counts[place]) for place in range(first, last + 1))


def _turns(count: int) -> str:
    return f"{count} or more" if count == _TURNS_SHOWN else str(count)
