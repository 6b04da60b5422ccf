"""Numbers of sampling on the command line, refused in words, alike by `rlft batch` and `rlft compare`."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rlft_gui.cli import app

COMMANDS = (("batch", "--models", "base"), ("compare", "--models", "base", "--prompt", "Hello"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--temperature", "0,7", 'It takes a number from 0 to 2, found "0,7". Write 0.7 with a point.'),
        ("--temperature", "warm", 'It takes a number from 0 to 2, found "warm".'),
        ("--temperature", "nan", "It takes a number from 0 to 2, found nan."),
        ("--temperature", "5", "It takes a number from 0 to 2, found 5."),
        ("--top-p", "0", "It takes a number above 0 and at most 1, found 0."),
    ],
)
def test_a_number_out_of_its_range_is_a_sentence(
    tmp_path: Path, command: tuple[str, ...], option: str, value: str, sentence: str
) -> None:
    done = CliRunner().invoke(app, [*command, option, value, "--home", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in re.sub(r"[\s│]+", " ", done.stderr)
    assert not list(tmp_path.iterdir())
