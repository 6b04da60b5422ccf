"""The graph of runs around one, as the browser draws it."""

from typing import Any

from rlft_gui.domain.run import Run
from rlft_gui.services import Services
from rlft_gui.ui.components.run_card import run_view
from rlft_gui.ui.components.run_results import outcome

_SHOWN = ("id", "title", "stage", "method", "status", "live", "percent")


def lineage_view(services: Services, run: Run) -> dict[str, Any]:
    """Nodes in an order in which sources come first, and links as [source, role, taker]. A run without a source of
    weights starts from the base, whose place the source None takes."""
    found = services.runs.lineage(run.id)
    return {
        "nodes": [_node(services, one, run) for one in found.runs],
        "links": [
            *([None, "adapter", one.id] for one in found.runs if one.parent_run_id is None),
            *(list(link) for link in found.links),
        ],
        "left_out": found.left_out,
    }


def _node(services: Services, one: Run, run: Run) -> dict[str, Any]:
    view = run_view(one)
    return {key: view[key] for key in _SHOWN} | {
        "round": one.recipe.round + 1 if _has_rounds(services, one) else None,
        "seconds": one.elapsed(one.ended_at) if one.ended_at else None,
        "outcome": found.model_dump() if (found := outcome(services, one)) else None,
        "here": one.id == run.id,
        "mine": one.pipeline_id == run.pipeline_id,
    }


def _has_rounds(services: Services, one: Run) -> bool:
    """Whether the pipeline runs this stage once a round."""
    others = services.runs.pipeline(one.pipeline_id).runs
    return any(other.recipe.round != one.recipe.round for other in others if other.stage == one.stage)
