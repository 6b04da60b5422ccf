"""A judge compares pairs in a process of its own, and tells each verdict as it is there.

Runs as `python -m rlft_gui.training.judges.worker`, see services.line_work, because the app imports no torch. It touches no
database. Each criterion of a pair is asked about in both orders. A pair that cannot be judged, because it is too long or
its reply names no answer, is told and passed over; a judge that fails on the first few is not asked about the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from rlft_gui.answering import answer_in_lines
from rlft_gui.domain import judge_names as names
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.domain.rubric import Rubric
from rlft_gui.training.judges._base import Judge, Pair, Verdict
from rlft_gui.training.judges.building import build
from rlft_gui.training.judges.patience import Patience
from rlft_gui.unneeded import without_scipy

_FEW_FAILURES = 3  #: pairs in a row, before any was judged
_AT_ONCE = {
    "endpoint": 4
}  #: pairs asked about together: few where each may take long, for each is told once all are there
_AT_ONCE_ELSE = 16
THEN = "What was judged is kept. Ask again to go on with the rest, or choose another judge."


@dataclass
class _Quiet:
    """What judges need of a run that reports; there is none here, and a process that is to stop is ended."""

    home: Home
    step: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def folder(self) -> "_Quiet":
        return self

    def phase(self, phase: str) -> None:
        del phase

    def alarm(self, step: int, name: str, message: str) -> None:
        del step, name
        self.told.append(message)

    def stop_requested(self) -> bool:
        return False


@dataclass(frozen=True)
class _Context:
    recipe: Recipe
    reporter: Reporter
    base_hash: str
    tokenizer: Any = None

    def policy(self) -> Any:
        return None


@dataclass(frozen=True)
class _Choice:
    judge: str
    judge_url: str
    judge_patience: int


def work(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One object a pair: {"pair", "orders", "rationale"} or {"left_out", "reason"}.

    Args:
        request: "judge", "url", "patience" (minutes), "base", "home", "rubric", and "pairs", each {"prompt", "first",
            "second", "questions": {criterion: words}}.
    """
    judge = _judge(request)
    pairs = list(enumerate(request["pairs"]))
    size = _AT_ONCE.get(names.parse(request["judge"]).kind, _AT_ONCE_ELSE)
    judged, failures = False, 0
    for start in range(0, len(pairs), size):
        for told in _some(judge, pairs[start : start + size]):
            judged, failures = judged or "pair" in told, failures + ("left_out" in told)
            yield told
            if not judged and failures >= _FEW_FAILURES:
                raise InvalidInput(told["reason"])


def _judge(request: dict[str, Any]) -> Judge:
    from rlft_gui.training.models.loading import base_hash

    name, base = names.parse(request["judge"]), request["base"]
    choice = _Choice(request["judge"], request["url"], request["patience"])
    context = _Context(
        Recipe(run_id="", pipeline_id="", method="", stage="", base=base),
        cast(Reporter, _Quiet(Home(Path(request["home"])))),
        base_hash(base) if name.kind == "reward_model" else "",
    )
    judge = build(choice, Rubric.model_validate(request["rubric"]), context, phase="")
    patience = getattr(judge, "patience", None)
    if isinstance(patience, Patience):
        patience.then = THEN
    return judge


def _some(judge: Judge, pairs: Sequence[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """All at once; where one cannot be judged, each by itself, to tell it from the others."""
    try:
        return _judged(judge, pairs)
    except InvalidInput as error:
        if len(pairs) == 1:
            return [{"left_out": pairs[0][0], "reason": str(error)}]
    return [told for one in pairs for told in _some(judge, [one])]


def _judged(judge: Judge, pairs: Sequence[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    asked = [
        Pair(one["prompt"], one["first"], one["second"], words)
        for _, one in pairs
        for words in one["questions"].values()
    ]
    verdicts = iter(zip(*_both(judge, asked), strict=True))
    told = []
    for number, one in pairs:
        found = {name: next(verdicts) for name in one["questions"]}
        orders = {
            name: (straight.first_is_better, 1 - turned.first_is_better)
            for name, (straight, turned) in found.items()
        }
        reasons = [straight.rationale for straight, _ in found.values() if straight.rationale]
        told.append({"pair": number, "orders": orders, "rationale": "\n".join(reasons)})
    return told


def _both(judge: Judge, asked: Sequence[Pair]) -> tuple[list[Verdict], list[Verdict]]:
    """Each pair as it is, and with its second answer first."""
    verdicts = judge.compare([*asked, *(pair.swapped() for pair in asked)])
    return verdicts[: len(asked)], verdicts[len(asked) :]


if __name__ == "__main__":
    without_scipy()
    answer_in_lines(work)
