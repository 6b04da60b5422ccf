"""A draft that trains on the votes of a set: what the address /new?votes=SET asks for."""

from rlft_gui.services import Services
from rlft_gui.services.feedback.views_training import TrainingStart
from rlft_gui.ui.pages.new.draft import Draft, start_of, with_method
from rlft_gui.ui.pages.new.resolved import ResolvedDraft


def draft_of_votes(services: Services, name: str, method: str, user: str) -> tuple[Draft, TrainingStart]:
    """The draft, and what a person should know of the votes.

    Raises:
        NotFound: there is no such set.
        InvalidInput: its votes give nothing that the method could learn from.
    """
    found = services.training_on_votes.prepare(name, method=method, user=user)
    draft = with_method(_started(found), found.method)
    draft = draft.model_copy(
        update={
            "title": f"{ResolvedDraft(services, draft).proposed_title}, votes of {name}"[:80],
            "data": {found.stage: found.dataset.id},
            "settings": {stage: dict(values) for stage, values in found.settings.items()},
        }
    )
    return _with_other_data(services, draft, found), found


def _started(found: TrainingStart) -> Draft:
    if found.run:
        return Draft(start="run", run=found.run)
    start = start_of(found.base)
    return Draft(
        start=start,
        folder=found.base if start == "folder" else "",
        hub=found.base if start == "hub" else "",
    )


def _with_other_data(services: Services, draft: Draft, found: TrainingStart) -> Draft:
    """Data for stages that do not learn from votes, where no preset proposes any: good answers to imitate, else the prompts
    that were voted on."""
    resolved = ResolvedDraft(services, draft)
    lacking = {
        group.name: found.warm_up if group.kind.name == "sft" else found.dataset.id
        for group in resolved.takers
        if not resolved.dataset(group.name)
    }
    return draft.model_copy(update={"data": {**lacking, **draft.data}})
