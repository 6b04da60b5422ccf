"""What failed only in the worker, after half a minute, is told by the files in one sentence, within five seconds."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.services.models.checking import check_model
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.trying import Trying
from tests.fakes.broken_models import BROKEN_MODELS, Break, config, edit, tensors
from tests.fakes.chats import CHATML


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(Home(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(assets_dir() / "lantern", tmp_path / "my-model")
    return tmp_path / "my-model"


@pytest.mark.parametrize(
    ("damage", "told"), [case[1:] for case in BROKEN_MODELS], ids=[case[0] for case in BROKEN_MODELS]
)
def test_it_is_told_at_once(models: Models, folder: Path, damage: Break, told: str) -> None:
    damage(folder)
    begun = time.monotonic()
    sentence = models.check(str(folder))
    assert time.monotonic() - begun < 5
    assert sentence is not None
    assert sentence.startswith(f'"{folder}"')
    assert told in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0


def test_the_facts_are_all_there(models: Models, folder: Path) -> None:
    (folder / "README.md").write_text(
        "---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\nlicense: mine\n"
    )
    found = check_model(models, "lantern")
    assert (found.problem, found.kind) == (None, "lantern")
    facts = models.describe(str(folder)).facts
    assert facts is not None
    assert facts.model_dump() == {
        "architecture": "LlamaForCausalLM", "parameters": 1_250_640, "context": 1024, "dtype": "F32",
        "vocabulary": 1188, "end_token": "<|end|>", "pad_token": "<|pad|>", "has_chat_template": True,
        "licence": "apache-2.0",
    }  # fmt: skip


def test_a_template_may_mark_what_the_assistant_said(models: Models, folder: Path) -> None:
    marked = CHATML.replace("{{ '<|im_start|>'", "{% generation %}{{ '<|im_start|>'", 1)
    marked = marked.replace("{% endfor %}", "{%- endgeneration -%}{% endfor %}", 1)
    (folder / "chat_template.jinja").write_text(marked)
    assert models.check(str(folder)) is None


def test_a_named_class_may_differ_in_case(models: Models, folder: Path) -> None:
    edit(folder / "config.json", architectures=["LLaMAForCausalLM"])
    assert models.check(str(folder)) is None


#: What only the loader itself can tell, for names and numbers differ from one architecture to the next.
BY_THE_LOADER = [
    ("rope of no kind", config(rope_parameters={"rope_type": "zzz"}), "of which no model can be made (KeyError: 'zzz')"),
    ("an activation of no kind", config(hidden_act="zzz"), "of which no model can be made"),
    ("a layer too few", config(num_hidden_layers=1), "for which its config.json has no place"),
    ("weights of another model", tensors(lambda h: [h.update({f"x.{n}": h.pop(n)}) for n in list(h)]), "which its config.json asks for"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "told"), [case[1:] for case in BY_THE_LOADER], ids=[case[0] for case in BY_THE_LOADER]
)
def test_the_rest_is_told_by_the_loader_before_launch(
    models: Models, folder: Path, tmp_path: Path, damage: Break, told: str
) -> None:
    damage(folder)
    problem = check_model(models, str(folder)).problem
    assert problem is not None
    assert told in problem
    assert problem.count(". ") == 0
    assert Trying(Home(tmp_path / "home"), models).trial(str(folder)).base_problem == problem


@pytest.mark.slow
@pytest.mark.parametrize("name", ["OPT", "GPT2", "GPTNeoX", "Mamba", "OpenAIGPT", "Qwen2Moe", "Gemma3Text"])
def test_sound_models_of_many_kinds_pass(models: Models, tmp_path: Path, name: str) -> None:
    check = check_model(models, str(_made(tmp_path / "model", name)))
    assert check.problem is None
    assert check.facts is not None


def _made(folder: Path, name: str) -> Path:
    import transformers

    from tests.fakes.chats import bytes_tokenizer

    tokenizer = bytes_tokenizer(CHATML)
    shape: dict[str, Any] = {
        "OPT": {"hidden_size": 32, "word_embed_proj_dim": 16, "ffn_dim": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "do_layer_norm_before": False},
        "GPT2": {"n_embd": 32, "n_layer": 2, "n_head": 4},
        "GPTNeoX": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64},
        "Mamba": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
        "OpenAIGPT": {"n_embd": 32, "n_layer": 2, "n_head": 4},
        "Qwen2Moe": {"hidden_size": 32, "intermediate_size": 64, "moe_intermediate_size": 16, "shared_expert_intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "num_experts": 4},
        "Gemma3Text": {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8},
    }[name]  # fmt: skip
    settings = getattr(transformers, f"{name}Config")(vocab_size=len(tokenizer), **shape)
    transformers.AutoModelForCausalLM.from_config(settings).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
