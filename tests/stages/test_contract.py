"""What every stage promises. A new stage is tested by being in STAGES and having a case (tests/stages/cases).

Here is what needs no training. test_contract_fields.py and test_contract_running.py hold for stages that train,
test_generating_contract.py for those that make rows.
"""

import subprocess
import sys
from typing import Any, get_args

import pytest
import yaml
from annotated_types import Ge, Gt, Le, Lt

from rlft_gui.stages import STAGES, Stage, describe, every_metric
from tests.stages.cases import every_case
from tests.stages.contract import TRAINED, stage_or_word

CONTROLS = {"data", "reward_model", "rewards", "reward", "judge", "text", "rubric", "constitution"}

every_stage = pytest.mark.parametrize("tested", STAGES, ids=stage_or_word)
every_field = pytest.mark.parametrize(
    ("tested", "field"),
    [(stage, field) for stage in STAGES for field in stage.settings.model_fields],
    ids=stage_or_word,
)


def test_every_stage_that_trains_has_a_case() -> None:
    assert {case.stage for case in every_case()} == {stage.name for stage in TRAINED}


@every_stage
def test_defaults_are_valid_and_survive_yaml_and_json(tested: Stage) -> None:
    settings = tested.settings.model_validate({"data": "d"} if tested.data else {})
    plain = settings.model_dump(mode="json")
    assert tested.settings.model_validate_json(settings.model_dump_json()) == settings
    assert tested.settings.model_validate(yaml.safe_load(yaml.safe_dump(plain))) == settings


@every_field
def test_every_field_explains_itself(tested: Stage, field: str) -> None:
    info = tested.settings.model_fields[field]
    assert info.title
    assert info.description
    assert info.description.endswith(".")
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    assert extra["group"] in ("basic", "advanced")
    if info.annotation in (int, float):
        assert any(isinstance(rule, Ge | Gt) for rule in info.metadata)
        assert any(isinstance(rule, Le | Lt) for rule in info.metadata)
    else:
        choices = () if _is_mapping(info.annotation) else get_args(info.annotation)
        assert info.annotation is bool or choices or extra["control"] in CONTROLS


@every_stage
def test_promised_metrics_are_in_the_vocabulary(tested: Stage) -> None:
    known = {metric.name for metric in every_metric()}
    assert all(name in known or describe(name).about != name for name in tested.metrics)


@every_stage
def test_importing_a_stage_leaves_torch_unloaded(tested: Stage) -> None:
    code = f"import sys, {tested.train.__module__}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict
