"""Train and fill the home that a demo shows: every method on Lantern, comparisons, a batch of answers, votes.

Whatever is there already is not made again, so a build that was cut off goes on where it was.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rlft_gui.domain.comparison import GenerationStatus, Sampling
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import VoteSet
from rlft_gui.lantern.suite import suite
from rlft_gui.services import Services, open_services
from rlft_gui.services.answers.batching import BatchSpec
from rlft_gui.services.pipelines.specs import apply_sets, load_spec
from rlft_gui.services.runs.outputs import is_policy

OWNER = "demo"  #: of all that a demo comes with

#: One preset of every method. The first is trained alone, so that something stands soon.
PRESETS = (
    "lantern-sft",
    "lantern-dpo",
    "lantern-kto",
    "lantern-rlhf",
    "lantern-rlaif",
    "lantern-constitutional",
    "lantern-best-of-n",
    "lantern-grpo",
    "lantern-iterated",
)
#: Of a quick build, by stage: enough to see curves move, not enough to learn much.
QUICK: dict[str, dict[str, int]] = {
    "sft": {"max_steps": 24, "probe_prompts": 16},
    "imitate": {"max_steps": 10, "probe_prompts": 16},
    "dpo": {"max_steps": 10, "probe_prompts": 16},
    "kto": {"max_steps": 10, "probe_prompts": 16},
    "reward_model": {"epochs": 1, "max_steps": 12},
    "ppo": {"steps": 5, "probe_prompts": 16},
    "grpo": {"max_steps": 6, "probe_prompts": 16},
    "best_of_n": {"prompts": 32, "samples_per_prompt": 4},
    "critique_revision": {"prompts": 24},
    "ai_feedback": {"prompts": 32},
    "sample": {"prompts": 24},
}
#: (annotator, votes): simulated raters.
RATERS = (("unbiased", 120), ("careless", 60), ("length-biased", 60))
RATED, OPEN = "Simulated raters", "Your turn to vote"
GOLD = "probe/gold"  #: of the suite, exact
_MODELS_COMPARED = 3
COMPARED = 3  #: prompts of the suite that are compared beforehand
_WAIT = 0.3  #: seconds


@dataclass(frozen=True)
class Seeding:
    """`say` is told, in a sentence, what is being done."""

    services: Services
    is_quick: bool
    say: Callable[[str], None]

    def fill(self) -> None:
        """Everything, in turn.

        Raises:
            NotPossibleNow: a run did not succeed, or its answers did not come.
        """
        for preset in PRESETS:
            self._train(preset)
        policies = self._policies()
        self._batch(policies)
        self._compare(policies)
        self._vote(policies)

    def _train(self, preset: str) -> None:
        spec = load_spec(preset)
        pipeline = self.services.launching.launch(
            quick(spec) if self.is_quick else spec, launch_id=self._launch_id(preset), user=OWNER
        )
        self.say(f"{preset}: {len(pipeline.runs)} stages")
        for run in pipeline.runs:
            if run.status.is_resumable:
                self.services.runs.resume(run.id, user=OWNER)
        for run in pipeline.runs:
            self._wait(run.id)

    def _wait(self, run_id: str) -> None:
        while not (run := self.services.runs.get(run_id)).status.is_ended:
            self.services.runs.tend()
            time.sleep(_WAIT)
        if run.status is not RunStatus.SUCCEEDED:
            raise NotPossibleNow(f"{run.id} {run.status}: {run.reason}. Build again to go on from there.")

    def _launch_id(self, what: str) -> str:
        return f"demo-{'quick' if self.is_quick else 'whole'}-{what}"

    def _policies(self) -> tuple[Run, ...]:
        """The last policy of each pipeline, in the order of `PRESETS`."""
        found = [
            next(run for run in reversed(pipeline.runs) if is_policy(run))
            for pipeline in reversed(self.services.runs.pipelines(limit=100))
            if any(is_policy(run) for run in pipeline.runs)
        ]
        return tuple(found)

    def _batch(self, policies: tuple[Run, ...]) -> None:
        self.say("a table of answers")
        models = ("base", *(run.id for run in policies[:_MODELS_COMPARED]))
        spec = BatchSpec(models=models, settings={"max_new_tokens": 64}, title="Every question of the suite")
        batch = self.services.batching.launch(spec, launch_id=self._launch_id("batch"), user=OWNER)
        for run in batch.runs:
            if run.status.is_resumable:
                self.services.runs.resume(run.id, user=OWNER)
            self._wait(run.id)

    def _compare(self, policies: tuple[Run, ...]) -> None:
        self.say("comparisons")
        known = {one.prompts for one in self.services.comparing.list(100)}
        models = ["base", *(run.id for run in policies[:_MODELS_COMPARED])]
        for item in suite()[:: len(suite()) // COMPARED][:COMPARED]:
            if (item.prompt,) in known:
                continue
            done = self.services.comparing.run_sync(
                models, [item.prompt], Sampling(max_new_tokens=64), user=OWNER
            )
            if done.status is not GenerationStatus.DONE:
                raise NotPossibleNow(f"The comparison of {item.prompt!r} was not answered. Build again.")

    def _vote(self, policies: tuple[Run, ...]) -> None:
        self.say("votes")
        known = {one.name for one in self.services.votes.list()}
        sources = tuple(f"run:{run.id}" for run in policies)
        if RATED not in known:
            new = VoteSet(
                name=RATED,
                rubric="Which answer is better?",
                sources=sources,
                owner=OWNER,
                plan=VotePlan(raters=20),
            )
            self.services.voting.create(new, user=OWNER)
        for annotator, votes in RATERS:
            cast = {one.rater.name for one in self.services.votes.cast(RATED)}
            if annotator not in cast:
                self.services.simulating.simulate(votes, annotator=annotator, votes=RATED, seed=0, user=OWNER)
        if OPEN not in known:
            self.services.voting.create(
                VoteSet(name=OPEN, rubric="Which answer is better?", sources=sources, owner=OWNER), user=OWNER
            )


def seed_home(home: Path, is_quick: bool, say: Callable[[str], None]) -> Services:
    """A home that a demo can be packed of; goes on where an earlier call was cut off.

    Raises:
        NotPossibleNow: as `Seeding.fill`.
    """
    services = open_services(home)
    Seeding(services, is_quick, say).fill()
    return services


def quick(spec: PipelineSpec) -> PipelineSpec:
    """The pipeline with few steps and rows."""
    sets = [
        f"{stage}.{name}={value}"
        for stage, settings in QUICK.items()
        if stage in spec.stages
        for name, value in settings.items()
    ]
    return apply_sets(spec, sets)


def best_steps(services: Services) -> dict[str, int]:
    """The step at which each run answered best by the exact score, where it was looked."""
    found = {}
    for run in services.runs.list(limit=1000):
        (update,) = services.runs.curves([(run.id, "")], [GOLD])
        curve = update.points.get(GOLD)
        values = (
            [(value, step) for step, value in zip(curve.steps, curve.values, strict=True)] if curve else []
        )
        numbers = [(value, step) for value, step in values if isinstance(value, int | float) and step > 0]
        if numbers:
            found[run.id] = max(numbers)[1]
    return found
