"""What a base model cannot do is told before a launch, from a trial of its architecture, once for its files."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidPipeline
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.services import Services, open_services
from rlft_gui.services.models import trying as trying_module
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.trying import Trial, Trying
from tests.fakes.chats import CHATML, LOOPS, bytes_tokenizer, tiny_base
from tests.fakes.homes import fresh_home


def tiny(folder: Path, config: Any) -> str:
    """A random model with that config."""
    from transformers import AutoModelForCausalLM

    tokenizer = bytes_tokenizer(CHATML)
    config.vocab_size = len(tokenizer)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def problems(services: Services, base: str, method: str, **stages: dict[str, Any]) -> dict[str, str]:
    data = {"sft": {"data": "lantern:demonstrations"}, "reward_model": {"data": "lantern:preferences"}}
    spec = PipelineSpec(
        method=method, base=base, stages={name: {**data.get(name, {}), **own} for name, own in stages.items()}
    )
    try:
        services.launching.plan(spec)
    except InvalidPipeline as refusal:
        return {problem.field: problem.message for problem in refusal.problems}
    return {}


@pytest.fixture
def services(tmp_path: Path) -> Any:
    opened = open_services(fresh_home(tmp_path / "home").path)
    yield opened
    opened.storage.close()


def test_lantern_is_not_tried(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert Trying(home, Models(home)).trial(LANTERN) == Trial()
    assert not home.trials.exists()


def test_lora_is_only_asked_of_stages_that_use_it() -> None:
    trial = Trial.model_validate({"all-linear": "No.", "attention": None})
    assert trial.lora_problem({"tuning": "lora", "lora_targets": "all-linear"}) == "No."
    assert trial.lora_problem({"tuning": "lora", "lora_targets": "attention"}) is None
    assert trial.lora_problem({"tuning": "full", "lora_targets": "all-linear"}) is None
    assert trial.lora_problem({"judge": "base"}) is None


@pytest.mark.slow
def test_a_sound_model_can_do_all_and_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, home = str(tiny_base(tmp_path / "llama", CHATML)), Home(tmp_path / "home")
    assert Trying(home, Models(home)).trial(base) == Trial()
    (kept,) = home.trials.iterdir()
    assert json.loads(kept.read_bytes())["answers"] is None
    monkeypatch.setattr(trying_module, "_SECONDS", 0)  # a second trial would fail
    assert Trying(home, Models(home)).trial(base) == Trial()
    (Path(base) / "config.json").touch()
    assert "took longer" in str(Trying(home, Models(home)).trial(base).untried)
    assert len(list(home.trials.iterdir())) == 1


@pytest.mark.slow
def test_a_trial_that_fails_of_itself_stops_no_launch(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying_module, "_SECONDS", 0)
    base = str(tiny_base(tmp_path / "llama", CHATML))
    assert problems(services, base, "sft", sft={}) == {}


@pytest.mark.slow
def test_a_model_without_the_usual_cache_is_refused_before_launch(services: Services, tmp_path: Path) -> None:
    from transformers import OpenAIGPTConfig

    base = tiny(tmp_path / "gpt", OpenAIGPTConfig(n_embd=32, n_layer=2, n_head=2, n_positions=64))
    assert problems(services, base, "sft", sft={})["base"].startswith(
        "OpenAIGPTLMHeadModel keeps no cache of a kind that answers can be drawn with"
    )


@pytest.mark.slow
def test_a_model_without_a_reward_head_is_refused_where_one_is_trained(
    services: Services, tmp_path: Path
) -> None:
    from transformers import CodeGenConfig

    base = tiny(
        tmp_path / "codegen", CodeGenConfig(n_embd=32, n_layer=2, n_head=4, rotary_dim=4, n_positions=64)
    )
    assert "base" not in problems(services, base, "sft", sft={})
    told = problems(services, base, "rlhf", sft={}, reward_model={})["base"]
    assert told.startswith("A CodeGenForCausalLM cannot become a reward model")


@pytest.mark.slow
def test_layers_that_no_adapter_fits_are_told_beside_the_setting(services: Services, tmp_path: Path) -> None:
    from transformers import MambaConfig

    base = tiny(tmp_path / "mamba", MambaConfig(hidden_size=32, num_hidden_layers=2, state_size=4))
    told = problems(services, base, "sft", sft={})
    assert told["stages.sft.lora_targets"].startswith("LoRA cannot be put on MambaForCausalLM")
    assert "stages.sft.lora_targets" not in problems(services, base, "sft", sft={"tuning": "full"})


@pytest.mark.slow
def test_a_template_that_loops_is_told_before_launch(services: Services, tmp_path: Path) -> None:
    base = str(tiny_base(tmp_path / "loops", LOOPS))
    assert "may loop for ever" in problems(services, base, "sft", sft={})["base"]
