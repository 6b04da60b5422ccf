"""A reward model: the base with a head that gives an answer one number, or one per attribute, learned from feedback.

Bradley-Terry on TRL's RewardTrainer learns from pairs which answer is better, with margins, soft labels and a pull of
the mean towards 0; regression and multi-attribute learn ratings on a plain Trainer. It starts from the base or from a
parent policy's weights with a new head. Instead of answering prompts, its probe reads held-out answers, and pairs of
the parent policy's own answers. Papers: Ouyang et al. 2022, section 3.5; Touvron et al. 2023, "Llama 2", for margins;
Wang et al. 2023, "HelpSteer", for attributes. It leaves out rankings of more than two and ensembles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from rlft_gui.domain.charts import ChartPlan
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import Settings, learning_from_rows
from rlft_gui.stages._shared.needs import needs_of_objective
from rlft_gui.stages._shared.settings import TrainingSettings, learning_rate
from rlft_gui.stages._shared.starting import TrainingStart
from rlft_gui.stages._shared.training import begin, common_arguments, rhythm
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.models import weights
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.reward_model.feedback import Feedback, Pairs, Ratings
from rlft_gui.training.reward_model.known import KnownRewards
from rlft_gui.training.reward_model.measures import accuracy, rank_correlation
from rlft_gui.training.reward_model.policy_pairs import policy_pairs
from rlft_gui.training.reward_model.scoring import RewardCard, encode, fingerprint, read_rewards
from rlft_gui.training.rows import TOKENS, Row, prompt_key
from rlft_gui.training.run import trainers
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.longest_first import row_lengths
from rlft_gui.training.run.watch import Watch

if TYPE_CHECKING:
    from torch import Tensor

NAMES = {
    "accuracy": "pref/accuracy",
    "margin": "pref/margin",
    "mean_reward": "reward/mean",
    "num_input_tokens_seen": "tokens",
}
#: Rows to have seen before an alarm says anything about the model; fewer where the data has fewer.
FAIR_ROWS = 200
LENGTH_ALARM, POLICY_ALARM = 0.5, 0.6
SHOWN_ROWS = 4
MOST_SCORED = 256  #: training rows that stand in for held-out ones where none are held out


class RewardModelSettings(TrainingSettings):
    data: str = Field(
        title="Data",
        description="Preferences for Bradley-Terry; ratings for regression and multi-attribute.",
        json_schema_extra={"group": "basic", "control": "data"},
    )
    learning_rate: float = learning_rate(
        1e-4,
        "Size of the update steps. 1e-4 suits adapters of models with billions of parameters; tiny models "
        "want about ten times as much.",
    )
    objective: Literal["bradley_terry", "regression", "multi_attribute"] = Field(
        "bradley_terry",
        title="Objective",
        description="Bradley-Terry learns from pairs which answer is better. Regression learns the mean rating of an "
        "answer, multi-attribute a rating for each attribute.",
        json_schema_extra={"group": "basic"},
    )
    attributes: str = Field(
        "helpfulness, accuracy, safety",
        title="Attributes",
        description="With multi-attribute: the rated attributes to learn, separated by commas.",
        json_schema_extra={"group": "advanced", "control": "text"},
    )
    centering: float = Field(
        0.01,
        ge=0,
        le=1,
        title="Centring",
        description="With Bradley-Terry: pull of the mean reward towards 0, which pairs alone leave open.",
        json_schema_extra={"group": "advanced"},
    )
    probe_every: int = Field(
        0,
        ge=0,
        le=10_000,
        title="Probe every",
        description="Steps between two looks at held-out answers and at the policy's own. 0 goes by the share below: every 20 "
        "steps, or less often where that would take longer.",
        json_schema_extra={"group": "advanced"},
    )
    probe_prompts: int = Field(
        120,
        ge=8,
        le=1_000,
        title="Probe prompts",
        description="Held-out prompts that the policy answers twice, for pairs of its own. On Lantern only, whose suite "
        "has 240: elsewhere nobody knows which answer is better.",
        json_schema_extra={"group": "advanced"},
    )

    @field_validator("attributes")
    @classmethod
    def _are_names(cls, attributes: str) -> str:
        if not all(_names(attributes)) or len(set(_names(attributes))) < len(_names(attributes)):
            raise ValueError(
                f'Attributes are different names separated by commas, found "{attributes}". Write for example '
                "helpfulness, safety."
            )
        return attributes


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used.
        Diverged: the loss became infinite or undefined, or left its start for good.
    """
    settings = RewardModelSettings.model_validate(recipe.settings)
    feedback = _feedback(settings)
    start = begin(
        recipe,
        reporter,
        settings,
        answers=feedback.columns,
        arrange=feedback.arrange,
        arrange_held_out=feedback.fitting,
        # Prompts for the policy have no pairs, and rows that it has learnt would flatter it.
        always_holds_out=True,
    )

    from datasets import Dataset
    from trl import RewardConfig

    from rlft_gui.training.reward_model.head import as_reward_model, without_dropout

    pairs = (
        # Before the head is put on: afterwards the model writes no answers.
        policy_pairs(start.model, start.tokenizer, settings.probe_prompts) if recipe.base == LANTERN else []
    )
    model = as_reward_model(start.model, start.new_adapter, len(feedback.attributes), recipe.seed)
    reader = Reader(without_dropout(model), start)
    trainer_class: Any = feedback.trainer_class()
    trainer = trainer_class(
        model=model,
        args=RewardConfig(
            **common_arguments(settings, start, recipe.seed, reporter),
            max_length=start.rows.longest,
            center_rewards_coefficient=settings.centering,
            include_num_input_tokens_seen="non_padding" if isinstance(feedback, Ratings) else "no",
        ),
        train_dataset=Dataset.from_list(feedback.examples(start.rows.train, reader.encode)),
        processing_class=start.tokenizer,
    )
    look = Look(
        feedback, reader, start, pairs, reporter, settings.batch_size * settings.gradient_accumulation
    )
    watch = Watch(
        reporter,
        rhythm(settings, reporter),
        look.look,
        NAMES,
        Divergence(has_known_start=isinstance(feedback, Pairs)),
    )
    trainer.card, trainer.known = look.card, look.known
    trainer.row_lengths = row_lengths(start.rows.train)
    trainer.checkpoint_writer = trainers.CheckpointWriter(reporter, watch, start.marker, settings.keep)
    facts = {
        **weights.facts(trainer.model, start.marker),
        **start.rows.facts(),
        "rewards": ", ".join(feedback.attributes),
        **feedback.facts,
        "pairs of the policy": f"{len(pairs)}, labelled by gold"
        if pairs
        else "none, for nobody knows which answer is better",
    }
    trainers.run(trainer, watch, facts, reporter, start.resume_step)


