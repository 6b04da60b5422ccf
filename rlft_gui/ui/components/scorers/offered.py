"""The server function that says what answers can be scored by."""

from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.runs.labels import titled
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.services.scoring.scores import REWARD_IS
from rlft_gui.stages._shared.texts import shipped
from rlft_gui.ui.components.scorers.payloads import (
    SCORE_CHOICES,
    ComingModel,
    JudgeWanted,
    ScoreChoices,
    ScoringModel,
)
from rlft_gui.ui.contract import Nothing, Served, serve


def serve_score_choices(services: Services) -> Served:
    """Asked when somebody is about to choose: while they do, what reads can start."""

    def choices(_asked: Nothing, _user: str) -> ScoreChoices:
        models = tuple(_model(run) for run in services.scoring.choices())
        if models:
            services.comparing.prepare()
        coming = tuple(
            ComingModel(id=run.id, title=titled(run), is_training=run.status.is_live)
            for run in services.scoring.coming()
        )
        return ScoreChoices(models=models, coming=coming, rubrics=shipped("rubrics"), reward_is=REWARD_IS)

    return serve(SCORE_CHOICES, choices)


def judge_asked(wanted: JudgeWanted) -> JudgeAsked:
    return JudgeAsked(wanted.judge, wanted.rubric, wanted.url)


def _model(run: Run) -> ScoringModel:
    return ScoringModel(
        id=run.id,
        title=titled(run),
        palette=catalogue.palette(run.method, run.stage),
        base=run.base,
        step=run.step,
        knows_gold=run.base == LANTERN,
    )
