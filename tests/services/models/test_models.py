"""Base models are judged by their files, in one sentence, without torch."""

import importlib
import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from huggingface_hub import constants
from safetensors.numpy import save_file

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.services.models.architectures import architecture_problem
from rlft_gui.services.models.service import Models

LANTERN = assets_dir() / "lantern"


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(Home(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small whole model: Lantern's, copied."""
    copied = tmp_path / "my-model"
    shutil.copytree(LANTERN, copied)
    return copied


def edit(file: Path, **changes: Any) -> None:
    """Set keys of a JSON object; ... removes one."""
    content = json.loads(file.read_bytes()) | changes
    file.write_text(json.dumps({key: value for key, value in content.items() if value is not ...}))


def sharded(folder: Path, **index: Any) -> None:
    """Two weights files of three tensors in place of the one."""
    (folder / "model.safetensors").unlink()
    save_file({"a": np.zeros((2, 3), "float32")}, folder / "one.safetensors")
    save_file({"b": np.zeros(5, "float16"), "c": np.zeros((), "float32")}, folder / "two.safetensors")
    weight_map = {"a": "one.safetensors", "b": "two.safetensors", "c": "two.safetensors"} | index
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))


def cut(file: Path, bytes_kept: int) -> None:
    file.write_bytes(file.read_bytes()[:bytes_kept])


def only(folder: Path, *names: str) -> None:
    for file in folder.iterdir():
        if file.name not in names:
            file.unlink()


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def adapter(folder: Path) -> None:
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "org/base"}')


def no_end_token(folder: Path) -> None:
    edit(folder / "tokenizer_config.json", eos_token=...)


def small_vocabulary(folder: Path) -> None:
    edit(folder / "config.json", vocab_size=100)


def huge_header(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 2**62) + b"{}")


Break = Callable[[Path], object]

