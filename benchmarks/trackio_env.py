"""The environment of the peer trackio, made on the first run in the user's cache folder, and its script in it."""

import os
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

TRACKIO = "0.43.0"
_SCRIPT = Path(__file__).parent / "trackio_peer.py"


def start(folder: Path, *arguments: str | int) -> "subprocess.Popen[str]":
    """The peer's script over a folder of its own, its output to be read."""
    command = [str(_python()), str(_SCRIPT), *(str(argument) for argument in arguments)]
    environment = {**os.environ, "TRACKIO_DIR": str(folder), "PYTHONPATH": ""}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _python() -> Path:
    folder = user_cache_path("rlft_gui") / f"trackio-{TRACKIO}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"Making an environment with trackio {TRACKIO} in {folder}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, f"trackio=={TRACKIO}"], check=True)
        ready.touch()
    return python
