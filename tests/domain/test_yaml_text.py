"""No YAML text costs more than its length: bombs are refused at once, in a sentence that names the line."""

import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

import rlft_gui
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.yaml_text import read_yaml, write_yaml
from rlft_gui.stages._shared.texts import ConstitutionSetting

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
EXPENSIVE = {
    "aliases of aliases": (BOMB, "anchor or alias (& or *) in line 1"),
    "an anchor alone": ("title: &a SFT", "anchor or alias"),
    "an alias alone": ("a: 1\ntitle: *a", "in line 2"),
    "a merge": ("a: &a {x: 1}\nb: {<<: *a}", "anchor or alias"),
    "5,000 lists": ("a: " + "[" * 5000 + "]" * 5000, "more than 50 lists and mappings inside one another"),
    "lists without end": ("[" * 900_000, "more than 50"),
    "5,000 mappings": ("\n".join(" " * n + "a:" for n in range(900)), "more than 50"),
    "too many bytes": ("a: " + "ä" * 500_001, "larger than 1,000,000 bytes"),
    "base 60": ("a: 1" + ":1" * 400_000, "a word of more than 1,000 signs"),
    "digits": ("a: " + "9" * 900_000, "a word of more than 1,000 signs"),
    "a date that is none": ("a: 2026-99-99", "not valid YAML"),
    "no YAML": ("a: [1", "not valid YAML"),
    "an object": ("a: !!python/object/apply:os.system [id]", "not valid YAML"),
}


@pytest.mark.parametrize(("text", "sentence"), EXPENSIVE.values(), ids=EXPENSIVE)
def test_it_is_refused_at_once_in_a_sentence(text: str, sentence: str) -> None:
    begun = time.perf_counter()

    with pytest.raises(InvalidInput) as refusal:
        read_yaml(text, "my.yaml")

    assert time.perf_counter() - begun < 1
    assert str(refusal.value).startswith("my.yaml ")
    assert sentence in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_the_bomb_is_small() -> None:
    assert len(BOMB) < 500


def test_a_list_of_50_levels_is_read() -> None:
    assert read_yaml("[" * 50 + "]" * 50)


def test_what_is_written_has_no_alias_and_is_read_back() -> None:
    shared = {"name": "Kind — Güte", "rules": ["be kind"]}
    data = {"sft": shared, "dpo": shared, "note": "*not* an &alias", "lr": 1e-4}

    assert "&id" not in write_yaml(data)
    assert read_yaml(write_yaml(data)) == data


def test_all_yaml_is_read_here() -> None:
    package = Path(rlft_gui.__file__).parent
    readers = [file.name for file in package.rglob("*.py") if "import yaml\n" in file.read_text()]
    assert readers == ["yaml_text.py"]


def test_a_constitution_with_aliases_is_refused_as_its_own_setting() -> None:
    with pytest.raises(ValidationError, match="anchor or alias"):
        TypeAdapter(ConstitutionSetting).validate_python(BOMB)


@pytest.mark.parametrize("text", ["method: sft\nmethod: dpo\n", "a:\n  b: 1\n  c: 2\n  b: 3\n"])
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    """Before, the last one was taken in silence."""
    with pytest.raises(InvalidInput, match=r"twice, again in line \d"):
        read_yaml(text)
