"""How this package starts Python processes of its own."""

import sys

#: In the environment of every process that trains.
QUIET = {"PYTHONUNBUFFERED": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}


def python_module(module: str) -> list[str]:
    """The command that runs a module.

    `-P` keeps the folder in which a person happens to be off the import path: with `-m` alone, a file http.py lying
    there would run in place of Python's own.
    """
    return [sys.executable, "-P", "-m", module]
