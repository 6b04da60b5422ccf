"""The graph of runs around one, as the browser draws it."""

from collections.abc import Sequence

from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.ui.components.run_card import run_card
from rlft_gui.ui.components.run_results import outcome
from rlft_gui.ui.pages.run.payloads import LineageGraph, LineageLink, LineageNode, LineageVotes


def lineage_graph(services: Services, run: Run) -> LineageGraph:
    """A run without a source of weights starts from the base, whose place the source None takes."""
    found = services.runs.lineage(run.id)
    from_base = [(None, "adapter", each.id) for each in found.runs if each.parent_run_id is None]
    return LineageGraph(
        nodes=tuple(_node(services, each, run) for each in found.runs),
        links=tuple(
            LineageLink(source=source, role=role, taker=taker)
            for source, role, taker in (*from_base, *found.links)
        ),
        left_out=found.left_out,
        binned=tuple(run_card(each).stage for each in found.binned),
        votes=_votes(services, [each for each in found.runs if each.pipeline_id == run.pipeline_id]),
    )


def _votes(services: Services, runs: Sequence[Run]) -> tuple[LineageVotes, ...]:
    found = []
    for each in runs:
        info = services.vote_views.behind(each)
        if info and (votes := info.votes):
            found.append(
                LineageVotes(
                    stage=run_card(each).stage,
                    name=votes.votes,
                    counted=votes.counted,
                    newer=services.vote_views.newer(info),
                )
            )
    return tuple(found)


def _node(services: Services, each: Run, run: Run) -> LineageNode:
    card = run_card(each)
    return LineageNode(
        id=card.id,
        title=card.title,
        stage=card.stage,
        palette=card.palette,
        status=card.status,
        live=card.live,
        percent=card.percent,
        round=each.recipe.round + 1 if _has_rounds(services, each) else None,
        seconds=each.elapsed(each.ended_at) if each.ended_at else None,
        outcome=outcome(services, each),
        here=each.id == run.id,
        mine=each.pipeline_id == run.pipeline_id,
    )


def _has_rounds(services: Services, each: Run) -> bool:
    """Whether the pipeline runs this stage once a round."""
    others = services.runs.pipeline(each.pipeline_id).runs
    return any(other.recipe.round != each.recipe.round for other in others if other.stage == each.stage)
