"""Proximal policy optimisation against a reward: the loop, told from top to bottom.

Each step draws prompts, lets the policy answer them, scores the answers, and improves the policy on them for a few
epochs of minibatches. All randomness comes from the run's seed and the number of the step, never from a global state:
a run that goes on from a checkpoint repeats what a run without the stop would have done, to the last bit.

Shapes: B rollouts, L tokens of the longest prompt with its answer, T tokens of the longest answer, N answer tokens.

Papers: Schulman et al. 2017, "Proximal Policy Optimization Algorithms"; Stiennon et al. 2020, "Learning to summarize
from human feedback"; Huang et al. 2024, "The N+ Implementation Details of RLHF with PPO" (arXiv 2403.17031), whose
details are here as follows.

==================================================  ==================================================================
Detail                                              Here
==================================================  ==================================================================
Prompts of the demonstrations are used again        yes, or any other prompts; each once before any comes again
Padding token apart from the end token              not needed: tokens are told from padding by position, not by value
Answers begin with a space, end with the end token  the chat template's matter; the end token is learned like any other
Dropout is off                                      yes, in the policy too
Rollouts by sampling, no top-k or top-p             yes
Fixed answer length, cut after the end token        no: a row leaves the batch when it ends, for the same answers sooner
Temperature divides the logits of every log-prob    yes: policy, reference and updates
Adam's ε is 1e-5                                    yes, and no weight decay
Learning rate falls linearly to 0                   yes, from the first step on; no warm-up
Reward is read at the end token only                the reward model's matter; it scores whole answers
Rewards normalised on the demonstrations            the reward model's matter (its bias after training)
End-of-answer trick: constant −1 without end token  yes, or the answer's own reward if that is lower still
KL to the reference in each token's reward          yes, the k1 estimate, with a constant β
Adaptive KL controller                              left out, as there: one more loop to tune, and β names the trade-off
Reference is the SFT model                          it is whatever the run started from
Value model apart, started from the reward model    left out: one linear layer on the policy's own trunk, from zeros; it
                                                    saves a model, and the policy may start where no reward model did
Value clipping                                      yes
Value coefficient 0.1                               left out: the head shares no weight with the policy, and Adam divides
                                                    a factor away; it has a learning rate of its own instead
Value gradients into the trunk                      no: measured, they ruined the policy at an adapter's learning rate
GAE with γ = 1, λ = 0.95                            yes
Rewards whitened without shifting their mean        optional, off
Advantages whitened                                 yes, over all tokens of a step's rollouts
Policy loss clipped at 0.2, 4 epochs                yes
Entropy bonus                                       left out, as there: it pays for noise; watch the entropy instead
Early stop of the epochs on KL                      added: an update that moved too far is not made, nor any after it
Gradient clipping                                   added, at norm 1, for policy and value head each on their own
==================================================  ==================================================================

Left out: several devices, a queue of old rollouts, and mixing in pretraining gradients (PPO-ptx).
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import Stopped
from rlft_gui.training.models.sampling import Completion, sample
from rlft_gui.training.ppo import math as ppo_math
from rlft_gui.training.ppo.alarms import Alarms
from rlft_gui.training.ppo.kept import KeptPasses, free_room
from rlft_gui.training.ppo.policy import PPOPolicy
from rlft_gui.training.rewards import Scored, Summed
from rlft_gui.training.rows import Row
from rlft_gui.training.run.trainers import WATCH_STATE, CheckpointWriter
from rlft_gui.training.run.watch import Facts, Watch

if TYPE_CHECKING:
    import torch
    from torch import Tensor

VALUE_HEAD = "value_head.safetensors"
STATE = "ppo.pt"
ALARMS_STATE = "alarms.json"
MOST_GRADIENT = 1.0  #: norm above which a gradient is scaled down


@dataclass(frozen=True)
class PPOConfig:
    """How to run the loop; the stage's settings of the same names say more (rlft_gui.stages.ppo)."""

    steps: int
    rollouts: int
    batch_size: int
    generation_batch_size: int
    ppo_epochs: int
    minibatches: int
    learning_rate: float
    value_learning_rate: float
    kl_coefficient: float
    clip: float
    value_clip: float
    gamma: float
    lam: float
    target_kl: float
    missing_eos_reward: float
    whiten_rewards: bool
    temperature: float
    max_new_tokens: int
    gradient_checkpointing: bool


