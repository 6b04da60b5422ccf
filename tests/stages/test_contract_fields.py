"""Every setting of every stage that trains reaches its trainer. Slow, so in a file of its own: files run side by side."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from annotated_types import Le, Lt

from rlft_gui.domain.home import Home
from rlft_gui.stages import Stage
from tests.stages.attempts import TINY, attempt
from tests.stages.cases import Case, case_of
from tests.stages.cases._base import Reached
from tests.stages.contract import TRAINED, case_recipe, stage_or_word

#: Other values where the wizard offers a control of its own: by the field's "control".
OTHERS = {"rewards": {"length:2-3": 1.0}, "reward": "length:2-3", "rubric": "lantern"}

every_trained_field = pytest.mark.parametrize(
    ("tested", "field"),
    [(stage, field) for stage in TRAINED for field in stage.settings.model_fields],
    ids=stage_or_word,
)


@pytest.mark.slow
@every_trained_field
def test_every_field_changes_what_reaches_the_trainer(
    tested: Stage, field: str, home: Home, monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]
) -> None:
    case = case_of(tested.name)
    without, changed = case.changes.get(field) or ({}, {field: _another_value(tested, field)})
    differing = {name for name in {**without, **changed} if without.get(name) != changed.get(name)}
    assert differing == {field}
    before = _reaching(case, home, monkeypatch, without) if without else plain[tested.name]
    assert _reaching(case, home, monkeypatch, changed) != before


@pytest.fixture(scope="module")
def plain(home: Home, prepared: None) -> Mapping[str, Any]:
    """What reaches each stage's trainer by default, worked out when first asked for."""
    return _Plain(home)


class _Plain(dict[str, Any]):
    def __init__(self, home: Home) -> None:
        super().__init__()
        self._home = home

    def __missing__(self, name: str) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            self[name] = _reaching(case_of(name), self._home, patch, {})
        return self[name]


def _reaching(
    case: Case, home: Home, patch: pytest.MonkeyPatch, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything that the trainer and what watches it would have begun with."""
    case.reaching(patch)
    tested = next(stage for stage in TRAINED if stage.name == case.stage)
    with pytest.raises(Reached) as caught:
        attempt(home, case_recipe(tested, f"{case.stage}-reach", home, **settings))
    return caught.value.what


def _another_value(tested: Stage, field: str) -> Any:
    info = tested.settings.model_fields[field]
    case = case_of(tested.name)
    default = {**TINY, **case.settings}.get(field, info.default)
    extra = info.json_schema_extra
    control = extra.get("control") if isinstance(extra, dict) else None
    if control == "data":
        return f"lantern:{case.data.value}"
    if control in OTHERS:
        return OTHERS[str(control)]
    if info.annotation is bool:
        return not default
    if choices := get_args(info.annotation):
        return next(choice for choice in choices if choice != default)
    high: Any = next(
        rule.le if isinstance(rule, Le) else rule.lt for rule in info.metadata if isinstance(rule, Le | Lt)
    )
    if info.annotation is int:
        return default // 2 if default >= high // 2 or field == "max_length" else default * 2 or 1
    return default * 2 or high / 10
