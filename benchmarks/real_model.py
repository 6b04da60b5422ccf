"""Make a Transformers folder of a small real instruct model, SmolLM2-135M-Instruct, as `rlft model add smollm2` does.

python -m benchmarks.real_model FOLDER
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rlft_gui.domain.home import Home
from rlft_gui.services.models.converting import Converting
from rlft_gui.services.models.smollm2 import SMOLLM2, fetched


def make(folder: Path) -> Path:
    """The model's folder; made once."""
    if (folder / "config.json").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as work, fetched(Path(work), print) as file:
        Converting(Home(Path(work))).convert(file, SMOLLM2, print).rename(folder)
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
