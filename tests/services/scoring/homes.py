"""A home with a reward model run, and a stand-in for the inference process that knows no torch."""

from collections.abc import Callable, Sequence

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec, Recipe
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.domain.turns import Message
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import Scored, ScoredAnswer, ScoringRequest
from rlft_gui.inference.server import Asked
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.service import Scoring
from rlft_gui.storage import Storage
from rlft_gui.training.models.checkpoints import CheckpointMarker, mark_complete
from rlft_gui.training.reward_model.known import KNOWN, KnownRewards
from rlft_gui.training.reward_model.scoring import CARD, RewardCard

CARD_OF_ONE = RewardCard(
    attributes=("reward",), mean=(10.0,), sd=(2.0,), answers=4, longest=64, tokenizer="t"
)
CARD_OF_TWO = RewardCard(
    attributes=("helpfulness", "safety"), mean=(0.0, 1.0), sd=(1.0, 2.0), answers=4, longest=64, tokenizer="t"
)


def user(text: str) -> list[Message]:
    return [{"role": "user", "content": text}]


def add_run(storage: Storage, run_id: str, stage: str = "reward_model", **settings: object) -> None:
    settings = {"data": "lantern:preferences", "eval_share": 0.1} | settings
    recipe = Recipe(
        run_id=run_id,
        pipeline_id=f"p-{run_id}",
        method="rlhf",
        stage=stage,
        base="lantern",
        settings=settings,
    )
    run = Run(
        id=run_id,
        pipeline_id=recipe.pipeline_id,
        position=0,
        stage=stage,
        method="rlhf",
        title="Try",
        base="lantern",
        status=RunStatus.QUEUED,
        created_at=1.0,
        recipe=recipe,
    )
    pipeline = Pipeline(
        id=recipe.pipeline_id,
        title=run.title,
        method="rlhf",
        base="lantern",
        spec=PipelineSpec(method="rlhf"),
        created_at=1.0,
        owner="local",
        runs=(run,),
    )
    storage.transitions.add(pipeline, launch_id=run_id)


def add_checkpoint(
    home: Home, run_id: str, step: int = 5, card: RewardCard = CARD_OF_ONE, known: KnownRewards | None = None
) -> None:
    """Complete as far as the app can see; nobody loads it."""
    path = home.run(run_id).checkpoint(step)
    path.mkdir(parents=True)
    (path / CARD).write_text(card.model_dump_json())
    if known:
        (path / KNOWN).write_text(known.model_dump_json())
    marker = CheckpointMarker(step=step, stage="reward_model", base="lantern", base_hash="h", kind="adapter")
    mark_complete(path, marker)


def scoring_of(home: Home, storage: Storage) -> Scoring:
    return Scoring(home, Runs(home, storage), Models(home), Rights(storage))


class Reads:
    """Gives an answer the number of its characters, by every attribute; keeps what it was asked."""

    def __init__(self, card: RewardCard = CARD_OF_ONE, then: Callable[[], None] = lambda: None) -> None:
        self.card = card
        self.asked: list[ScoringRequest] = []
        self._then = then

    def __call__(
        self, request: Asked, tell: Callable[[Reply], None], is_cancelled: Callable[[], bool]
    ) -> None:
        assert isinstance(request, ScoringRequest)
        self.asked.append(request)
        self._then()
        answers = tuple(self._answer(turns) for turns in request.conversations)
        checkpoint = f"{request.run_id}@{request.step}"
        tell(Reply(event="scored", scored=Scored(checkpoint=checkpoint, card=self.card, answers=answers)))

    def _answer(self, turns: Sequence[Message]) -> ScoredAnswer:
        text = turns[-1]["content"]
        if text == "unreadable":
            return ScoredAnswer(error="It cannot be read.")
        raw = tuple(float(len(text)) for _ in self.card.attributes)
        normalised = tuple((r - m) / s for r, m, s in zip(raw, self.card.mean, self.card.sd, strict=True))
        return ScoredAnswer(raw=raw, normalised=normalised, tokens=4, cut=7 if text == "cut" else 0)
