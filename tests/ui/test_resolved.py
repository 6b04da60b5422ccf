"""What follows from a draft is worked out once per request.

In 0.2.0 one view of the settings of an RLHF draft called `links_of` 35 times, `base_of` 34 times and `proposal` 16
times; leaving one field of it called them 32, 39 and 16 times.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.pages.new import resolved
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from rlft_gui.ui.pages.new.review import show_review
from rlft_gui.ui.pages.new.settings import settings_step, validate_settings
from tests.ui.fakes_new import NewWorld

RLHF = Draft(method="rlhf", start="run", run="tour-sft")
STAGES = 3


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what a draft leads to is worked out: its stages, its base, what is known of that, and proposals."""
    counted: Counter[str] = Counter()

    def count(place: Any, name: str) -> None:
        before: Callable[..., Any] = getattr(place, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            counted[name] += 1
            return before(*args, **kwargs)

        monkeypatch.setattr(place, name, counting)

    count(resolved, "links_of")
    count(catalogue, "proposal")
    for name in ("continued", "base", "base_problem", "card"):
        count(getattr(ResolvedDraft, name), "func")
    return counted


@pytest.mark.parametrize("view", [settings_step, validate_settings, show_review])
def test_a_view_works_nothing_out_twice(calls: Counter[str], view: Callable[[ResolvedDraft], Any]) -> None:
    world: Any = NewWorld()
    draft = RLHF.model_copy(update={"skip": ()})

    view(ResolvedDraft(world, draft))

    assert calls["links_of"] == 1
    assert calls["proposal"] == STAGES
    assert 1 <= calls["func"] <= 4, "continued run, base, its problem and its card, each once"
