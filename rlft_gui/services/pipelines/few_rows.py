"""Data that is so little that a run on it shows that everything works, and teaches nothing."""

from rlft_gui.domain.dataset import ANY_PROMPTS, DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.methods import method
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.stages import stage

ENOUGH_PAIRS = 10  #: below this nobody can hope that a model learns what was preferred


def few_pairs(datasets: Datasets, spec: PipelineSpec) -> tuple[str, ...]:
    """A sentence for each stage that learns from a handful of pairs; none where a dataset cannot be read, which is told elsewhere."""
    found = []
    for link in method(spec.method).unfold(spec):
        kind, data = stage(link.stage), str(spec.stages.get(link.name, {}).get("data", ""))
        if not data or DataType.PREFERENCES not in kind.data or set(kind.data) == set(ANY_PROMPTS):
            continue
        try:
            info = datasets.get(data)
        except (NotFound, InvalidInput):
            continue
        if info.type is DataType.PREFERENCES and info.rows < ENOUGH_PAIRS:
            pairs = f"{info.rows} {'pair' if info.rows == 1 else 'pairs'}"
            found.append(
                f"{kind.title} has {pairs}: enough to try the way, not to learn from. "
                "A tiny model wants 200 or more."
            )
    return tuple(dict.fromkeys(found))
