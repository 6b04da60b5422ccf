"""Best-of-n: answer each prompt n times and keep the answer with the highest reward, as a demonstration.

Imitating what is kept is rejection sampling, or RAFT; it is not reinforcement learning. With a verifier and a lowest
reward, only right answers are kept. Papers: Stiennon et al. 2020, "Learning to summarize from human feedback"; Dong et
al. 2023, "RAFT". The distance from the policy is at most ln n − (n − 1)/n (Beirami et al. 2024).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from pydantic import Field

from rlft_gui.domain.dataset import ANY_PROMPTS, DataType
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.generating import (
    METRICS,
    OWN_METRICS,
    GeneratedBatch,
    GeneratingStart,
    Prompt,
    assistant,
    begin,
    fault,
    generate,
    several,
)
from rlft_gui.stages._shared.memory import Settings, generating, with_rewards
from rlft_gui.stages._shared.needs import needs_of_rewards
from rlft_gui.stages._shared.settings import GeneratingSettings, RewardSettings
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.models.sampling import Completion
from rlft_gui.training.rewards import Context, Scored, Summed, build, scorable
from rlft_gui.training.rows import Row

TOO_LOW = "its best answer is below the lowest reward"


class BestOfNSettings(RewardSettings, GeneratingSettings):
    samples_per_prompt: int = Field(
        8,
        ge=2,
        le=64,
        title="Answers per prompt",
        description="How many answers are drawn to each prompt, of which one is kept: the n of best-of-n.",
        json_schema_extra={"group": "basic"},
    )
    lowest_reward: float = Field(
        -1_000.0,
        ge=-1_000,
        le=1_000,
        title="Lowest reward",
        description="A prompt whose best answer has less gives no row. With a verifier, 1 keeps right answers only.",
        json_schema_extra={"group": "advanced"},
    )


@dataclass(frozen=True)
class Best:
    """What one prompt came to: the answer that was kept, its reward, and those of the others."""

    text: str
    reward: float
    others: tuple[float, ...]


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent, data or a reward cannot be used, or no prompt gave a row.
        ConstantReward: nothing tells answers apart.
        NotFinite: a reward is infinite or undefined.
    """
    settings = BestOfNSettings.model_validate(recipe.settings)
    terms = (*settings.rewards, settings.veto)
    start = begin(recipe, reporter, settings, DataType.DEMONSTRATIONS, partial(scorable, terms=terms))
    policy = start.policy
    context = Context(recipe, reporter, policy.base_hash, policy.tokenizer, policy=lambda: policy.model)
    reward = build(settings, context)
    facts: dict[str, str | int | float] = {
        "answers per prompt": settings.samples_per_prompt,
        **reward.facts,
        "KL to who answers": f"at most {most_kl(settings.samples_per_prompt):.2f} nats/answer",
    }
    generate(start, "Best of n", partial(_batch, start, settings, reward), facts)


def most_kl(n: int) -> float:
    """Upper bound of the KL divergence of the best of n answers from the policy that drew them, in nats."""
    return math.log(n) - (n - 1) / n


def best(texts: Sequence[str], rewards: Sequence[float]) -> Best:
    """The answer with the highest reward, the first of several."""
    index = max(range(len(texts)), key=lambda i: rewards[i])
    return Best(texts[index], rewards[index], (*rewards[:index], *rewards[index + 1 :]))


def _batch(
    start: GeneratingStart, settings: BestOfNSettings, reward: Summed, prompts: Sequence[Prompt]
) -> GeneratedBatch:
    drawn = several(start, prompts, settings.samples_per_prompt)
    usable = [[c.text for c in completions if c is not None and fault(c) is None] for completions in drawn]
    # One call for all prompts of the batch: a reward model reads them together.
    scored = _scored(reward, prompts, usable)
    rows, dropped, found = [], [], []
    left = iter(scored.total)
    for prompt, completions, texts in zip(prompts, drawn, usable, strict=True):
        if not texts:
            dropped.append(_why(completions))
            continue
        found.append(best(texts, [next(left) for _ in texts]))
        if found[-1].reward < settings.lowest_reward:
            dropped.append(TOO_LOW)
        else:
            rows.append(_row(prompt, found[-1]))
    return GeneratedBatch(rows, dropped, _metrics(scored, found, has_veto=reward.veto is not None))


def _scored(reward: Summed, prompts: Sequence[Prompt], usable: Sequence[Sequence[str]]) -> Scored:
    asked = [(prompt.row, text) for prompt, texts in zip(prompts, usable, strict=True) for text in texts]
    if not asked:
        return Scored([], {}, [])
    rows, answers = zip(*asked, strict=True)
    return reward(rows, answers)


def _why(completions: Sequence[Completion | None]) -> str:
    """Why none of a prompt's answers can be used: what is wrong with the last of them."""
    return fault(completions[-1]) or ""


def _row(prompt: Prompt, found: Best) -> Row:
    account = {
        "reward": round(found.reward, 4),
        "rewards of the others": ", ".join(f"{reward:.3g}" for reward in sorted(found.others, reverse=True)),
    }
    return {**prompt.columns(), "completion": assistant(found.text), "made": account}


def _metrics(scored: Scored, found: Sequence[Best], *, has_veto: bool) -> dict[str, float]:
    if not found:
        return {}
    metrics = {"reward/mean": fmean(scored.total), "reward/best": fmean(one.reward for one in found)}
    metrics |= {f"reward/{name}": fmean(scores) for name, scores in scored.terms.items()}
    return metrics | ({"reward/vetoed": fmean(scored.vetoed)} if has_veto else {})


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory."""
    drawing = generating(settings, given, samples=settings["samples_per_prompt"])
    return with_rewards(settings, given, drawing)


_OWN_METRICS = (
    Metric(
        name="reward/best",
        title="Best reward",
        unit="",
        about="Mean reward of the best of n answers. Its lead over the mean is what imitation can gain; an exploited "
        "reward leads too.",
    ),
)


STAGE = Stage(
    name="best_of_n",
    title="Best-of-n",
    about="Answers each prompt several times and keeps the best answer by a reward.",
    settings=BestOfNSettings,
    train=train,
    holds=holds,
    data=ANY_PROMPTS,
    produces=DataType.DEMONSTRATIONS,
    metrics=(*METRICS, "reward/mean", "reward/best"),
    row_needs=needs_of_rewards,
    own_metrics=(*OWN_METRICS, *_OWN_METRICS),
)
