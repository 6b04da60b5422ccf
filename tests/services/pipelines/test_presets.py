"""Every shipped preset can be launched as it is, or lacks nothing but what only its user has."""

import pytest

from rlft_gui.services import Services, open_services
from rlft_gui.services.pipelines import catalogue, sizes
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.services.pipelines.specs import Preset, presets

every_preset = pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_services(tmp_path_factory.mktemp("home"))


@every_preset
def test_a_preset_lacks_only_data_and_models_that_are_not_here(preset: Preset, services: Services) -> None:
    problems = services.launching.check(preset.spec)
    if preset.tried and preset.spec.base == "lantern":
        assert problems == ()
    elif preset.tried:
        assert [problem.field for problem in problems] == ["base"], "a model that was not added here"
    lacking = ("base", ".data", ".judge")
    assert all(problem.field.endswith(lacking) for problem in problems)


@every_preset
def test_what_nobody_ran_here_says_whose_it_is(preset: Preset) -> None:
    assert preset.tried or preset.source
    assert preset.tried == (preset.spec.base in ("lantern", "smollm2"))


@pytest.mark.parametrize("size", sizes.size_presets(), ids=lambda size: size.name)
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_proposals_by_size_are_valid_settings(size: sizes.SizePreset, tuning: sizes.Tuning) -> None:
    for name in size.full if tuning == "full" else size.lora:
        stage = catalogue.stage(name)
        values = size.values(name, tuning) | {"data": "d"}
        assert settings_problems(stage.settings, values, path=name, title=name) == ()


def test_sizes_follow_one_another_without_gaps() -> None:
    found = sizes.size_presets()
    assert found[0].fewest == 0
    assert [one.most for one in found[:-1]] == [one.fewest for one in found[1:]]


def test_a_preset_for_the_very_model_comes_before_one_for_its_size() -> None:
    exact = catalogue.proposal("dpo", "dpo", "lantern", parameters=1_250_000)
    by_size = catalogue.proposal("dpo", "dpo", "org/model", parameters=500_000_000)
    full = catalogue.proposal("dpo", "sft", "org/model", parameters=500_000_000, tuning="full")
    assert exact is not None
    assert exact.preset == "lantern-dpo"
    assert by_size is not None
    assert (by_size.preset, by_size.tried) == ("small", False)
    assert full is not None
    assert full.values["tuning"] == "full"
    assert catalogue.proposal("dpo", "dpo", "org/model") is None


def test_values_found_with_one_reward_are_not_proposed_for_another() -> None:
    borrowed = catalogue.proposal("constitutional", "ppo", "lantern", options={"second_phase": "ppo"})
    live = catalogue.proposal("rlaif", "ppo", "lantern", options={"route": "live"})
    assert borrowed is not None
    assert "rewards" not in borrowed.values, "it has a reward model of its own"
    assert live is not None
    assert live.values["rewards"] == {"judge": 4.0}
