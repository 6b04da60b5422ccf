"""Comparisons in a fresh home, and inference processes that answer as a test wants."""

import time
from collections.abc import Callable

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Sampling
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.inference.lane import empty
from rlft_gui.inference.protocol import GenerationRequest, Reply
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.service import Scoring
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete

Tell = Callable[[Reply], None]
IsCancelled = Callable[[], bool]
SHORT = Sampling(max_new_tokens=5, temperature=0)


def comparing_in(home: Home, storage: Storage) -> Comparing:
    runs, models = Runs(home, storage), Models(home)
    return Comparing(home, storage, runs, models, Scoring(home, runs, models, Rights(storage)))


def add_run(
    storage: Storage, run_id: str, base: str = "lantern", stage: str = "sft", method: str = "dpo"
) -> None:
    recipe = Recipe(run_id=run_id, pipeline_id=f"p-{run_id}", method=method, stage=stage, base=base)
    run = Run(
        id=run_id,
        pipeline_id=recipe.pipeline_id,
        position=0,
        stage=stage,
        method=method,
        title=f"Try {run_id}",
        base=base,
        status=RunStatus.QUEUED,
        created_at=1.0,
        recipe=recipe,
    )
    pipeline = Pipeline(
        id=recipe.pipeline_id,
        title=run.title,
        method=method,
        base=base,
        spec=PipelineSpec(method=method, base=base),
        created_at=1.0,
        owner="local",
        runs=(run,),
    )
    storage.transitions.add(pipeline, launch_id=run_id)


def add_empty_checkpoint(home: Home, run_id: str, step: int) -> None:
    """Complete as far as the app can see; nobody loads it."""
    path = home.run(run_id).checkpoint(step)
    path.mkdir(parents=True)
    mark_complete(
        path, CheckpointMarker(step=step, stage="sft", base="lantern", base_hash="h", kind="adapter")
    )


def echoes(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
    """Answers every prompt with itself, word by word."""
    tell(Reply(event="started", device="test bench", note="Just a test."))
    for ask in request.asks:
        prompt = request.conversations[ask.conversation][-1]["content"]
        told = empty(ask, f"x@{ask.pane}").model_copy(update={"status": GenerationStatus.WRITING})
        tell(Reply(event="answers", answers=(told.model_copy(update={"text": prompt[:3]}),)))
        done = {"text": prompt, "status": GenerationStatus.DONE, "finish": "ended by itself", "tokens": 4}
        tell(Reply(event="answers", answers=(told.model_copy(update=done),)))


def writes_until_cancelled(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
    tell(Reply(event="started"))
    text = ""
    while not is_cancelled():
        text += "so "
        answer = Generation(
            pane=0, prompt_index=0, status=GenerationStatus.WRITING, checkpoint="base", text=text
        )
        tell(Reply(event="answers", answers=(answer,)))
        time.sleep(0.01)
    ended = {"status": GenerationStatus.DONE, "finish": "stopped"}
    tell(Reply(event="answers", answers=(answer.model_copy(update=ended),)))


def finished(comparing: Comparing, comparison_id: str) -> Comparison:
    """The comparison once it has ended."""
    return until(comparing, comparison_id, lambda now: now.status.is_ended)


def until(comparing: Comparing, comparison_id: str, is_so: Callable[[Comparison], bool]) -> Comparison:
    while not is_so(now := comparing.get(comparison_id)):
        time.sleep(0.02)
    return now


class Listener:
    """Answers by pane and turn, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[GenerationRequest] = []
        self.failing: set[int] = set()

    def __call__(self, request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        self.requests.append(request)
        for ask in request.asks:
            update = {
                "text": f"said by {ask.pane} in {ask.prompt_index} with {ask.seed}",
                "finish": "stopped",
            }
            ended = {"status": GenerationStatus.DONE}
            if ask.pane in self.failing:
                ended, update = {"status": GenerationStatus.FAILED}, {"error": "It broke."}
            tell(Reply(event="answers", answers=(empty(ask).model_copy(update={**update, **ended}),)))