class Reader:
    """Reads answers with the model in training, whatever mode it is in, and never disturbs it."""

    def __init__(self, model: Any, start: TrainingStart) -> None:
        self._model = model
        self._tokenizer = start.tokenizer
        self._longest = start.rows.longest

    def encode(self, row: Row, column: str) -> list[int]:
        """Tokens of a prepared row's prompt with one answer."""
        return [*row[TOKENS]["prompt"], *row[TOKENS][column]]

    def encode_pairs(self, rows: Sequence[Row]) -> list[list[int]]:
        """Tokens of rows that were never prepared: chosen and rejected of each in turn."""
        both = [[*row["prompt"], *row[column]] for row in rows for column in ("chosen", "rejected")]
        return encode(self._tokenizer, both, self._longest)

    def length(self, row: Row, column: str) -> int:
        """Tokens of the answer alone."""
        return len(row[TOKENS][column])

    def rewards(self, token_ids: Sequence[Sequence[int]]) -> "Tensor":
        """Raw, shape (answers, attributes)."""
        with evaluating(self._model):
            inner = self._model.get_base_model() if hasattr(self._model, "peft_config") else self._model
            return read_rewards(self._model, inner.score, token_ids, int(self._tokenizer.pad_token_id))

    def fingerprint(self) -> str:
        return fingerprint(self._tokenizer)


