"""A GGUF file becomes a folder once, whole or not at all, and nothing is lost on the way."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType

from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.models import converting as converting_module
from rlft_gui.services.models.converting import Converting, made_model
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.titles import base_title
from rlft_gui.training.models.gguf_rope import llama3_factors
from tests.fakes.chats import CHATML, SPECIAL
from tests.fakes.gguf_files import (
    CONTEXT,
    HEADS,
    INNER,
    KEY_HEADS,
    WIDTH,
    alphabet,
    pieces,
    tensors_of,
    write_gguf,
)

pytestmark = pytest.mark.slow  # all of it needs torch


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def a_llama(*, tied: bool = False, **more: Any) -> Any:
    return a_model("Llama", vocab_size=len(alphabet()), tie_word_embeddings=tied, **more)


def a_model(kind: str, **more: Any) -> Any:
    """A tiny one whose weights are numbers that bfloat16 has; frequencies of positions are never rounded."""
    import torch
    import transformers

    config = getattr(transformers, f"{kind}Config")(
        hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=2, num_attention_heads=HEADS,
        num_key_value_heads=KEY_HEADS, max_position_embeddings=CONTEXT, initializer_range=0.3, rms_norm_eps=1e-5, **more,
    )  # fmt: skip
    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    for parameter in model.parameters():
        parameter.data = parameter.data.to(torch.bfloat16).float()
    return model


def logits(model: Any) -> Any:
    import torch

    with torch.no_grad():
        return model(torch.arange(0, 200, 2)[None]).logits


@pytest.mark.parametrize("tied", [False, True])
def test_what_comes_out_is_the_model_that_went_in(home: Home, tmp_path: Path, tied: bool) -> None:
    import torch

    from rlft_gui.training.models.loading import load_base

    before = a_llama(tied=tied)
    file = write_gguf(tmp_path / "Tiny.F32.gguf", tensors_of(before))
    models = Models(home)
    folder = models.make_ready(str(file))
    after, tokenizer = load_base(folder, "cpu")
    assert torch.equal(logits(before), logits(after))
    assert after.config.tie_word_embeddings == tied
    assert tokenizer.chat_template == CHATML
    found = (tokenizer.eos_token, tokenizer.bos_token, tokenizer.pad_token)
    assert found == ("<|im_end|>", "<s>", "<|endoftext|>")
    assert after.generation_config.eos_token_id == [SPECIAL.index("<|im_end|>")]
    assert len(tokenizer) == len(alphabet())
    assert tokenizer("a<|im_start|>")["input_ids"][-1] == SPECIAL.index("<|im_start|>")
    card = models.describe(str(file))
    assert (card.title, str(card.folder), card.architecture) == ("Tiny.F32", folder, "LlamaForCausalLM")
    assert base_title(folder) == "Tiny.F32"


def test_biases_and_heads_of_another_width_are_taken_over(home: Home, tmp_path: Path) -> None:
    """Qwen2 has biases; Qwen3 says how wide its heads are, which the loader does not read."""
    import torch

    from rlft_gui.training.models.loading import load_base

    rows = len(alphabet())
    cases: list[tuple[str, Any, dict[str, Any]]] = [
        ("qwen2", a_model("Qwen2", vocab_size=rows, tie_word_embeddings=True), {}),
        ("qwen3", a_model("Qwen3", vocab_size=rows, head_dim=16), {"attention.key_length": 16}),
    ]
    for kind, before, settings in cases:
        file = write_gguf(
            tmp_path / f"{kind}.gguf", tensors_of(before, kind), kind=kind, split="qwen2", **settings
        )
        after, _ = load_base(Models(home).make_ready(str(file)), "cpu")
        assert torch.equal(logits(before), logits(after)), kind


def test_a_tokenizer_of_sentencepiece_is_taken_over(home: Home, tmp_path: Path) -> None:
    from rlft_gui.training.models.loading import load_tokenizer

    before = a_model("Llama", vocab_size=len(pieces()))
    file = write_gguf(tmp_path / "a.gguf", tensors_of(before), sentencepiece=True)
    models = Models(home)
    tokenizer = load_tokenizer(models.make_ready(str(file)))
    assert tokenizer("ab ab")["input_ids"] == [1, *[pieces().index("▁ab")] * 2]
    assert (tokenizer.bos_token, tokenizer.eos_token, len(tokenizer)) == ("<s>", "</s>", len(pieces()))
    assert "has no chat template" in models.describe(str(file)).note


def test_it_is_made_once_for_its_content(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_gguf(tmp_path / "a.gguf", quantised=GGMLQuantizationType.Q8_0)
    folder = Path(Models(home).make_ready(str(file)))
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert folder == home.models / f"m-{sha256[:10]}"
    made = made_model(folder)
    assert made is not None
    assert (made.file, made.sha256, made.quantisation, made.licence) == (
        "a.gguf",
        sha256,
        "Q8_0",
        "apache-2.0",
    )
    assert made.bytes > 0
    monkeypatch.setattr(converting_module, "_SECONDS", -1000)  # a second conversion would fail
    shutil.copy(file, tmp_path / "b.gguf")
    assert Converting(home).made_of(tmp_path / "b.gguf") is None
    assert Models(home).make_ready(str(tmp_path / "b.gguf")) == str(folder)
    assert Models(home).name_in_recipe(str(tmp_path / "b.gguf")) == str(folder)
    file.touch()  # it may be another one now, so it is read again
    assert Converting(home).made_of(file) is None
    assert Models(home).make_ready(str(file)) == str(folder)


def test_positions_stay_stretched(home: Home, tmp_path: Path) -> None:
    import torch

    stretch = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
    rope = {
        "rope_type": "llama3",
        "rope_theta": 10_000.0,
        "original_max_position_embeddings": 8192,
        **stretch,
    }
    before = a_llama(rope_parameters=rope)
    factors = np.array(llama3_factors(WIDTH // HEADS // 2, 10_000.0, 8.0), "f4")
    file = write_gguf(tmp_path / "a.gguf", tensors_of(before) | {"rope_freqs.weight": factors})
    folder = Path(Models(home).make_ready(str(file)))
    from rlft_gui.training.models.loading import load_base

    assert json.loads((folder / "config.json").read_bytes())["rope_parameters"] == rope
    assert torch.equal(logits(before), logits(load_base(str(folder), "cpu")[0]))


def test_what_the_loader_has_no_place_for_is_no_loss_in_silence(home: Home, tmp_path: Path) -> None:
    tensors = tensors_of(a_llama()) | {"blk.0.attn_q.bias": np.ones(WIDTH, "f4")}
    with pytest.raises(InvalidInput, match=r"without losing something: it holds .* numbers and the model"):
        Models(home).make_ready(str(write_gguf(tmp_path / "a.gguf", tensors)))
    assert not list(home.models.glob("*unfinished*"))
    assert not list(home.models.glob("m-*"))


def test_what_is_missing_is_no_random_number(home: Home, tmp_path: Path) -> None:
    tensors = tensors_of(a_llama())
    del tensors["blk.1.ffn_up.weight"]
    with pytest.raises(InvalidInput, match=r"weights are not in it, model\.layers\.1\.mlp\.up_proj"):
        Models(home).make_ready(str(write_gguf(tmp_path / "a.gguf", tensors)))


def test_a_way_of_splitting_that_is_not_known_is_told(home: Home, tmp_path: Path) -> None:
    models, file = Models(home), str(write_gguf(tmp_path / "a.gguf", split="hitherto-unheard-of"))
    models.make_ready(file)
    assert "How it splits text into words (hitherto-unheard-of) is not known" in models.describe(file).note


def test_digits_stay_apart_where_the_model_learnt_them_so(home: Home, tmp_path: Path) -> None:
    folder = Models(home).make_ready(str(write_gguf(tmp_path / "a.gguf", split="smollm")))
    tokenizer = json.loads((Path(folder) / "tokenizer.json").read_bytes())
    assert [one["type"] for one in tokenizer["pre_tokenizer"]["pretokenizers"]] == ["Digits", "ByteLevel"]


def test_a_kill_leaves_nothing_that_counts(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converting_module, "_SECONDS", 0.5)
    file = str(write_gguf(tmp_path / "a.gguf"))
    with pytest.raises(InvalidInput, match=r'The conversion of ".*a\.gguf" took longer than'):
        Models(home).make_ready(file)
    assert {path.name for path in home.models.iterdir()} <= {".converting.lock"}
    assert Models(home).is_to_convert(file)


def test_a_full_disk_is_told_before_anything_is_written(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(NotPossibleNow, match="there is not so much room; free some"):
        Models(home).make_ready(str(write_gguf(tmp_path / "a.gguf")))
