"""Base models: loaded whole and safely, or refused with a sentence."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.resources import assets_dir
from rlft_gui.training.chat import chat
from rlft_gui.training.models.checkpoints import differs, is_same_base
from rlft_gui.training.models.loading import base_folder, base_hash, load_base
from rlft_gui.training.models.sampling import end_tokens
from tests.fakes import chats

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(assets_dir() / "lantern", tmp_path / "base"))


def _change_weights(folder: Path, change: Any) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def test_lantern_is_ready_to_answer() -> None:
    model, tokenizer = load_base("lantern", "cpu")
    assert not model.training
    assert tokenizer.pad_token_id is not None
    assert tokenizer.chat_template


def test_the_hash_knows_content_not_names(copied: Path) -> None:
    assert base_hash(str(copied)) == base_hash("lantern")
    (copied / "README.md").write_text("a note")
    other = Path(shutil.copytree(copied, copied.parent / "other"))
    _change_weights(other, lambda weights: next(iter(weights.values())).mul_(1.001))
    assert base_hash(str(other)) != base_hash("lantern")


def test_another_chat_template_makes_another_base_and_0_2_0_knew_none(copied: Path) -> None:
    """Before, a run went on with other tokens than it had learnt, and ended as succeeded."""
    before = base_hash(str(copied))
    template = copied / "chat_template.jinja"
    template.write_text(template.read_text() + "{{- '' -}}")
    after = base_hash(str(copied))

    assert not is_same_base(before, after)
    assert is_same_base(before.partition("+")[0], after)
    assert differs(before, after).startswith("chat template or special tokens ")


def test_a_model_with_missing_weights_is_refused(copied: Path) -> None:
    _change_weights(copied, lambda weights: weights.pop("model.norm.weight"))
    with pytest.raises(InvalidInput, match=r"lacks 1 weights .* model\.norm\.weight"):
        load_base(str(copied), "cpu")


def test_pickled_weights_are_never_read(copied: Path) -> None:
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(InvalidInput, match="safetensors"):
        load_base(str(copied), "cpu")


def test_truncated_weights_are_a_sentence(copied: Path) -> None:
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    with pytest.raises(InvalidInput, match="cannot be loaded"):
        load_base(str(copied), "cpu")


def test_a_tokenizer_without_a_chat_template_gets_a_plain_one(copied: Path) -> None:
    (copied / "chat_template.jinja").unlink()
    _, tokenizer = load_base(str(copied), "cpu")
    user = {"role": "user", "content": "Hi"}
    asked = tokenizer.apply_chat_template([user], add_generation_prompt=True, tokenize=False)
    answered = tokenizer.apply_chat_template(
        [user, {"role": "assistant", "content": "Hello"}], tokenize=False
    )
    assert answered == f"{asked}Hello{tokenizer.eos_token}"


@pytest.mark.parametrize("base", ["/no/such/folder", "nothing", "org/never-downloaded"])
def test_a_base_that_is_nowhere_is_a_sentence(base: str) -> None:
    with pytest.raises(NotFound, match=base):
        base_folder(base)


def test_a_base_without_a_template_is_spoken_to_as_its_tokenizer_begins_texts(tmp_path: Path) -> None:
    asked = [{"role": "user", "content": "Hi"}]
    for begins in (True, False):
        _, tokenizer = load_base(str(chats.tiny_base(tmp_path / str(begins), None, begins=begins)), "cpu")
        (prompt,) = chat(tokenizer).prompts([asked])
        assert prompt.count(tokenizer.bos_token_id) == begins
        assert (prompt[0] == tokenizer.bos_token_id) is begins


def test_everything_that_samples_stops_at_the_templates_own_end(tmp_path: Path) -> None:
    model, tokenizer = load_base(str(chats.tiny_base(tmp_path / "base", chats.CHATML)), "cpu")
    ends = [tokenizer.convert_tokens_to_ids(token) for token in ("<|im_end|>", "<|endoftext|>")]
    assert model.generation_config.eos_token_id == ends
    assert end_tokens(model, tokenizer) == frozenset(ends)


def test_several_templates_without_a_default_are_a_sentence(tmp_path: Path) -> None:
    folder = chats.tiny_base(tmp_path / "base", chats.CHATML)
    (folder / "chat_template.jinja").unlink()
    (folder / "additional_chat_templates").mkdir()
    for name in ("tool_use", "rag"):
        (folder / "additional_chat_templates" / f"{name}.jinja").write_text(chats.CHATML)
    with pytest.raises(
        InvalidInput, match=r"has the chat templates rag, tool_use and none is called default"
    ):
        load_base(str(folder), "cpu")
