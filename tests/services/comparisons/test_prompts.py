"""Which prompts are offered: Lantern's suite for what it asks about, and of own data what was held out."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.run import Run, Sample
from rlft_gui.domain.status import RunStatus
from rlft_gui.lantern.suite import suite
from rlft_gui.services.comparisons.prompts import offer_for


@dataclass
class Known:
    """Stands in for Runs."""

    runs: dict[str, Run] = field(default_factory=dict)
    asked: dict[str, tuple[Sample, ...]] = field(default_factory=dict)

    def get(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFound(f"There is no run {run_id}.")
        return self.runs[run_id]

    def is_votes_on_lantern(self, _dataset: str) -> bool:
        return False

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        return self.asked.get(run_id, ())

    def add(self, run_id: str, data: str, base: str = "lantern", kinds: tuple[str, ...] = ()) -> None:
        recipe = Recipe(
            run_id=run_id, pipeline_id="p", method="sft", stage="sft", base=base, settings={"data": data}
        )
        self.runs[run_id] = Run(
            id=run_id,
            pipeline_id="p",
            position=0,
            stage="sft",
            method="sft",
            title=run_id,
            base=base,
            status=RunStatus.SUCCEEDED,
            created_at=1.0,
            recipe=recipe,
        )
        self.asked[run_id] = tuple(
            Sample(step=step, item_id=f"{kind}-{place}", kind=kind, prompt=f"{kind} {place}?", completion="x")
            for step in (0, 20)
            for kind in kinds
            for place in range(2)
        )


@pytest.fixture
def known() -> Any:
    known = Known()
    known.add("lantern", "lantern:demonstrations", kinds=("known",))
    known.add("own", "d-123", kinds=("known", "training", "held out"))
    known.add("unsplit", "d-123", kinds=("training",))
    known.add("silent", "d-123")
    known.add("foreign", "d-123", base="/models/other")
    return known


@pytest.mark.parametrize(
    ("models", "source"),
    [
        ((), "suite"),
        (("base", "lantern", "lantern@20"), "suite"),
        (("base", "own"), "held out"),
        (("lantern", "own@20"), "held out"),
        (("unsplit",), "training"),
        (("silent", "own"), "held out"),
        (("silent",), "none"),
        (("foreign",), "none"),
        (("gone", "nonsense@x", "endpoint:m@http://h/v1"), "suite"),
    ],
)
def test_the_suite_is_offered_for_lanterns_world_alone(
    known: Any, models: tuple[str, ...], source: str
) -> None:
    offer = offer_for(models, known)
    assert offer.source == source
    if source == "suite":
        assert len(offer.prompts) == len(suite())
    elif source != "none":
        assert [one.prompt for one in offer.prompts] == [f"{source} 0?", f"{source} 1?"]
