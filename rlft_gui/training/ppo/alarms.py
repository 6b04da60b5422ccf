"""What should make a person look at a PPO run, as sentences, each told once per run. No torch here.

Thresholds are those that "Secrets of RLHF" (Zheng et al. 2023) and practice suggest. Means over a few steps are judged,
for single steps are noisy. Left out: what a probe alone can show, such as answers that repeat themselves.
"""

from collections.abc import Mapping
from itertools import pairwise
from statistics import fmean
from typing import Any

from rlft_gui.domain.reporting import Reporter

STEPS = 5  #: steps that a mean is over
LONG = 20  #: steps for which a value head may be worse than a constant
MOST_KL = 0.3  #: nats per token
LEAST_ENTROPY = 0.25  #: of that at the start
MOST_LENGTH = 1.5  #: times that at the start
MOST_CLIPPED = 0.3  #: share of tokens
PROBES = 3  #: in a row with more reward and less gold

_WATCHED = ("kl/token", "entropy/token", "length/mean", "clip_fraction", "explained_variance")


class Alarms:
    """Keeps what was measured lately, and tells the reporter what is out of bounds."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._told: list[str] = []
        self._start: dict[str, list[float]] = {name: [] for name in _WATCHED}
        self._recent: dict[str, list[float]] = {name: [] for name in _WATCHED}
        self._rewards: list[float] = []  #: since the last probe
        self._probes: list[tuple[float, float]] = []  #: mean reward before each probe, and its gold score

    def stepped(self, step: int, measured: Mapping[str, float]) -> None:
        """Judge one step's metrics."""
        self._rewards.append(measured["reward/mean"])
        for name in _WATCHED:
            self._start[name] = [*self._start[name], measured[name]][:STEPS]
            # As many as the longest look back needs; shorter ones take the end of it.
            self._recent[name] = [*self._recent[name], measured[name]][-LONG:]
        if len(self._recent["kl/token"]) >= STEPS:
            self._judge(step)

    def probed(self, step: int, measured: Mapping[str, float]) -> None:
        """Compare what the reward says with what the gold score says, where there is one."""
        if "probe/gold" not in measured or not self._rewards:
            return
        self._probes = [*self._probes, (fmean(self._rewards), measured["probe/gold"])][-PROBES:]
        self._rewards = []
        # All three must move, in a row: two noisy probes alone do so in a quarter of all cases.
        rewards, golds = zip(*self._probes, strict=True)
        if len(self._probes) == PROBES and _rises(rewards) and _rises(golds[::-1]):
            self._tell(
                step,
                "reward_rises_gold_falls",
                f"Over {PROBES} probes the reward rose from {rewards[0]:.2f} to {rewards[-1]:.2f} while gold fell from "
                f"{golds[0]:.2f} to {golds[-1]:.2f}. The policy exploits the reward: use an earlier checkpoint, or "
                "start a new run with a higher KL coefficient or a better reward.",
            )

    def state(self) -> dict[str, Any]:
        """What a checkpoint must hold."""
        return {
            "told": self._told,
            "start": self._start,
            "recent": self._recent,
            "rewards": self._rewards,
            "probes": self._probes,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._told, self._rewards = list(state["told"]), list(state["rewards"])
        self._start, self._recent = dict(state["start"]), dict(state["recent"])
        self._probes = [(reward, gold) for reward, gold in state["probes"]]

    def _judge(self, step: int) -> None:
        now = {name: fmean(values[-STEPS:]) for name, values in self._recent.items()}
        start = {name: fmean(values) for name, values in self._start.items()}
        if now["kl/token"] > MOST_KL:
            self._tell(
                step,
                "kl_high",
                f"The policy is {now['kl/token']:.2f} nats per token from its reference, above {MOST_KL}. It may have "
                "found a shortcut: read the samples; a higher KL coefficient or a lower learning rate holds it.",
            )
        if now["entropy/token"] < LEAST_ENTROPY * start["entropy/token"]:
            self._tell(
                step,
                "entropy_low",
                f"Entropy fell to {now['entropy/token']:.2f} nats per token, below a quarter of its start "
                f"({start['entropy/token']:.2f}). Answers become copies of each other: lower the learning rate, or "
                "raise the KL coefficient.",
            )
        if now["length/mean"] > MOST_LENGTH * start["length/mean"]:
            self._tell(
                step,
                "length_grows",
                f"Answers have {now['length/mean']:.0f} tokens, at the start they had {start['length/mean']:.0f}. "
                "The reward may just like long answers: compare short and long samples.",
            )
        if now["clip_fraction"] > MOST_CLIPPED:
            self._tell(
                step,
                "clipping",
                f"{now['clip_fraction']:.0%} of the tokens were clipped in the last {STEPS} steps. The updates are too "
                "large: lower the learning rate or the PPO epochs.",
            )
        foresight = self._recent["explained_variance"]
        if len(foresight) == LONG and max(foresight) < 0:
            self._tell(
                step,
                "values_useless",
                f"For {LONG} steps the value head has foreseen less than a constant would. Change its learning rate.",
            )

    def _tell(self, step: int, name: str, sentence: str) -> None:
        # Kept in the checkpoint, so that a resumed run does not tell it again.
        if name not in self._told:
            self._told.append(name)
            self._reporter.alarm(step, name, sentence)


def _rises(values: tuple[float, ...]) -> bool:
    return all(later > earlier for earlier, later in pairwise(values))