@dataclass
class Look:
    """What is measured at a step, instead of a probe that answers prompts."""

    feedback: Feedback
    reader: Reader
    start: TrainingStart
    pairs: Sequence[Row]
    reporter: Reporter
    rows_a_step: int
    _alarming: set[str] = field(default_factory=set)
    _read: tuple[int, Any] = (-1, None)

    def __post_init__(self) -> None:
        rows = self.start.rows.held_out or self.start.rows.train[:MOST_SCORED]
        answers = [(row, column) for row in rows for column in self.feedback.columns]
        self._token_ids = [self.reader.encode(*answer) for answer in answers]
        self._lengths = [self.reader.length(*answer) for answer in answers]
        self._of_policy = self.reader.encode_pairs(self.pairs)

    def look(self, step: int) -> None:
        values: dict[str, float] = {}
        if held_out := self.start.rows.held_out:
            rewards = self._rewards(step)
            values |= self.feedback.measure(held_out, rewards) | self._in_general(rewards)
            self._show(step, rewards)
        if self.pairs:
            means = self.reader.rewards(self._of_policy).mean(dim=-1)
            values["eval/policy_accuracy"] = accuracy((means[::2] - means[1::2]).tolist())
        self.reporter.metrics(step, values)
        if step * self.rows_a_step >= min(FAIR_ROWS, len(self.start.rows.train)):
            self._alarm(step, values)

    def card(self, step: int) -> RewardCard:
        """What the checkpoint of this step, which has just been made, says of the rewards."""
        self.reporter.phase("probing")
        rewards = self._rewards(step)
        spread = rewards.std(dim=0, correction=0)
        return RewardCard(
            attributes=self.feedback.attributes,
            mean=tuple(rewards.mean(dim=0).tolist()),
            # Rewards that are all alike cannot be scaled; by 1 they stay what they are.
            sd=tuple(spread.where(spread > 0, 1.0).tolist()),
            answers=len(rewards),
            longest=self.start.rows.longest,
            tokenizer=self.reader.fingerprint(),
        )

    def known(self, step: int) -> KnownRewards:
        """Rewards of that step of the very answers that its card speaks of."""
        rewards = self._rewards(step).tolist()
        is_held_out = bool(self.start.rows.held_out)
        return KnownRewards.of(self.feedback.columns, rewards, is_held_out=is_held_out)

    def _rewards(self, step: int) -> "Tensor":
        """Of held-out answers, or training ones where none are held out; read once at a step."""
        # A checkpoint and a look at the same step read the same answers.
        if self._read[0] != step:
            self._read = step, self.reader.rewards(self._token_ids)
        rewards: Tensor = self._read[1]
        return rewards

    def _in_general(self, rewards: "Tensor") -> dict[str, float]:
        """Of all held-out answers: how rewards are spread, and how they go with length."""
        means = rewards.mean(dim=-1).tolist()
        mean = fmean(means)
        values = {
            "eval/reward/mean": mean,
            "eval/reward/std": sqrt(fmean((value - mean) ** 2 for value in means)),
        }
        liking = rank_correlation(means, self._lengths)
        return values if liking is None else {**values, "eval/length_correlation": liking}

    def _show(self, step: int, rewards: "Tensor") -> None:
        shown = [
            (row, column) for row in self.start.rows.held_out[:SHOWN_ROWS] for column in self.feedback.columns
        ]
        for (row, column), values in zip(shown, rewards.tolist(), strict=False):
            scores = dict(zip(self.feedback.attributes, values, strict=True))
            item = f"own-{prompt_key(row)[:12]}-{column}"
            asked, said = row["prompt"][-1]["content"], row[column][-1]["content"]
            self.reporter.sample(step, item, column, asked, said, scores)

    def _alarm(self, step: int, values: dict[str, float]) -> None:
        """Each is told when it begins, not at every look that it lasts."""
        liking, right = values.get("eval/length_correlation", 0.0), values.get("eval/policy_accuracy", 1.0)
        alarms = {
            "length_bias": f"Rewards go with length: their rank correlation is {liking:.2f}. A policy could earn reward "
            "by writing more. Look at the data: is the longer answer chosen more often?"
            if liking > LENGTH_ALARM
            else "",
            "policy_accuracy": f"Of the policy's own pairs only {right:.0%} are ranked right; a coin would have 50 %. "
            "Training a policy on these rewards would follow their mistakes. Add pairs of answers of this policy."
            if right < POLICY_ALARM
            else "",
        }
        for name, message in alarms.items():
            if message and name not in self._alarming:
                self.reporter.alarm(step, name, message)
        self._alarming = {name for name, message in alarms.items() if message}


