"""Processes with a model do without SciPy, which only ratings need."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_model_is_loaded_without_scipy_where_it_is_installed() -> None:
    said = (
        "from rlft_gui.unneeded import without_scipy; without_scipy()\n"
        "import sys, importlib.util\n"
        "import transformers.modeling_utils, peft, trl.trainer.sft_trainer\n"
        "print(importlib.util.find_spec('scipy'), [name for name in sys.modules if name.startswith('scipy.')])"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "None []"
    assert __import__("scipy").__version__, "this process has it"
