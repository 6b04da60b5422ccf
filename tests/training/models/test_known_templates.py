"""A model without a chat template may be given one by its name, and what was learnt so is asked so."""

from pathlib import Path

import pytest

from rlft_gui.domain.base_names import TEMPLATES, joined, split_base
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.trying import Trial, Trying
from tests.fakes.chats import CHATML, bytes_tokenizer, tiny_base

TURNS = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "Red?"},
    {"role": "assistant", "content": "Yes."},
]

WRITTEN = {
    None: "### System:\nBe short.\n\n### User:\nRed?\n\n### Assistant:\nYes.<|endoftext|>",
    "chatml": "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nRed?<|im_end|>\n<|im_start|>assistant\nYes.<|im_end|>\n",
    "zephyr": "<|system|>\nBe short.<|endoftext|>\n<|user|>\nRed?<|endoftext|>\n<|assistant|>\nYes.<|endoftext|>\n",
    "alpaca": "Be short.\n\n### Instruction:\nRed?\n\n### Response:\nYes.<|endoftext|>\n\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("base", "split"),
    [
        ("org/model#chatml", ("org/model", "chatml")),
        ("/a/b#c#alpaca", ("/a/b#c", "alpaca")),
        ("org/model", ("org/model", None)),
        ("org/model#llama", ("org/model#llama", None)),
        ("#chatml", ("#chatml", None)),
        ("", ("", None)),
    ],
)
def test_a_base_is_taken_apart_and_put_together(base: str, split: tuple[str, str | None]) -> None:
    assert split_base(base) == split
    assert joined(*split) == base


@pytest.mark.slow
@pytest.mark.parametrize("name", [None, *TEMPLATES])
def test_each_writes_turns_and_ends_answers_by_one_token(name: str | None) -> None:
    from rlft_gui.training.chat import chat
    from rlft_gui.training.models.known_templates import known_template

    tokenizer = bytes_tokenizer(None, begins=True)
    tokenizer.chat_template = known_template(name, tokenizer)
    assert tokenizer.apply_chat_template(TURNS, tokenize=False) == f"<s>{WRITTEN[name]}"
    ended = tokenizer.apply_chat_template(TURNS[:2], tokenize=False, add_generation_prompt=True)
    assert f"<s>{WRITTEN[name]}".startswith(ended)
    end = "<|im_end|>" if name == "chatml" else "<|endoftext|>"
    assert chat(tokenizer).end == tokenizer.convert_tokens_to_ids(end)


@pytest.mark.slow
def test_it_is_part_of_what_the_base_is(tmp_path: Path) -> None:
    from rlft_gui.training.models.checkpoints import is_same_base
    from rlft_gui.training.models.loading import base_hash, load_base

    folder, home = str(tiny_base(tmp_path / "base", None)), Home(tmp_path / "home")
    models = Models(home)
    assert "choose one: #chatml, #zephyr, #alpaca behind its name" in models.describe(folder).note
    named = f"{folder}#chatml"
    assert models.check(named) is None
    assert models.describe(named).note.endswith("turns are written as chatml has them.")
    assert models.name_in_recipe(named) == named
    assert not is_same_base(base_hash(folder), base_hash(named))
    model, tokenizer = load_base(named, "cpu")
    assert tokenizer.chat_template.startswith("{{- bos_token if False else '' -}}")
    assert tokenizer.convert_tokens_to_ids("<|im_end|>") == model.generation_config.eos_token_id[0]
    assert Trying(home, models).trial(named) == Trial()


def test_a_model_with_one_of_its_own_keeps_it(tmp_path: Path) -> None:
    told = Models(Home(tmp_path / "home")).check("lantern#chatml")
    assert told == '"lantern#chatml" has a chat template of its own, which is used; leave #chatml out.'


@pytest.mark.slow
def test_so_does_a_folder(tmp_path: Path) -> None:
    from rlft_gui.training.models.loading import load_tokenizer

    folder = str(tiny_base(tmp_path / "base", CHATML))
    assert "of its own" in str(Models(Home(tmp_path / "home")).check(f"{folder}#alpaca"))
    with pytest.raises(InvalidInput, match="of its own"):
        load_tokenizer(f"{folder}#alpaca")
