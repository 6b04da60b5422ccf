"""The command line as a process: one sentence for bad input, one JSON object for machines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def rlft(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rlft_gui", *words, "--home", str(home)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("train", "lantern-dop"), 'Did you mean "lantern-dpo"'),
        (("train", "lantern-sft", "--set", "sft.learning_rat=1"), "learning_rate"),
        (("train", "lantern-sft", "--set", "sft.learning_rate=0.5"), "stages.sft.learning_rate"),
        (("train", "lantern-sft", "--set", "sft.data=lantern:preferences"), "stages.sft.data"),
        (("train", "lantern-sft", "--set", "sft.data=missing.json"), "missing.json"),
        (("train", "lantern-sft", "--set", "base=/no/such/folder"), "base"),
        (("metrics", "sft-nothing"), "sft-nothing"),
        (("stop", "sft-nothing"), "sft-nothing"),
        (("resume", "sft-nothing"), "sft-nothing"),
        (("run-data", "sft-nothing"), "sft-nothing"),
        (("compare", "--models", "base,sft-nothing", "--prompt", "Hello"), "sft-nothing"),
        (("compare", "--models", "base@x", "--prompt", "Hello"), "base@x"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = rlft(tmp_path, *words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(rlft(tmp_path, "runs", "--json").stdout) == []


def test_help_answers_without_loading_the_services(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, rlft_gui.cli; print('sqlalchemy' in sys.modules, 'gradio' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]