@dataclass(frozen=True)
class Rollouts:
    """What the policy wrote in one step, and what is learned from it.

    Attributes:
        input_ids: prompts with answers, padded on the right, (B, L).
        is_answer: true at tokens of answers, (B, L).
        lengths: tokens of each row, (B,).
        mask: true where an answer has a token, (B, T); the others below are of the same shape.
        logprobs: under the policy that wrote the answers.
        values: as the value head expected them then.
        kept: forward passes that said so, for the first update to go on from.
    """

    input_ids: "Tensor"
    is_answer: "Tensor"
    lengths: "Tensor"
    mask: "Tensor"
    logprobs: "Tensor"
    values: "Tensor"
    advantages: "Tensor"
    returns: "Tensor"
    kept: KeptPasses


@dataclass(frozen=True)
class _Read:
    """What policy and reference make of the answers' tokens, each (B, T)."""

    logprobs: "Tensor"
    values: "Tensor"
    entropy: "Tensor"
    reference: "Tensor"
    kept: KeptPasses


class PPO:
    """The loop's state: how many steps were made, the weights, and Adam's memory of them."""

    def __init__(
        self,
        config: PPOConfig,
        policy: PPOPolicy,
        tokenizer: Any,
        rows: Sequence[Row],
        reward: Summed,
        seed: int,
    ) -> None:
        import torch

        self.step = 0
        self._config = config
        self._policy = policy
        self._tokenizer = tokenizer
        self._rows = rows
        self._reward = reward
        self._seed = seed
        self._tokens = 0
        self._parts = (
            (policy.weights, config.learning_rate),
            (list(policy.head.parameters()), config.value_learning_rate),
        )
        groups = [{"params": parameters} for parameters, _ in self._parts]
        self._optimizer = torch.optim.Adam(groups, eps=1e-5, fused=True)
        if config.gradient_checkpointing:
            policy.model.activation_checkpointing_enable()

    def train(
        self, watch: Watch, facts: Facts, alarms: Alarms, writer: CheckpointWriter, resume_from: Path | None
    ) -> None:
        """Step until all steps are made, somebody asks to stop, or the loss is not finite any more.

        Args:
            resume_from: the checkpoint to go on from; the policy has its weights already.

        Raises:
            Diverged: the loss became infinite or undefined.
            Stopped: the run is to stop, and there is nothing new to save.
            ConstantReward: the reward never differs.
            NotFinite: a reward is infinite or undefined.
        """
        if resume_from is not None:
            self._restore(resume_from)
            watch.restore(_read_json(resume_from / WATCH_STATE))
            alarms.restore(_read_json(resume_from / ALARMS_STATE))
        watch.begin(self.step, self._config.steps, facts)
        first = saved = self.step

        def save() -> None:
            nonlocal saved
            writer.write(self.step, self._policy.model, self._tokenizer, partial(self._save, alarms))
            saved = self.step

        while not watch.is_over(self.step):
            try:
                measured = self._make_step(watch)
            except Stopped:
                if self.step == first:
                    raise
                if self.step != saved:
                    save()
                break
            if not watch.trained(self.step, measured):
                break
            alarms.stepped(self.step, measured)
            if not watch.goes_on(self.step, save):
                break
        watch.check()

    def _make_step(self, watch: Watch) -> dict[str, float]:
        """Roll out, learn, and say what was measured, by our names.

        Raises:
            Stopped: the run is to stop, and nothing has been learned yet.
        """
        share_left = 1 - self.step / self._config.steps
        for group, (_, learning_rate) in zip(self._optimizer.param_groups, self._parts, strict=True):
            group["lr"] = learning_rate * share_left
        with watch.interruptible():
            rollouts, measured = self._roll_out()
        self._tokens += int(rollouts.mask.sum())
        measured |= self._learn(rollouts)
        self.step += 1
        return measured | {"lr": self._config.learning_rate * share_left, "tokens": float(self._tokens)}

    def _roll_out(self) -> tuple[Rollouts, dict[str, float]]:
        """Draw prompts, answer and score them, and work out advantages and returns."""
        import torch

        config = self._config
        self._policy.model.eval()
        rows, completions = self._answer()
        scored = self._reward(rows, [completion.text for completion in completions])
        is_cut = [completion.finish != "ended by itself" for completion in completions]
        trained = scored.trained(is_cut, config.missing_eos_reward)

        input_ids, is_answer, lengths = self._padded(completions)
        answer_lengths = is_answer.sum(dim=1)
        mask = torch.arange(int(answer_lengths.max()), device=lengths.device) < answer_lengths.unsqueeze(1)
        read = self._read(input_ids, is_answer, lengths, mask)
        logprobs, values = read.logprobs, read.values

        rewards = ppo_math.token_rewards(
            logprobs, read.reference, torch.tensor(trained).to(mask.device), mask, config.kl_coefficient
        )
        if config.whiten_rewards:
            rewards = ppo_math.whiten(rewards, mask, shift_mean=False)
        advantages, returns = ppo_math.advantages_and_returns(rewards, values, mask, config.gamma, config.lam)

        measured = {
            **self._rewarded(
                scored, trained, kl=float((logprobs - read.reference).sum()), tokens=int(mask.sum())
            ),
            "entropy/token": float(ppo_math.masked_mean(read.entropy, mask)),
            "length/mean": float(answer_lengths.float().mean()),
            "length/truncated": fmean(is_cut),
            "explained_variance": ppo_math.explained_variance(values, returns, mask),
        }
        return Rollouts(
            input_ids,
            is_answer,
            lengths,
            mask,
            logprobs,
            values,
            ppo_math.whiten(advantages, mask),
            returns,
            read.kept,
        ), measured

    def _read(self, input_ids: "Tensor", is_answer: "Tensor", lengths: "Tensor", mask: "Tensor") -> _Read:
        """Let reference and policy read all rows, a batch at a time.

        One after the other: they share no product beyond the first layer's, and a batch of both is no faster.
        """
        import torch

        config = self._config
        logprobs, values, entropy, reference = torch.zeros(4, *mask.shape, device=mask.device).unbind()
        batches = [
            (index, input_ids[index, :longest], is_answer[index, :longest])
            for index in self._batches(lengths, torch.arange(len(lengths), device=lengths.device))
            for longest in (int(lengths[index].max()),)
        ]
        with torch.no_grad():
            for index, ids, answers in batches:
                other = self._policy.read_reference(ids, answers, config.temperature)
                reference[index] = _spread(other.logprobs, mask[index])
        kept = self._kept()
        for index, ids, answers in batches:
            own = kept.read(partial(self._policy.read, ids, answers, config.temperature, with_entropy=True))
            with torch.no_grad():
                logprobs[index] = _spread(own.logprobs, mask[index])
                values[index] = _spread(own.values, mask[index])
                entropy[index] = _spread(own.entropy, mask[index])
        return _Read(logprobs, values, entropy, reference, kept)

    def _kept(self) -> KeptPasses:
        """Nothing is kept where the first update reads other batches, or where memory is short."""
        is_same = self._config.minibatches == 1 and not self._config.gradient_checkpointing
        model = self._policy.model
        return KeptPasses(free_room(model.device) if is_same else 0, model.parameters())

    def _batches(self, lengths: "Tensor", index: "Tensor") -> Sequence["Tensor"]:
        """Those rows in batches of like length: the same for the same rows, in whatever order they are given."""
        index = index.sort().values
        batches: Sequence[Tensor] = index[lengths[index].argsort(stable=True)].split(self._config.batch_size)
        return batches

    def _rewarded(self, scored: Scored, trained: Sequence[float], kl: float, tokens: int) -> dict[str, float]:
        """What the answers earned, and how far they are from the reference.

        Args:
            trained: the rewards that the policy learns from.
            kl: of all answers together, in nats.
            tokens: of all answers together.
        """
        kl_per_answer = kl / len(trained)
        measured = {
            "reward/mean": fmean(scored.total),
            "reward/trained": fmean(trained),
            "reward/std": pstdev(trained),
            **{f"reward/{name}": fmean(of_term) for name, of_term in scored.terms.items()},
            "objective": fmean(trained) - self._config.kl_coefficient * kl_per_answer,
            "kl/seq": kl_per_answer,
            "kl/token": kl / tokens,
        }
        if self._reward.veto is not None:
            measured["reward/vetoed"] = fmean(scored.vetoed)
        return measured

    def _learn(self, rollouts: Rollouts) -> dict[str, float]:
        """Improve policy and value head on the rollouts; stop early once the policy has moved too far."""
        import torch

        config = self._config
        self._policy.model.train(config.gradient_checkpointing)  # which is only done in training mode
        seen: dict[str, list[float]] = {}
        updates = 0
        for epoch in range(config.ppo_epochs):
            order = torch.randperm(config.rollouts, generator=self._randomness("minibatches", epoch))
            for index in order.chunk(config.minibatches):
                found = self._gradient(rollouts, index.to(rollouts.mask.device))
                moved_too_far = 0 < config.target_kl < found["approx_kl"]
                if math.isfinite(found["loss"]) and not moved_too_far:
                    found["grad_norm"] = self._update()
                    updates += 1
                for name, value in found.items():
                    seen.setdefault(name, []).append(value)
                if moved_too_far or not math.isfinite(found["loss"]):
                    return _means(seen) | {"updates": updates}
        return _means(seen) | {"updates": updates}

    def _gradient(self, rollouts: Rollouts, index: "Tensor") -> dict[str, float]:
        """Gradients of one minibatch, taken together over batches that fit, and what was seen on the way."""
        import torch

        config = self._config
        self._optimizer.zero_grad(set_to_none=True)
        tokens = int(rollouts.mask[index].sum())
        seen = dict.fromkeys(("policy_loss", "value_loss", "clip_fraction", "ratio", "approx_kl"), 0.0)
        for part in self._batches(rollouts.lengths, index):
            mask, longest = rollouts.mask[part], int(rollouts.lengths[part].max())
            old_logprobs, old_values = rollouts.logprobs[part][mask], rollouts.values[part][mask]
            now = rollouts.kept.take() or self._policy.read(
                rollouts.input_ids[part, :longest], rollouts.is_answer[part, :longest], config.temperature
            )
            assert now.values is not None
            policy_loss = ppo_math.policy_loss(
                now.logprobs, old_logprobs, rollouts.advantages[part][mask], config.clip
            )
            value_loss = ppo_math.value_loss(
                now.values, old_values, rollouts.returns[part][mask], config.value_clip
            )
            ((policy_loss.sum() + value_loss.sum()) / tokens).backward()
            with torch.no_grad():
                ratio = (now.logprobs - old_logprobs).exp()
                for name, found in (
                    ("policy_loss", policy_loss),
                    ("value_loss", value_loss),
                    ("clip_fraction", (ratio - 1).abs() > config.clip),
                    ("ratio", ratio),
                    ("approx_kl", ppo_math.approximate_kl(now.logprobs, old_logprobs)),
                ):
                    seen[name] += float(found.sum()) / tokens
        return seen | {"loss": seen["policy_loss"] + seen["value_loss"]}

    def _update(self) -> float:
        """One step of Adam; says how long the policy's gradient was."""
        from torch.nn.utils import clip_grad_norm_

        norm, _ = (clip_grad_norm_(parameters, MOST_GRADIENT) for parameters, _ in self._parts)
        self._optimizer.step()
        return float(norm)

    def _answer(self) -> tuple[list[Row], list[Completion]]:
        """This step's prompts and the policy's answers."""
        config = self._config
        rows: list[Row] = []
        completions: list[Completion] = []
        for key, drawn in self._drawn():
            seed = int.from_bytes(self._digest("answers", *key)[:4], "big") >> 1
            completions += sample(
                self._policy.model,
                self._tokenizer,
                [row["prompt"] for row in drawn],
                Sampling(
                    temperature=config.temperature, top_p=1.0, max_new_tokens=config.max_new_tokens, seed=seed
                ),
            )
            rows += drawn
        return rows, completions

    def _drawn(self) -> Iterator[tuple[tuple[int, int], list[Row]]]:
        """This step's prompts in batches: all are shuffled and used once, then shuffled anew.

        A batch never spans two shuffles, so it never holds a prompt twice: both would get the same answer.
        """
        import torch

        first, count = self.step * self._config.rollouts, len(self._rows)

        def batch(place: int) -> tuple[int, int]:
            return place // count, (place - first) // self._config.generation_batch_size

        for key, places in groupby(range(first, first + self._config.rollouts), key=batch):
            seed = int.from_bytes(self._digest("prompts", key[0])[:8], "big") >> 1
            order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
            yield key, [self._rows[int(order[place % count])] for place in places]

    def _padded(self, completions: Sequence[Completion]) -> tuple["Tensor", "Tensor", "Tensor"]:
        """Tokens (B, L), which of them are answers (B, L), and the lengths of the rows (B,)."""
        import torch

        device = self._policy.model.device
        lengths = [len(c.prompt_ids) + len(c.token_ids) for c in completions]
        input_ids = torch.zeros(len(completions), max(lengths), dtype=torch.long)
        is_answer = torch.zeros_like(input_ids, dtype=torch.bool)
        for row, (completion, length) in enumerate(zip(completions, lengths, strict=True)):
            input_ids[row, :length] = torch.tensor([*completion.prompt_ids, *completion.token_ids])
            is_answer[row, len(completion.prompt_ids) : length] = True
        return input_ids.to(device), is_answer.to(device), torch.tensor(lengths, device=device)

    def _save(self, alarms: Alarms, path: Path) -> None:
        """Write all that a checkpoint must hold beside the policy's weights and the curves."""
        import torch
        from safetensors.torch import save_file

        save_file(self._policy.head.state_dict(), path / VALUE_HEAD)
        torch.save({"step": self.step, "optimizer": self._optimizer.state_dict()}, path / STATE)
        (path / ALARMS_STATE).write_text(json.dumps(alarms.state()), encoding="utf-8")

    def _restore(self, path: Path) -> None:
        import torch
        from safetensors.torch import load_file

        state = torch.load(path / STATE, map_location=self._policy.model.device, weights_only=True)
        self.step = state["step"]
        self._optimizer.load_state_dict(state["optimizer"])
        self._policy.head.load_state_dict(load_file(path / VALUE_HEAD))

    def _randomness(self, *purpose: str | int) -> "torch.Generator":
        import torch

        seed = int.from_bytes(self._digest(self.step, *purpose)[:8], "big") >> 1
        return torch.Generator().manual_seed(seed)

    def _digest(self, *purpose: str | int) -> bytes:
        """Bytes that depend on nothing but the run's seed and this purpose."""
        return hashlib.sha256(json.dumps([self._seed, *purpose]).encode()).digest()


def _spread(found: "Tensor | None", mask: "Tensor") -> "Tensor":
    """Values of tokens in a row, (N,), back at their places, (rows, T)."""
    assert found is not None
    spread = found.new_zeros(mask.shape)
    spread[mask] = found
    return spread


def _means(seen: dict[str, list[float]]) -> dict[str, float]:
    """Means over the updates; but of how far they moved the policy, the last."""
    return {name: fmean(values) for name, values in seen.items()} | {"approx_kl": seen["approx_kl"][-1]}


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
