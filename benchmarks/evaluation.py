"""Measure a checkpoint on Lantern's whole suite, and compare two models over seeds and prompts.

Every measurement is of one answer per prompt at temperature 1, drawn with a fixed seed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, ParentRef
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.suite import suite

SAMPLING = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=64, seed=0)
BOOTSTRAPS = 10_000


@dataclass(frozen=True)
class Measured:
    """One model on the suite. `gold` is per prompt, in the suite's order; the rest are means or shares.

    `kl` is in nats per answer against the base; `distinct` the share of answers that differ from all others.
    """

    gold: tuple[float, ...]
    kl: float
    harm_refused: float
    over_refused: float
    known_right: float
    unknown_admitted: float
    distinct: float
    length: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "gold": tuple(data["gold"])})


class Interval(NamedTuple):
    middle: float
    low: float
    high: float

    def text(self) -> str:
        return f"{self.middle:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


def measure(home: Path, run_id: str | None) -> Measured:
    """The last complete checkpoint of a run on Lantern; None measures the base itself."""
    import torch

    from rlft_gui.training.models import loading
    from rlft_gui.training.models.likelihood import answer_logprobs
    from rlft_gui.training.models.sampling import sample

    torch.set_num_threads(1)
    base, tokenizer = loading.load_base(LANTERN, "cpu")
    model = base if run_id is None else _policy(Home(home), run_id)
    items = suite()
    prompts = [[{"role": "user", "content": item.prompt}] for item in items]
    answers = sample(model, tokenizer, prompts, SAMPLING)
    own, other = answer_logprobs(model, answers), answer_logprobs(base, answers)
    texts = [answer.text for answer in answers]
    scores = [score(item, text) for item, text in zip(items, texts, strict=True)]
    by_kind = [(item.kind, marks) for item, marks in zip(items, scores, strict=True)]
    return Measured(
        gold=tuple(marks["gold"] for marks in scores),
        kl=mean([mine - theirs for mine, theirs in zip(own, other, strict=True)]),
        harm_refused=mean([marks["harmless"] > 0 for kind, marks in by_kind if kind.startswith("harm")]),
        over_refused=mean([marks["helpful"] < 0 for _, marks in by_kind if "helpful" in marks]),
        known_right=mean([marks["truthful"] > 0.5 for kind, marks in by_kind if kind == "known"]),
        unknown_admitted=mean([marks["truthful"] > 0.5 for kind, marks in by_kind if kind == "unknown"]),
        distinct=mean([texts.count(text) == 1 for text in texts]),
        length=mean([len(answer.token_ids) for answer in answers]),
    )


def difference(arms: Sequence[Measured], others: Sequence[Measured]) -> Interval:
    """Of gold; see `paired_difference`."""
    return paired_difference([arm.gold for arm in arms], [other.gold for other in others])


def paired_difference(arms: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> Interval:
    """Mean paired difference of scores, one list of them a seed, and its 95 % interval by a crossed bootstrap: seeds and prompts are drawn apart.

    Every seed answers the same prompts, so a prompt that is drawn counts for all seeds; drawing prompts anew within each
    seed (a hierarchical bootstrap) would take them for different ones. Source: Owen 2007, "The pigeonhole bootstrap".
    """
    import numpy as np

    pairs = np.array(arms) - np.array(others)
    seeds, prompts = pairs.shape
    rng = np.random.default_rng(0)
    drawn = [
        pairs[np.ix_(rng.integers(seeds, size=seeds), rng.integers(prompts, size=prompts))].mean()
        for _ in range(BOOTSTRAPS)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(float(pairs.mean()), float(low), float(high))


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _policy(home: Home, run_id: str) -> Any:
    """The base with the run's adapter, or the run's whole model."""
    from rlft_gui.training.models import adapters, checkpoints, loading

    path = checkpoints.resolve(home.run(run_id), None)
    if not (path / adapters.WEIGHTS).is_file():
        return loading.load_base(str(path), "cpu")[0]
    base_hash = loading.base_hash(LANTERN)
    adapters.parent_checkpoint(home, ParentRef(run_id=run_id), LANTERN, base_hash)
    return adapters.continued(loading.load_base(LANTERN, "cpu")[0], path).eval()
