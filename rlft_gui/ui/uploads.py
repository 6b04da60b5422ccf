"""The private folder where Gradio keeps what is uploaded."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path


@functools.cache
def uploads() -> Path:
    """The folder of this process for uploads, which no other user may enter; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="rlft_gui-")).resolve()  # with mode 0700
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