BROKEN: list[tuple[str, Break, str]] = [
    ("an empty folder", lambda f: only(f), "has no config.json"),
    ("GGUF that is empty", lambda f: (only(f), (f / "m.gguf").touch()), "is empty; copy or download it again"),
    ("an adapter", adapter, "is an adapter on org/base, not a model; name a run under start_from"),
    ("a config that is no JSON", lambda f: (f / "config.json").write_text("{"), "config.json that is not a JSON object"),
    ("a config that is a list", lambda f: (f / "config.json").write_text("[]"), "config.json that is not a JSON object"),
    ("a 5000 deep config", lambda f: (f / "config.json").write_text('{"a":' * 5000), "that is not a JSON object"),
    ("a binary config", lambda f: (f / "config.json").write_bytes(b"\xff\xfe\0"), "that is not a JSON object"),
    ("code of its own", lambda f: edit(f / "config.json", auto_map={"A": "b.C"}), "needs code of its own"),
    ("a tokenizer's code", lambda f: edit(f / "tokenizer_config.json", auto_map={}), "a tokenizer with code of its own"),
    ("quantized", lambda f: edit(f / "config.json", quantization_config={}), "is quantized"),
    ("no architecture", lambda f: edit(f / "config.json", architectures=...), "without architectures"),
    ("T5", lambda f: edit(f / "config.json", architectures=["T5ForConditionalGeneration"], model_type="t5"), "no causal language model, its architecture is T5"),
    ("BERT", lambda f: edit(f / "config.json", architectures=["BertForMaskedLM"], model_type="bert"), "its architecture is BertForMaskedLM"),
    ("BERT as a causal model", lambda f: edit(f / "config.json", architectures=["BertLMHeadModel"], model_type="bert"), "is an encoder"),
    ("a classifier", lambda f: edit(f / "config.json", architectures=["LlamaForSequenceClassification"]), "no causal language model"),
    ("an unknown model", lambda f: edit(f / "config.json", architectures=["FooForCausalLM"], model_type="foo"), "FooForCausalLM"),
    ("images", lambda f: edit(f / "config.json", architectures=["Gemma3ForConditionalGeneration"], model_type="gemma3"), "reads images or sound"),
    ("no tokenizer", lambda f: (f / "tokenizer.json").unlink(), "has no tokenizer.json"),
    ("a broken tokenizer", lambda f: cut(f / "tokenizer.json", 1000), "a broken tokenizer.json"),
    ("another model's tokenizer", small_vocabulary, "a tokenizer of 1,188 tokens and a model of 100"),
    ("no end token", no_end_token, "has no end token"),
    ("no weights", lambda f: (f / "model.safetensors").unlink(), "has no weights; expected model.safetensors"),
    ("pickled weights", pickled, "has its weights only as pytorch_model.bin, a format that can run code"),
    ("empty weights", lambda f: cut(f / "model.safetensors", 0), "cut-off or damaged weights file model.safetensors"),
    ("cut within the header", lambda f: cut(f / "model.safetensors", 100), "cut-off or damaged weights file"),
    ("cut within the data", lambda f: cut(f / "model.safetensors", 1_000_000), "cut-off or damaged weights file"),
    ("a header of 4 EB", huge_header, "cut-off or damaged weights file"),
    ("a missing shard", lambda f: sharded(f, d="three.safetensors"), "lacks the weights file three.safetensors"),
    ("a shard elsewhere", lambda f: sharded(f, d="../other/model.safetensors"), "lacks the weights file ../other"),
    ("a tensor missing", lambda f: sharded(f, d="one.safetensors"), "one.safetensors lacks d"),
    ("a shard that is no name", lambda f: sharded(f, d=[]), "without a weight_map"),
    ("a cut shard", lambda f: (sharded(f), cut(f / "two.safetensors", 90)), "damaged weights file two.safetensors"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_model_gets_one_sentence(models: Models, folder: Path, damage: Break, told: str) -> None:
    damage(folder)
    sentence = models.check(str(folder))
    assert sentence is not None
    assert sentence.startswith(f'"{folder}"')
    assert told in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    with pytest.raises((InvalidInput, NotFound)) as raised:
        models.describe(str(folder))
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    "base",
    [
        "",
        " ",
        "/no/such/folder",
        "~nobody-of-this-name/x",
        "a\0b",
        "x" * 5000,
        "../..//x",
        "gpt2",
        "a/b/c",
    ],
)
def test_a_name_of_nothing_gets_a_sentence(models: Models, base: str) -> None:
    sentence = models.check(base)
    assert sentence is not None
    assert 'name "lantern", a folder, a GGUF file, a Hub model as org/name' in sentence


def test_a_file_that_is_no_model_gets_a_sentence(models: Models) -> None:
    assert "is a file that is no GGUF model" in str(models.check(__file__))


def test_lantern_is_described_by_its_files(models: Models) -> None:
    card = models.describe("lantern")
    assert models.check("lantern") is None
    assert (card.title, card.architecture, card.context, card.folder) == (
        "Lantern",
        "LlamaForCausalLM",
        1024,
        LANTERN,
    )
    assert card.parameters is not None
    assert 1_000_000 <= card.parameters <= 1_500_000
    assert card.note == ""


def test_a_folder_is_described_by_its_files(models: Models, folder: Path) -> None:
    assert models.check(str(folder)) is None
    card = models.describe(str(folder))
    assert card.title == "my-model"
    assert card.folder == folder
    assert card.parameters == models.describe("lantern").parameters


def test_the_numbers_of_all_shards_are_counted(models: Models, folder: Path) -> None:
    sharded(folder)
    assert models.describe(str(folder)).parameters == 2 * 3 + 5 + 1


def test_without_a_chat_template_a_model_is_taken_with_a_note(models: Models, folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    assert models.check(str(folder)) is None
    assert models.describe(str(folder)).note.startswith("It has no chat template")


def test_named_chat_templates_without_a_default_are_told_at_once(models: Models, folder: Path) -> None:
    (folder / "chat_template.jinja").unlink(missing_ok=True)
    names = [{"name": "rag", "template": "a"}, {"name": "tool_use", "template": "b"}]
    edit(folder / "tokenizer_config.json", chat_template=names)
    assert "has the chat templates rag, tool_use and none is called default" in str(models.check(str(folder)))
    edit(
        folder / "tokenizer_config.json",
        chat_template=[*names, {"name": "default", "template": "{{ messages }}"}],
    )
    assert models.check(str(folder)) is None


def test_named_chat_templates_in_files_are_read_as_those_in_the_config(models: Models, folder: Path) -> None:
    (folder / "chat_template.jinja").unlink(missing_ok=True)
    edit(folder / "tokenizer_config.json", chat_template=...)
    more = folder / "additional_chat_templates"
    more.mkdir()
    (more / "rag.jinja").write_text("a")
    (more / "tool_use.jinja").write_text("b")
    assert "has the chat templates rag, tool_use and none" in str(models.check(str(folder)))
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    assert models.check(str(folder)) is None


def test_a_model_that_is_mended_is_judged_anew(models: Models, folder: Path) -> None:
    no_end_token(folder)
    assert models.check(str(folder)) is not None
    edit(folder / "tokenizer_config.json", eos_token="<|end|>")
    assert models.check(str(folder)) is None


def test_the_canonical_name_of_a_folder_is_its_whole_path(
    models: Models, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    assert models.name_in_recipe("my-model") == models.name_in_recipe("~/my-model") == str(folder)
    assert [models.name_in_recipe(base) for base in ("lantern", "org/name", "")] == [
        "lantern",
        "org/name",
        "",
    ]


@pytest.fixture
def hub_cache(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Hub cache, laid out as huggingface_hub does, that holds org/name."""
    cache = tmp_path / "hub"
    snapshot = cache / "models--org--name" / "snapshots" / "0a1b"
    shutil.copytree(folder, snapshot)
    (cache / "models--org--name" / "refs").mkdir()
    (cache / "models--org--name" / "refs" / "main").write_text("0a1b")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    return snapshot


@pytest.mark.parametrize("offline", [True, False])
def test_a_hub_model_in_the_cache_is_described(
    models: Models, hub_cache: Path, monkeypatch: pytest.MonkeyPatch, offline: bool
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
    card = models.describe("org/name")
    assert (card.title, card.architecture, card.folder) == ("org/name", "LlamaForCausalLM", hub_cache)


def test_what_the_cache_lacks_is_downloaded_later_or_refused(
    models: Models, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hub_cache / "model.safetensors").unlink()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for name in ("org/name", "org/other"):
        assert models.check(name) is None
        card = models.describe(name)
        assert (card.parameters, card.context, card.folder) == (None, None, None)
        assert "the run downloads it when it starts" in card.note
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "has no weights" in str(models.check("org/name"))
    assert "the Hub is switched off (HF_HUB_OFFLINE is set)" in str(models.check("org/other"))


def test_a_cached_model_that_cannot_be_trained_is_refused_whatever_the_network(
    models: Models, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    edit(hub_cache / "config.json", architectures=["BertForMaskedLM"], model_type="bert")
    assert "no causal language model" in str(models.check("org/name"))


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]},
        {"model_type": "llama", "architectures": ["LLaMAForCausalLM"]},  # as early conversions wrote it
        {"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]},
        {"model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"]},
        {"model_type": "bert", "architectures": ["BertLMHeadModel"], "is_decoder": True},
    ],
)
def test_causal_models_of_many_kinds_are_taken(config: dict[str, Any]) -> None:
    assert architecture_problem(config) is None


@pytest.mark.slow
def test_the_tables_are_those_of_transformers() -> None:
    auto = importlib.import_module("transformers.models.auto.modeling_auto")
    for model_type, name in auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.items():
        problem = architecture_problem(
            {"model_type": model_type, "architectures": [name], "is_decoder": True}
        )
        assert (problem is None) == (not name.endswith("ForConditionalGeneration"))
    masked = set(auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES) - set(auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)
    assert all(architecture_problem({"model_type": m, "architectures": ["XForCausalLM"]}) for m in masked)


def test_judging_a_model_loads_neither_torch_nor_transformers(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rlft_gui.domain.home import Home\n"
        "from rlft_gui.services.models.service import Models\n"
        f"models = Models(Home(Path({str(tmp_path)!r})))\n"
        "assert models.check('lantern') is None and models.check('org/name')\n"
        "assert not {'torch', 'transformers'} & set(sys.modules), 'heavy modules were loaded'\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"HF_HUB_OFFLINE": "1"}
    )
    assert ran.returncode == 0, ran.stderr
