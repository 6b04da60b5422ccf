"""How the answers of a column were drawn, as its batch's recipe or the rule of every probe tells."""

from dataclasses import dataclass

from rlft_gui.domain.comparison import PROBE_SAMPLING, Sampling
from rlft_gui.domain.run import Run


@dataclass(frozen=True)
class Drawn:
    """`sampling` has the first of the `seeds`; `system` is what a prompt that brings none of its own is asked with."""

    sampling: Sampling
    seeds: int = 1
    system: str = ""

    @property
    def way(self) -> tuple[object, ...]:
        """What two columns must share, beside the prompts, for their means to be comparable."""
        one = self.sampling
        return (one.temperature, one.top_p, one.max_new_tokens, self.system)


OF_PROBE = Drawn(PROBE_SAMPLING)


def of_batch(batch: Run) -> Drawn:
    settings = batch.recipe.settings
    known = {name: settings[name] for name in ("temperature", "top_p", "max_new_tokens") if name in settings}
    sampling = Sampling(**known, seed=batch.recipe.seed)
    return Drawn(sampling, int(settings.get("seeds", 1)), str(settings.get("system", "")))
