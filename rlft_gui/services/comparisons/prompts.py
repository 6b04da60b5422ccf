"""Which prompts a comparison may begin with: Lantern's suite, or what was held out of a run's own data."""

from collections.abc import Sequence
from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import ModelRef
from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.services.pipelines.catalogue import suite
from rlft_gui.services.runs.measured_by import measured_by
from rlft_gui.services.runs.service import Runs

_OWN = ("held out", "training")  #: what the probe calls prompts of a run's own data, the better ones first


class OfferedPrompt(Frozen):
    """`id`: of the suite's item; empty for a prompt of somebody's own data."""

    id: str
    kind: str
    prompt: str
    note: str


class PromptOffer(Frozen):
    """`source`: "suite", Lantern's; "held out" or "training", of a run's own data; "none" where nothing fits."""

    source: Literal["suite", "held out", "training", "none"]
    prompts: tuple[OfferedPrompt, ...]


def offer_for(models: Sequence[str], runs: Runs) -> PromptOffer:
    """Prompts that these models can be asked without leading astray.

    Lantern's suite asks about Lantern's world: of a run on own data it says nothing. A run that is gone counts as none.
    """
    own = [run for run in _runs_of(models, runs) if measured_by(run, runs) == "own"]
    for run in own:
        if found := _own_prompts(run, runs):
            return found
    if own or any(run.base != LANTERN for run in _runs_of(models, runs)):
        return PromptOffer(source="none", prompts=())
    items = (
        OfferedPrompt(id=item.id, kind=item.kind, prompt=item.prompt, note=item.note) for item in suite()
    )
    return PromptOffer(source="suite", prompts=tuple(items))


def _runs_of(models: Sequence[str], runs: Runs) -> list[Run]:
    found = []
    for model in models:
        try:
            run_id = ModelRef.parse(model).run_id
            if run_id is not None:
                found.append(runs.get(run_id))
        except (NotFound, RlftError):
            continue
    return found


def _own_prompts(run: Run, runs: Runs) -> PromptOffer | None:
    """What the run's probe asked of its own data: held-out prompts, else those it was trained on."""
    samples = runs.samples(run.id)
    for kind in _OWN:
        prompts = list(dict.fromkeys(sample.prompt for sample in samples if sample.kind == kind))
        if prompts:
            offered = (OfferedPrompt(id="", kind=kind, prompt=prompt, note="") for prompt in prompts)
            return PromptOffer(source=kind, prompts=tuple(offered))
    return None
