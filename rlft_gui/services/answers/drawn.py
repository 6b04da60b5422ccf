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
    def way(self) -> dict[str, object]:
        """By name, what two columns must share for their means to be comparable."""
        one = self.sampling
        return {
            "temperature": one.temperature,
            "top-p": one.top_p,
            "longest answer": one.max_new_tokens,
            "system prompt": self.system,
        }


OF_PROBE = Drawn(PROBE_SAMPLING)


def of_batch(batch: Run) -> Drawn:
    settings = batch.recipe.settings
    known = {name: settings[name] for name in ("temperature", "top_p", "max_new_tokens") if name in settings}
    sampling = Sampling(**known, seed=batch.recipe.seed)
    return Drawn(sampling, int(settings.get("seeds", 1)), str(settings.get("system", "")))


def in_words(drawn: Drawn) -> str:
    """As a column's head tells it: "temperature 0.7, at most 128 tokens, seeds 0 to 3"."""
    one = drawn.sampling
    last = one.seed + drawn.seeds - 1
    return ", ".join(
        [
            f"temperature {one.temperature:g}",
            *([f"top-p {one.top_p:g}"] if one.top_p < 1 else []),
            f"at most {one.max_new_tokens} tokens",
            *(["a system prompt"] if drawn.system else []),
            f"seed {one.seed}" if drawn.seeds == 1 else f"seeds {one.seed} to {last}",
        ]
    )