def _feedback(settings: RewardModelSettings) -> Feedback:
    if settings.objective == "bradley_terry":
        return Pairs(settings.centering)
    return Ratings(_names(settings.attributes) if settings.objective == "multi_attribute" else ())


def _names(attributes: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in attributes.split(","))


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory: no word is scored, and there is no reference."""
    answers = 2 if settings["objective"] == "bradley_terry" else 1
    return learning_from_rows(settings, given, answers=answers, has_reference=False, head="none")


_OWN_METRICS = (
    Metric(
        name="eval/ece",
        title="Calibration error",
        unit="share",
        about="How far the confidence in held-out pairs is from the share ranked right. Near 0 is good; growing with "
        "training, the model has become too sure.",
        from_zero=True,
    ),
    Metric(
        name="eval/length_correlation",
        title="Reward and length",
        unit="",
        about="Rank correlation of reward and length on held-out answers. Above 0.5 a policy can earn by writing more; "
        "some is honest where short answers are refusals.",
    ),
    Metric(
        name="eval/reward/mean",
        title="Held-out reward",
        unit="",
        about="Mean raw reward of held-out answers. Its level means nothing; policies get it shifted to 0.",
    ),
    Metric(
        name="eval/reward/std",
        title="Held-out reward spread",
        unit="",
        about="Standard deviation of raw rewards of held-out answers. Policies get it scaled to 1. At 0 nothing was "
        "learned.",
        from_zero=True,
    ),
    Metric(
        name="eval/policy_accuracy",
        title="Accuracy on the policy's pairs",
        unit="share",
        about="Share of pairs of the parent policy's own answers ranked as gold does. Below 0.6 a policy would learn the "
        "mistakes. It does not foretell how good the policy will be.",
    ),
)


STAGE = Stage(
    name="reward_model",
    title="Reward model",
    about="Learns to score answers from pairs or ratings.",
    settings=RewardModelSettings,
    train=train,
    holds=holds,
    data=(DataType.PREFERENCES, DataType.RATINGS),
    produces="reward_model",
    metrics=(
        "loss",
        "lr",
        "grad_norm",
        "tokens",
        "pref/accuracy",
        "pref/margin",
        "reward/mean",
        "eval/loss",
        "eval/pref/accuracy",
        "eval/ece",
        "eval/length_correlation",
        "eval/reward/mean",
        "eval/reward/std",
        "eval/policy_accuracy",
    ),
    row_needs=needs_of_objective,
    own_metrics=_OWN_METRICS,
    charts=ChartPlan(
        top=(("eval/pref/accuracy", "eval/rating/*", "eval/loss"), ("loss",)),
        beside=(
            "eval/source/*",
            "eval/rating/*",
            "eval/policy_accuracy",
            "eval/ece",
            "eval/length_correlation",
            "pref/accuracy",
        ),
        comes="Accuracy on held-out pairs, and the loss,",
    ),
)
